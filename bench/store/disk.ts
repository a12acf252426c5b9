// The disk that a store is measured on: what it is, and how long it takes to make a write durable.

import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";

import { OperatingError } from "../../src/base/index.ts";

const TMPFS = 0x0102_1994;
const RAMFS = 0x8584_58f6;

/** Throws when a folder lies in memory: syncing costs nothing there, so no figure would mean anything. */
export function refuseMemory(folder: string): void {
    const { type } = statfsSync(folder);
    if (type === TMPFS || type === RAMFS) {
        throw new OperatingError("BENCH_IN_MEMORY", `${folder} is a file system in memory`, {
            advice: "give a folder on a disk with --scratch DIR",
        });
    }
}

/** Times of writing some bytes over a zero-filled file and syncing them, microseconds. */
export function timeSyncs(folder: string, count: number, byteCount = 512): number[] {
    const file = path.join(folder, "sync-probe");
    const descriptor = openSync(file, "w");
    try {
        writeSync(descriptor, Buffer.alloc(count * byteCount));
        fdatasyncSync(descriptor);
        const bytes = Buffer.alloc(byteCount, 1);
        return Array.from({ length: count }, (_, turn) => {
            const start = performance.now();
            writeSync(descriptor, bytes, 0, byteCount, turn * byteCount);
            fdatasyncSync(descriptor);
            return (performance.now() - start) * 1000;
        });
    } finally {
        closeSync(descriptor);
        rmSync(file);
    }
}
