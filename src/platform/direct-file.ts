// A file that is read at once, without a turn for others: for parts of a table that are fetched in the
// middle of a computation, at their first use.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

import { OperatingError } from "../base/index.ts";
import { MappedStart, type FileCalls } from "./file-calls.ts";
import { readError } from "./system-error.ts";

/** A file to read from, open. */
export interface DirectFile {
    readonly path: string;
    readonly size: number;
    /** Fills bytes from an offset on; throws DISK_IO, also when the file ends before. */
    readInto(offset: number, bytes: Uint8Array): void;
    close(): void;
}

/** Opens a file to read at once, mapped where that can be done; throws FILE_NOT_FOUND, DISK_IO. */
export function openDirectFile(path: string, calls?: FileCalls): DirectFile {
    let descriptor: number;
    try {
        descriptor = openSync(path, "r");
    } catch (cause) {
        throw readError(cause, path);
    }
    const { size } = fstatSync(descriptor);
    const mapped = calls === undefined ? undefined : new MappedStart(calls, descriptor, size);
    let isOpen = true;
    return {
        path,
        size,
        readInto: (offset, bytes) => {
            if (mapped?.readInto(offset, bytes) === true) {
                return;
            }
            let read = 0;
            while (read < bytes.length) {
                const count = readOnce(path, descriptor, bytes.subarray(read), offset + read);
                if (count === 0) {
                    throw new OperatingError("DISK_IO", `cannot read ${path}: it ends too early`);
                }
                read += count;
            }
        },
        close: () => {
            if (isOpen) {
                isOpen = false;
                mapped?.close();
                closeSync(descriptor);
            }
        },
    };
}

function readOnce(path: string, descriptor: number, into: Uint8Array, at: number): number {
    try {
        return readSync(descriptor, into, 0, Math.min(into.length, 1 << 30), at);
    } catch (cause) {
        throw readError(cause, path);
    }
}
