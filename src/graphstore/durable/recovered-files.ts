// Reads what a store's files hold and puts it together in memory: the history with its tail as the
// `.tlog` has it, and what each file says of the others. Rules: docs/formats/tlog.md, Recovery.
// Invariants: nothing is written; files of different stores or times are never taken together.

import { OperatingError } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import {
    corrupt,
    EPOCH_FRAMES_AT,
    findLaterFrames,
    scanEpochLog,
    type EpochHeader,
    type EpochScan,
    type LogPort,
} from "../../wal/index.ts";
import type { NamedMark } from "../replay-log.ts";
import { decodeEpochBase, type EpochBase } from "./epoch-base.ts";
import type { LogMark } from "./log-mark.ts";
import { openCheckpoint, type OpenedCheckpoint } from "./read-checkpoint.ts";
import type { StorePaths } from "./store-paths.ts";
import { decodeTransactions, type DecodedTransactions } from "./transactions.ts";

/** The `.tlog` of a store, read. */
export interface ReadTlog {
    readonly header: EpochHeader;
    readonly base: EpochBase;
    readonly found: DecodedTransactions;
    /** Offset after the last good frame. */
    readonly end: number;
    /** Sequence number after the last transaction. */
    readonly nextSequence: number;
    /** Bytes of the file are missing at its end. */
    readonly isShort: boolean;
}

/** The last commit that the `.tlog` knows. */
export function lastMark({ base, found }: ReadTlog): LogMark {
    return found.transactions.at(-1)?.mark ?? base.mark;
}

/** Reads headers and transactions; throws STORE_DAMAGED when there are none to be had, LOG_VERSION. */
export async function readTlog(port: LogPort): Promise<ReadTlog> {
    const scan = await scanEpochLog(port);
    if (scan === undefined) {
        throw corrupt(port.path, 0, "neither of its headers is good");
    }
    const { header } = scan;
    const base = decodeEpochBase(header, port.path);
    const found = transactionsOf(scan, base, port.path);
    return {
        header,
        base,
        found,
        end: scan.end,
        nextSequence: header.firstSequence + found.recordCount,
        isShort: port.size < header.capacity,
    };
}

function transactionsOf(scan: EpochScan, base: EpochBase, path: string): DecodedTransactions {
    try {
        return decodeTransactions(scan.records, base.mark, EPOCH_FRAMES_AT);
    } catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause);
        throw new OperatingError("LOG_CORRUPT", `${path} is damaged: ${what}`, { cause });
    }
}

/** Bytes behind the last commit of a `.tlog`: an interrupted one, or nothing. */
export interface TlogTail {
    /** Offset after the last byte of it; that of the last commit when there is none. */
    readonly end: number;
    /** Sequence numbers of its frames; undefined when there are none. */
    readonly sequences: readonly [number, number] | undefined;
}

/** Tells an interrupted commit from rot; throws LOG_CORRUPT when acknowledged data has changed. */
export async function classifyTlogTail(port: LogPort, tlog: ReadTlog): Promise<TlogTail> {
    const later = await findLaterFrames(port, tlog.header, tlog.end);
    if (later.evidence !== undefined) {
        throw corrupt(port.path, tlog.end, "bytes that had been durable have changed");
    }
    const whole = tlog.header.firstSequence + tlog.found.recordCount;
    if (tlog.end > tlog.found.end) {
        const [, high] = later.sequences ?? [0, whole];
        return { end: later.end, sequences: [whole, high] };
    }
    return { end: later.end, sequences: later.sequences };
}

/** The history as it ought to be, and where the file differs. */
export interface MendedHistory {
    /** Offset of the first of the bytes. */
    readonly from: number;
    readonly bytes: Buffer;
    /** Ranges of the file that are missing or not as the `.tlog` has them. */
    readonly mended: readonly { readonly start: number; readonly end: number }[];
}

/** Puts the tail of the history as the `.tlog` has it; throws STORE_DAMAGED when the file is too short. */
export function mendHistory(found: Buffer, tlog: ReadTlog, path: string, from = 0): MendedHistory {
    const { base, found: decoded } = tlog;
    const foundEnd = from + found.length;
    if (foundEnd < base.mark.logEnd || base.mark.logEnd < from) {
        const message = `${path} has ${foundEnd} bytes, ${base.mark.logEnd} of it were durable`;
        throw new OperatingError("STORE_MIXED", message, {
            advice: "it is older than the files beside it, or was cut; bring the newer one back",
        });
    }
    const end = Math.max(foundEnd, lastMark(tlog).logEnd);
    let bytes = found;
    const missing = end - foundEnd;
    if (missing > 0 || decoded.transactions.length > 0) {
        bytes = Buffer.alloc(end - from);
        found.copy(bytes);
    }
    const mended: { start: number; end: number }[] = [];
    for (const { logStart, logBytes } of decoded.transactions) {
        if (logBytes === undefined) {
            continue; // It was durable in the history before the frame was written.
        }
        const logEnd = logStart + logBytes.length;
        const there = found.subarray(logStart - from, logEnd - from);
        if (Buffer.compare(there, logBytes) !== 0) {
            bytes.set(logBytes, logStart - from);
            mended.push({ start: logStart, end: logEnd });
        }
    }
    return { from, bytes, mended };
}

/** What is known of the checkpoints without reading their pages. */
export interface FoundCheckpoint {
    /** The newest good one; undefined when there is none. */
    readonly opened: OpenedCheckpoint | undefined;
    /** Why the newest one is not it; empty when it is, or there is none. */
    readonly problem: string;
}

/** Opens the newest good checkpoint; throws STORE_MIXED when it is another store's, LOG_VERSION. */
export async function findCheckpoint(
    disk: Disk,
    paths: StorePaths,
    storeUuid: Uint8Array,
): Promise<FoundCheckpoint> {
    let problem = "";
    for (const path of [paths.checkpoint, paths.previousCheckpoint]) {
        try {
            const opened = await openCheckpoint(disk, path);
            if (Buffer.compare(opened.header.storeUuid, storeUuid) !== 0) {
                throw foreignFile(path, paths.graphLog);
            }
            return { opened, problem };
        } catch (error) {
            const code = error instanceof OperatingError ? error.code : "";
            if (code !== "CHECKPOINT_DAMAGED" && code !== "FILE_NOT_FOUND") {
                throw error;
            }
            if (code === "CHECKPOINT_DAMAGED") {
                problem ||= error instanceof Error ? error.message : "";
            }
        }
    }
    return { opened: undefined, problem };
}

/** What `.tlog` and checkpoint say of places in the history. */
export function marksOf(
    tlog: ReadTlog,
    checkpoint: FoundCheckpoint,
    paths: StorePaths,
): NamedMark[] {
    const marks = [tlog.base.mark, ...tlog.found.transactions.map(({ mark }) => mark)];
    const named = marks.map((mark) => ({ file: paths.tlog, mark }));
    const { opened } = checkpoint;
    return opened === undefined
        ? named
        : [...named, { file: opened.path, mark: opened.header.mark }];
}

/** Makes the error for a file that belongs to another store. */
export function foreignFile(path: string, ofStore: string): OperatingError {
    return new OperatingError("STORE_MIXED", `${path} is of another store than ${ofStore}`, {
        advice: "bring back the files that belong together",
    });
}
