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
    assert(
        [previous, stateRoot, logHash].every((each) => each.length === 32),
        "a hash has 32 bytes",
    );
    bytes.writeBigUInt64LE(BigInt(header.commitCount), 0);
    bytes.writeBigUInt64LE(BigInt(header.deltaCount), 8);
    bytes.set(previous, 16);
    bytes.set(stateRoot, 48);
    bytes.writeBigUInt64LE(BigInt(header.logOffset), 80);
    bytes.set(logHash, 88);
    bytes.writeBigUInt64LE(BigInt(header.nodeCount), 120);
    bytes.writeBigUInt64LE(BigInt(header.edgeCount), 128);
    bytes.writeBigUInt64LE(BigInt(header.fileCount), 136);
    bytes.writeBigUInt64LE(BigInt(header.timeMs), 144);
    return bytes;
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
