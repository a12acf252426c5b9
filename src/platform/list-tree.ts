// Lists the files of a tree that git does not ignore. Links are followed inside the root only.

import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { join, sep } from "node:path";
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
    readonly real: string;
    /** Real folders in which a link was followed on the way here: what a cycle would come back to. */
    readonly followed: readonly string[];
}

/** The loop gets a turn after this long, so that requests are answered meanwhile. */
const SLICE_MS = 15;
const LINKS_FOLLOWED_MAX = 8;

/** Lists the files under a root that git does not ignore, sorted, relative to the root. */
export async function listTree(root: string, options: ListTreeOptions = {}): Promise<RepoPath[]> {
    const found: RepoPath[] = [];
    const rules = new IgnoreRules(root);
    const pending: Folder[] = [{ path: root, local: "", real: realRoot(root), followed: [] }];
    const realTop = realRoot(root);
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
        const kind = kindOf(entry, folder, realTop);
        if (kind === undefined) {
            return;
        }
        const local = folder.local === "" ? entry.name : `${folder.local}/${entry.name}`;
        const isFolder = kind.real !== undefined;
        if (!isFolder && options.accept?.(local) === false) {
            return;
        }
        if (
            rules.isEntryIgnored(folder.path, entry.name, isFolder) ||
            options.ignore?.(local, isFolder) === true
        ) {
            return;
        }
        if (kind.real === undefined) {
            found.push(repoPath(local));
        } else {
            const path = join(folder.path, entry.name);
            pending.push({ path, local, real: kind.real, followed: kind.followed });
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

interface EntryKind {
    /** The real folder; undefined for a file. */
    readonly real: string | undefined;
    readonly followed: readonly string[];
}

function kindOf(entry: Dirent, folder: Folder, realTop: string): EntryKind | undefined {
    if (entry.isFile()) {
        return { real: undefined, followed: folder.followed };
    }
    if (entry.isDirectory()) {
        return { real: folder.real + sep + entry.name, followed: folder.followed };
    }
    return entry.isSymbolicLink() ? kindOfLink(entry, folder, realTop) : undefined;
}

function kindOfLink(entry: Dirent, folder: Folder, realTop: string): EntryKind | undefined {
    try {
        const path = join(folder.path, entry.name);
        const real = realpathSync(path);
        if (!isWithin(real, realTop)) {
            return undefined;
        }
        if (statSync(real).isFile()) {
            return { real: undefined, followed: folder.followed };
        }
        const followed = [...folder.followed, folder.real];
        const cycle = followed.some((visited) => isWithin(visited, real));
        return cycle || followed.length > LINKS_FOLLOWED_MAX ? undefined : { real, followed };
    } catch {
        return undefined; // A link that leads nowhere.
    }
}

function isWithin(path: string, folder: string): boolean {
    return path === folder || path.startsWith(folder + sep);
}

function realRoot(root: string): string {
    try {
        return realpathSync(root);
    } catch (cause) {
        throw readError(cause, root);
    }
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
