// Replays a whole history into an empty graph and compares every root on the way with the one that was
// recorded: that the root does not depend on history makes this possible.

import { OperatingError, type Steps } from "../../base/index.ts";
import { scanLog } from "../../wal/index.ts";
import { decodeCommit, RECORD_KIND, type CommitRecord } from "../commit-record.ts";
import { GraphTables } from "../graph-tables.ts";
import { applyDeltas } from "../overlay.ts";
import { extendLogHash, GRAPH_LOG_KIND, startLogHash } from "../replay-log.ts";
import { buildTries, markTables, updateTries } from "../state-tries.ts";

/** What a replay of the whole history found. */
export interface HistoryCheck {
    readonly commitCount: number;
    readonly deltaCount: number;
    /** State root of the last commit, hex. */
    readonly stateRoot: string;
    readonly logBytes: number;
}

/** Replays the bytes of a log from nothing; throws STORE_DAMAGED at the first commit that is not so. */
export function* verifyHistory(
    bytes: Uint8Array,
    path: string,
    onCommit: (bytesDone: number) => void,
): Steps<HistoryCheck> {
    const scan = scanLog(bytes, path, GRAPH_LOG_KIND);
    const tables = new GraphTables(bytes.length);
    tables.edges.buildIndex();
    let tries = yield* buildTries(tables);
    let mark = markTables(tables);
    let logHash = startLogHash(bytes);
    let last: CommitRecord | undefined;
    let end = 0;
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
        logHash = extendLogHash(logHash, bytes.subarray(record.start, record.end));
    }
    return {
        commitCount: last?.commitCount ?? 0,
        deltaCount: last?.deltaCount ?? 0,
        stateRoot: tries.roots.stateRoot,
        logBytes: end,
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
