// Root headers: what one commit says of the state after it, each naming the one before by its hash.
// Format: docs/formats/root-header.md. The log over them is in header-log.ts.

import { hash } from "node:crypto";

import { assert } from "../base/index.ts";

/** Bytes of a header. */
export const ROOT_HEADER_BYTES = 152;

/** Stands for the header before the first. */
export const NO_HEADER: Uint8Array = new Uint8Array(32);

/** What a commit says of the state after it. */
export interface RootHeader {
    /** Number of the commit (c), from 1. */
    readonly commitCount: number;
    /** Number of deltas up to here (k). */
    readonly deltaCount: number;
    /** Hash of the header before; 32 zero bytes in the first. */
    readonly previous: Uint8Array;
    readonly stateRoot: Uint8Array;
    /** Where the commit's record begins in the `.graph.log`. */
    readonly logOffset: number;
    /** Running hash of the `.graph.log` up to there. */
    readonly logHash: Uint8Array;
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
    /** Wall clock, milliseconds; information only. */
    readonly timeMs: number;
}

/** Encodes a header. */
export function encodeRootHeader(header: RootHeader): Buffer {
    const bytes = Buffer.alloc(ROOT_HEADER_BYTES);
    const { previous, stateRoot, logHash } = header;
    const isWhole = previous.length === 32 && stateRoot.length === 32 && logHash.length === 32;
    assert(isWhole, "a hash has 32 bytes");
    writeCount(bytes, header.commitCount, 0);
    writeCount(bytes, header.deltaCount, 8);
    bytes.set(previous, 16);
    bytes.set(stateRoot, 48);
    writeCount(bytes, header.logOffset, 80);
    bytes.set(logHash, 88);
    writeCount(bytes, header.nodeCount, 120);
    writeCount(bytes, header.edgeCount, 128);
    writeCount(bytes, header.fileCount, 136);
    writeCount(bytes, header.timeMs, 144);
    return bytes;
}

/** A u64 of two words: each commit writes a dozen, for which bigints cost more than the rest. */
function writeCount(bytes: Buffer, count: number, at: number): void {
    bytes.writeUInt32LE(count % 2 ** 32, at);
    bytes.writeUInt32LE(Math.floor(count / 2 ** 32), at + 4);
}

/** Decodes a header. */
export function decodeRootHeader(from: Uint8Array): RootHeader {
    assert(from.length === ROOT_HEADER_BYTES, "a root header has its length");
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    const number = (at: number): number => Number(bytes.readBigUInt64LE(at));
    const digest = (at: number): Uint8Array => Uint8Array.from(bytes.subarray(at, at + 32));
    return {
        commitCount: number(0),
        deltaCount: number(8),
        previous: digest(16),
        stateRoot: digest(48),
        logOffset: number(80),
        logHash: digest(88),
        nodeCount: number(120),
        edgeCount: number(128),
        fileCount: number(136),
        timeMs: number(144),
    };
}

/** Hash of an encoded header: a leaf of the header log, and what the next header names. */
export function rootHeaderHash(encoded: Uint8Array): Buffer {
    const input = Buffer.alloc(1 + encoded.length);
    input.set(encoded, 1);
    return hash("sha256", input, "buffer");
}
