// Rebuilds the tables from the bytes of a `.graph.log`. Format: docs/formats/graph-log.md.
// Invariants: the result is the state after the last whole commit; nothing is written.

import { hash } from "node:crypto";

import { appendTo, OperatingError } from "../base/index.ts";
import { NO_HEADER, stateRootOf } from "../merkle/index.ts";
import {
    corrupt,
    LOG_HEADER_BYTES,
    scanLog,
    type LogScan,
    type ScannedRecord,
} from "../wal/index.ts";
import { commitHeaderHash, decodeCommit, RECORD_KIND, type CommitRecord } from "./commit-record.ts";
import { isSameMark, markAfter, type LogMark } from "./durable/log-mark.ts";
import { GraphTables } from "./graph-tables.ts";
import { applyDeltas } from "./overlay.ts";

/** Four letters that mark a graph log. */
export const GRAPH_LOG_KIND = "GRPH";

/** What a log holds. */
export interface ReplayedLog {
    readonly scan: LogScan;
    readonly tables: GraphTables;
    /** The last whole commit; undefined in a log without any. */
    readonly lastCommit: CommitRecord | undefined;
    /** Offset after the last whole commit. */
    readonly end: number;
    /** Records up to there. */
    readonly recordCount: number;
    /** Running hash of the log up to there. */
    readonly logHash: Uint8Array;
    /** Why what follows is not an interrupted commit but damage; undefined when it is not. */
    readonly damage: OperatingError | undefined;
}

/**
 * Replays a log, with turns for others in between; throws when its header is not good. `marks` are what
 * other files say of places in it: a log that lacks one of them is damaged.
 */
export async function replayLog(
    bytes: Uint8Array,
    path: string,
    pause: () => Promise<void>,
    marks: readonly NamedMark[] = [],
): Promise<ReplayedLog> {
    const steps = replaySteps(bytes, path, new MarkChecks(marks));
    let step = steps.next();
    while (step.done !== true) {
        await pause();
        step = steps.next();
    }
    return step.value;
}

/** Replays a log; may be left between any two records. */
function* replaySteps(
    bytes: Uint8Array,
    path: string,
    marks: MarkChecks,
): Generator<void, ReplayedLog, void> {
    const scan = scanLog(bytes, path, GRAPH_LOG_KIND);
    const tables = new GraphTables(bytes.length);
    let lastCommit: CommitRecord | undefined;
    let end = LOG_HEADER_BYTES;
    let recordCount = 0;
    let seen = 0;
    let logHash = startLogHash(bytes);
    let running = logHash;
    let pending: ScannedRecord[] = [];
    let damage: OperatingError | undefined;
    marks.check(undefined, end, logHash);
    for (const record of scan.records) {
        try {
            if (record.kind === RECORD_KIND.commit) {
                const commit = decodeCommit(record.payload);
                yield* applyCommit(tables, pending, commit, {
                    before: lastCommit,
                    logHash: running,
                    offset: record.start,
                });
                lastCommit = commit;
            } else if (record.kind !== RECORD_KIND.deltas) {
                throw new OperatingError("LOG_CORRUPT_RECORD", `unknown kind ${record.kind}`);
            }
        } catch (cause) {
            damage = damageAt(path, record, cause);
            tables.rollback(lastCommit?.deltaCount ?? 0);
            break;
        }
        seen += 1;
        running = extendLogHash(running, bytes.subarray(record.start, record.end));
        if (record.kind === RECORD_KIND.commit) {
            pending = [];
            end = record.end;
            recordCount = seen;
            logHash = running;
            marks.check(lastCommit, end, logHash);
        } else {
            pending.push(record);
        }
    }
    tables.takeEnded();
    damage ??= rotOf(path, scan) ?? marks.missing(path);
    return { scan, tables, lastCommit, end, recordCount, logHash, damage };
}

/** What another file of the store says of a place in the log. */
export interface NamedMark {
    /** Which file it is. */
    readonly file: string;
    readonly mark: LogMark;
}

/** Compares the places of a log with what other files say of them. */
class MarkChecks {
    readonly #waiting = new Map<number, NamedMark[]>();
    #wrong: NamedMark | undefined;

