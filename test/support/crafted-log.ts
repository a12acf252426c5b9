// Histories and write-ahead logs made by hand: what a commit says is changed, and all that is computed of
// it is made right again, so that a single check is left to notice.

import { createTlog } from "../../src/graphstore/durable/create-store.ts";
import { readTlog } from "../../src/graphstore/durable/recovered-files.ts";
import { encodeTransaction, type Transaction } from "../../src/graphstore/durable/transactions.ts";
import {
    commitHeaderHash,
    decodeCommit,
    encodeCommit,
    RECORD_KIND,
    type CommitRecord,
} from "../../src/graphstore/commit-record.ts";
import { storePaths } from "../../src/graphstore/index.ts";
import { extendLogHash, markOf, startLogHash } from "../../src/graphstore/replay-log.ts";
import { NO_HEADER } from "../../src/merkle/index.ts";
import {
    beginEpoch,
    encodeFrames,
    EpochWriter,
    frameSeed,
    LOG_HEADER_BYTES,
    scanLog,
    type LogRecord,
} from "../../src/wal/index.ts";
import { SimDisk } from "./sim-disk.ts";

const PATHS = storePaths("store");
const CAPACITY = 1 << 17;

/**
 * Writes the history of a disk anew with other commits, and a write-ahead log that knows none of them.
 * `change` is called with each commit as it would be right; `recordsOf` replaces a commit's records.
 */
export async function recraftHistory(
    disk: SimDisk,
    change: (commit: CommitRecord) => CommitRecord,
    recordsOf: (records: readonly LogRecord[]) => readonly LogRecord[] = (records) => records,
): Promise<void> {
    const old = disk.content(PATHS.graphLog);
    const { header, records } = scanLog(old, PATHS.graphLog, "GRPH");
    const seed = frameSeed(header);
    let bytes: Buffer = Buffer.from(old.subarray(0, LOG_HEADER_BYTES));
    let logHash = startLogHash(bytes);
    let previous: Uint8Array = NO_HEADER;
    let sequence = 0;
    const add = (record: LogRecord): void => {
        const frame = encodeFrames([record], { sequence, syncedUpTo: 0, seed });
        bytes = Buffer.concat([bytes, frame]);
        logHash = extendLogHash(logHash, frame);
        sequence += 1;
    };
    for (const record of recordsOf(records)) {
        if (record.kind !== RECORD_KIND.commit) {
            add(record);
            continue;
        }
        const right = {
            ...decodeCommit(record.payload),
            previous,
            logHash,
            logOffset: bytes.length,
        };
        const commit = change(right);
        add({ kind: record.kind, payload: encodeCommit(commit) });
        previous = commitHeaderHash(commit);
    }
    disk.put(PATHS.graphLog, bytes);
    await createTlog(
        {
            disk,
            paths: PATHS,
            capacity: { initial: CAPACITY, max: CAPACITY },
            tablesMinBytes: Infinity,
            randomBytes: (count) => new Uint8Array(count).fill(5),
            pause: () => Promise.resolve(),
            beforeReplay: () => Promise.resolve(),
        },
        header.storeUuid,
        markOf(undefined, LOG_HEADER_BYTES, startLogHash(bytes)),
    );
}

/** Writes the write-ahead log of a disk anew with other transactions. */
export async function recraftTlog(
    disk: SimDisk,
    change: (transactions: readonly Transaction[]) => readonly Transaction[],
): Promise<void> {
    const copy = disk.copy();
    const { header, found } = await readTlog(await copy.openFile(PATHS.tlog, "write"));
    const made = new SimDisk();
    made.put(PATHS.tlog, new Uint8Array(header.capacity));
    const port = await made.openFile(PATHS.tlog, "write");
    const writer = new EpochWriter(port, await beginEpoch(port, header));
    for (const transaction of change(found.transactions)) {
        await writer.append(encodeTransaction(transaction));
    }
    disk.put(PATHS.tlog, made.content(PATHS.tlog));
}
