// Types of rustdoc's JSON as Rust writes them.

import { describe, expect, test } from "vitest";

import { readDocument } from "../../../src/capture/types/rustdoc-types.ts";
import type { ToldType } from "../../../src/capture/types/told-types.ts";

const PATHS = {
    "1": { path: ["alloc", "vec", "Vec"], kind: "struct" },
    "2": { path: ["orrery", "Planet"], kind: "struct" },
    "3": { path: ["core", "ops", "function", "Fn"], kind: "trait" },
};

const PLANET = { resolved_path: { path: "Planet", id: 2, args: null } };

function vecOf(type: unknown): unknown {
    const args = { angle_bracketed: { args: [{ type }], constraints: [] } };
    return { resolved_path: { path: "Vec", id: 1, args } };
}

function span(begin: [number, number], end: [number, number]): unknown {
    return { filename: "src/lib.rs", begin, end };
}

function typesOf(items: readonly object[], format = 57): readonly ToldType[] {
    const files = new Map<string, ToldType[]>();
    const index = Object.fromEntries(
        items.map((item, at) => [String(at), { crate_id: 0, span: span([3, 1], [5, 2]), ...item }]),
    );
    expect(readDocument({ format_version: format, index, paths: PATHS }, files)).toBe("");
    return files.get("src/lib.rs") ?? [];
}

/** The text of a type as the return type of a function has it. */
function written(type: unknown): string | undefined {
    const sig = { inputs: [], output: type, is_c_variadic: false };
    const [told] = typesOf([{ name: "f", inner: { function: { sig } } }]);
    return told?.parts.map(({ text }) => text).join("");
}

describe("a document", () => {
    test("tells of parameters without self, of results, fields and values, with places from 0", () => {
        const sig = {
            inputs: [
                ["self", { generic: "Self" }],
                ["many", vecOf(PLANET)],
                ["one", { primitive: "u8" }],
            ],
            output: PLANET,
        };
        const told = typesOf([
            { name: "fall", inner: { function: { sig } } },
            { name: "mass", inner: { struct_field: { primitive: "f64" } } },
            { name: "G", inner: { constant: { type: { primitive: "f64" } } } },
            { name: null, inner: { impl: { for: PLANET, trait: null } } },
        ]);
        expect(
            told.map(({ name, role, position, parts }) => [
                name,
                role,
                position,
                parts.map(({ text }) => text).join(""),
            ]),
        ).toEqual([
            ["fall", "parameter", 0, "alloc::vec::Vec<orrery::Planet>"],
            ["fall", "parameter", 1, "u8"],
            ["fall", "return", 0, "orrery::Planet"],
            ["mass", "field", 0, "f64"],
            ["G", "value", 0, "f64"],
            ["", "self", 0, "orrery::Planet"],
        ]);
        expect([told[0]?.from, told[0]?.to]).toEqual([
            [2, 0],
            [4, 1],
        ]);
        expect(told[0]?.parts.map(({ path }) => path)).toEqual([
            "alloc::vec::Vec",
            "",
            "orrery::Planet",
            "",
        ]);
    });

    test("leaves out what is made for no text, and what lies elsewhere", () => {
        expect(
            typesOf([
                { name: null, inner: { impl: { for: PLANET, is_synthetic: true } } },
                { name: null, inner: { impl: { for: PLANET, blanket_impl: PLANET } } },
                { name: "x", crate_id: 4, inner: { struct_field: PLANET } },
                { name: "y", span: null, inner: { struct_field: PLANET } },
            ]),
        ).toEqual([]);
    });

    test("of a format that is not known is left alone, with the reason", () => {
        const files = new Map<string, ToldType[]>();
        expect(readDocument({ format_version: 9000, index: {}, paths: {} }, files)).toContain(
            "9000",
        );
        expect(files.size).toBe(0);
    });
});

describe("a type", () => {
    const unit = { tuple: [] };
    test.each([
        ["()", unit],
        ["(u8,)", { tuple: [{ primitive: "u8" }] }],
        ["(u8, T)", { tuple: [{ primitive: "u8" }, { generic: "T" }] }],
        ["[u8]", { slice: { primitive: "u8" } }],
        ["[u8; N]", { array: { type: { primitive: "u8" }, len: "N" } }],
        ["_", "infer"],
        [
            "&'a mut str",
            { borrowed_ref: { lifetime: "'a", is_mutable: true, type: { primitive: "str" } } },
        ],
        ["*const u8", { raw_pointer: { is_mutable: false, type: { primitive: "u8" } } }],
        ["alloc::vec::Vec<alloc::vec::Vec<T>>", vecOf(vecOf({ generic: "T" }))],
        [
            "dyn core::ops::function::Fn(u8) -> T + 'a",
            {
                dyn_trait: {
                    traits: [
                        {
                            trait: {
                                path: "Fn",
                                id: 3,
                                args: {
                                    parenthesized: {
                                        inputs: [{ primitive: "u8" }],
                                        output: { generic: "T" },
                                    },
                                },
                            },
                        },
                    ],
                    lifetime: "'a",
                },
            },
        ],
        [
            "impl Iterator<Item = u8> + ?Sized + 'a",
            {
                impl_trait: [
                    {
                        trait_bound: {
                            trait: {
                                path: "Iterator",
                                id: 77,
                                args: {
                                    angle_bracketed: {
                                        args: [],
                                        constraints: [
                                            {
                                                name: "Item",
                                                binding: {
                                                    equality: { type: { primitive: "u8" } },
                                                },
                                            },
                                        ],
                                    },
                                },
                            },
                            modifier: "none",
                        },
                    },
                    { trait_bound: { trait: { path: "Sized", id: 78 }, modifier: "maybe" } },
                    { outlives: "'a" },
                ],
            },
        ],
        [
            "unsafe fn(u8) -> T",
            {
                function_pointer: {
                    sig: { inputs: [["x", { primitive: "u8" }]], output: { generic: "T" } },
                    header: { is_unsafe: true },
                },
            },
        ],
        [
            "<T as core::ops::function::Fn>::Output",
            {
                qualified_path: {
                    name: "Output",
                    args: null,
                    self_type: { generic: "T" },
                    trait: { path: "Fn", id: 3, args: null },
                },
            },
        ],
    ])("%s", (text, type) => {
        expect(written(type)).toBe(text);
    });
});
