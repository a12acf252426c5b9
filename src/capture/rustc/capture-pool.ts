// Runs capture jobs, a few at a time: on threads where there are built modules to run, else right here.

import { CancelledError } from "../../base/index.ts";
import {
    availableMemoryBytes,
    cpuCount,
    createWorkerPool,
    type WorkerPool,
} from "../../platform/index.ts";
import { RUSTC_WORKER_URL, runCaptureJob, type CaptureJob } from "./capture-job.ts";
import type { EncodedUnit } from "./fact-store.ts";

/** A compiler that prints a big crate, and the reader of what it prints. */
const JOB_BYTES = 1024 ** 3;

/** How many jobs the machine's cores and memory allow at a time. */
export function jobsAtOnce(jobsMax: number | undefined): number {
    const byMemory = Math.floor(availableMemoryBytes() / JOB_BYTES);
    return Math.max(1, Math.min(jobsMax ?? cpuCount(), cpuCount(), byMemory));
}

interface Message {
    readonly job: CaptureJob;
    readonly cancel: InstanceType<typeof MessagePort>;
}

/** Runs jobs until closed. */
export class CapturePool {
    readonly size: number;
    readonly #threads: WorkerPool<Message, EncodedUnit> | undefined;

    constructor(size: number) {
        this.size = size;
        this.#threads = RUSTC_WORKER_URL.pathname.endsWith(".js")
            ? createWorkerPool<Message, EncodedUnit>(RUSTC_WORKER_URL, size)
            : undefined;
    }

    async run(job: CaptureJob, signal: AbortSignal | undefined): Promise<EncodedUnit> {
        if (this.#threads === undefined) {
            return runCaptureJob(job, signal);
        }
        const { port1, port2 } = new MessageChannel();
        const cancel = (): void => {
            port1.postMessage("cancel");
        };
        if (signal?.aborted === true) {
            throw new CancelledError();
        }
        signal?.addEventListener("abort", cancel, { once: true });
        try {
            return await this.#threads.run({ job, cancel: port2 }, [port2]);
        } finally {
            signal?.removeEventListener("abort", cancel);
            port1.close();
        }
    }

    async close(): Promise<void> {
        await this.#threads?.close();
    }
}
