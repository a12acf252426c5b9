// Whether small writes and their syncs are made on the thread that asks, or by Node's threads.
// A call by another thread is handed over and back, which takes longer than a quick disk takes for the call itself;
// on a slow one it keeps everybody else from waiting. What the last syncs took says which disk this is.

/** A sync below this is a quick one, in milliseconds; others may wait as long when it is made at once. */
const QUICK_MS = 1;

/** So many quick syncs one after the other, and the disk is taken for quick, until one is not. */
const QUICK_SYNCS_MIN = 8;

/** More bytes than this are never written or synced at once. */
const SMALL_BYTES_MAX = 64 << 10;

/** Whether so many bytes may be written or synced at once. */
export function isSmall(byteCount: number): boolean {
    return byteCount <= SMALL_BYTES_MAX;
}

/** What is known of how long a disk takes to make a few bytes durable. */
export class CallPace {
    #quickSyncs: number;

    /** A pace that is known from before, or one that has to show. */
    constructor(isQuick = false) {
        this.#quickSyncs = isQuick ? QUICK_SYNCS_MIN : 0;
    }

    /** Whether small calls are made at once. */
    get isQuick(): boolean {
        return this.#quickSyncs >= QUICK_SYNCS_MIN;
    }

    /** Takes note of how long a small sync took, handing over included. */
    noteSync(milliseconds: number): void {
        this.#quickSyncs = milliseconds < QUICK_MS ? this.#quickSyncs + 1 : 0;
    }
}
