import { describe, expect, test } from "vitest";

import {
    buildTrie,
    hashTrie,
    proveKey,
    verifyKey,
    type KeyProof,
    type RecordSource,
} from "../../../src/merkle/index.ts";
import { byteSource, makeRecords, type ByteRecord } from "../../support/trie-records.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

interface Built {
    readonly source: RecordSource;
    readonly root: string;
    readonly prove: (key: Uint8Array) => KeyProof;
}

function built(records: readonly ByteRecord[], keyBytes: number, hasValues: boolean): Built {
    const source = byteSource(records, keyBytes, hasValues);
    const trie = buildTrie(source, Uint32Array.from(records.keys()));
    const root = hex(hashTrie(source, trie));
    return { source, root, prove: (key) => proveKey({ source, trie }, key) };
}

describe.each([
    ["nodes", 8, true],
    ["edges", 17, false],
    ["files", 32, true],
] as const)("proofs of keys of %s", (_, keyBytes, hasValues) => {
    const made = makeRecords(900, keyBytes + 100, keyBytes);
    // A hub: many keys below one long prefix, where most bits have no fork.
    const hub = made
        .slice(0, 300)
        .map(({ value }, row) => ({ key: underHub(row, keyBytes), value }));
    const records = [...made.slice(0, 700), ...hub];
    const besideHub = hub.slice(0, 100).map(({ key }) => key.with(1, 0xc2));
    const absent = [...made.slice(700).map(({ key }) => key), ...besideHub];
    const { root, prove } = built(records, keyBytes, hasValues);
    const shape = { keyBytes, hasValues };

    test("show every key that is there, with its record", () => {
        for (const { key, value } of records) {
            const verdict = verifyKey(key, prove(key), shape);
            expect(verdict.kind).toBe("present");
            if (verdict.kind === "present") {
                expect(hex(verdict.root)).toBe(root);
                const body = hasValues ? value : Buffer.alloc(0);
                const isShort = keyBytes + 2 + value.length <= 512;
                const head = Buffer.from(verdict.body.subarray(0, 2)).toString("hex");
                expect(head).toBe(
                    hasValues
                        ? (isShort
                              ? Buffer.from(Uint16Array.of(value.length).buffer)
                              : Buffer.of(0xff, 0xff)
                          ).toString("hex")
                        : "",
                );
                expect(verdict.body.length).toBe(!hasValues ? 0 : isShort ? body.length + 2 : 38);
            }
        }
    });

    test("show of every other key that it is not there, by a page or by a fork", () => {
        const ends = new Set<string>();
        for (const key of absent) {
            const proof = prove(key);
            ends.add(proof.end.kind);
            const verdict = verifyKey(key, proof, shape);
            expect(verdict.kind).toBe("absent");
            expect(verdict.kind === "absent" && hex(verdict.root)).toBe(root);
        }
        expect([...ends].sort()).toEqual(["fork", "page"]);
    });

    test("do not say of one key what holds of another", () => {
        for (const [index, { key }] of records.slice(0, 200).entries()) {
            const other = records[index + 200]!.key;
            const verdict = verifyKey(other, prove(key), shape);
            // The two may share a page: then the same proof holds for both.
            const holds = verdict.kind === "present" && hex(verdict.root) === root;
            const shares = hex(pageOf(prove(key))) === hex(pageOf(prove(other)));
            expect(holds).toBe(shares);
            expect(verdict.kind === "absent" && hex(verdict.root) === root).toBe(false);
        }
    });

    test("fail when any byte of them is changed", () => {
        const present = records[17]!.key;
        const left = absent.find((key) => prove(key).end.kind === "fork")!;
        for (const key of [present, left]) {
            const honest = verifyKey(key, prove(key), shape).kind;
            for (const changed of tampered(prove(key))) {
                const verdict = verifyKey(key, changed, shape);
                const isSame = verdict.kind === honest && verdict.kind !== "invalid";
                expect(isSame && hex(verdict.root) === root).toBe(false);
            }
        }
    });
});

function underHub(row: number, keyBytes: number): Buffer {
    const key = Buffer.alloc(keyBytes, 0xc3);
    key.writeUInt16BE(row * 97, keyBytes - 2);
    return key;
}

function pageOf(proof: KeyProof): Uint8Array {
    return proof.end.kind === "page" ? proof.end.page : Buffer.from(proof.end.kind);
}

function* tampered(proof: KeyProof): Generator<KeyProof> {
    const { forks, end } = proof;
    for (const [at, fork] of forks.entries()) {
        for (let byte = 0; byte < 32; byte += 5) {
            yield { end, forks: forks.with(at, { ...fork, sibling: flipped(fork.sibling, byte) }) };
        }
        yield { end, forks: forks.with(at, { ...fork, prefixBits: fork.prefixBits + 1 }) };
        yield { end, forks: forks.toSpliced(at, 1) };
    }
    if (end.kind === "page") {
        for (let byte = 0; byte < end.page.length; byte += 7) {
            yield { forks, end: { kind: "page", page: flipped(end.page, byte) } };
        }
        yield { forks, end: { kind: "page", page: end.page.subarray(1) } };
    }
    if (end.kind === "fork") {
        for (const part of ["prefix", "left", "right"] as const) {
            for (let byte = 0; byte < 32; byte++) {
                yield { forks, end: { ...end, [part]: flipped(end[part], byte) } };
            }
        }
        yield { forks, end: { ...end, prefixBits: end.prefixBits + 1 } };
    }
    yield { forks, end: { kind: "empty" } };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
    const copy = Uint8Array.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
}

test("an empty trie and a trie of one page have proofs too", () => {
    const shape = { keyBytes: 8, hasValues: true };
    const key = Buffer.from("0123456789abcdef", "hex");
    const none = built([], 8, true);
    expect(verifyKey(key, none.prove(key), shape)).toEqual({
        kind: "absent",
        root: new Uint8Array(32),
    });
    const one = built([{ key, value: Buffer.from("v") }], 8, true);
    const verdict = verifyKey(key, one.prove(key), shape);
    expect(verdict.kind === "present" && hex(verdict.root)).toBe(one.root);
    const other = Buffer.alloc(8);
    expect(verifyKey(other, one.prove(other), shape).kind).toBe("absent");
    expect(verifyKey(key.subarray(1), one.prove(key), shape).kind).toBe("invalid");
});
