// Small files that are written at once: whole or not at all, and durable.

import { dirname } from "node:path";

import type { Disk } from "../../platform/index.ts";

/** Writes a file beside its place, syncs it, and gives it its name. */
export async function writeWholeFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${path}.tmp`;
    await disk.remove(temporary);
    const file = await disk.openFile(temporary, "create");
    try {
        await file.writeAt(0, bytes);
        await file.datasync();
    } finally {
        await file.close();
    }
    await disk.rename(temporary, path);
    await disk.syncFolder(dirname(path));
}

/** Reads a whole file; undefined when it is not there. */
export async function readWholeFile(disk: Disk, path: string): Promise<Buffer | undefined> {
    if ((await disk.fileSize(path)) === undefined) {
        return undefined;
    }
    const file = await disk.openFile(path, "read-only");
    try {
        const bytes = await file.readAll();
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    } finally {
        await file.close();
    }
}
