// Raises a store of format 1 to format 2: the same deltas in the same commits, with root headers in
// their records, and a `.tlog` beside. The old history is kept. Format: docs/formats/graph-log.md.
// Invariants: until the new history has its name the old one has it; interrupted, it begins again.

import { OperatingError } from "../../base/index.ts";
import { STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import {
    encodeFrames,
    encodeLogHeader,
    frameSeed,
    LOG_HEADER_BYTES,
    logFormatVersion,
    scanLog,
    type LogRecord,
} from "../../wal/index.ts";
import { encodeCommit, RECORD_KIND, type CommitRecord } from "../commit-record.ts";
import {
    extendLogHash,
    GRAPH_LOG_KIND,
    markOf,
    previousOf,
    replayLog,
    startLogHash,
} from "../replay-log.ts";
import { createTlog } from "./create-store.ts";
import type { StoreContext } from "./store-context.ts";
import { readWholeFile, writeWholeFile } from "./whole-file.ts";

const OLD_VERSION = 1;
const OLD_COMMIT_BYTES = 7 * 8 + 4 + 6 * 32;

/** Raises the store if it is of format 1; throws LOG_CORRUPT (nothing has changed), LOG_VERSION. */
export async function upgradeStore(context: StoreContext): Promise<void> {
    const { disk, paths, pause } = context;
    const file = await disk.openFile(paths.graphLog, "read-only");
    let head: Uint8Array;
    try {
        head = await file.readAt(0, LOG_HEADER_BYTES);
    } finally {
        await file.close();
    }
    if (logFormatVersion(head) !== OLD_VERSION) {
        return;
    }
    const old = (await readWholeFile(disk, paths.graphLog)) ?? Buffer.alloc(0);
    const bytes = upgradeHistory(old, paths.graphLog);
    const replayed = await replayLog(bytes, paths.graphLog, pause);
    if (replayed.damage !== undefined) {
        throw replayed.damage;
    }
    const mark = markOf(replayed.lastCommit, replayed.end, replayed.logHash);
    await writeWholeFile(disk, `${paths.graphLog}.v${OLD_VERSION}`, old);
    await createTlog(context, replayed.header.storeUuid, mark);
    await writeWholeFile(disk, paths.graphLog, bytes);
}

/** Writes the commits of a history of format 1 anew; what was interrupted is left out. */
export function upgradeHistory(old: Uint8Array, path: string): Buffer {
    const scan = scanLog(old, path, GRAPH_LOG_KIND, OLD_VERSION);
    if (scan.tail.kind === "rot") {
        const where = `${path} is damaged at byte ${scan.tail.offset}`;
        throw new OperatingError("LOG_CORRUPT", `${where}: durable bytes have changed`);
    }
    const header = { ...scan.header, firstSequence: 0 };
    const parts: Buffer[] = [Buffer.from(encodeLogHeader(header))];
    const seed = frameSeed(header);
    let size = LOG_HEADER_BYTES;
    let committed = { size, parts: 1 };
    let sequence = 0;
    let logHash = startLogHash(encodeLogHeader(header));
    let last: CommitRecord | undefined;
    const add = (record: LogRecord): void => {
        const frame = encodeFrames([record], { sequence, syncedUpTo: committed.size, seed });
        logHash = extendLogHash(logHash, frame);
        parts.push(frame);
        size += frame.length;
        sequence += 1;
    };
    for (const { kind, payload } of scan.records) {
        if (kind === RECORD_KIND.commit) {
            const place = { previous: previousOf(last), logOffset: size, logHash };
            last = { ...decodeOldCommit(payload, path), ...place };
            add({ kind, payload: encodeCommit(last) });
            committed = { size, parts: parts.length };
        } else {
            add({ kind, payload });
        }
    }
    return Buffer.concat(parts.slice(0, committed.parts));
}

function decodeOldCommit(
    payload: Uint8Array,
    path: string,
): Omit<CommitRecord, "logHash" | "logOffset" | "previous"> {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    if (bytes.length !== OLD_COMMIT_BYTES || bytes.readUInt32LE(56) !== STATE_SCHEMA_VERSION) {
        throw new OperatingError("LOG_VERSION", `${path} has commits of an unknown version`, {
            advice: "move the store's folder away and run `ferrograph capture --full`",
        });
    }
    const word = (index: number): number => Number(bytes.readBigUInt64LE(index * 8));
    const root = (index: number): string => bytes.toString("hex", 60 + index * 32, 92 + index * 32);
    return {
        commitCount: word(0),
        deltaCount: word(1),
        deltas: word(2),
        timeMs: word(3),
        nodeCount: word(4),
        edgeCount: word(5),
        fileCount: word(6),
        roots: {
            stateRoot: root(0),
            graphRoot: root(1),
            nodeRoot: root(2),
            edgeRoot: root(3),
            fileRoot: root(4),
        },
    };
}
