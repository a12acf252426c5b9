// Runs of a tool in the background of an engine: one at a time, begun when the workspace has been quiet for a
// while, ended when it changes, joined by whoever asks for one.

import type { CancelSignal, ProgressSink } from "../base/index.ts";
import type { Logger } from "../platform/index.ts";
import type { BackgroundSink } from "./engine.ts";
import type { Pace } from "./pace.ts";

/** How often it is asked whether a request was cancelled. */
const CANCEL_POLL_MS = 100;

/** Cancellation and progress of a run that somebody asked for. */
export interface RunOptions {
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** What runs stand on. */
export interface BackgroundRunsParts<Options extends RunOptions> {
    /** For the log. */
    readonly name: string;
    readonly pace: Pace;
    readonly logger: Logger;
    run(signal: AbortSignal, options: Options | RunOptions): Promise<void>;
}

/** The runs of one tool. */
export class BackgroundRuns<Options extends RunOptions> {
    readonly #parts: BackgroundRunsParts<Options>;
    readonly #sinks = new Set<BackgroundSink>();
    #timer: NodeJS.Timeout | undefined;
    #running: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;
    #isClosed = false;

    constructor(parts: BackgroundRunsParts<Options>) {
        this.#parts = parts;
    }

    get isRunning(): boolean {
        return this.#running !== undefined;
    }

    get isWaiting(): boolean {
        return this.#timer !== undefined;
    }

    get isClosed(): boolean {
        return this.#isClosed;
    }

    /** Begins a run after so long, in place of one that waits or is under way. */
    schedule(delayMs: number): void {
        if (this.#isClosed) {
            return;
        }
        clearTimeout(this.#timer);
        // What is being captured has changed already.
        this.#running?.abort.abort();
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            const before = this.#running?.done ?? Promise.resolve();
            before
                .catch(() => undefined)
                // The tool would take every core from whoever asks.
                .then(() => this.#parts.pace.quiet())
                .then(() => (this.#isClosed ? undefined : this.#runInBackground()))
                .catch((err: unknown) => {
                    const { logger, name } = this.#parts;
                    logger.warn({ err }, `${name} could not be captured`);
                });
        }, delayMs);
        this.#timer.unref();
    }

    /** Runs now, after the run that is under way. Throws what goes wrong. */
    async runNow(options: Options): Promise<void> {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#running !== undefined) {
            await this.#running.done.catch(() => undefined);
        }
        await this.#begin(options);
    }

    /** The run that is under way has ended, well or not. */
    async settled(): Promise<void> {
        await this.#running?.done.catch(() => undefined);
    }

    /** Hears how runs in the background go. */
    onProgress(sink: BackgroundSink): () => void {
        this.#sinks.add(sink);
        return () => this.#sinks.delete(sink);
    }

    /** Ends a run that is under way. */
    cancel(): void {
        this.#running?.abort.abort();
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.cancel();
        await this.settled();
    }

    async #runInBackground(): Promise<void> {
        const onProgress: ProgressSink = (stage, done, total) => {
            this.#tell({ stage, done, total });
        };
        try {
            await this.#begin({ onProgress });
        } finally {
            this.#tell(undefined);
        }
    }

    #tell(progress: Parameters<BackgroundSink>[0]): void {
        for (const sink of this.#sinks) {
            sink(progress);
        }
    }

    #begin(options: Options | RunOptions): Promise<void> {
        const abort = new AbortController();
        const { signal } = options;
        const poll = setInterval(() => {
            if (signal?.aborted === true) {
                abort.abort();
            }
        }, CANCEL_POLL_MS);
        poll.unref();
        const done = this.#parts.run(abort.signal, options).finally(() => {
            clearInterval(poll);
            this.#running = undefined;
        });
        this.#running = { done, abort };
        return done;
    }
}
