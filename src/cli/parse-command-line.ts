// Turns arguments into a command, or into a sentence that says what is wrong with them. Pure.

import { parseArgs } from "node:util";

import { LOG_LEVELS, type LogLevel } from "../platform/index.ts";
import { buildCommand } from "./build-command.ts";
import {
    COMMAND_NAMES,
    type ColorChoice,
    type CommandLine,
    type CommandName,
    type CommonOptions,
} from "./command-line.ts";
import {
    OPTIONS,
    readNumber,
    readText,
    UsageError,
    type OptionName,
    type OptionValues,
} from "./command-options.ts";
import { findNearWord } from "./near-word.ts";

/** Options of one command only. */
const OWN_OPTIONS: Readonly<Record<CommandName, readonly OptionName[]>> = {
    capture: ["full", "rustc", "mir", "rust-analyzer", "types"],
    status: [],
    impact: ["edges", "depth", "tests", "limit", "at", "all", "public"],
    affected: ["since", "format"],
    flow: ["from", "to", "line", "unreached"],
    rename: [
        "preview",
        "apply",
        "validate",
        "with-uncommitted",
        "bring",
        "write",
        "thorough",
        "fresh",
        "accept",
        "as",
        "text",
        "ask",
    ],
    plan: ["out"],
    apply: ["in-place", "validate", "land", "push", "with-uncommitted", "bring", "keep", "fresh"],
    log: ["limit"],
    rollback: ["validate", "land", "push", "bring", "keep", "fresh"],
    replay: ["out"],
    propagate: ["deltas", "accept", "out"],
    root: [],
    proof: ["verify", "root", "out", "consistency"],
    verify: [],
    snapshot: [],
    diff: ["limit"],
    query: ["format", "from", "at", "timeout", "out"],
    export: ["syntax"],
    inspect: ["limit"],
    compact: ["checkpoint"],
    archive: ["before"],
    salvage: [],
    doctor: [],
    // Editors' clients add --stdio by habit; it is what happens anyway.
    lsp: ["stdio", "idle"],
    mcp: ["idle"],
    daemon: ["idle"],
    stop: [],
};

/** Names of what a command takes, in order. */
const POSITIONALS: Readonly<Record<CommandName, readonly string[]>> = {
    capture: [],
    status: [],
    impact: ["SYMBOL"],
    affected: [],
    flow: ["SYMBOL"],
    rename: ["SYMBOL", "NEW_NAME"],
    plan: ["PATCH"],
    apply: ["PLAN"],
    log: [],
    rollback: ["OPERATION"],
    replay: ["OPERATION"],
    propagate: ["FROM", "TO"],
    root: [],
    proof: ["SYMBOL"],
    verify: [],
    snapshot: ["K"],
    diff: ["J", "K"],
    query: ["SQL"],
    export: ["DIR"],
    inspect: ["FILE"],
    compact: [],
    archive: [],
    salvage: [],
    doctor: [],
    lsp: [],
    mcp: [],
    daemon: [],
    stop: [],
};

/** Reads a command line. */
export function parseCommandLine(args: readonly string[]): CommandLine {
    try {
        return readCommandLine(args);
    } catch (error) {
        if (error instanceof UsageError) {
            return { kind: "usage", message: error.message, topic: error.topic };
        }
        throw error;
    }
}

function readCommandLine(args: readonly string[]): CommandLine {
    const { values, positionals } = splitArguments(args);
    const [first, ...rest] = positionals;
    if (values.version === true) {
        return { kind: "version" };
    }
    if (first === undefined || first === "help") {
        const topic = rest[0] === undefined ? undefined : requireCommandName(rest[0]);
        if (first === undefined && values.help !== true) {
            throw new UsageError("say what to do");
        }
        return { kind: "help", topic };
    }
    const name = requireCommandName(first);
    if (values.help === true) {
        return { kind: "help", topic: name };
    }
    checkOptions(name, values);
    checkPositionals(name, rest, values);
    return { kind: "run", command: buildCommand(name, rest, values), common: readCommon(values) };
}

