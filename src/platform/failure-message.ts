// Errors on their way between threads and processes.

import { CancelledError, OperatingError } from "../base/index.ts";

/** An error as plain data. */
export interface FailureMessage {
    readonly name: string;
    readonly message: string;
    readonly code: string | undefined;
    readonly advice: string;
    readonly stack: string;
}

/** What a job ended with, as plain data. */
export type Reply<Result> =
    | { readonly ok: true; readonly result: Result }
    | { readonly ok: false; readonly failure: FailureMessage };

export function describeFailure(error: unknown): FailureMessage {
    const known = error instanceof Error ? error : new Error(String(error));
    return {
        name: known.name,
        message: known.message,
        code: known instanceof OperatingError ? known.code : undefined,
        advice: known instanceof OperatingError ? known.advice : "",
        stack: known.stack ?? "",
    };
}

export function rebuildFailure(failure: FailureMessage): Error {
    if (failure.name === "CancelledError") {
        return new CancelledError();
    }
    const cause = new Error(failure.message);
    cause.name = failure.name;
    cause.stack = failure.stack;
    if (failure.code !== undefined) {
        const { advice } = failure;
        return new OperatingError(failure.code, failure.message, { cause, advice });
    }
    return workerFailed("a worker failed", cause);
}

export function workerFailed(message: string, cause: unknown): OperatingError {
    const detail = cause instanceof Error ? `: ${cause.message}` : "";
    return new OperatingError("WORKER_FAILED", `${message}${detail}`, { cause });
}
