// The record that makes the deltas before it one commit: the commit's root header, and what else a
// reader of the state wants to know. Format: docs/formats/graph-log.md.

import { assert, OperatingError } from "../base/index.ts";
import {
    decodeRootHeader,
    encodeRootHeader,
    ROOT_HEADER_BYTES,
    rootHeaderHash,
    STATE_SCHEMA_VERSION,
} from "../merkle/index.ts";
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
    /** Hash of the root header before, 32 bytes; zeros in the first commit. */
    readonly previous: Uint8Array;
    /** Where this record begins in the log. */
    readonly logOffset: number;
    /** Running hash of the log up to this record, 32 bytes. */
    readonly logHash: Uint8Array;
}

/** Bytes of an encoded commit: root header, deltas u64, schema u32, zero u32, four roots. */
export const COMMIT_BYTES = ROOT_HEADER_BYTES + 8 + 4 + 4 + 4 * 32;

const ROOTS_AT = ROOT_HEADER_BYTES + 16;

/** Encodes a commit. */
export function encodeCommit(commit: CommitRecord): Uint8Array {
    const bytes = Buffer.alloc(COMMIT_BYTES);
    bytes.set(encodeCommitHeader(commit));
    bytes.writeBigUInt64LE(BigInt(commit.deltas), ROOT_HEADER_BYTES);
    bytes.writeUInt32LE(STATE_SCHEMA_VERSION, ROOT_HEADER_BYTES + 8);
    let at = ROOTS_AT;
    const { graphRoot, nodeRoot, edgeRoot, fileRoot } = commit.roots;
    for (const root of [graphRoot, nodeRoot, edgeRoot, fileRoot]) {
        at += bytes.write(root, at, "hex");
    }
    assert(at === COMMIT_BYTES, "a commit has its length");
    return bytes;
}

/** Encodes the root header that a commit holds. */
export function encodeCommitHeader(commit: CommitRecord): Buffer {
    return encodeRootHeader({ ...commit, stateRoot: Buffer.from(commit.roots.stateRoot, "hex") });
}

/** Hashes by record: whoever writes or replays a commit asks for it several times. */
const headerHashes = new WeakMap<CommitRecord, Buffer>();

/** Hash of the root header that a commit holds: what the next one names. */
export function commitHeaderHash(commit: CommitRecord): Buffer {
    let found = headerHashes.get(commit);
    if (found === undefined) {
        found = rootHeaderHash(encodeCommitHeader(commit));
        headerHashes.set(commit, found);
    }
    return found;
}

/** Decodes a commit; throws LOG_CORRUPT_RECORD or LOG_VERSION. */
export function decodeCommit(payload: Uint8Array): CommitRecord {
    if (payload.length !== COMMIT_BYTES) {
        const message = `a commit of ${payload.length} bytes is not one of ${COMMIT_BYTES}`;
        throw new OperatingError("LOG_CORRUPT_RECORD", message);
    }
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    const schema = bytes.readUInt32LE(ROOT_HEADER_BYTES + 8);
    if (schema !== STATE_SCHEMA_VERSION) {
        const known = `this program knows version ${STATE_SCHEMA_VERSION}`;
        throw new OperatingError("LOG_VERSION", `a commit has schema version ${schema}; ${known}`, {
            advice: "use the version of Ferrograph that wrote it, or move the store away",
        });
    }
    const { stateRoot, ...header } = decodeRootHeader(bytes.subarray(0, ROOT_HEADER_BYTES));
    const root = (index: number): string =>
        bytes.toString("hex", ROOTS_AT + index * 32, ROOTS_AT + index * 32 + 32);
    return {
        ...header,
        deltas: Number(bytes.readBigUInt64LE(ROOT_HEADER_BYTES)),
        roots: {
            stateRoot: Buffer.from(stateRoot).toString("hex"),
            graphRoot: root(0),
            nodeRoot: root(1),
            edgeRoot: root(2),
            fileRoot: root(3),
        },
    };
}
