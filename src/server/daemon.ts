// The daemon of a workspace.

import { InvariantError } from "../base/index.ts";
import type { DaemonOptions } from "./options.ts";

/** Runs the daemon of a workspace until it is stopped or has been idle for long enough. */
export function runDaemon(options: DaemonOptions): Promise<void> {
    return Promise.reject(new InvariantError(`not wired yet: ${options.root}`));
}
