// Saves the derived cache when the workspace has been quiet for a while, and before it is closed.

import type { Logger } from "../platform/index.ts";
import type { CommittedState } from "./committed-state.ts";
import { OperationQueue } from "./operation-queue.ts";

/** The cache is brought up to date after this much quiet: writing all of it takes longer than taking in a saved file. */
const SAVE_DELAY_MS = 2000;

/** Saving of one engine's cache. */
export class QuietSaving {
    readonly #logger: Logger;
    readonly #committed: () => CommittedState | undefined;
    readonly #queue: OperationQueue;
    #timer: NodeJS.Timeout | undefined;

    /** `committed` gives the state that is to be saved; undefined while none is open. */
    constructor(logger: Logger, committed: () => CommittedState | undefined) {
        this.#logger = logger;
        this.#committed = committed;
        this.#queue = new OperationQueue((causes) => this.#save(causes));
    }

    /** Something has changed. */
    saveLater(): void {
        this.stop();
        if (this.#committed()?.isUnsaved === true) {
            this.#timer = setTimeout(() => {
                this.#queue.request("changed").catch((err: unknown) => {
                    this.#logger.warn({ err }, "the derived cache could not be saved");
                });
            }, SAVE_DELAY_MS);
            this.#timer.unref();
        }
    }

    /** Nothing is saved any more but by `saveNow`. */
    stop(): void {
        clearTimeout(this.#timer);
    }

    /** Saves before closing, if that is needed; what goes wrong costs the next start time only. */
    async saveNow(): Promise<void> {
        if (this.#committed()?.isUnsaved === true) {
            await this.#queue.request("close").catch(() => undefined);
        }
    }

    async #save(causes: readonly string[]): Promise<void> {
        this.#logger.debug({ causes }, "saving the derived cache");
        await this.#committed()?.save();
    }
}
