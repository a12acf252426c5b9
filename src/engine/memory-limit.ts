// Holds the process to a limit of resident memory as well as it can: above it, what can be read or computed
// again is let go, and `status` says what. Nothing that is not stored is ever let go.

import { collectGarbage, memoryUsageBytes, monotonicMs, type Logger } from "../platform/index.ts";
import type { MemoryStatus } from "../protocol/index.ts";

/** Something that can be let go. */
export interface Droppable {
    readonly what: string;
    /** Lets go; answers of how many pieces. */
    readonly drop: () => number | Promise<number>;
}

/** What a limit is kept with. */
export interface MemoryLimitParts {
    readonly limitBytes: number | undefined;
    /** The cheapest to have again first. */
    readonly droppables: readonly Droppable[];
    readonly logger: Logger;
    readonly measure?: () => number;
}

const LOOK_INTERVAL_MS = 2_000;
/** What an edit loads again at once is not let go with every look. */
const REST_MS = 30_000;

/** The limit of one engine. */
export class MemoryLimit {
    readonly #parts: MemoryLimitParts;
    readonly #measure: () => number;
    readonly #dropped = new Map<string, { times: number; items: number; lastMs: number }>();
    readonly #timer: NodeJS.Timeout | undefined;
    #isExceeded = false;
    #isLooking = false;
    #collectedMs = Number.NEGATIVE_INFINITY;

    constructor(parts: MemoryLimitParts) {
        this.#parts = parts;
        this.#measure = parts.measure ?? memoryUsageBytes;
        if (parts.limitBytes !== undefined) {
            this.#timer = setInterval(() => void this.look(), LOOK_INTERVAL_MS);
            this.#timer.unref();
        }
    }

    /** What the limit is and what it has cost. */
    report(): MemoryStatus {
        return {
            limitBytes: this.#parts.limitBytes,
            dropped: [...this.#dropped].map(([what, { times, items }]) => ({
                what,
                times,
                items,
            })),
            isExceeded: this.#isExceeded,
        };
    }

    /** Compares, and lets go of one thing after the other until it is enough. */
    async look(): Promise<void> {
        if (this.#isLooking) {
            return;
        }
        this.#isLooking = true;
        try {
            this.#collect();
            for (const droppable of this.#parts.droppables) {
                if (!this.#isAbove()) {
                    break;
                }
                await this.#drop(droppable);
            }
        } catch (err) {
            this.#parts.logger.warn({ err }, "memory could not be let go");
        } finally {
            this.#isExceeded = this.#isAbove();
            this.#isLooking = false;
        }
    }

    close(): void {
        clearInterval(this.#timer);
    }

    async #drop({ what, drop }: Droppable): Promise<void> {
        const lastMs = this.#dropped.get(what)?.lastMs ?? Number.NEGATIVE_INFINITY;
        const items = monotonicMs() - lastMs < REST_MS ? 0 : await drop();
        if (items > 0) {
            const { times, items: before } = this.#dropped.get(what) ?? { times: 0, items: 0 };
            const lastMs = monotonicMs();
            this.#dropped.set(what, { times: times + 1, items: before + items, lastMs });
            this.#collectedMs = Number.NEGATIVE_INFINITY;
            this.#collect();
            this.#parts.logger.info({ what, items, bytes: this.#measure() }, "let go for memory");
        }
    }

    /** What nobody holds any more counts until it is collected. */
    #collect(): void {
        const now = monotonicMs();
        if (this.#isAbove() && now - this.#collectedMs >= REST_MS) {
            this.#collectedMs = now;
            collectGarbage();
        }
    }

    #isAbove(): boolean {
        const { limitBytes } = this.#parts;
        return limitBytes !== undefined && this.#measure() > limitBytes;
    }
}
