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
    for (let asked = 0; ; asked++) {
        try {
            return await ask();
        } catch (error) {
            if (!isModified(error)) {
                throw error;
            }
            const milliseconds = waits[asked];
            if (milliseconds === undefined) {
                throw new OperatingError(
                    "TOOL_FAILED",
                    `rust-analyzer gives no answer to ${method}: the text has always changed meanwhile`,
                    { cause: error },
                );
            }
            await wait(milliseconds);
        }
    }
}

function isModified(error: unknown): boolean {
    return (error as { readonly code?: unknown }).code === CONTENT_MODIFIED;
}
