// Copies of single files, lists of all that a folder holds, whatever git ignores, and folders that show another one with
// some files replaced.

import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { errnoOf, readError, writeError } from "./system-error.ts";

/** A file or a symbolic link of a folder. */
export interface FolderEntry {
    /** Relative to the folder, `/`-separated; empty where the folder is itself one. */
    readonly path: string;
    readonly kind: "file" | "link";
    readonly bytes: number;
}

/** What is left out of a list. */
export interface ListEverythingOptions {
    /** Leaves out a folder with all that it holds, by the names of its entries. */
    readonly skip: (path: string, names: ReadonlySet<string>) => boolean;
    /** The list ends here: what is longer is not told apart. */
    readonly entriesMax: number;
}

/** Lists the files and links at or below a path, sorted; links are not followed. */
export async function listEverything(
    root: string,
    { skip, entriesMax }: ListEverythingOptions,
): Promise<FolderEntry[]> {
    const found: FolderEntry[] = [];
    const pending = [""];
    for (
        let path = pending.pop();
        path !== undefined && found.length <= entriesMax;
        path = pending.pop()
    ) {
        const full = join(root, path);
        try {
            const stat = await lstat(full);
            if (stat.isDirectory()) {
                const names = await readdir(full);
                const own = skip(path, new Set(names)) ? [] : names;
                pending.push(...own.map((name) => (path === "" ? name : `${path}/${name}`)));
            } else if (stat.isFile() || stat.isSymbolicLink()) {
                found.push({ path, kind: stat.isFile() ? "file" : "link", bytes: stat.size });
            }
        } catch (cause) {
            throw readError(cause, full);
        }
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Copies a file with its mode, or a link as a link; false, and nothing is copied, where something is there. */
export async function copyEntry(from: string, to: string): Promise<boolean> {
    try {
        await mkdir(dirname(to), { recursive: true });
        const stat = await lstat(from);
        await (stat.isSymbolicLink()
            ? symlink(await readlink(from), to)
            : copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
        return true;
    } catch (cause) {
        if (errnoOf(cause) === "EEXIST") {
            return false;
        }
        throw writeError(cause, to);
    }
}

/** Where a symbolic link leads, as it says itself; undefined where there is none. */
export async function readLinkIfThere(path: string): Promise<string | undefined> {
    try {
        return await readlink(path);
    } catch (cause) {
        const errno = errnoOf(cause);
        if (errno === "ENOENT" || errno === "ENOTDIR" || errno === "EINVAL") {
            return undefined;
        }
        throw readError(cause, path);
    }
}

/**
 * Makes a folder that shows another one with some files replaced, by their paths there: they are written, and all else is
 * a symbolic link. Only folders on the way to such a file are folders of its own.
 */
export async function overlayFolder(
    base: string,
    to: string,
    files: ReadonlyMap<string, string>,
): Promise<void> {
    const folders = new Map<string, Set<string>>([["", new Set()]]);
    for (const path of files.keys()) {
        for (let at = path; at !== "";) {
            const folder = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "";
            const own = folders.get(folder) ?? new Set();
            folders.set(folder, own.add(at.slice(folder === "" ? 0 : folder.length + 1)));
            at = folder;
        }
    }
    try {
        for (const [folder, own] of folders) {
            await mkdir(join(to, folder), { recursive: true });
            const entries = await readdir(join(base, folder), { withFileTypes: true });
            await Promise.all(
                entries
                    .filter(({ name }) => !own.has(name) && name !== ".git")
                    .map(async (entry) => {
                        const kind = entry.isDirectory() ? "junction" : "file";
                        await symlink(
                            join(base, folder, entry.name),
                            join(to, folder, entry.name),
                            kind,
                        );
                    }),
            );
        }
        await Promise.all([...files].map(([path, text]) => writeFile(join(to, path), text)));
    } catch (cause) {
        throw writeError(cause, to);
    }
}
