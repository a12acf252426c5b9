// A question to a server that says that the text has changed while it was thinking.

import { setTimeout as wait } from "node:timers/promises";

import { OperatingError } from "../../base/index.ts";

/** LSP's error for an answer that would be of an older text. */
const CONTENT_MODIFIED = -32801;

/** Milliseconds between questions, each twice the one before; half a minute in all. */
const WAITS = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 10_240];

/** Asks until there is an answer; throws TOOL_FAILED where there is none as often as it waits. */
export async function askAgain<T>(
    method: string,
    ask: () => Promise<T>,
    waits: readonly number[] = WAITS,
): Promise<T> {
    for (const milliseconds of waits) {
        try {
            return await ask();
        } catch (error) {
            if (!isModified(error)) {
                throw error;
            }
            await wait(milliseconds);
        }
    }
    try {
        return await ask();
    } catch (error) {
        throw isModified(error)
            ? new OperatingError(
                  "TOOL_FAILED",
                  `rust-analyzer gives no answer to ${method}: the text has always changed meanwhile`,
                  { cause: error },
              )
            : error;
    }
}

function isModified(error: unknown): boolean {
    return (error as { readonly code?: unknown }).code === CONTENT_MODIFIED;
}
