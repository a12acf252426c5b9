// The record that makes the deltas before it one commit. Format: docs/formats/graph-log.md.

import { OperatingError } from "../base/index.ts";
import { STATE_SCHEMA_VERSION } from "../merkle/index.ts";
import type { StateRoots } from "./state-tries.ts";

/** Kinds of records in a `.graph.log`. */
export const RECORD_KIND = { deltas: 1, commit: 2 } as const;

/** What a commit says of the state after it. */
export interface CommitRecord {
    readonly commitCount: number;
    readonly deltaCount: number;
    /** Deltas of this commit. */
    readonly deltas: number;
    /** Wall clock, milliseconds; information only. */
    readonly timeMs: number;
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
    readonly roots: StateRoots;
    /** Running hash of the log up to this record, 32 bytes. */
    readonly logHash: Uint8Array;
}

const COMMIT_BYTES = 7 * 8 + 4 + 6 * 32;

/** Encodes a commit. */
export function encodeCommit(commit: CommitRecord): Uint8Array {
    const bytes = Buffer.alloc(COMMIT_BYTES);
    let at = 0;
    for (const value of [
        commit.commitCount,
        commit.deltaCount,
        commit.deltas,
        commit.timeMs,
        commit.nodeCount,
        commit.edgeCount,
        commit.fileCount,
    ]) {
        at = bytes.writeBigUInt64LE(BigInt(value), at);
    }
    at = bytes.writeUInt32LE(STATE_SCHEMA_VERSION, at);
    const { stateRoot, graphRoot, nodeRoot, edgeRoot, fileRoot } = commit.roots;
    for (const root of [stateRoot, graphRoot, nodeRoot, edgeRoot, fileRoot]) {
        at += bytes.write(root, at, "hex");
    }
    bytes.set(commit.logHash, at);
    return bytes;
}

/** Decodes a commit; throws LOG_CORRUPT_RECORD or LOG_VERSION. */
export function decodeCommit(payload: Uint8Array): CommitRecord {
    if (payload.length !== COMMIT_BYTES) {
        const message = `a commit of ${payload.length} bytes is not one of ${COMMIT_BYTES}`;
        throw new OperatingError("LOG_CORRUPT_RECORD", message);
    }
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    const word = (index: number): number => Number(bytes.readBigUInt64LE(index * 8));
    const schema = bytes.readUInt32LE(56);
    if (schema !== STATE_SCHEMA_VERSION) {
        const known = `this program knows version ${STATE_SCHEMA_VERSION}`;
        throw new OperatingError("LOG_VERSION", `a commit has schema version ${schema}; ${known}`, {
            advice: "use the version of Ferrograph that wrote it, or move the store away",
        });
    }
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
        logHash: Uint8Array.from(bytes.subarray(220)),
    };
}
