// A disk whose every operation takes its own time: what is asked for at once happens in an order that
// comes from a seed, so that all interleavings of commits, checkpoints and readers have their turn.

import type { Disk, LogFile } from "../../src/platform/index.ts";
import { seededNumbers } from "./trie-records.ts";

/** A disk that waits a while, from a seed, before it does anything. */
export function slowDisk(disk: Disk, seed: number): Disk {
    const random = seededNumbers(seed);
    const wait = async (): Promise<void> => {
        for (let turns = Math.floor(random() ** 2 * 40); turns > 0; turns--) {
            await Promise.resolve();
        }
    };
    return {
        openDirect: (path) => disk.openDirect(path),
        openFile: async (path, mode) => {
            await wait();
            return slowFile(await disk.openFile(path, mode), wait);
        },
        fileSize: async (path) => {
            await wait();
            return disk.fileSize(path);
        },
        listFolder: async (path) => {
            await wait();
            return disk.listFolder(path);
        },
        makeFolder: (path) => disk.makeFolder(path),
        rename: async (from, to) => {
            await wait();
            await disk.rename(from, to);
        },
        remove: async (path) => {
            await wait();
            await disk.remove(path);
        },
        syncFolder: async (path) => {
            await wait();
            await disk.syncFolder(path);
        },
        lock: (path) => disk.lock(path),
        lockOwner: (path) => disk.lockOwner(path),
    };
}

function slowFile(file: LogFile, wait: () => Promise<void>): LogFile {
    const after = async <T>(work: () => Promise<T>): Promise<T> => {
        await wait();
        return work();
    };
    return {
        get path(): string {
            return file.path;
        },
        get size(): number {
            return file.size;
        },
        append: (bytes) => after(() => file.append(bytes)),
        writeAt: (offset, bytes) => after(() => file.writeAt(offset, bytes)),
        datasync: () => after(() => file.datasync()),
        readAt: (offset, count) => after(() => file.readAt(offset, count)),
        readAll: () => after(() => file.readAll()),
        reserve: (size) => after(() => file.reserve(size)),
        truncate: (size) => after(() => file.truncate(size)),
        close: () => after(() => file.close()),
    };
}
