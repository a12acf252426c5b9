// The module that threads run to capture compilations (see createWorkerPool and RUSTC_WORKER_URL). A message
// on the job's port cancels it: ending the thread would leave the compiler running.

import { serveWorker } from "../../platform/index.ts";
import { runCaptureJob, type CaptureJob } from "./capture-job.ts";
import type { EncodedUnit } from "./fact-store.ts";

interface Message {
    readonly job: CaptureJob;
    readonly cancel: InstanceType<typeof MessagePort>;
}

serveWorker<EncodedUnit>(async ({ job, cancel }: Message) => {
    const controller = new AbortController();
    cancel.on("message", () => {
        controller.abort();
    });
    try {
        return { result: await runCaptureJob(job, controller.signal) };
    } finally {
        cancel.close();
    }
});
