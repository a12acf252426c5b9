// Everything in one process, without a daemon.

import { InvariantError } from "../base/index.ts";
import type { DaemonClient } from "./client.ts";
import type { InProcessOptions } from "./options.ts";

/** Opens an engine in this process and answers requests from it. */
export function runInProcess(options: InProcessOptions): Promise<DaemonClient> {
    return Promise.reject(new InvariantError(`not wired yet: ${options.root}`));
}
