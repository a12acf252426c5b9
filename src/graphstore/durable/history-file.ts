// The `.graph.log` as a file whose offsets are those of the whole history, whether its beginning is
// archived or not. Format: docs/formats/graph-log.md.
// Invariants: offsets, sequence numbers and running hashes go on over an archived beginning; a header
// is believed only when its checksum is right.

import { assert, OperatingError } from "../../base/index.ts";
import type { Disk, LogFileMode } from "../../platform/index.ts";
import {
    crc32c,
    decodeLogHeader,
    encodeLogHeader,
    LOG_HEADER_BYTES,
    logFormatVersion,
    type LogHeader,
    type LogPort,
} from "../../wal/index.ts";
import { COMMIT_BYTES, decodeCommit, encodeCommit, type CommitRecord } from "../commit-record.ts";
import type { ArchivedCommits } from "../history/commit-index.ts";
import { GRAPH_LOG_KIND } from "../replay-log.ts";
import { decodeLogMark, encodeLogMark, LOG_MARK_BYTES, type LogMark } from "./log-mark.ts";

/** Version of a history whose beginning is archived. */
export const BASED_LOG_FORMAT_VERSION = 3;

/** Bytes before its first record. */
export const BASED_HEADER_BYTES = 4096;

const MARK_AT = LOG_HEADER_BYTES;
const COUNT_AT = MARK_AT + LOG_MARK_BYTES;
const COMMIT_AT = COUNT_AT + 8;
const FRONTIER_AT = COMMIT_AT + COMMIT_BYTES;
const HASH_BYTES = 32;
const FRONTIER_MAX = 32;

/** Where a history begins whose first commits are archived. */
export interface HistoryBase extends ArchivedCommits {
    readonly mark: LogMark;
}

/** A history, opened. */
export interface HistoryFile {
    /** Offsets are those of the whole history. */
    readonly port: LogPort;
    readonly header: LogHeader;
    /** Undefined where nothing is archived. */
    readonly base: HistoryBase | undefined;
}

/** Encodes what stands before the first record of a history whose beginning is archived. */
export function encodeBasedHeader(header: LogHeader, base: HistoryBase): Buffer {
    assert(base.frontier.length <= FRONTIER_MAX, "a frontier has a hash for each bit at most");
    const bytes = Buffer.alloc(BASED_HEADER_BYTES);
    bytes.set(encodeLogHeader(header, BASED_LOG_FORMAT_VERSION));
    bytes.set(encodeLogMark(base.mark), MARK_AT);
    bytes.writeUInt32LE(base.frontier.length, COUNT_AT);
    bytes.set(encodeCommit(base.last), COMMIT_AT);
    base.frontier.forEach((hash, index) => {
        bytes.set(hash, FRONTIER_AT + index * HASH_BYTES);
    });
    bytes.writeUInt32LE(crc32c(bytes, 0, BASED_HEADER_BYTES - 4), BASED_HEADER_BYTES - 4);
    return bytes;
}

/** What a history says of itself at its beginning; throws LOG_CORRUPT, LOG_VERSION. */
export function decodeHistoryHead(
    head: Uint8Array,
    path: string,
): { readonly header: LogHeader; readonly base: HistoryBase | undefined } {
    if (logFormatVersion(head) !== BASED_LOG_FORMAT_VERSION) {
        return { header: decodeLogHeader(head, path, GRAPH_LOG_KIND), base: undefined };
    }
    const header = decodeLogHeader(head, path, GRAPH_LOG_KIND, BASED_LOG_FORMAT_VERSION);
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
    const isWhole =
        bytes.length >= BASED_HEADER_BYTES &&
        bytes.readUInt32LE(BASED_HEADER_BYTES - 4) === crc32c(bytes, 0, BASED_HEADER_BYTES - 4) &&
        bytes.readUInt32LE(COUNT_AT) <= FRONTIER_MAX;
    if (!isWhole) {
        throw new OperatingError("LOG_CORRUPT", `${path} is damaged: its base is not good`, {
            advice: "keep the file; nothing in it was changed",
        });
    }
    const last: CommitRecord = decodeCommit(bytes.subarray(COMMIT_AT, FRONTIER_AT));
    const frontier = Array.from({ length: bytes.readUInt32LE(COUNT_AT) }, (_, index) => {
        const at = FRONTIER_AT + index * HASH_BYTES;
        return Uint8Array.from(bytes.subarray(at, at + HASH_BYTES));
    });
    return { header, base: { mark: decodeLogMark(bytes, MARK_AT), last, frontier } };
}

/** Opens a history; throws FILE_NOT_FOUND, LOG_CORRUPT, LOG_VERSION. */
export async function openHistory(
    disk: Disk,
    path: string,
    mode: LogFileMode,
): Promise<HistoryFile> {
    const file = await disk.openFile(path, mode);
    try {
        const head = await file.readAt(0, BASED_HEADER_BYTES);
        const { header, base } = decodeHistoryHead(head, path);
        const port =
            base === undefined
                ? file
                : new ShiftedPort(file, base.mark.logEnd - BASED_HEADER_BYTES);
        return { port, header, base };
    } catch (error) {
        await file.close();
        throw error;
    }
}

/** Offset of the first byte of the records that a history holds. */
export function firstRecordAt(base: HistoryBase | undefined): number {
    return base?.mark.logEnd ?? LOG_HEADER_BYTES;
}

/** A file whose bytes count as those some way further on. */
class ShiftedPort implements LogPort {
    readonly #file: LogPort;
    readonly #shift: number;

    constructor(file: LogPort, shift: number) {
        this.#file = file;
        this.#shift = shift;
    }

    get path(): string {
        return this.#file.path;
    }

    get size(): number {
        return this.#file.size + this.#shift;
    }

    async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
        await this.#file.writeAt(this.#place(offset), bytes);
    }

    async datasync(): Promise<void> {
        await this.#file.datasync();
    }

    async readAt(offset: number, byteCount: number): Promise<Uint8Array> {
        return this.#file.readAt(this.#place(offset), byteCount);
    }

    async readAll(): Promise<Uint8Array> {
        const start = BASED_HEADER_BYTES + this.#shift;
        return this.readAt(start, this.size - start);
    }

    async reserve(size: number): Promise<void> {
        await this.#file.reserve(this.#place(size));
    }

    async truncate(size: number): Promise<void> {
        await this.#file.truncate(this.#place(size));
    }

    async close(): Promise<void> {
        await this.#file.close();
    }

    #place(offset: number): number {
        const place = offset - this.#shift;
        assert(place >= BASED_HEADER_BYTES, "what is archived is not in the file");
        return place;
    }
}