    constructor(marks: readonly NamedMark[]) {
        for (const named of marks) {
            appendTo(this.#waiting, named.mark.commitCount, named);
        }
    }

    check(commit: CommitRecord | undefined, logEnd: number, logHash: Uint8Array): void {
        const number = commit?.commitCount ?? 0;
        const named = this.#waiting.get(number);
        if (named !== undefined) {
            const found = markOf(commit, logEnd, logHash);
            this.#wrong ??= named.find(({ mark }) => !isSameMark(mark, found));
            this.#waiting.delete(number);
        }
    }

    missing(path: string): OperatingError | undefined {
        const [beyond] = [...this.#waiting.values()].flat();
        const found = this.#wrong ?? beyond;
        if (found === undefined) {
            return undefined;
        }
        const { file, mark } = found;
        const what = this.#wrong === undefined ? "ends before" : "has another";
        return new OperatingError(
            "STORE_MIXED",
            `${path} ${what} commit ${mark.commitCount}, which ${file} speaks of`,
            {
                advice: "files of different times or stores stand together; bring back those that belong together",
            },
        );
    }
}

/** The mark after a commit that ends at an offset. */
export function markOf(
    commit: CommitRecord | undefined,
    logEnd: number,
    logHash: Uint8Array,
): LogMark {
    const stateRoot = commit?.roots.stateRoot ?? EMPTY_STATE_ROOT;
    return markAfter(commit, { logEnd, logHash, stateRoot });
}

/** State root of an empty graph, hex. */
export const EMPTY_STATE_ROOT: string = Buffer.from(
    stateRootOf({
        nodeRoot: NO_HEADER,
        edgeRoot: NO_HEADER,
        fileRoot: NO_HEADER,
        nodeCount: 0,
        edgeCount: 0,
        fileCount: 0,
    }),
).toString("hex");

/**
 * Whether bytes are those of a log whose making was interrupted: the header is written and synced before
 * any record.
 */
export function isUnborn(bytes: Uint8Array): boolean {
    if (bytes.length < LOG_HEADER_BYTES) {
        return true;
    }
    return bytes.length === LOG_HEADER_BYTES && bytes.every((byte) => byte === 0);
}

/** Running hash of a log without records: that of its header. */
export function startLogHash(bytes: Uint8Array): Uint8Array {
    return hash("sha256", bytes.subarray(0, LOG_HEADER_BYTES), "buffer");
}

/** Running hash after one more frame, padding included. */
export function extendLogHash(before: Uint8Array, frame: Uint8Array): Uint8Array {
    const input = Buffer.allocUnsafe(32 + frame.length);
    input.set(before);
    input.set(frame, 32);
    return hash("sha256", input, "buffer");
}

// Deltas are applied when their commit is there: an interrupted one leaves no trace.
function* applyCommit(
    tables: GraphTables,
    pending: readonly ScannedRecord[],
    commit: CommitRecord,
    expected: {
        readonly before: CommitRecord | undefined;
        readonly logHash: Uint8Array;
        readonly offset: number;
    },
): Generator<void, void, void> {
    check(commit.commitCount === (expected.before?.commitCount ?? 0) + 1, "commit number");
    check(Buffer.compare(commit.logHash, expected.logHash) === 0, "running hash");
    check(commit.logOffset === expected.offset, "place in the log");
    check(Buffer.compare(commit.previous, previousOf(expected.before)) === 0, "header before");
    for (const record of pending) {
        applyDeltas(tables, record.payload);
        yield;
    }
    const deltas = tables.deltaCount - (expected.before?.deltaCount ?? 0);
    check(commit.deltaCount === tables.deltaCount && commit.deltas === deltas, "number of deltas");
    check(commit.nodeCount === tables.nodes.liveCount, "number of nodes");
    check(commit.edgeCount === tables.edges.liveCount, "number of edges");
    check(commit.fileCount === tables.files.liveCount, "number of files");
}

/** What a commit after this one names as the header before it. */
export function previousOf(commit: CommitRecord | undefined): Uint8Array {
    return commit === undefined ? NO_HEADER : commitHeaderHash(commit);
}

function check(holds: boolean, what: string): void {
    if (!holds) {
        throw new OperatingError("LOG_CORRUPT_RECORD", `the ${what} of a commit is wrong`);
    }
}

function damageAt(path: string, record: ScannedRecord, cause: unknown): OperatingError {
    if (cause instanceof OperatingError && cause.code === "LOG_VERSION") {
        return cause;
    }
    const what = cause instanceof Error ? cause.message : String(cause);
    return new OperatingError("LOG_CORRUPT", corrupt(path, record.start, what).message, { cause });
}

function rotOf(path: string, scan: LogScan): OperatingError | undefined {
    return scan.tail.kind === "rot"
        ? corrupt(path, scan.tail.offset, "bytes that had been durable have changed")
        : undefined;
}
