// Where the store of a workspace lies: in the workspace, or in the user's cache where that is read-only.

import { createHash } from "node:crypto";
import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { cacheFolder } from "./environment.ts";
import { findRealPath, makeFolder, statFile, writeFileAtomic } from "./files.ts";

const FOLDER_NAME = ".ferrograph";

/** Everything in the folder is ours and none of it belongs into version control. */
const GIT_IGNORE = "*\n";

/** Makes the store's folder; falls back to the user's cache when the workspace is read-only. */
export async function prepareStoreFolder(root: string, asked: string | undefined): Promise<string> {
    const folder = asked ?? join(root, FOLDER_NAME);
    try {
        await fillFolder(folder);
        return folder;
    } catch (cause) {
        const isReadOnly = cause instanceof OperatingError && cause.code === "DISK_READ_ONLY";
        if (!isReadOnly || asked !== undefined) {
            throw cause;
        }
        const fallback = fallbackFolder(root);
        await fillFolder(fallback);
        return fallback;
    }
}

/** Finds the folder of a workspace's store without making it; its log may be there or in the fallback. */
export function findStoreFolder(root: string, asked: string | undefined): string {
    const inside = join(root, FOLDER_NAME);
    const fallback = fallbackFolder(root);
    const isFallback = findRealPath(inside) === undefined && findRealPath(fallback) !== undefined;
    return asked ?? (isFallback ? fallback : inside);
}

/** Folder of a read-only workspace's store, in the user's cache. */
export function fallbackFolder(root: string): string {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
    return join(cacheFolder(), name);
}

async function fillFolder(folder: string): Promise<void> {
    await makeFolder(folder);
    const ignoreFile = join(folder, ".gitignore");
    if ((await statFile(ignoreFile)) === undefined) {
        await writeFileAtomic(ignoreFile, Buffer.from(GIT_IGNORE, "utf8"));
    }
}
