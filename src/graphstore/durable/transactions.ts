// What the frames of a `.tlog` hold: page deltas, then the commit that they belong to.
// Format: docs/formats/tlog.md.
// Invariants: commits follow one another without a gap, in number and in place.

import { assert, OperatingError } from "../../base/index.ts";
import { frameBytes, type LogRecord, type ScannedRecord } from "../../wal/index.ts";
import { decodeLogMark, encodeLogMark, LOG_MARK_BYTES, type LogMark } from "./log-mark.ts";

/** Kinds of frames in a `.tlog`. */
const TLOG_KIND = { pages: 1, commit: 2, bulk: 3 } as const;

/** A commit as the `.tlog` has it. */
export interface Transaction {
    /** Where it leaves the history. */
    readonly mark: LogMark;
    /** Where its records begin in the `.graph.log`. */
    readonly logStart: number;
    /** Its records for the `.graph.log`; undefined where they went around the log. */
    readonly logBytes: Uint8Array | undefined;
    /** Id of the checkpoint that holds the state instead of page deltas; undefined where these do. */
    readonly checkpointId: Uint8Array | undefined;
    /** Encoded page deltas. */
    readonly pages: readonly Uint8Array[];
}

/** Transactions of a scan, and where the last of them ends. */
export interface DecodedTransactions {
    readonly transactions: readonly Transaction[];
    readonly end: number;
    /** Records up to there. */
    readonly recordCount: number;
}

const MARK_AT = 16;
const BODY_AT = MARK_AT + LOG_MARK_BYTES;
const ID_BYTES = 32;

/** The frames of a transaction. */
export function encodeTransaction(transaction: Transaction): LogRecord[] {
    const { mark, logStart, logBytes, checkpointId, pages } = transaction;
    const body = logBytes ?? checkpointId;
    assert(body !== undefined, "a transaction has its records, or a checkpoint");
    const payload = Buffer.alloc(BODY_AT + body.length);
    payload.writeUInt32LE(pages.length, 0);
    payload.writeBigUInt64LE(BigInt(logStart), 8);
    payload.set(encodeLogMark(mark), MARK_AT);
    payload.set(body, BODY_AT);
    const kind = logBytes === undefined ? TLOG_KIND.bulk : TLOG_KIND.commit;
    return [...pages.map((page) => ({ kind: TLOG_KIND.pages, payload: page })), { kind, payload }];
}

/** Bytes that the frames of a transaction take. */
export function transactionBytes({ logBytes, checkpointId, pages }: Transaction): number {
    const body = logBytes ?? checkpointId;
    assert(body !== undefined, "a transaction has its records, or a checkpoint");
    return pages.reduce(
        (sum, page) => sum + frameBytes(page.length),
        frameBytes(BODY_AT + body.length),
    );
}

/** Reads transactions from good frames; throws LOG_CORRUPT_RECORD when one does not follow the one before. */
export function decodeTransactions(
    records: readonly ScannedRecord[],
    base: LogMark,
    start: number,
): DecodedTransactions {
    const transactions: Transaction[] = [];
    let pages: Uint8Array[] = [];
    let end = start;
    let recordCount = 0;
    let last = base;
    records.forEach((record, index) => {
        if (record.kind === TLOG_KIND.pages) {
            pages.push(record.payload);
            return;
        }
        const transaction = decodeTransaction(record, pages);
        check(follows(transaction, last), record, "a commit does not follow the one before");
        transactions.push(transaction);
        pages = [];
        last = transaction.mark;
        end = record.end;
        recordCount = index + 1;
    });
    return { transactions, end, recordCount };
}

function decodeTransaction(record: ScannedRecord, pages: readonly Uint8Array[]): Transaction {
    const { payload, kind } = record;
    check(kind === TLOG_KIND.commit || kind === TLOG_KIND.bulk, record, `unknown kind ${kind}`);
    check(payload.length > BODY_AT, record, "a commit is too short");
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    check(bytes.readUInt32LE(0) === pages.length, record, "page deltas of a commit are missing");
    const mark = decodeLogMark(payload, MARK_AT);
    const logStart = Number(bytes.readBigUInt64LE(8));
    const body = payload.subarray(BODY_AT);
    if (kind === TLOG_KIND.bulk) {
        check(body.length === ID_BYTES, record, "a commit names no checkpoint");
        return { mark, logStart, logBytes: undefined, checkpointId: body, pages };
    }
    check(mark.logEnd - logStart === body.length, record, "a commit's records are not as long");
    return { mark, logStart, logBytes: body, checkpointId: undefined, pages };
}

function follows({ mark, logStart }: Transaction, before: LogMark): boolean {
    return (
        mark.commitCount === before.commitCount + 1 &&
        mark.deltaCount > before.deltaCount &&
        logStart === before.logEnd &&
        mark.logEnd > logStart
    );
}

function check(holds: boolean, record: ScannedRecord, what: string): void {
    if (!holds) {
        throw new OperatingError("LOG_CORRUPT_RECORD", `at byte ${record.start}: ${what}`);
    }
}
