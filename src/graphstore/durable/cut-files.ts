// Keeps what is cut off from a file, in files beside it: the last three.

import { basename, dirname, join } from "node:path";

import type { Disk } from "../../platform/index.ts";
import { writeWholeFile } from "./whole-file.ts";

const CUT_FILES_KEPT = 3;

/** Writes cut bytes to a file of their own, durable when the promise resolves. */
export async function keepCut(
    disk: Disk,
    path: string,
    suffix: string,
    bytes: Uint8Array,
): Promise<void> {
    await writeWholeFile(disk, path + suffix, bytes);
    const folder = dirname(path);
    const prefix = `${basename(path)}.cut-`;
    const numbers = (await disk.listFolder(folder))
        .filter((name) => name.startsWith(prefix))
        .map((name) => Number(name.slice(prefix.length)))
        .filter((number) => Number.isInteger(number))
        .sort((one, other) => other - one);
    for (const number of numbers.slice(CUT_FILES_KEPT)) {
        await disk.remove(join(folder, prefix + String(number)));
    }
}
