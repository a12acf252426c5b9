import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { PROOF_FORMAT_VERSION } from "../../../src/graphstore/index.ts";
import {
    encodeRootHeader,
    ROOT_HEADER_BYTES,
    STATE_SCHEMA_VERSION,
} from "../../../src/merkle/index.ts";

const page = (name: string): string =>
    readFileSync(new URL(`../../../docs/formats/${name}`, import.meta.url), "utf8");

test("the versions in the documents are those of the code", () => {
    expect(page("root-header.md")).toContain(`Schema version: ${STATE_SCHEMA_VERSION},`);
    expect(page("root-header.md")).toContain(`\n${ROOT_HEADER_BYTES} bytes.\n`);
    expect(page("proof.md")).toContain(`Format version: ${PROOF_FORMAT_VERSION}.`);
});

test("each field of a root header stands where its table says", () => {
    const rows = [...page("root-header.md").matchAll(/^\| (\d+) +\| (\d+) +\| ([^|]+?) +\|$/gmu)];
    const table = rows.map(([, offset, bytes]) => [Number(offset), Number(bytes)] as const);
    const ends = table.map(([offset, bytes]) => offset + bytes);
    expect(table.map(([offset]) => offset)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(ROOT_HEADER_BYTES);
    const none = {
        commitCount: 0,
        deltaCount: 0,
        previous: new Uint8Array(32),
        stateRoot: new Uint8Array(32),
        logOffset: 0,
        logHash: new Uint8Array(32),
        nodeCount: 0,
        edgeCount: 0,
        fileCount: 0,
        timeMs: 0,
    };
    const hash = new Uint8Array(32).fill(1);
    const changes = [
        { commitCount: 1 },
        { deltaCount: 1 },
        { previous: hash },
        { stateRoot: hash },
        { logOffset: 1 },
        { logHash: hash },
        { nodeCount: 1, edgeCount: 1, fileCount: 1 },
        { timeMs: 1 },
    ];
    for (const [row, change] of changes.entries()) {
        const bytes = encodeRootHeader({ ...none, ...change });
        const changed = [...bytes.keys()].filter((at) => bytes[at] !== 0);
        const [offset, length] = table[row]!;
        expect(changed[0]).toBe(offset);
        expect(changed.every((at) => at < offset + length)).toBe(true);
    }
});