function splitArguments(args: readonly string[]): {
    values: OptionValues;
    positionals: readonly string[];
} {
    try {
        // A plan is validated at a level; a rename is, or it is not.
        const validate = args.find(isCommandName) === "rename" ? "boolean" : "string";
        const options = { ...OPTIONS, validate: { type: validate } } as const;
        const { values, positionals } = parseArgs({
            args: [...args],
            options,
            allowPositionals: true,
        });
        return { values, positionals };
    } catch (error) {
        if (error instanceof TypeError) {
            throw new UsageError(describeParseError(error.message));
        }
        throw error;
    }
}

/** Node's messages give advice on positionals that does not fit here: the first sentence will do. */
function describeParseError(message: string): string {
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    if (unknown !== undefined) {
        const near = findNearWord(unknown.replace(/^-+/, ""), Object.keys(OPTIONS));
        return `unknown option ${unknown}${near === undefined ? "" : `; did you mean --${near}?`}`;
    }
    const sentence = message.split(/\.\s|\n/)[0] ?? message;
    return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function isCommandName(word: string): boolean {
    return COMMAND_NAMES.some((name) => name === word);
}

function requireCommandName(word: string): CommandName {
    const found = COMMAND_NAMES.find((name) => name === word);
    if (found === undefined) {
        const near = findNearWord(word, COMMAND_NAMES);
        throw new UsageError(
            `unknown command ${word}${near === undefined ? "" : `; did you mean ${near}?`}`,
        );
    }
    return found;
}

function checkOptions(name: CommandName, values: OptionValues): void {
    const owned = Object.values(OWN_OPTIONS).flat();
    const own = OWN_OPTIONS[name];
    for (const option of owned) {
        if (values[option] !== undefined && !own.includes(option)) {
            throw new UsageError(`${name} takes no --${option}`, name);
        }
    }
}

function checkPositionals(name: CommandName, given: readonly string[], values: OptionValues): void {
    // A proof is checked, and all symbols are asked for, without one; one of growth is of two commits.
    const wanted =
        values.verify !== undefined || values.all === true
            ? []
            : values.consistency === true
              ? ["J", "K"]
              : POSITIONALS[name];
    const missing = wanted[given.length];
    if (missing !== undefined) {
        throw new UsageError(`${name} needs ${wanted.join(" ")}: ${missing} is missing`, name);
    }
    const surplus = given[wanted.length];
    if (surplus !== undefined) {
        const takes = wanted.length === 0 ? "no arguments" : wanted.join(" ");
        throw new UsageError(`${name} takes ${takes}, not also ${surplus}`, name);
    }
}

function readCommon(values: OptionValues): CommonOptions {
    return {
        workspace: readText(values.workspace),
        store: readText(values.store),
        json: values.json === true,
        noDaemon: values["no-daemon"] === true,
        trust: values.trust === true,
        noFacts: values["no-facts"] === true,
        noRustAnalyzer: values["no-rust-analyzer"] === true,
        memoryMib: readNumber("memory", values.memory, undefined),
        logLevel: readLogLevel(values["log-level"]),
        color: values["no-color"] === true ? "never" : readColor(values.color),
    };
}

function readLogLevel(value: string | boolean | undefined): LogLevel | undefined {
    const level = LOG_LEVELS.find((one) => one === value);
    if (value !== undefined && level === undefined) {
        throw new UsageError(
            `--log-level is one of ${LOG_LEVELS.join(", ")}, not ${String(value)}`,
        );
    }
    return level;
}

function readColor(value: string | boolean | undefined): ColorChoice {
    switch (value) {
        case undefined:
        case "auto":
            return "auto";
        case "always":
        case "never":
            return value;
        default:
            throw new UsageError(`--color is auto, always or never, not ${String(value)}`);
    }
}
