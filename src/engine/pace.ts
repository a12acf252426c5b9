// How work in the background shares the one thread with whoever asks: in short slices, and not while
// questions keep coming. Work that somebody waits for is not held back.

import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";

import type { Pause } from "../base/index.ts";
import { monotonicMs } from "../platform/index.ts";

/** Longest time that background work goes on without a turn for others. */
const SLICE_MS = 15;
/** A question this long ago may be followed by another. */
const QUIET_MS = 120;
/** How often it is looked whether questions have ended. */
const LOOK_MS = 10;
/** Questions that follow each other have everything to themselves for so long. */
const BURST_MS_MAX = 4_000;
/** However many come after that, each slice of work waits no longer than this. */
const HELD_BACK_MS_MAX = 250;

/** The pace of all background work of one engine. */
export class Pace {
    #askedAt = Number.NEGATIVE_INFINITY;
    /** When the first of the questions that follow each other came. */
    #burstStart = Number.NEGATIVE_INFINITY;
    #sliceStart = 0;
    /** How many wait for background work. */
    #waiting = 0;
    #resolveAnswered: () => void = () => undefined;
    readonly #answered = new Promise<void>((resolve) => {
        this.#resolveAnswered = resolve;
    });

    /** Gives a turn to others when the slice is used up. */
    readonly pause: Pause = () =>
        monotonicMs() - this.#sliceStart < SLICE_MS ? undefined : this.turn();

    /** Somebody was answered, and may ask again. */
    noteAnswer(): void {
        this.noteQuestion();
        this.#resolveAnswered();
    }

    /** Somebody asks. */
    noteQuestion(): void {
        const now = monotonicMs();
        if (now - this.#askedAt >= QUIET_MS) {
            this.#burstStart = now;
        }
        this.#askedAt = now;
    }

    /** Waits until questions have ended, or have had their time: for work that slices cannot divide. */
    async quiet(): Promise<void> {
        while (this.#isAsked() && monotonicMs() - this.#burstStart < BURST_MS_MAX) {
            await delay(LOOK_MS);
        }
    }

    /** Waits for the first answer, and then until questions have ended. */
    async quietAfterAnswer(): Promise<void> {
        await this.#answered;
        await this.quiet();
    }

    /** Gives a turn to others, and waits for a quiet moment unless somebody waits for the work. */
    async turn(): Promise<void> {
        const start = monotonicMs();
        await nextTurn();
        while (this.#isHeldBack(start)) {
            await delay(LOOK_MS);
        }
        this.#sliceStart = monotonicMs();
    }

    /** Waits for background work, which is not held back meanwhile. */
    async hurry<T>(work: Promise<T>): Promise<T> {
        this.#waiting += 1;
        try {
            return await work;
        } finally {
            this.#waiting -= 1;
        }
    }

    #isHeldBack(start: number): boolean {
        const now = monotonicMs();
        const isBurst = now - this.#burstStart < BURST_MS_MAX;
        return (
            this.#waiting === 0 && this.#isAsked() && (isBurst || now - start < HELD_BACK_MS_MAX)
        );
    }

    #isAsked(): boolean {
        return monotonicMs() - this.#askedAt < QUIET_MS;
    }
}
