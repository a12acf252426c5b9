// The stored form of evidence: docs/formats/evidence.md.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import {
    decodeUnitEvidence,
    encodeFileEvidence,
    encodeUnitEvidence,
    EVIDENCE_FORMAT,
    restampUnitEvidence,
} from "../../../../src/resolve/evidence/evidence-codec.ts";
import type { FileEvidence } from "../../../../src/resolve/evidence/model.ts";

const FACTS: FileEvidence = {
    start: Uint32Array.of(3, 70_000),
    length: Uint16Array.of(2, 5),
    segment: Uint32Array.of(0, 2),
    ordinal: Uint32Array.of(1, 9),
    inside: Uint16Array.of(0, 4),
    role: Uint8Array.of(1, 2),
    flags: Uint8Array.of(0, 1),
    target: Uint32Array.of(1, 0),
    targets: [
        { kind: "symbols", ids: ["00000000000000ff"] },
        { kind: "local", segment: 0, ordinal: 1, start: 3, end: 5 },
    ],
    implicit: {
        segment: Uint32Array.of(2),
        cause: Uint8Array.of(6),
        owner: Uint32Array.of(0),
        callee: Uint32Array.of(0),
    },
};

const UNIT = {
    key: "app-lib",
    frontend: "rustc" as const,
    factsHash: "f00d",
    crateId: "0123456789abcdef",
    configurations: ["default"],
    fingerprint: "ab".repeat(32),
    implicit: { mapped: 1, outside: 2, notMapped: 3 },
};

function encoded(): Uint8Array {
    const bytes = encodeFileEvidence(FACTS);
    const file = { path: "src/lib.rs", contentHash: "cc", segments: ["s0", "s1"], factCount: 2 };
    return encodeUnitEvidence(UNIT, [
        { ...file, bytes },
        { ...file, path: "src/two.rs", bytes },
    ]);
}

describe("a unit of evidence", () => {
    it("comes back as it was stored, a file at a time", () => {
        const { files, ...unit } = decodeUnitEvidence(encoded())!;
        expect(unit).toEqual(UNIT);
        expect([...files.keys()]).toEqual(["src/lib.rs", "src/two.rs"]);
        expect(files.get("src/two.rs")).toMatchObject({ segments: ["s0", "s1"], factCount: 2 });
        expect(files.get("src/two.rs")!.load()).toEqual(FACTS);
    });

    it("is laid out as documented", () => {
        const page = readFileSync(
            new URL("../../../../docs/formats/evidence.md", import.meta.url),
            "utf8",
        );
        expect(page).toContain(`| \`format\` | ${EVIDENCE_FORMAT} |`);
        const [hash, header] = Buffer.from(encoded()).toString("latin1").split("\n");
        expect(createHash("sha256").update(header!, "latin1").digest("hex")).toBe(hash);
        for (const name of Object.keys(JSON.parse(header!) as object)) {
            expect(page).toContain(`\`${name}\``);
        }
    });

    it("is nothing when its header is damaged, and lacks the file whose part is", () => {
        const bytes = encoded();
        const head = new Uint8Array(bytes);
        head[100]! ^= 1;
        expect(decodeUnitEvidence(head)).toBeUndefined();
        expect(decodeUnitEvidence(bytes.subarray(0, 40))).toBeUndefined();
        const part = new Uint8Array(bytes);
        part[part.length - 3]! ^= 1;
        const unit = decodeUnitEvidence(part)!;
        expect(unit.files.get("src/lib.rs")!.load()).toEqual(FACTS);
        expect(unit.files.get("src/two.rs")!.load()).toBeUndefined();
        const cut = decodeUnitEvidence(bytes.subarray(0, bytes.length - 1))!;
        expect(cut.files.get("src/two.rs")!.load()).toBeUndefined();
    });

    it("takes another fingerprint without a change of its facts", () => {
        const change = { fingerprint: "cd".repeat(32), configurations: ["default", "tests"] };
        const unit = decodeUnitEvidence(restampUnitEvidence(encoded(), change))!;
        expect(unit).toMatchObject(change);
        expect(unit.files.get("src/lib.rs")!.load()).toEqual(FACTS);
    });
});
