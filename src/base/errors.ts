// The four kinds of failure (docs/errors.md): nothing here, refusal, operating error, bug.
// Refusals are values; operating errors are thrown; bugs are InvariantError (assert.ts).

/** Signals that the world failed: a file, a process, a disk. The code is the API, the message is not. */
export class OperatingError extends Error {
    override readonly name = "OperatingError";
    readonly code: string;
    /** What a person can do about it, one sentence; empty when there is nothing to say. */
    readonly advice: string;

    constructor(code: string, message: string, options: { cause?: unknown; advice?: string } = {}) {
        super(message, options.cause === undefined ? {} : { cause: options.cause });
        this.code = code;
        this.advice = options.advice ?? "";
    }
}

/** Signals that the caller gave up; never logged as an error. */
export class CancelledError extends Error {
    override readonly name = "CancelledError";

    constructor() {
        super("cancelled");
    }
}

/** A place in a workspace file: 0-based line and UTF-16 column, with the text of that line if known. */
export interface Place {
    readonly path: string;
    readonly line: number;
    readonly column: number;
}

/** What the user asked for must not happen; the reason and up to three places. */
export interface Refusal {
    readonly kind: "refusal";
    /** Stable upper-case code, listed in docs/errors.md. */
    readonly code: string;
    /** Lower-case start, no full stop; names the thing. */
    readonly message: string;
    readonly at: readonly Place[];
    /** What to do instead; empty when there is nothing to say. */
    readonly advice: string;
    /** Near names, candidates of an ambiguous request: one line each. */
    readonly candidates: readonly string[];
}

/** Builds a refusal. */
export function refuse(
    code: string,
    message: string,
    more: { at?: readonly Place[]; advice?: string; candidates?: readonly string[] } = {},
): Refusal {
    return {
        kind: "refusal",
        code,
        message,
        at: more.at ?? [],
        advice: more.advice ?? "",
        candidates: more.candidates ?? [],
    };
}

/** Tells a refusal from an answer. */
export function isRefusal(answer: object): answer is Refusal {
    return "kind" in answer && answer.kind === "refusal";
}

/** Something found wrong with an input that did not stop the work. */
export interface Problem {
    /** Stable upper-case code, listed in docs/errors.md. */
    readonly code: string;
    readonly message: string;
    readonly path?: string;
    /** 0-based line, when one is known. */
    readonly line?: number;
}
