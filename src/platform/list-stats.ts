// What the file system says of all files below a folder: equal lists, equal contents, unless a clock was set back.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

import { errnoOf, readError } from "./system-error.ts";

/** Files that are asked about in one piece, a few milliseconds; asking for each apart takes twice the processor. */
const AT_ONCE = 256;

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
        for (const path of pending.splice(-AT_ONCE)) {
            const found = lookAt(path);
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
        await setImmediate();
    }
    return lines.sort();
}

interface Found {
    readonly identity: string;
    /** Undefined for a folder. */
    readonly line: string | undefined;
    readonly children: readonly string[];
}

function lookAt(path: string): Found | undefined {
    try {
        const found = statSync(path, { bigint: true });
        const { dev, ino, size, mtimeNs, ctimeNs } = found;
        if (found.isDirectory()) {
            const children = readdirSync(path).map((name) => join(path, name));
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
