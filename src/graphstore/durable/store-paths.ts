// The files of a store, by name. Format: docs/formats/README.md.

import { join } from "node:path";

/** Name of the history in a store's folder. */
export const GRAPH_LOG_NAME = "workspace.graph.log";

/** Paths of a store's files. */
export interface StorePaths {
    readonly folder: string;
    /** The history. */
    readonly graphLog: string;
    /** The write-ahead log. */
    readonly tlog: string;
    readonly checkpoint: string;
    readonly previousCheckpoint: string;
    readonly temporaryCheckpoint: string;
    readonly lock: string;
    readonly gitIgnore: string;
}

/** The paths of the store in a folder. */
export function storePaths(folder: string): StorePaths {
    const checkpoint = join(folder, "workspace.checkpoint");
    return {
        folder,
        graphLog: join(folder, GRAPH_LOG_NAME),
        tlog: join(folder, "workspace.tlog"),
        checkpoint,
        previousCheckpoint: `${checkpoint}.prev`,
        temporaryCheckpoint: `${checkpoint}.tmp`,
        lock: join(folder, "workspace.lock"),
        gitIgnore: join(folder, ".gitignore"),
    };
}
