// Control flow from the compiler's bodies to a shard, and from the shard to a text: docs/formats/control-flow.md.

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { FlowShard } from "../../../../src/capture/index.ts";
import { blockNodeId, type NodeId } from "../../../../src/graph/index.ts";
import { decodeFlowShard, FLOW_FORMAT } from "../../../../src/resolve/evidence/flow-codec.ts";
import { flowOfItem } from "../../../../src/resolve/evidence/flow-of-item.ts";
import {
    captureFiles,
    factsOf,
    flowShardOf,
    parseFixture,
    placeOf,
    resolveWith,
    type Word,
} from "../../../support/facts.ts";

const LIB = "src/lib.rs";
const FIXTURE = parseFixture(`
pub struct Wrapped(pub u8);
pub fn pick(a: bool) -> u8 {
    if a { one() } else { two() }
}
pub fn one() -> u8 { 1 }
pub fn two() -> u8 { let f = || one(); f() }
`);

const FACTS = factsOf(FIXTURE, {
    unit: { packageName: "main" },
    defines: [
        ["main[0a1b]", "Mod"],
        ["main[0a1b]::Wrapped", "Struct", [LIB, "Wrapped", 0]],
        ["main[0a1b]::pick", "Fn", [LIB, "pick", 0]],
        ["main[0a1b]::two", "Fn", [LIB, "two", 1]],
    ],
    uses: [],
});

function body(owner: string, words: readonly (Word | undefined)[], edges: readonly number[]) {
    return {
        owner,
        blockFile: Int32Array.from(words, (word) => (word === undefined ? -1 : 0)),
        blockSpan: Uint32Array.from(
            words.flatMap((word) => {
                const { start, end } =
                    word === undefined ? { start: 0, end: 0 } : placeOf(FIXTURE, word);
                return [start, end];
            }),
        ),
        edges: Uint32Array.from(edges),
    };
}

const FLOW: FlowShard = {
    compiler: "c0ffee",
    unit: FACTS.unit,
    files: FACTS.files,
    bodies: [
        body(
            "main::pick",
            [[LIB, "a", 1], [LIB, "one", 0], [LIB, "two", 0], undefined],
            [0, 1, 0, 2, 1, 3, 2, 3],
        ),
        body("main::two::{closure#0}", [[LIB, "one", 2]], []),
        body("main::two", [[LIB, "f", 1]], []),
        body("main::Wrapped::{constructor#0}", [[LIB, "Wrapped", 0]], []),
        body("main::lost", [undefined], []),
    ],
};

const BYTES = flowShardOf(FIXTURE, FACTS, FLOW);
const RESOLVED = resolveWith(FIXTURE, []);

function idOf(path: string): NodeId {
    return RESOLVED.symbol(RESOLVED.findByPath(path)[0]!).id;
}

function read(path: string, text = FIXTURE.files.get(LIB)!): ReturnType<typeof flowOfItem> {
    const captures = captureFiles({ ...FIXTURE, files: new Map([[LIB, text]]) });
    return flowOfItem(decodeFlowShard(BYTES)!, idOf(path), { captures, textOf: () => text });
}

describe("a shard of control flow", () => {
    it("gives an item's blocks where they stand, and its closures'", () => {
        const found = read("main::pick");
        const places = [[LIB, "a", 1] as Word, [LIB, "one", 0] as Word, [LIB, "two", 0] as Word];
        expect(found).toEqual({
            kind: "flow",
            bodies: [
                {
                    part: "",
                    sites: [
                        ...places.map((word) => ({
                            path: LIB,
                            start: placeOf(FIXTURE, word).start,
                        })),
                        undefined,
                    ],
                    edgeFrom: Uint32Array.of(0, 0, 1, 2),
                    edgeTo: Uint32Array.of(1, 2, 3, 3),
                },
            ],
        });
        const two = read("main::two");
        expect(two.kind === "flow" && two.bodies.map((one) => one.part)).toEqual([
            "",
            "{closure#0}",
        ]);
    });

    it("has nothing of what is no body, or of no known item", () => {
        expect(read("main::Wrapped")).toEqual({ kind: "none" });
        expect(read("main::one")).toEqual({ kind: "none" });
        expect(decodeFlowShard(BYTES)!.columns.owner.length).toBe(3);
    });

    it("finds blocks again after comments and edits of other bodies, and is stale after its own", () => {
        const text = FIXTURE.files.get(LIB)!;
        const moved = `// first\n${text.replace("{ 1 }", "{ 1 + 1 }")}`;
        const found = read("main::pick", moved);
        expect(found.kind === "flow" && found.bodies[0]!.sites[1]).toEqual({
            path: LIB,
            start: moved.indexOf("one()"),
        });
        expect(read("main::pick", text.replace("if a", "if !a"))).toEqual({ kind: "stale" });
    });

    it("is taken for absent when it is damaged or of another version", () => {
        const damaged = new Uint8Array(BYTES);
        damaged[damaged.length - 1]! ^= 1;
        expect(decodeFlowShard(damaged)).toBeUndefined();
        expect(decodeFlowShard(BYTES.subarray(0, 30))).toBeUndefined();
    });

    it("is laid out as documented", () => {
        const page = readFileSync(
            new URL("../../../../docs/formats/control-flow.md", import.meta.url),
            "utf8",
        );
        const { header, columns } = decodeFlowShard(BYTES)!;
        expect(page).toContain(`| \`format\` | ${FLOW_FORMAT} |`);
        for (const name of [...Object.keys(header), ...Object.keys(columns)]) {
            expect(page).toContain(`\`${name}\``);
        }
    });

    it("has ids of blocks that say which they are", () => {
        const id = idOf("main::pick");
        const ids = [
            blockNodeId(id, "", 0),
            blockNodeId(id, "", 1),
            blockNodeId(id, "{closure#0}", 0),
            blockNodeId(idOf("main::two"), "", 0),
        ];
        expect(new Set(ids).size).toBe(4);
        expect(blockNodeId(0x1fn as NodeId, "{closure#0}", 12)).toBe(PINNED);
    });
});

/** First 8 bytes of SHA-256 over `000000000000001f {closure#0} bb12`. */
const PINNED = 0xf260a703c5dbbaf3n;
