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
    /** The tables as they were after some commit, in columns, so that opening need not replay. */
    readonly columns: string;
    readonly temporaryColumns: string;
    /** The name that they had before the tables of SQL were called that. */
    readonly columnsBefore: string;
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
        columns: join(folder, "workspace.columns"),
        temporaryColumns: join(folder, "workspace.columns.tmp"),
        columnsBefore: join(folder, "workspace.tables"),
        lock: join(folder, "workspace.lock"),
        gitIgnore: join(folder, ".gitignore"),
    };
}

/** Path of the state that a history builds upon whose first commits are archived. */
export function basePath({ folder }: StorePaths, commitCount: number): string {
    return join(folder, `workspace.base-${commitCount}`);
}

/** Path of the archive of commits up to one. */
export function archivePath({ folder }: StorePaths, commitCount: number): string {
    return join(folder, `workspace.archive-${commitCount}`);
}
