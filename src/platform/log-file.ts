// The port through which logs are written, and its real implementation. Simulated disks in tests
// implement the same port. After a failed write or sync the caller must not retry (docs/formats).

import { fdatasyncSync, writeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { assert, OperatingError } from "../base/index.ts";
import { CallPace, isSmall } from "./call-pace.ts";
import { MappedStart, type FileCalls } from "./file-calls.ts";
import { syncFolder } from "./files.ts";
import { errnoOf, readError, writeError } from "./system-error.ts";

/** A file that is appended to, synced, read at offsets and cut. */
export interface LogFile {
    readonly path: string;
    /** Bytes in the file, pending appends included. */
    readonly size: number;
    /** Writes at the end; resolves to the offset of the first byte. Not durable until datasync. */
    append(bytes: Uint8Array): Promise<number>;
    /** Writes at an offset, at most at the end (no holes). */
    writeAt(offset: number, bytes: Uint8Array): Promise<void>;
    /** Makes all completed writes durable. */
    datasync(): Promise<void>;
    /** Reads up to a number of bytes, into `room` if it is given; fewer only at the end of the file. */
    readAt(offset: number, byteCount: number, room?: Uint8Array): Promise<Uint8Array>;
    /** Reads the whole file. */
    readAll(): Promise<Uint8Array>;
    /** Sees to it that the file can grow to a size without asking for room; where that cannot be done, nothing. */
    reserve(size: number): Promise<void>;
    /** Cuts the file to a size not above its own. */
    truncate(size: number): Promise<void>;
    close(): Promise<void>;
}

/** How to open a log file: to make it, to write one that is there, either, or to read. */
export type LogFileMode = "create" | "write" | "open-or-create" | "read-only";

/** What a log file needs of the file below it; tests put one below that writes in small pieces. */
export interface RawFile extends Pick<
    FileHandle,
    "close" | "datasync" | "fd" | "read" | "truncate" | "write"
> {
    /** Writes bytes from an index on, at an offset, on this thread; gives how many it wrote. */
    writeNow(bytes: Uint8Array, from: number, at: number): number;
    /** Makes all completed writes durable, on this thread. */
    datasyncNow(): void;
}

/** What else a log file is opened with. */
export interface LogFileOptions {
    /** With these, what the file has is mapped for reading. */
    readonly calls?: FileCalls | undefined;
    /** What is known of the disk's pace, shared by its files; an own one if it is not given. */
    readonly pace?: CallPace | undefined;
}

/** One read call takes at most this many bytes; the kernel's own bound is just below 2 GiB. */
const READ_BYTES_MAX = 1 << 30;

/**
 * Opens a log file. The name of a created one is durable on return in mode `open-or-create`, else when
 * its folder is synced. Throws FILE_NOT_FOUND, DISK_FULL, DISK_READ_ONLY, DISK_IO.
 */
export async function openLogFile(
    path: string,
    mode: LogFileMode,
    options: LogFileOptions = {},
): Promise<LogFile> {
    if (mode === "read-only") {
        try {
            return await wrapHandle(path, await open(path, "r"), options);
        } catch (cause) {
            throw readError(cause, path);
        }
    }
    try {
        const existing = mode === "create" ? undefined : await openExisting(path);
        if (existing !== undefined) {
            return await wrapHandle(path, existing, options);
        }
        if (mode === "write") {
            throw new OperatingError("FILE_NOT_FOUND", `cannot write ${path}: it is not there`);
        }
        const handle = await open(path, "wx+");
        if (mode === "open-or-create") {
            await syncFolder(dirname(path));
        }
        return await wrapHandle(path, handle, options);
    } catch (cause) {
        throw writeError(cause, path);
    }
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
    try {
        return await open(path, "r+");
    } catch (cause) {
        if (errnoOf(cause) === "ENOENT") {
            return undefined;
        }
        throw cause;
    }
}

async function wrapHandle(
    path: string,
    handle: FileHandle,
    options: LogFileOptions,
): Promise<LogFile> {
    try {
        return logFileOver(path, rawFileOf(handle), (await handle.stat()).size, options);
    } catch (cause) {
        await handle.close();
        throw cause;
    }
}

/** An open file as a log file needs it. */
export function rawFileOf(handle: FileHandle): RawFile {
    const { fd } = handle;
    return {
        fd,
        read: handle.read.bind(handle),
        write: handle.write.bind(handle),
        writeNow: (bytes, from, at) => writeSync(fd, bytes, from, undefined, at),
        datasync: () => handle.datasync(),
        datasyncNow: () => {
            fdatasyncSync(fd);
        },
        truncate: (size) => handle.truncate(size),
        close: () => handle.close(),
    };
}

/** A log file over one that is open and has a size. */
export function logFileOver(
    path: string,
    file: RawFile,
    size: number,
    options: LogFileOptions = {},
): LogFile {
    return new RealLogFile(path, file, size, options);
}

/** Makes a call again that was interrupted, which Node does for all calls but reading and closing. */
async function uninterrupted<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
        try {
            return await call();
        } catch (cause) {
            if (errnoOf(cause) !== "EINTR") {
                throw cause;
            }
        }
    }
}

