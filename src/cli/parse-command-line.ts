// Turns arguments into a command, or into a sentence that says what is wrong with them. Pure.

import { parseArgs } from "node:util";

import { LOG_LEVELS, type LogLevel } from "../platform/index.ts";
import {
    ACCEPTABLE_GRADES,
    LANDINGS,
    RENAME_INTENTS,
    TYPE_SOURCES,
    VALIDATION_LEVELS,
    type Landing,
    type RenameIntent,
    type TypesParams,
    type ValidationLevel,
} from "../protocol/index.ts";
import {
    AFFECTED_OUTPUTS,
    COMMAND_NAMES,
    QUERY_OUTPUTS,
    type ColorChoice,
    type Command,
    type CommandLine,
    type CommandName,
    type CommonOptions,
    type FlowCommand,
    type ImpactCommand,
} from "./command-line.ts";
import { findNearWord } from "./near-word.ts";

const OPTIONS = {
    workspace: { type: "string", short: "w" },
    store: { type: "string" },
    json: { type: "boolean" },
    "no-daemon": { type: "boolean" },
    trust: { type: "boolean" },
    "no-facts": { type: "boolean" },
    "no-rust-analyzer": { type: "boolean" },
    memory: { type: "string" },
    "log-level": { type: "string" },
    color: { type: "string" },
    "no-color": { type: "boolean" },
    help: { type: "boolean", short: "h" },
    version: { type: "boolean", short: "V" },
    full: { type: "boolean" },
    rustc: { type: "boolean" },
    mir: { type: "boolean" },
    "rust-analyzer": { type: "boolean" },
    edges: { type: "string" },
    depth: { type: "string" },
    all: { type: "boolean" },
    public: { type: "boolean" },
    tests: { type: "boolean" },
    as: { type: "string" },
    limit: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    line: { type: "string" },
    unreached: { type: "boolean" },
    preview: { type: "boolean" },
    apply: { type: "boolean" },
    accept: { type: "string", multiple: true },
    at: { type: "string" },
    verify: { type: "string" },
    consistency: { type: "boolean" },
    before: { type: "string" },
    root: { type: "string" },
    out: { type: "string", short: "o" },
    checkpoint: { type: "string" },
    format: { type: "string" },
    since: { type: "string" },
    timeout: { type: "string" },
    syntax: { type: "boolean" },
    "in-place": { type: "boolean" },
    validate: { type: "string" },
    land: { type: "string" },
    "with-uncommitted": { type: "boolean" },
    keep: { type: "boolean" },
    idle: { type: "string" },
    stdio: { type: "boolean" },
    types: { type: "string" },
} as const;

type OptionName = keyof typeof OPTIONS;
type OptionValues = Partial<Record<Exclude<OptionName, "accept">, string | boolean>> & {
    readonly accept?: readonly string[] | undefined;
};

