// Reaches the daemon of a workspace, starting it on demand.

import { InvariantError } from "../base/index.ts";
import type { DaemonClient } from "./client.ts";
import type { ConnectOptions } from "./options.ts";

/** Connects to the daemon of a workspace and shakes hands. */
export function connectDaemon(options: ConnectOptions): Promise<DaemonClient> {
    return Promise.reject(new InvariantError(`not wired yet: ${options.root}`));
}
