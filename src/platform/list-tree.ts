// Lists the files of a tree that git does not ignore. Symbolic links are not followed: one file
// under two names would be two texts to the graph, and an edit of one would change the other unseen.
// A module that is reached by a link only counts as missing: unknown, but never wrong.

import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { checkCancelled, repoPath, type CancelSignal, type RepoPath } from "../base/index.ts";
import { IgnoreRules } from "./ignore-rules.ts";
import { readError } from "./system-error.ts";

/** What to list of a tree. */
export interface ListTreeOptions {
    /** Chooses files by their path relative to the root; by default all. */
    readonly accept?: (path: string) => boolean;
    /** Leaves out more than the ignore files do; asked with the path relative to the root. */
    readonly ignore?: (path: string, isFolder: boolean) => boolean;
    readonly signal?: CancelSignal;
}

interface Folder {
    readonly path: string;
    /** Relative to the root, `/`-separated; empty for the root itself. */
    readonly local: string;
}

/** The loop gets a turn after this long, so that requests are answered meanwhile. */
const SLICE_MS = 15;

/** Lists the files under a root that git does not ignore, sorted, relative to the root. */
export async function listTree(root: string, options: ListTreeOptions = {}): Promise<RepoPath[]> {
    const found: RepoPath[] = [];
    const rules = new IgnoreRules(root);
    const pending: Folder[] = [{ path: root, local: "" }];
    let sliceStart = performance.now();
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
        for (const entry of readEntries(folder)) {
            visit(entry, folder);
        }
        if (performance.now() - sliceStart > SLICE_MS) {
            await nextTurn();
            checkCancelled(options.signal);
            sliceStart = performance.now();
        }
    }
    return found.sort();

    function visit(entry: Dirent, folder: Folder): void {
        const isFolder = entry.isDirectory();
        if (!isFolder && !entry.isFile()) {
            return;
        }
        const local = folder.local === "" ? entry.name : `${folder.local}/${entry.name}`;
        if (!isFolder && options.accept?.(local) === false) {
            return;
        }
        if (
            rules.isEntryIgnored(folder.path, entry.name, isFolder) ||
            options.ignore?.(local, isFolder) === true
        ) {
            return;
        }
        if (isFolder) {
            pending.push({ path: join(folder.path, entry.name), local });
        } else {
            found.push(repoPath(local));
        }
    }
}

/** Lists the `.rs` files under a root that git does not ignore, sorted, relative to the root. */
export async function listRustFiles(
    root: string,
    options: Pick<ListTreeOptions, "signal"> = {},
): Promise<RepoPath[]> {
    return listTree(root, { ...options, accept: (path) => path.endsWith(".rs") });
}

function readEntries(folder: Folder): Dirent[] {
    try {
        return readdirSync(folder.path, { withFileTypes: true });
    } catch (cause) {
        if (folder.local === "") {
            throw readError(cause, folder.path);
        }
        return []; // A folder that may not be read, or went away meanwhile.
    }
}
