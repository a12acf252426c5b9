// A pool of worker threads, one job per worker at a time. Workers start when there is work and
// stop after idling; one that crashes fails its job only and is replaced. `serveWorker` is the
// worker's side.

import { parentPort, Worker, type Transferable } from "node:worker_threads";

import { assert, CancelledError, type OperatingError } from "../base/index.ts";
import { describeFailure, rebuildFailure, workerFailed, type Reply } from "./failure-message.ts";

/** Runs jobs in worker threads. */
export interface WorkerPool<Job, Result> {
    /** Number of workers. */
    readonly size: number;
    /** Starts all workers, so that they are ready when the first jobs come. */
    start(): void;
    /** Queues a job; rejects with WORKER_FAILED when its worker breaks down. */
    run(job: Job, transfer?: readonly Transferable[]): Promise<Result>;
    /** Stops all workers; jobs that have not ended are rejected as cancelled. */
    close(): Promise<void>;
}

/** Limits of a pool. */
export interface WorkerPoolOptions {
    /** A worker without work is stopped after this long. */
    readonly idleMs?: number;
    /** Heap bound of each worker, in MiB. */
    readonly heapMibMax?: number;
    /** Given to every worker as `workerData`. */
    readonly workerData?: unknown;
}

/** What a worker answers: a value and what of it to move instead of copy. */
export interface WorkerAnswer<Result> {
    readonly result: Result;
    readonly transfer?: readonly Transferable[];
}

interface Task<Job, Result> {
    readonly job: Job;
    readonly transfer: readonly Transferable[];
    readonly resolve: (result: Result) => void;
    readonly reject: (error: Error) => void;
}

interface Slot<Job, Result> {
    worker: Worker | undefined;
    task: Task<Job, Result> | undefined;
    idle: NodeJS.Timeout | undefined;
}

const IDLE_MS = 30_000;
const QUEUE_LENGTH_MAX = 1 << 20;

/** Creates a pool over a module that calls `serveWorker`; no thread starts before the first job. */
export function createWorkerPool<Job, Result>(
    moduleUrl: URL,
    size: number,
    options: WorkerPoolOptions = {},
): WorkerPool<Job, Result> {
    assert(size >= 1, "a pool has a worker");
    return new ThreadPool<Job, Result>(moduleUrl, size, options);
}

/** Serves jobs on a worker thread, one after the other. */
export function serveWorker<Result>(
    handle: (job: never) => WorkerAnswer<Result> | Promise<WorkerAnswer<Result>>,
): void {
    assert(parentPort !== null, "serveWorker runs on a worker thread");
    const port = parentPort;
    const serve = async (job: never): Promise<void> => {
        try {
            const answer = await handle(job);
            const reply: Reply<Result> = { ok: true, result: answer.result };
            port.postMessage(reply, [...(answer.transfer ?? [])]);
        } catch (error) {
            const reply: Reply<Result> = { ok: false, failure: describeFailure(error) };
            port.postMessage(reply);
        }
    };
    port.on("message", (job: unknown) => {
        void serve(job as never);
    });
}

class ThreadPool<Job, Result> implements WorkerPool<Job, Result> {
    readonly #moduleUrl: URL;
    readonly #options: WorkerPoolOptions;
    readonly #slots: Slot<Job, Result>[];
    /** Waiting tasks; those before the head are done with. */
    #queue: Task<Job, Result>[] = [];
    #head = 0;
    #closed = false;

