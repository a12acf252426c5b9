// What needs an engine in this process, loaded when it is asked for: clients of a daemon, bridges among
// them, start in less than half of the time without it.

import type { Readable } from "node:stream";

import type { DaemonClient } from "./client.ts";
import type { BridgeOptions, DaemonOptions, InProcessOptions } from "./options.ts";

/** Runs the daemon of a workspace until it is stopped or has been idle for long enough. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
    const daemon = await import("./daemon.ts");
    await daemon.runDaemon(options);
}

/** Opens an engine in this process and answers requests from it. */
export async function runInProcess(options: InProcessOptions): Promise<DaemonClient> {
    const local = await import("./in-process.ts");
    return local.runInProcess(options);
}

/** Serves the editor from an engine of its own. */
export async function serveEditorHere(
    options: BridgeOptions,
    root: string,
    input: Readable,
): Promise<number> {
    const here = await import("./editor-here.ts");
    return here.serveEditorHere(options, root, input);
}
