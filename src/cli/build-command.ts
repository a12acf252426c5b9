// From what was given to a command to the command. Pure.

import { buildRename } from "./build-rename.ts";
import {
    AFFECTED_OUTPUTS,
    QUERY_OUTPUTS,
    type Command,
    type CommandName,
    type FlowCommand,
    type ImpactCommand,
} from "./command-line.ts";
import {
    readAccept,
    readCount,
    readExecution,
    readList,
    readNumber,
    readText,
    readTypeSources,
    UsageError,
    type OptionValues,
} from "./command-options.ts";

const LIMIT_DEFAULT = 200;
/** Operations that are listed. */
const OPERATIONS_DEFAULT = 20;
/** Symbols of widest reach that are shown. */
const WIDEST_DEFAULT = 30;

export function buildCommand(
    name: CommandName,
    given: readonly string[],
    values: OptionValues,
): Command {
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
            return buildRename(given, values);
        case "plan":
            return { name, file: symbol, out: readText(values.out) };
        case "apply":
        case "log":
        case "rollback":
        case "replay":
        case "propagate":
            return buildOperations(name, given, values);
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
        types: readTypeSources(values.types),
    };
}

function buildOperations(
    name: "apply" | "log" | "propagate" | "replay" | "rollback",
    given: readonly string[],
    values: OptionValues,
): Command {
    const [first = ""] = given;
    switch (name) {
        case "apply":
            return buildApply(first, values);
        case "log":
            return { name, limit: readNumber("limit", values.limit, name) ?? OPERATIONS_DEFAULT };
        case "rollback":
            return { name, opId: first, ...readExecution(name, values) };
        case "propagate":
            return buildPropagate(given, values);
        case "replay":
            return { name, opId: first, out: readText(values.out) };
    }
}

function buildPropagate([from = "", to = ""]: readonly string[], values: OptionValues): Command {
    const name = "propagate";
    const between =
        values.deltas === true
            ? {
                  kind: "deltas" as const,
                  from: readCount("FROM", from, name),
                  to: readCount("TO", to, name),
              }
            : { kind: "revisions" as const, from, to };
    const accept = readAccept(values.accept, name);
    return { name, between, accept, out: readText(values.out) };
}

function buildApply(file: string, values: OptionValues): Command {
    const name = "apply";
    const inPlace = values["in-place"] === true;
    const execution = [
        "validate",
        "land",
        "push",
        "with-uncommitted",
        "bring",
        "keep",
        "fresh",
    ] as const;
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