    constructor(moduleUrl: URL, size: number, options: WorkerPoolOptions) {
        this.#moduleUrl = moduleUrl;
        this.#options = options;
        this.#slots = Array.from({ length: size }, () => ({
            worker: undefined,
            task: undefined,
            idle: undefined,
        }));
    }

    get size(): number {
        return this.#slots.length;
    }

    start(): void {
        assert(!this.#closed, "a closed pool starts no worker");
        for (const slot of this.#slots) {
            if (slot.worker === undefined) {
                slot.worker = this.#spawn(slot);
                this.#rest(slot);
            }
        }
    }

    run(job: Job, transfer: readonly Transferable[] = []): Promise<Result> {
        assert(!this.#closed, "a closed pool takes no job");
        assert(this.#queue.length - this.#head < QUEUE_LENGTH_MAX, "the pool's queue is bounded");
        return new Promise((resolve, reject) => {
            this.#queue.push({ job, transfer, resolve, reject });
            this.#dispatch();
        });
    }

    async close(): Promise<void> {
        this.#closed = true;
        const waiting = this.#queue.slice(this.#head);
        this.#queue = [];
        this.#head = 0;
        for (const task of waiting) {
            task.reject(new CancelledError());
        }
        await Promise.all(this.#slots.map((slot) => this.#stop(slot)));
    }

    #dispatch(): void {
        while (this.#head < this.#queue.length) {
            // A running worker first: starting one costs tens of milliseconds.
            const free = this.#slots.filter((slot) => slot.task === undefined);
            const slot = free.find((each) => each.worker !== undefined) ?? free[0];
            const task = this.#queue[this.#head];
            if (slot === undefined || task === undefined) {
                return;
            }
            this.#head++;
            if (this.#head > 1_024 && this.#head * 2 > this.#queue.length) {
                this.#queue = this.#queue.slice(this.#head);
                this.#head = 0;
            }
            this.#start(slot, task);
        }
    }

    #start(slot: Slot<Job, Result>, task: Task<Job, Result>): void {
        clearTimeout(slot.idle);
        slot.task = task;
        slot.worker ??= this.#spawn(slot);
        slot.worker.ref();
        try {
            slot.worker.postMessage(task.job, task.transfer);
        } catch (cause) {
            // The job itself cannot be sent (a function in it, say): the worker is fine.
            slot.task = undefined;
            this.#rest(slot);
            task.reject(workerFailed("a job cannot be sent to a worker", cause));
        }
    }

    #spawn(slot: Slot<Job, Result>): Worker {
        const worker = new Worker(this.#moduleUrl, {
            workerData: this.#options.workerData,
            ...(this.#options.heapMibMax === undefined
                ? {}
                : { resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMibMax } }),
        });
        let crash: unknown;
        worker.on("message", (reply: Reply<Result>) => {
            this.#finish(slot, reply);
        });
        worker.on("error", (error) => {
            crash = error;
        });
        worker.on("messageerror", (error) => {
            crash = error;
            void worker.terminate();
        });
        worker.on("exit", (status) => {
            if (slot.worker === worker) {
                slot.worker = undefined;
                const task = slot.task;
                slot.task = undefined;
                task?.reject(crashError(status, crash));
                this.#dispatch();
            }
        });
        return worker;
    }

    #finish(slot: Slot<Job, Result>, reply: Reply<Result>): void {
        const task = slot.task;
        slot.task = undefined;
        if (task !== undefined) {
            if (reply.ok) {
                task.resolve(reply.result);
            } else {
                task.reject(rebuildFailure(reply.failure));
            }
        }
        this.#dispatch();
        this.#rest(slot);
    }

    /** Lets a worker without work idle, and the process end meanwhile. */
    #rest(slot: Slot<Job, Result>): void {
        if (slot.task !== undefined) {
            return;
        }
        slot.worker?.unref();
        clearTimeout(slot.idle);
        slot.idle = setTimeout(() => {
            void this.#stop(slot);
        }, this.#options.idleMs ?? IDLE_MS);
        slot.idle.unref();
    }

    async #stop(slot: Slot<Job, Result>): Promise<void> {
        clearTimeout(slot.idle);
        const { worker, task } = slot;
        slot.worker = undefined;
        slot.task = undefined;
        task?.reject(new CancelledError());
        await worker?.terminate();
    }
}

function crashError(status: number, crash: unknown): OperatingError {
    return workerFailed(`a worker ended with status ${status}`, crash);
}
