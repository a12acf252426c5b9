// Serves an editor from an engine in the editor's own process, without a daemon.

import type { Readable } from "node:stream";

import { openEngine } from "../engine/index.ts";
import { createLogger } from "../platform/index.ts";
import type { BridgeOptions } from "./options.ts";
import { BRIDGE_EXIT } from "./relay.ts";
import { serveClient } from "./serve-client.ts";

/** Serves the editor from an engine of its own. */
export async function serveEditorHere(
    options: BridgeOptions,
    root: string,
    input: Readable,
): Promise<number> {
    const { storeFolder, trusted, backgroundFacts = true, rustAnalyzer = true, output } = options;
    const logger = createLogger({ level: "warn", destination: "stderr" });
    const engine = openEngine({
        root,
        storeFolder,
        trusted,
        watch: true,
        backgroundFacts,
        rustAnalyzer,
        logger,
    });
    await new Promise<void>((resolve) => {
        const host = { engine, logger, stop: resolve, isStopping: () => false };
        const session = serveClient("editor", host, { input, output }, resolve);
        session.state = "greeted"; // There is no other version to meet in one process.
    });
    await engine.close();
    return BRIDGE_EXIT.done;
}
