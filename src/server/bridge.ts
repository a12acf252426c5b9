// What an editor starts.

import { InvariantError } from "../base/index.ts";
import type { BridgeOptions } from "./options.ts";

/** Joins an editor to the daemon of its workspace; answers with the exit status. */
export function runBridge(options: BridgeOptions): Promise<number> {
    return Promise.reject(new InvariantError(`not wired yet: ${options.root ?? ""}`));
}
