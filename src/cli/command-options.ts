// Options of the command line as they are written, and what is read from them. Pure.

import {
    ACCEPTABLE_GRADES,
    LANDINGS,
    RENAME_INTENTS,
    TYPE_SOURCES,
    VALIDATION_LEVELS,
    type RenameIntent,
    type TypesParams,
} from "../protocol/index.ts";
import type { CommandName, RollbackCommand } from "./command-line.ts";

/** Every option, of whatever command. */
export const OPTIONS = {
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
    text: { type: "boolean" },
    ask: { type: "boolean" },
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
    push: { type: "string" },
    bring: { type: "string", multiple: true },
    keep: { type: "boolean" },
    write: { type: "boolean" },
    thorough: { type: "boolean" },
    fresh: { type: "boolean" },
    deltas: { type: "boolean" },
    idle: { type: "string" },
    stdio: { type: "boolean" },
    types: { type: "string" },
} as const;

/** Name of an option. */
export type OptionName = keyof typeof OPTIONS;
/** What options were given. */
export type OptionValues = Partial<
    Record<Exclude<OptionName, "accept" | "bring">, string | boolean>
> & {
    readonly accept?: readonly string[] | undefined;
    readonly bring?: readonly string[] | undefined;
};

/** Something is wrong with the arguments. */
export class UsageError extends Error {
    override readonly name = "UsageError";
    readonly topic: CommandName | undefined;

    constructor(message: string, topic?: CommandName) {
        super(message);
        this.topic = topic;
    }
}

export function readTypeSources(value: string | boolean | undefined): TypesParams["sources"] {
    const names = typeof value === "string" ? value.split(",") : [];
    return names.map((name) => {
        const source = TYPE_SOURCES.find((each) => each === name.trim());
        if (source === undefined) {
            throw new UsageError(`--types takes ${TYPE_SOURCES.join(",")}, not ${name}`, "capture");
        }
        return source;
    });
}

export function readExecution(
    name: CommandName,
    values: OptionValues,
): Pick<RollbackCommand, "bring" | "fresh" | "keep" | "land" | "push" | "validate"> {
    const { validate: level = "check", land: landing = "branch", keep, fresh } = values;
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
    const bring = values.bring ?? [];
    const push = readText(values.push);
    return { validate, land, push, bring, keep: keep === true, fresh: fresh === true };
}

export function readText(value: string | boolean | undefined): string | undefined {
    return typeof value === "string" ? value : undefined;
}

export function readList(value: string | boolean | undefined): readonly string[] | undefined {
    return typeof value === "string" ? value.split(",").filter((part) => part !== "") : undefined;
}

export function readAccept(
    values: readonly string[] | undefined,
    topic: CommandName,
    more: readonly string[] = [],
): readonly string[] {
    const kinds = [...new Set((values ?? []).flatMap((value) => value.split(",")))];
    const known: readonly string[] = [...ACCEPTABLE_GRADES, ...more];
    const unknown = kinds.find((kind) => !known.includes(kind));
    if (unknown !== undefined) {
        throw new UsageError(`--accept takes ${known.join(" or ")}, not ${unknown}`, topic);
    }
    return kinds;
}

export function readIntent(value: string | boolean | undefined): RenameIntent | undefined {
    const intent = RENAME_INTENTS.find((one) => one === value);
    if (value !== undefined && intent === undefined) {
        const known = RENAME_INTENTS.join(", ");
        throw new UsageError(`--as takes one of ${known}, not ${String(value)}`, "rename");
    }
    return intent;
}

export function readCount(what: string, value: string | undefined, topic: CommandName): number {
    if (value === undefined || !/^\d{1,10}$/.test(value)) {
        throw new UsageError(`${what} is a number of deltas, not ${value ?? "nothing"}`, topic);
    }
    return Number(value);
}

export function readNumber(
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
