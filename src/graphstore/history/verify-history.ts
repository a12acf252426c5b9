// Replays a whole history into an empty graph and compares every root on the way with the one that was
// recorded: that the root does not depend on history makes this possible.

import { OperatingError, type Steps } from "../../base/index.ts";
import { frameSeed, scanFrames } from "../../wal/index.ts";
import { decodeCommit, RECORD_KIND, type CommitRecord } from "../commit-record.ts";
import { applyDeltas } from "../overlay.ts";
import { extendLogHash, type ReplayStart } from "../replay-log.ts";
import { buildTries, markTables, updateTries } from "../state-tries.ts";

/** What a replay of the whole history found. */
export interface HistoryCheck {
    readonly commitCount: number;
    readonly deltaCount: number;
    /** State root of the last commit, hex. */
    readonly stateRoot: string;
    readonly logBytes: number;
    /** Deltas that are archived: the replay began behind them. */
    readonly archivedDeltas: number;
}

/**
 * Replays the bytes of a log from nothing, or from what its archived beginning led to; throws STORE_DAMAGED
 * at the first commit that is not so.
 */
export function* verifyHistory(
    bytes: Uint8Array,
    path: string,
    start: ReplayStart,
    onCommit: (bytesDone: number) => void,
): Steps<HistoryCheck> {
    const { tables, header, from, commits } = start;
    const place = { from, start: start.at, sequence: start.sequence, seed: frameSeed(header) };
    const scan = scanFrames(bytes, place);
    tables.edges.buildIndex();
    let tries = yield* buildTries(tables);
    let mark = markTables(tables);
    let { logHash, lastCommit: last } = start;
    if (last !== undefined && last.roots.stateRoot !== tries.roots.stateRoot) {
        throw new OperatingError("STORE_DAMAGED", `what ${path} builds upon has another root`);
    }
    let end = start.at;
    for (const record of scan.records) {
        if (record.kind === RECORD_KIND.deltas) {
            applyDeltas(tables, record.payload);
            yield;
        } else {
            const commit = decodeCommit(record.payload);
            tries = yield* updateTries(tables, tries, mark, tables.takeEnded());
            mark = markTables(tables);
            checkCommit(path, commit, {
                commitCount: (last?.commitCount ?? 0) + 1,
                deltaCount: tables.deltaCount,
                stateRoot: tries.roots.stateRoot,
                graphRoot: tries.roots.graphRoot,
                logHash: Buffer.from(logHash).toString("hex"),
            });
            last = commit;
            end = record.end;
            onCommit(end);
        }
        logHash = extendLogHash(logHash, bytes.subarray(record.start - from, record.end - from));
    }
    return {
        commitCount: last?.commitCount ?? 0,
        deltaCount: last?.deltaCount ?? 0,
        stateRoot: tries.roots.stateRoot,
        logBytes: end,
        archivedDeltas: commits.archivedDeltas,
    };
}

interface Expected {
    readonly commitCount: number;
    readonly deltaCount: number;
    readonly stateRoot: string;
    readonly graphRoot: string;
    readonly logHash: string;
}

function checkCommit(path: string, commit: CommitRecord, found: Expected): void {
    const recorded: Expected = {
        commitCount: commit.commitCount,
        deltaCount: commit.deltaCount,
        stateRoot: commit.roots.stateRoot,
        graphRoot: commit.roots.graphRoot,
        logHash: Buffer.from(commit.logHash).toString("hex"),
    };
    for (const name of [
        "commitCount",
        "deltaCount",
        "logHash",
        "stateRoot",
        "graphRoot",
    ] as const) {
        if (found[name] !== recorded[name]) {
            const where = `${path}, commit ${commit.commitCount}`;
            throw new OperatingError(
                "STORE_DAMAGED",
                `${where}: ${name} is recorded as ${recorded[name]} and replayed as ${found[name]}`,
                { advice: "keep the files; what was captured can be captured again elsewhere" },
            );
        }
    }
}
