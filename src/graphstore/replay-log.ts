// Rebuilds the tables from the bytes of a `.graph.log`. Format: docs/formats/graph-log.md.
// Invariants: the result is the state after the last whole commit; nothing is written.

import { hash } from "node:crypto";

import { appendTo, OperatingError } from "../base/index.ts";
import { NO_HEADER, stateRootOf } from "../merkle/index.ts";
import {
    corrupt,
    decodeLogHeader,
    frameSeed,
    LOG_HEADER_BYTES,
    scanFrames,
    type LogHeader,
    type LogTail,
    type ScannedRecord,
} from "../wal/index.ts";
import { commitHeaderHash, decodeCommit, RECORD_KIND, type CommitRecord } from "./commit-record.ts";
import { isSameMark, markAfter, type LogMark } from "./durable/log-mark.ts";
import { CommitIndex } from "./history/commit-index.ts";
import { GraphTables } from "./graph-tables.ts";
import { applyDeltas } from "./overlay.ts";

/** Four letters that mark a graph log. */
export const GRAPH_LOG_KIND = "GRPH";

/** What a log holds. */
export interface ReplayedLog {
    readonly header: LogHeader;
    readonly tables: GraphTables;
    readonly commits: CommitIndex;
    /** The last whole commit; undefined in a log without any. */
    readonly lastCommit: CommitRecord | undefined;
    /** Offset after the last whole commit. */
    readonly end: number;
    /** Sequence number of the next record. */
    readonly nextSequence: number;
    /** Running hash of the log up to there. */
    readonly logHash: Uint8Array;
    /** Why what follows is not an interrupted commit but damage; undefined when it is not. */
    readonly damage: OperatingError | undefined;
}

/** Where a replay begins, and the state there. */
export interface ReplayStart {
    readonly header: LogHeader;
    /** Offset in the log of the first byte that is given. */
    readonly from: number;
    /** Offset of the first record to replay. */
    readonly at: number;
    readonly sequence: number;
    readonly tables: GraphTables;
    readonly commits: CommitIndex;
    readonly lastCommit: CommitRecord | undefined;
    readonly logHash: Uint8Array;
}

/** The start of a whole log, with its first record; throws LOG_CORRUPT, LOG_VERSION. */
export function wholeLog(bytes: Uint8Array, path: string): ReplayStart {
    const header = decodeLogHeader(bytes, path, GRAPH_LOG_KIND);
    return {
        header,
        from: 0,
        at: LOG_HEADER_BYTES,
        sequence: header.firstSequence,
        tables: new GraphTables(bytes.length),
        commits: new CommitIndex(),
        lastCommit: undefined,
        logHash: startLogHash(bytes),
    };
}

/**
 * Replays a log from some place on, with turns for others in between. `marks` are what other files say of
 * places in it: a log that lacks one of them is damaged.
 */
export async function replayLog(
    bytes: Uint8Array,
    path: string,
    pause: () => Promise<void>,
    from: { readonly start?: ReplayStart; readonly marks?: readonly NamedMark[] } = {},
): Promise<ReplayedLog> {
    const start = from.start ?? wholeLog(bytes, path);
    const steps = replaySteps(bytes, path, start, new MarkChecks(from.marks ?? []));
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
    start: ReplayStart,
    marks: MarkChecks,
): Generator<void, ReplayedLog, void> {
    const { header, from, tables, commits } = start;
    const place = { from, start: start.at, sequence: start.sequence, seed: frameSeed(header) };
    const scan = scanFrames(bytes, place);
    let { lastCommit, at: end, logHash, sequence: nextSequence } = start;
    let seen = 0;
    let running = logHash;
    let pending: ScannedRecord[] = [];
    let damage: OperatingError | undefined;
    marks.check(lastCommit, end, logHash);
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
                commits.add(commit);
            } else if (record.kind !== RECORD_KIND.deltas) {
                throw new OperatingError("LOG_CORRUPT_RECORD", `unknown kind ${record.kind}`);
            }
        } catch (cause) {
            damage = damageAt(path, record, cause);
            tables.rollback(lastCommit?.deltaCount ?? 0);
            break;
        }
        seen += 1;
        running = extendLogHash(running, bytes.subarray(record.start - from, record.end - from));
        if (record.kind === RECORD_KIND.commit) {
            pending = [];
            end = record.end;
            nextSequence = start.sequence + seen;
            logHash = running;
            marks.check(lastCommit, end, logHash);
        } else {
            pending.push(record);
        }
    }
    tables.takeEnded();
    damage ??= rotOf(path, scan.tail) ?? marks.missing(path);
    return { header, tables, commits, lastCommit, end, nextSequence, logHash, damage };
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
        return found === undefined
            ? undefined
            : unknownMark(path, found, this.#wrong === undefined ? "ends before" : "has another");
    }
}

/** Makes the error for a place that another file speaks of and the log does not have. */
export function unknownMark(path: string, { file, mark }: NamedMark, what: string): OperatingError {
    return new OperatingError(
        "STORE_MIXED",
        `${path} ${what} commit ${mark.commitCount}, which ${file} speaks of`,
        {
            advice: "files of different times or stores stand together; bring back those that belong together",
        },
    );
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
 * Whether the bytes of a log that is no longer than its header are those of one whose making was interrupted:
 * the header is written and synced before any record.
 */
export function isUnborn(bytes: Uint8Array): boolean {
    return bytes.length < LOG_HEADER_BYTES || bytes.every((byte) => byte === 0);
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

function rotOf(path: string, tail: LogTail): OperatingError | undefined {
    return tail.kind === "rot"
        ? corrupt(path, tail.offset, "bytes that had been durable have changed")
        : undefined;
}
