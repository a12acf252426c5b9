import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
    displayPath,
    encodeCanonicalPath,
    formatNodeId,
    nodeIdOf,
    parseCanonicalPath,
    parseNodeId,
    SYMBOL_KINDS,
    type CanonicalPath,
    type NodeId,
    type PathSegment,
} from "../../../src/graph/index.ts";

const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...Array.from("%/#~:@.<>[] \n\u{85}ä")), fc.string()),
});
const segment: fc.Arbitrary<PathSegment> = fc.record(
    {
        kind: fc.constantFrom(...SYMBOL_KINDS),
        namespace: fc.constantFrom("type", "value", "macro", "none"),
        name: text,
        cfg: text,
        ordinal: fc.integer({ min: 1, max: 1 << 30 }),
    },
    { requiredKeys: ["kind", "namespace", "name"] },
);
const path: fc.Arbitrary<CanonicalPath> = fc.record({
    origin: fc.oneof(
        fc.record({
            kind: fc.constant("workspace" as const),
            folder: text,
            package: text,
            targetKind: text,
            targetName: text,
        }),
        fc.record({
            kind: fc.constant("external" as const),
            package: text,
            version: text,
            source: text,
        }),
    ),
    segments: fc.array(segment, { maxLength: 5 }),
});

const method: CanonicalPath = {
    origin: {
        kind: "workspace",
        folder: "crates/core",
        package: "grep-core",
        targetKind: "lib",
        targetName: "grep_core",
    },
    segments: [
        { kind: "module", namespace: "type", name: "search" },
        { kind: "struct", namespace: "type", name: "Worker", cfg: 'all(unix, feature = "x")' },
        { kind: "method", namespace: "value", name: "run", ordinal: 2 },
    ],
};

describe("canonical paths", () => {
    test("are readable", () => {
        expect(encodeCanonicalPath(method)).toBe(
            "ws:crates/core#grep-core/lib:grep_core/module.type:search" +
                '/struct.type:Worker#all(unix, feature = "x")/method.value:run~2',
        );
        expect(
            encodeCanonicalPath({
                origin: {
                    kind: "external",
                    package: "serde",
                    version: "1.0.152",
                    source: "registry+https://github.com/rust-lang/crates.io-index",
                },
                segments: [{ kind: "trait", namespace: "type", name: "Serialize" }],
            }),
        ).toBe(
            "ext:registry+https://github.com/rust-lang/crates.io-index#serde@1.0.152/trait.type:Serialize",
        );
    });

    test("come back as they were", () => {
        fc.assert(
            fc.property(path, (one) => {
                expect(parseCanonicalPath(encodeCanonicalPath(one))).toEqual(one);
            }),
        );
    });

    test("have one text each", () => {
        fc.assert(
            fc.property(path, path, (one, other) => {
                const equal = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
                expect(encodeCanonicalPath(one) === encodeCanonicalPath(other)).toBe(equal);
            }),
        );
    });

    test("of children begin with the parent's", () => {
        const parent = encodeCanonicalPath({ ...method, segments: method.segments.slice(0, -1) });
        expect(encodeCanonicalPath(method).startsWith(`${parent}/`)).toBe(true);
    });

    test.each([
        "",
        "grep",
        "ws:crates/core",
        "ws:.#grep",
        "ws:.#grep/lib",
        "ws:.#grep/lib:grep/",
        "ws:.#grep/lib:grep/function:run",
        "ws:.#grep/lib:grep/thing.value:run",
        "ws:.#grep/lib:grep/function.value:run~0",
        "ws:.#grep/lib:grep/function.value:run~01",
        "ws:.#grep/lib:grep/function.value:r%4",
        "ws:.#grep/lib:grep/function.value:r%75n",
        "ws:.#grep/lib:grep/function.value:a#b#c",
        "ext:std",
        "ext:#std",
    ])("refuses %j", (bad) => {
        expect(() => parseCanonicalPath(bad)).toThrow(
            expect.objectContaining({ code: "GRAPH_BAD_PATH" }),
        );
    });

    test("are shown as a person writes them", () => {
        expect(displayPath(method)).toBe("grep_core::search::Worker::run");
        const inImpl: CanonicalPath = {
            ...method,
            segments: [
                { kind: "module", namespace: "type", name: "search" },
                { kind: "impl", namespace: "none", name: "<Worker as Drop>" },
                { kind: "method", namespace: "value", name: "drop" },
            ],
        };
        expect(displayPath(inImpl)).toBe("<Worker as Drop>::drop");
        expect(
            displayPath({
                ...method,
                segments: [{ kind: "crate", namespace: "type", name: "gc" }],
            }),
        ).toBe("gc");
    });
});

describe("node ids", () => {
    test("are the first eight bytes of SHA-256, big-endian", () => {
        // sha256("abc") = ba7816bf 8f01cfea …
        expect(nodeIdOf("abc")).toBe(0xba7816bf8f01cfean);
    });

    test("are written as 16 digits and read back", () => {
        expect(formatNodeId(10n as NodeId)).toBe("000000000000000a");
        fc.assert(
            fc.property(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }), (id) => {
                expect(parseNodeId(formatNodeId(id as NodeId))).toBe(id);
            }),
        );
    });

    test.each(["", "1", "000000000000000A", "0x00000000000000", "00000000000000000"])(
        "refuses %j",
        (bad) => {
            expect(() => parseNodeId(bad)).toThrow(
                expect.objectContaining({ code: "GRAPH_BAD_ID" }),
            );
        },
    );
});

function sorted(value: CanonicalPath): unknown {
    return {
        origin: Object.entries(value.origin).sort(),
        segments: value.segments.map((one) => Object.entries(one).sort()),
    };
}
