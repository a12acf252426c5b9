// A queue of one: while an operation runs, further requests for it join into a single next run, which
// remembers why it was asked.

/** Runs one kind of operation, never twice at once. */
export class OperationQueue {
    readonly #run: (causes: readonly string[]) => Promise<void>;
    #causes: string[] = [];
    #running: Promise<void> | undefined;

    constructor(run: (causes: readonly string[]) => Promise<void>) {
        this.#run = run;
    }

    /** Why the next run was asked; empty when none is waiting. */
    get pending(): readonly string[] {
        return this.#causes;
    }

    get isRunning(): boolean {
        return this.#running !== undefined;
    }

    /** Asks for a run that begins after this moment; resolves when no run is waiting any more. */
    request(cause: string): Promise<void> {
        if (!this.#causes.includes(cause)) {
            this.#causes.push(cause);
        }
        this.#running ??= this.#drain();
        return this.#running;
    }

    /** Resolves when nothing runs or waits. */
    async idle(): Promise<void> {
        while (this.#running !== undefined) {
            await this.#running.catch(() => undefined);
        }
    }

    async #drain(): Promise<void> {
        try {
            // The first run too begins in a later turn, so that requests of one turn join.
            await Promise.resolve();
            while (this.#causes.length > 0) {
                const causes = this.#causes;
                this.#causes = [];
                await this.#run(causes);
            }
        } finally {
            this.#running = undefined;
        }
    }
}
