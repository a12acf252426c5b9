// Follows what happens to the workspace's files.

import type { OperatingError } from "../base/index.ts";
import { watchTree, type Logger, type TreeWatcher } from "../platform/index.ts";

/** Who hears of changes. */
export interface DiskFollower {
    readonly logger: Logger;
    readonly isClosed: () => boolean;
    /** Files that may have changed; an empty list means: look at all of them. */
    readonly onPaths: (paths: readonly string[]) => void;
    readonly onProblem: (problem: OperatingError) => void;
}

/** Starts watching; undefined where that cannot be had, which the log says. */
export async function followDisk(
    root: string,
    { logger, isClosed, onPaths, onProblem }: DiskFollower,
): Promise<TreeWatcher | undefined> {
    try {
        const watcher = await watchTree(root, {
            onBatch: (changes) => {
                onPaths(changes.map((change) => change.path));
            },
            onProblem,
        });
        if (isClosed()) {
            await watcher.close();
            return undefined;
        }
        // What changed between the first look and now is not reported by the watcher.
        onPaths([]);
        return watcher;
    } catch (err) {
        logger.warn({ err }, "changes on disk are not followed");
        return undefined;
    }
}
