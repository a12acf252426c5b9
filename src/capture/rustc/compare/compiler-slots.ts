// How many compilers run at a time beside each other, and which of those that wait begins next.

/** Places for compilers, of which there may come to be more or fewer. */
export class CompilerSlots {
    readonly #waiting: { readonly begin: () => void; readonly rank: number }[] = [];
    #limit: number;
    #running = 0;

    constructor(limit: number) {
        this.#limit = limit;
    }

    /** Sets how many may run; what runs goes on. */
    allow(limit: number): void {
        this.#limit = limit;
        this.#next();
    }

    /** Does something once there is a place for it, and nothing of a lower rank or that came earlier waits. */
    async use<T>(rank: number, work: () => Promise<T>): Promise<T> {
        await new Promise<void>((begin) => {
            const at = this.#waiting.findIndex((other) => other.rank > rank);
            this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, { begin, rank });
            this.#next();
        });
        try {
            return await work();
        } finally {
            this.#running -= 1;
            this.#next();
        }
    }

    #next(): void {
        while (this.#running < this.#limit) {
            const next = this.#waiting.shift();
            if (next === undefined) {
                return;
            }
            this.#running += 1;
            next.begin();
        }
    }
}
