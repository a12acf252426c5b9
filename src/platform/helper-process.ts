// A process that does jobs for this one, among them to start other processes. Starting one means to copy the tables
// of all the memory that the starting process has (fork): with a gigabyte that takes 40 ms, in which nothing else
// happens, and in a helper one. It starts with the first job, ends when it idles, and never outlives this process.
// `serveHelper` is the helper's side.

import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { assert, CancelledError } from "../base/index.ts";
import { describeFailure, rebuildFailure, workerFailed, type Reply } from "./failure-message.ts";

interface JobMessage<Job> {
    readonly number: number;
    readonly job: Job;
}

interface ReplyMessage<Result> {
    readonly number: number;
    readonly reply: Reply<Result>;
}

interface Waiting<Result> {
    readonly resolve: (result: Result) => void;
    readonly reject: (error: Error) => void;
}

const IDLE_MS = 60_000;

/** Does jobs in a process of its own, all that are asked for at once. Jobs and results are plain data. */
export class HelperProcess<Job, Result> {
    readonly #module: string;
    readonly #idleMs: number;
    readonly #waiting = new Map<number, Waiting<Result>>();
    #child: ChildProcess | undefined;
    #idle: NodeJS.Timeout | undefined;
    #jobs = 0;

    /** Of a module that calls `serveHelper`; nothing starts before the first job. */
    constructor(moduleUrl: URL, idleMs = IDLE_MS) {
        this.#module = fileURLToPath(moduleUrl);
        this.#idleMs = idleMs;
    }

    /** Does a job; rejects with WORKER_FAILED where the helper breaks down, and with what the job threw. */
    run(job: Job): Promise<Result> {
        clearTimeout(this.#idle);
        const child = (this.#child ??= this.#start());
        child.ref();
        child.channel?.ref();
        const number = this.#jobs++;
        const message: JobMessage<Job> = { number, job };
        return new Promise((resolve, reject) => {
            this.#waiting.set(number, { resolve, reject });
            const failed = (cause: unknown): void => {
                if (this.#waiting.delete(number)) {
                    reject(workerFailed("a job cannot be sent to the helper", cause));
                    this.#rest();
                }
            };
            try {
                child.send(message, (cause) => {
                    if (cause !== null) {
                        failed(cause);
                    }
                });
            } catch (thrown) {
                failed(thrown); // It is no plain data.
            }
        });
    }

    /** Ends the helper; jobs that have not ended are rejected as cancelled. */
    close(): void {
        clearTimeout(this.#idle);
        const child = this.#child;
        this.#child = undefined;
        this.#rejectAll(new CancelledError());
        if (child?.connected === true) {
            child.disconnect();
        }
    }

    #start(): ChildProcess {
        // In a group of its own: what a terminal interrupts is this process, which says what becomes of a job.
        const child = fork(this.#module, [], {
            detached: true,
            execArgv: [],
            serialization: "advanced",
            stdio: ["ignore", "ignore", "ignore", "ipc"],
        });
        child.on("message", ({ number, reply }: ReplyMessage<Result>) => {
            const waiting = this.#waiting.get(number);
            this.#waiting.delete(number);
            if (reply.ok) {
                waiting?.resolve(reply.result);
            } else {
                waiting?.reject(rebuildFailure(reply.failure));
            }
            this.#rest();
        });
        const ended = (why: string, cause?: unknown): void => {
            if (this.#child === child) {
                this.#child = undefined;
                this.#rejectAll(workerFailed(why, cause));
            }
        };
        child.on("error", (cause) => {
            ended("the helper failed", cause);
        });
        child.on("exit", (status, signal) => {
            ended(`the helper ended with ${status === null ? String(signal) : `status ${status}`}`);
        });
        return child;
    }

    #rejectAll(why: Error): void {
        const waiting = [...this.#waiting.values()];
        this.#waiting.clear();
        for (const { reject } of waiting) {
            reject(why);
        }
    }

    /** Lets a helper without a job idle, and this process end meanwhile. */
    #rest(): void {
        if (this.#waiting.size > 0) {
            return;
        }
        this.#child?.unref();
        this.#child?.channel?.unref();
        clearTimeout(this.#idle);
        this.#idle = setTimeout(() => {
            this.close();
        }, this.#idleMs);
        this.#idle.unref();
    }
}

/** Serves jobs in a helper until the process that it is for ends. */
export function serveHelper<Result>(handle: (job: never) => Promise<Result>): void {
    assert(process.send !== undefined, "serveHelper runs in a helper");
    const reply = (number: number, said: Reply<Result>): void => {
        const message: ReplyMessage<Result> = { number, reply: said };
        // Nobody to answer: the helper is about to end.
        process.send?.(message, undefined, undefined, () => undefined);
    };
    process.on("message", ({ number, job }: JobMessage<never>) => {
        handle(job).then(
            (result) => {
                reply(number, { ok: true, result });
            },
            (error: unknown) => {
                reply(number, { ok: false, failure: describeFailure(error) });
            },
        );
    });
    process.on("disconnect", () => {
        process.exit();
    });
}
