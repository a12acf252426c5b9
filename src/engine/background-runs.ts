// Runs of a tool in the background of an engine: one at a time, begun when the workspace has been quiet for a
// while, ended when it changes, joined by whoever asks for one.

import type { CancelSignal, ProgressSink } from "../base/index.ts";
import type { BackgroundSink } from "./engine.ts";
import type { ToolFactsParts } from "./tool-facts-parts.ts";

/** How often it is asked whether a request was cancelled. */
const CANCEL_POLL_MS = 100;

/** Cancellation and progress of a run that somebody asked for. */
export interface RunOptions {
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** Whether a tool's facts are captured, and why not. */
export type FactsPhase = "off" | "untrusted" | "idle" | "waiting" | "running" | "aside" | "failed";

/** How the runs of a tool go. */
export interface RunPlan<Options extends RunOptions> {
    /** For the log. */
    readonly name: string;
    /** The background begins this long after opening. */
    readonly openingDelayMs: number;
    /** And after the last change. */
    readonly quietDelayMs: number;
    run(signal: AbortSignal, options: Options | RunOptions): Promise<void>;
}

/** The runs of one tool. */
export class BackgroundRuns<Options extends RunOptions> {
    /** What is told of the tool; a run sets it. */
    phase: FactsPhase;
    readonly #parts: ToolFactsParts;
    readonly #plan: RunPlan<Options>;
    readonly #sinks = new Set<BackgroundSink>();
    #timer: NodeJS.Timeout | undefined;
    #running: { readonly done: Promise<void>; readonly abort: AbortController } | undefined;
    #isStarted = false;
    #isClosed = false;

    constructor(parts: ToolFactsParts, plan: RunPlan<Options>) {
        this.#parts = parts;
        this.#plan = plan;
        this.phase = parts.trusted ? (parts.background ? "idle" : "off") : "untrusted";
    }

    /** The phase of a run that was given up: another one waits, or none. */
    get phaseAfterCancel(): FactsPhase {
        return this.#timer === undefined ? "idle" : "waiting";
    }

    /** The workspace is open: runs may begin. */
    start(): void {
        this.#isStarted = true;
        this.#schedule(this.#plan.openingDelayMs);
    }

    /** Files changed: another run follows when all is quiet, in place of one that waits or is under way. */
    noteChange(): void {
        if (this.#isStarted) {
            this.#schedule(this.#plan.quietDelayMs);
        }
    }

    #schedule(delayMs: number): void {
        const { trusted, background } = this.#parts;
        if (!trusted || !background || this.#isClosed || this.phase === "aside") {
            return;
        }
        this.phase = this.#running === undefined ? "waiting" : this.phase;
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
                    this.#parts.logger.warn({ err }, `${this.#plan.name} could not be captured`);
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
        const done = this.#plan.run(abort.signal, options).finally(() => {
            clearInterval(poll);
            this.#running = undefined;
        });
        this.#running = { done, abort };
        return done;
    }
}
