// Follows what happens to the workspace's files.

import type { OperatingError } from "../base/index.ts";
import { watchTree, type Logger, type TreeWatcher } from "../platform/index.ts";

/** Who hears of changes. */
export interface DiskFollower {
    readonly logger: Logger;
    readonly isClosed: () => boolean;
    /** Files that may have changed; an empty list means: look at all of them. */
    readonly onPaths: (paths: readonly string[]) => Promise<void>;
    /** A file that changed alone, and will be among such soon unless it changes again. */
    readonly onResting: (path: string) => Promise<void>;
    readonly onProblem: (problem: OperatingError) => void;
}

/** Starts watching; undefined where that cannot be had, which the log says. */
export async function followDisk(
    root: string,
    { logger, isClosed, onPaths, onResting, onProblem }: DiskFollower,
): Promise<TreeWatcher | undefined> {
    // Logged by the loop.
    const take = (paths: readonly string[]): void => {
        onPaths(paths).catch(() => undefined);
    };
    try {
        const watcher = await watchTree(root, {
            onBatch: (changes) => {
                take(changes.map((change) => change.path));
            },
            onResting: (path) => {
                // What cannot be read now is read when it is taken in.
                onResting(path).catch(() => undefined);
            },
            onProblem,
        });
        if (isClosed()) {
            await watcher.close();
            return undefined;
        }
        // What changed between the first look and now is not reported by the watcher.
        take([]);
        return watcher;
    } catch (err) {
        logger.warn({ err }, "changes on disk are not followed");
        return undefined;
    }
}