/** Options of one command only. */
const OWN_OPTIONS: Readonly<Record<CommandName, readonly OptionName[]>> = {
    capture: ["full", "rustc", "mir", "rust-analyzer", "types"],
    status: [],
    impact: ["edges", "depth", "tests", "limit", "at", "all", "public"],
    affected: ["since", "format"],
    flow: ["from", "to", "line", "unreached"],
    rename: ["preview", "apply", "accept", "as"],
    plan: ["out"],
    apply: ["in-place", "validate", "land", "with-uncommitted", "keep"],
    log: ["limit"],
    rollback: ["validate", "land", "keep"],
    replay: ["out"],
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

const LIMIT_DEFAULT = 200;
/** Operations that are listed. */
const OPERATIONS_DEFAULT = 20;
/** Symbols of widest reach that are shown. */
const WIDEST_DEFAULT = 30;

/** Something is wrong with the arguments. */
class UsageError extends Error {
    override readonly name = "UsageError";
    readonly topic: CommandName | undefined;

    constructor(message: string, topic?: CommandName) {
        super(message);
        this.topic = topic;
    }
}

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
        const parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
        return { values: parsed.values, positionals: parsed.positionals };
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

function parseTypeSources(value: string | boolean | undefined): TypesParams["sources"] {
    const names = typeof value === "string" ? value.split(",") : [];
    return names.map((name) => {
        const source = TYPE_SOURCES.find((each) => each === name.trim());
        if (source === undefined) {
            throw new UsageError(`--types takes ${TYPE_SOURCES.join(",")}, not ${name}`, "capture");
        }
        return source;
    });
}

function buildCapture(values: OptionValues): Command {
    const name = "capture";
    if (values.mir === true && values.rustc !== true) {
        throw new UsageError("--mir goes with --rustc", name);
    }
    return {
        name,
        full: values.full === true,
        rustc: values.rustc === true,
        mir: values.mir === true,
        rustAnalyzer: values["rust-analyzer"] === true,
        types: parseTypeSources(values.types),
    };
}

function buildCommand(name: CommandName, given: readonly string[], values: OptionValues): Command {
    const symbol = given[0] ?? "";
    switch (name) {
        case "capture":
            return buildCapture(values);
        case "impact":
            return buildImpact(symbol, values);
        case "proof":
        case "snapshot":
        case "diff":
        case "inspect":
            return buildHistoryCommand(name, given, values);
        case "affected":
            return buildAffected(name, values);
        case "query":
            return buildQuery(name, symbol, values);
        case "export":
            return { name, folder: symbol, syntax: values.syntax === true };
        case "flow":
            return buildFlow(symbol, values);
        case "rename":
            if (values.preview === true && values.apply === true) {
                throw new UsageError("--preview or --apply, not both", name);
            }
            return {
                name,
                symbol,
                newName: given[1] ?? "",
                apply: values.apply === true,
                accept: readAccept(values.accept),
                as: readIntent(values.as),
            };
        case "plan":
            return { name, file: symbol, out: readText(values.out) };
        case "apply":
        case "log":
        case "rollback":
        case "replay":
            return buildOperations(name, symbol, values);
        case "daemon":
        case "lsp":
        case "mcp": {
            const seconds = readNumber("idle", values.idle, name);
            return { name, idleMs: seconds === undefined ? undefined : seconds * 1000 };
        }
        case "compact":
            return { name, checkpoint: readText(values.checkpoint) };
        case "archive":
            if (values.before === undefined) {
                throw new UsageError("archive needs --before K", name);
            }
            return { name, before: readCount("K", readText(values.before), name) };
        case "status":
        case "root":
        case "verify":
        case "salvage":
        case "doctor":
        case "stop":
            return { name };
    }
}

function buildOperations(
    name: "apply" | "log" | "replay" | "rollback",
    given: string,
    values: OptionValues,
): Command {
    switch (name) {
        case "apply":
            return buildApply(given, values);
        case "log":
            return { name, limit: readNumber("limit", values.limit, name) ?? OPERATIONS_DEFAULT };
        case "rollback":
            return { name, opId: given, ...readExecution(name, values) };
        case "replay":
            return { name, opId: given, out: readText(values.out) };
    }
}

function buildApply(file: string, values: OptionValues): Command {
    const name = "apply";
    const inPlace = values["in-place"] === true;
    const execution = ["validate", "land", "with-uncommitted", "keep"] as const;
    const surplus = inPlace ? execution.find((option) => values[option] !== undefined) : undefined;
    if (surplus !== undefined) {
        throw new UsageError(
            `--in-place goes without git and checks, so without --${surplus}`,
            name,
        );
    }
    const withUncommitted = values["with-uncommitted"] === true;
    return { name, file, inPlace, withUncommitted, ...readExecution(name, values) };
}

function readExecution(
    name: CommandName,
    values: OptionValues,
): { validate: ValidationLevel; land: Landing; keep: boolean } {
    const { validate: level = "check", land: landing = "branch", keep } = values;
    const validate = VALIDATION_LEVELS.find((each) => each === level);
    const land = LANDINGS.find((each) => each === landing);
    if (validate === undefined) {
        const known = VALIDATION_LEVELS.join(", ");
        throw new UsageError(`--validate is one of ${known}, not ${String(level)}`, name);
    }
    if (land === undefined) {
        const known = LANDINGS.join(", ");
        throw new UsageError(`--land is one of ${known}, not ${String(landing)}`, name);
    }
    return { validate, land, keep: keep === true };
}

function buildQuery(name: "query", sql: string, values: OptionValues): Command {
    const seconds = readNumber("timeout", values.timeout, name);
    const asked = readText(values.format) ?? (values.json === true ? "json" : "table");
    const format = QUERY_OUTPUTS.find((each) => each === asked);
    if (format === undefined) {
        throw new UsageError(`--format is ${QUERY_OUTPUTS.join(", ")}, not ${asked}`, name);
    }
    return {
        name,
        sql,
        format,
        from: readText(values.from),
        at: readNumber("at", values.at, name),
        timeoutMs: seconds === undefined ? undefined : seconds * 1000,
        out: readText(values.out),
    };
}

function buildAffected(name: "affected", values: OptionValues): Command {
    const since = readText(values.since);
    if (since === undefined || since === "") {
        throw new UsageError("affected needs --since REV", name);
    }
    const asked = readText(values.format) ?? (values.json === true ? "json" : "names");
    const format = AFFECTED_OUTPUTS.find((each) => each === asked);
    if (format === undefined) {
        throw new UsageError(`--format is ${AFFECTED_OUTPUTS.join(", ")}, not ${asked}`, name);
    }
    return { name, since, format };
}

function buildImpact(symbol: string, values: OptionValues): ImpactCommand {
    const name = "impact";
    const all = values.all === true;
    if (!all && values.public === true) {
        throw new UsageError("--public goes with --all", name);
    }
    if (all && (values.tests === true || values.at !== undefined)) {
        throw new UsageError("--all goes with neither --tests nor --at", name);
    }
    return {
        name,
        symbol,
        all,
        publicOnly: values.public === true,
        edges: readList(values.edges),
        depth: readNumber("depth", values.depth, name),
        testsOnly: values.tests === true,
        limit: readNumber("limit", values.limit, name) ?? (all ? WIDEST_DEFAULT : LIMIT_DEFAULT),
        at: readNumber("at", values.at, name),
    };
}

function buildFlow(symbol: string, values: OptionValues): FlowCommand {
    const name = "flow";
    const block = readNumber("to", values.to, name);
    const line = readNumber("line", values.line, name);
    if (block !== undefined && line !== undefined) {
        throw new UsageError("--to or --line, not both", name);
    }
    if (line === 0) {
        throw new UsageError("lines are counted from 1", name);
    }
    return {
        name,
        symbol,
        from: readNumber("from", values.from, name),
        to: block !== undefined ? { block } : line !== undefined ? { line } : undefined,
        unreachedOnly: values.unreached === true,
    };
}

function buildHistoryCommand(
    name: "proof" | "snapshot" | "diff" | "inspect",
    given: readonly string[],
    values: OptionValues,
): Command {
    switch (name) {
        case "proof":
            return {
                name,
                symbol: given[0],
                between:
                    values.consistency === true && values.verify === undefined
                        ? [readCount("J", given[0], name), readCount("K", given[1], name)]
                        : undefined,
                verify: readText(values.verify),
                root: readText(values.root)?.toLowerCase(),
                out: readText(values.out),
            };
        case "snapshot":
            return { name, k: readCount("K", given[0], name) };
        case "diff":
            return {
                name,
                j: readCount("J", given[0], name),
                k: readCount("K", given[1], name),
                limit: readNumber("limit", values.limit, name) ?? LIMIT_DEFAULT,
            };
        case "inspect":
            return {
                name,
                file: given[0] ?? "",
                limit: readNumber("limit", values.limit, name) ?? LIMIT_DEFAULT,
            };
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

function readText(value: string | boolean | undefined): string | undefined {
    return typeof value === "string" ? value : undefined;
}

function readList(value: string | boolean | undefined): readonly string[] | undefined {
    return typeof value === "string" ? value.split(",").filter((part) => part !== "") : undefined;
}

function readAccept(values: readonly string[] | undefined): readonly string[] {
    const kinds = [...new Set((values ?? []).flatMap((value) => value.split(",")))];
    const known: readonly string[] = ACCEPTABLE_GRADES;
    const unknown = kinds.find((kind) => !known.includes(kind));
    if (unknown !== undefined) {
        throw new UsageError(`--accept takes ${known.join(" or ")}, not ${unknown}`, "rename");
    }
    return kinds;
}

function readIntent(value: string | boolean | undefined): RenameIntent | undefined {
    const intent = RENAME_INTENTS.find((one) => one === value);
    if (value !== undefined && intent === undefined) {
        const known = RENAME_INTENTS.join(", ");
        throw new UsageError(`--as takes one of ${known}, not ${String(value)}`, "rename");
    }
    return intent;
}

function readCount(what: string, value: string | undefined, topic: CommandName): number {
    if (value === undefined || !/^\d{1,10}$/.test(value)) {
        throw new UsageError(`${what} is a number of deltas, not ${value ?? "nothing"}`, topic);
    }
    return Number(value);
}

function readNumber(
    option: OptionName,
    value: string | boolean | undefined,
    topic: CommandName | undefined,
): number | undefined {
    if (typeof value !== "string") {
        return undefined;
    }
    if (!/^\d{1,9}$/.test(value)) {
        throw new UsageError(`--${option} takes a whole number, not ${value}`, topic);
    }
    return Number(value);
}
