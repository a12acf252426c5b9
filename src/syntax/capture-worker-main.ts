// The module that capture threads run (see createWorkerPool and CAPTURE_WORKER_URL).

import { serveWorker } from "../platform/index.ts";
import { createCaptureHandler } from "./capture-worker.ts";

serveWorker(createCaptureHandler());
