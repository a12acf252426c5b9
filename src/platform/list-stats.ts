// What the file system says of all files below a folder: equal lists, equal contents, unless a clock was set back.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { errnoOf, readError } from "./system-error.ts";

/** Files that are asked about together. */
const AT_ONCE = 64;

/**
 * Path, size, and times of change of all files below a folder, links followed, sorted. Undefined where there
 * are more than so many; empty where there is no folder.
 */
export async function listStats(
    folder: string,
    filesMax: number,
): Promise<readonly string[] | undefined> {
    const lines: string[] = [];
    const seen = new Set<string>();
    const pending = [folder];
    while (pending.length > 0) {
        const paths = pending.splice(-AT_ONCE);
        for (const found of await Promise.all(paths.map(lookAt))) {
            if (found !== undefined && !seen.has(found.identity)) {
                // By links a folder could be its own child.
                seen.add(found.identity);
                lines.push(...(found.line === undefined ? [] : [found.line]));
                pending.push(...found.children);
            }
        }
        if (lines.length > filesMax) {
            return undefined;
        }
    }
    return lines.sort();
}

interface Found {
    readonly identity: string;
    /** Undefined for a folder. */
    readonly line: string | undefined;
    readonly children: readonly string[];
}

async function lookAt(path: string): Promise<Found | undefined> {
    try {
        const found = await stat(path, { bigint: true });
        const { dev, ino, size, mtimeNs, ctimeNs } = found;
        if (found.isDirectory()) {
            const children = (await readdir(path)).map((name) => join(path, name));
            return { identity: `${dev}:${ino}`, line: undefined, children };
        }
        const line = `${path} ${size} ${mtimeNs} ${ctimeNs}`;
        return { identity: path, line, children: [] };
    } catch (cause) {
        if (errnoOf(cause) === "ENOENT") {
            return undefined; // A link that leads nowhere, or a file that has gone.
        }
        throw readError(cause, path);
    }
}
