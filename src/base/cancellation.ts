// Cooperative cancellation and progress, passed down into long work.

import { CancelledError } from "./errors.ts";

/** Says whether the caller has given up. An AbortSignal fits. */
export interface CancelSignal {
    readonly aborted: boolean;
}

/** Throws CancelledError when the signal has fired. */
export function checkCancelled(signal: CancelSignal | undefined): void {
    if (signal?.aborted === true) {
        throw new CancelledError();
    }
}

/** Reports progress of long work: what is being done, and how much of how much. */
export type ProgressSink = (stage: string, done: number, total: number) => void;
