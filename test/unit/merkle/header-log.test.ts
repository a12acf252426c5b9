import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import {
    decodeRootHeader,
    encodeRootHeader,
    HeaderLog,
    NO_HEADER,
    ROOT_HEADER_BYTES,
    rootHeaderHash,
    rootOfInclusion,
    verifyConsistency,
    type RootHeader,
} from "../../../src/merkle/index.ts";

const SIZE = 37;
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

function headerOf(commit: number, previous: Uint8Array): RootHeader {
    return {
        commitCount: commit,
        deltaCount: commit * 3,
        previous,
        stateRoot: new Uint8Array(32).fill(commit),
        logOffset: 2 ** 40 + commit * 1000,
        logHash: new Uint8Array(32).fill(200 - commit),
        nodeCount: commit,
        edgeCount: commit * 2,
        fileCount: 1,
        timeMs: 1_700_000_000_000 + commit,
    };
}

const log = new HeaderLog();
const leaves: Uint8Array[] = [];
for (let commit = 1, previous = NO_HEADER; commit <= SIZE; commit++) {
    previous = rootHeaderHash(encodeRootHeader(headerOf(commit, previous)));
    leaves.push(previous);
    log.append(previous);
}

/** The definition in RFC 6962, section 2.1, as it stands there. */
function rootByDefinition(of: readonly Uint8Array[]): Uint8Array {
    if (of.length <= 1) {
        return of[0] ?? createHash("sha256").digest();
    }
    let split = 1;
    while (split * 2 < of.length) {
        split *= 2;
    }
    const pair = createHash("sha256").update(Uint8Array.of(1));
    pair.update(rootByDefinition(of.slice(0, split)));
    return pair.update(rootByDefinition(of.slice(split))).digest();
}

describe("a header", () => {
    test("is what it was after encoding", () => {
        const header = headerOf(5, new Uint8Array(32).fill(9));
        const bytes = encodeRootHeader(header);
        expect(bytes.length).toBe(ROOT_HEADER_BYTES);
        expect(decodeRootHeader(bytes)).toEqual(header);
    });

    test("refuses hashes and bytes of another length", () => {
        expect(() => encodeRootHeader(headerOf(1, new Uint8Array(31)))).toThrow("32 bytes");
        expect(() => decodeRootHeader(new Uint8Array(151))).toThrow("its length");
    });
});

describe("the log of headers", () => {
    test("has the roots of RFC 6962, at every size", () => {
        for (let size = 0; size <= SIZE; size++) {
            expect(hex(log.root(size))).toBe(hex(rootByDefinition(leaves.slice(0, size))));
        }
    });

    test("proves every header at every size, and no other", () => {
        for (let size = 1; size <= SIZE; size++) {
            const root = hex(log.root(size));
            for (let index = 0; index < size; index++) {
                const proof = log.inclusionProof(index, size);
                expect(hex(rootOfInclusion(leaves[index]!, { index, size }, proof))).toBe(root);
                const wrong = leaves[(index + 1) % SIZE]!;
                expect(hex(rootOfInclusion(wrong, { index, size }, proof))).not.toBe(root);
                const cut = proof.slice(1);
                if (proof.length > 0) {
                    expect(hex(rootOfInclusion(leaves[index]!, { index, size }, cut))).not.toBe(
                        root,
                    );
                }
                const long = [...proof, leaves[0]!];
                expect(rootOfInclusion(leaves[index]!, { index, size }, long)).toBeUndefined();
            }
        }
        expect(rootOfInclusion(leaves[0]!, { index: 3, size: 3 }, [])).toBeUndefined();
        expect(rootOfInclusion(leaves[0]!, { index: 0.5, size: 3 }, [])).toBeUndefined();
    });

    test("proves that it only grew, between any two sizes", () => {
        for (let newer = 1; newer <= SIZE; newer++) {
            for (let older = 1; older <= newer; older++) {
                const before = { size: older, root: log.root(older) };
                const after = { size: newer, root: log.root(newer) };
                const proof = log.consistencyProof(older, newer);
                expect(verifyConsistency({ before, after }, proof)).toBe(true);
                const other = { size: older, root: leaves[0]!.with(0, 1) };
                expect(verifyConsistency({ before: other, after }, proof)).toBe(false);
                const rewritten = { size: newer, root: leaves[0]!.with(0, 1) };
                expect(verifyConsistency({ before, after: rewritten }, proof)).toBe(false);
                const long = [...proof, leaves[1]!];
                expect(verifyConsistency({ before, after }, long)).toBe(false);
                if (proof.length > 0) {
                    expect(verifyConsistency({ before, after }, proof.slice(1))).toBe(false);
                    expect(verifyConsistency({ before, after }, proof.slice(0, -1))).toBe(false);
                }
            }
        }
    });

    test("does not prove a rewritten history", () => {
        const other = new HeaderLog();
        leaves.forEach((leaf, index) => {
            other.append(index === 4 ? leaf.with(0, leaf[0]! ^ 1) : leaf);
        });
        const before = { size: 9, root: log.root(9) };
        const after = { size: SIZE, root: other.root() };
        expect(verifyConsistency({ before, after }, other.consistencyProof(9, SIZE))).toBe(false);
        const shrunk = { before: after, after: before };
        expect(verifyConsistency(shrunk, [])).toBe(false);
    });
});
