import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { buildTrie, graphRootOf, hashTrie, stateRootOf } from "../../../src/merkle/index.ts";
import { byteSource, seededNumbers, type ByteRecord } from "../../support/trie-records.ts";

interface Case {
    readonly name: string;
    readonly keyBytes: number;
    readonly hasValues: boolean;
    readonly records: readonly ByteRecord[];
}

function sample(count: number, keyBytes: number, valueMax: number): ByteRecord[] {
    const random = seededNumbers(count * 64 + keyBytes);
    const byte = (): number => Math.floor(random() * 256);
    return Array.from({ length: count }, (_, i) => {
        const key = Buffer.from(Array.from({ length: keyBytes }, byte));
        if (i % 3 === 0) {
            key.fill(0xa5, 0, keyBytes - 3);
        }
        const length = Math.floor(random() * valueMax);
        return { key, value: Buffer.from(Array.from({ length }, byte)) };
    });
}

const CASES: Case[] = [
    { name: "empty", keyBytes: 8, hasValues: true, records: [] },
    { name: "one node", keyBytes: 8, hasValues: true, records: sample(1, 8, 40) },
    { name: "one page of nodes", keyBytes: 8, hasValues: true, records: sample(20, 8, 100) },
    { name: "many nodes", keyBytes: 8, hasValues: true, records: sample(300, 8, 200) },
    { name: "long values", keyBytes: 8, hasValues: true, records: sample(60, 8, 2000) },
    { name: "many edges", keyBytes: 17, hasValues: false, records: sample(2000, 17, 1) },
    { name: "many files", keyBytes: 32, hasValues: true, records: sample(200, 32, 300) },
];

const pinned = JSON.parse(
    readFileSync(new URL("pinned-roots.json", import.meta.url), "utf8"),
) as Record<string, string>;

function rootOf({ records, keyBytes, hasValues }: Case): string {
    const source = byteSource(records, keyBytes, hasValues);
    const trie = buildTrie(source, Uint32Array.from(records.keys()));
    return Buffer.from(hashTrie(source, trie)).toString("hex");
}

describe("roots of sub-tries", () => {
    test.each(CASES)("$name: as pinned", (one) => {
        expect(rootOf(one)).toBe(pinned[one.name]);
    });

    test("agree with the independent verifier", () => {
        const input = CASES.map(({ keyBytes, hasValues, records }) => ({
            keyBytes,
            hasValues,
            records: records.map(({ key, value }) => [key.toString("hex"), value.toString("hex")]),
        }));
        const answers = verify(JSON.stringify(input));
        // Without python3 the pinned roots, which it once confirmed, stand in for it.
        expect(answers ?? CASES.map(({ name }) => pinned[name])).toEqual(CASES.map(rootOf));
    });
});

test("state and graph root are pinned", () => {
    const parts = {
        nodeRoot: new Uint8Array(32).fill(1),
        edgeRoot: new Uint8Array(32).fill(2),
        fileRoot: new Uint8Array(32).fill(3),
        nodeCount: 10,
        edgeCount: 20,
        fileCount: 30,
    };
    const hex = (root: Uint8Array): string => Buffer.from(root).toString("hex");
    expect(hex(stateRootOf(parts))).toBe(pinned["state root"]);
    expect(hex(graphRootOf(parts))).toBe(pinned["graph root"]);
    expect(hex(graphRootOf({ ...parts, fileRoot: new Uint8Array(32), fileCount: 0 }))).toBe(
        pinned["graph root"],
    );
});

function verify(input: string): string[] | undefined {
    const script = new URL("verify.py", import.meta.url).pathname;
    try {
        return execFileSync("python3", [script], { input, encoding: "utf8" }).trim().split("\n");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
}