class RealLogFile implements LogFile {
    readonly path: string;
    readonly #handle: RawFile;
    readonly #calls: FileCalls | undefined;
    readonly #mapped: MappedStart | undefined;
    readonly #pace: CallPace;
    #size: number;
    /** Bytes that were written since the last sync. */
    #unsynced = 0;
    #closed = false;

    constructor(path: string, handle: RawFile, size: number, { calls, pace }: LogFileOptions) {
        this.path = path;
        this.#pace = pace ?? new CallPace();
        this.#handle = handle;
        this.#size = size;
        this.#calls = calls;
        // What is written later to mapped bytes is seen through the mapping, too.
        this.#mapped =
            calls === undefined || size === 0 ? undefined : new MappedStart(calls, handle.fd, size);
    }

    get size(): number {
        return this.#size;
    }

    async append(bytes: Uint8Array): Promise<number> {
        const offset = this.#size;
        await this.writeAt(offset, bytes);
        return offset;
    }

    async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
        assert(!this.#closed, "a closed log file is not written");
        assert(offset >= 0, "a write begins inside the file");
        assert(offset <= this.#size, "a write leaves no hole");
        // The end moves at once, so that appends that are not awaited do not overlap.
        this.#size = Math.max(this.#size, offset + bytes.length);
        this.#unsynced += bytes.length;
        const isAtOnce = this.#pace.isQuick && isSmall(bytes.length);
        try {
            let written = 0;
            while (written < bytes.length) {
                const at = offset + written;
                written += isAtOnce
                    ? this.#handle.writeNow(bytes, written, at)
                    : (await this.#handle.write(bytes, written, undefined, at)).bytesWritten;
            }
        } catch (cause) {
            throw writeError(cause, this.path);
        }
    }

    async datasync(): Promise<void> {
        assert(!this.#closed, "a closed log file is not synced");
        const bytes = this.#unsynced;
        this.#unsynced = 0;
        const start = performance.now();
        try {
            if (this.#pace.isQuick && isSmall(bytes)) {
                this.#handle.datasyncNow();
            } else {
                await this.#handle.datasync();
            }
        } catch (cause) {
            throw writeError(cause, this.path);
        }
        if (isSmall(bytes)) {
            this.#pace.noteSync(performance.now() - start);
        }
    }

    async readAt(offset: number, byteCount: number, room?: Uint8Array): Promise<Uint8Array> {
        assert(!this.#closed, "a closed log file is not read");
        assert(offset >= 0, "a read begins inside the file");
        const wanted = Math.max(0, Math.min(byteCount, this.#size - offset));
        const bytes = room?.subarray(0, wanted) ?? new Uint8Array(wanted);
        assert(bytes.length === wanted, "what is read has room");
        if (this.#mapped?.readInto(offset, bytes) === true) {
            return bytes;
        }
        try {
            let read = 0;
            while (read < wanted) {
                const length = Math.min(READ_BYTES_MAX, wanted - read);
                const at = offset + read;
                const result = await uninterrupted(() =>
                    this.#handle.read(bytes, read, length, at),
                );
                if (result.bytesRead === 0) {
                    return bytes.subarray(0, read);
                }
                read += result.bytesRead;
            }
            return bytes;
        } catch (cause) {
            throw readError(cause, this.path);
        }
    }

    async readAll(): Promise<Uint8Array> {
        return this.readAt(0, this.#size);
    }

    async reserve(size: number): Promise<void> {
        assert(!this.#closed, "no room is made for a closed log file");
        try {
            await this.#calls?.reserve(this.#handle.fd, size);
        } catch (cause) {
            throw writeError(cause, this.path);
        }
    }

    async truncate(size: number): Promise<void> {
        assert(!this.#closed, "a closed log file is not cut");
        assert(size >= 0, "a log file is cut to a size");
        assert(size <= this.#size, "cutting does not grow a file");
        try {
            this.#mapped?.close();
            await this.#handle.truncate(size);
            this.#size = size;
        } catch (cause) {
            throw writeError(cause, this.path);
        }
    }

    async close(): Promise<void> {
        if (this.#closed) {
            return;
        }
        this.#closed = true;
        this.#mapped?.close();
        try {
            await this.#handle.close();
        } catch (cause) {
            throw writeError(cause, this.path);
        }
    }
}
