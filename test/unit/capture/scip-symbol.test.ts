// The names of a SCIP index, read into their parts.

import { describe, expect, test } from "vitest";

import {
    crateNameOf,
    isCrateRoot,
    isMemberTerm,
    parseScipSymbol,
    readableScipPath,
} from "../../../src/capture/index.ts";

const CORE = "rust-analyzer cargo core https://github.com/rust-lang/rust/library/core ";

function readable(text: string): string {
    return readableScipPath(parseScipSymbol(text)!);
}

describe("parseScipSymbol", () => {
    test("reads packages and descriptors of all kinds", () => {
        expect(parseScipSymbol("rust-analyzer cargo my-crate 1.0.0 a/T#f().")).toEqual({
            package: "my-crate",
            descriptors: [
                { name: "a", suffix: "namespace" },
                { name: "T", suffix: "type" },
                { name: "f", suffix: "method" },
            ],
        });
        const suffixes = parseScipSymbol("s m p v a!b.[c](d)`x y`#e:f(+1).")!.descriptors;
        expect(suffixes.map(({ suffix }) => suffix)).toEqual([
            "macro",
            "term",
            "generic",
            "other",
            "type",
            "other",
            "method",
        ]);
    });

    test("reads what is quoted, with quotes in it", () => {
        expect(parseScipSymbol("s m p v `a``b c`#")!.descriptors).toEqual([
            { name: "a`b c", suffix: "type" },
        ]);
    });

    test("knows locals and what is no name", () => {
        for (const text of ["local 3", "", "a b", "s m p v a", "s m p v [a", "s m p v `a#"]) {
            expect(parseScipSymbol(text)).toBeUndefined();
        }
    });
});

describe("paths that a person reads", () => {
    test("leave out the impl that holds an item", () => {
        expect(readable(`${CORE}option/impl#[\`Option<T>\`]map().`)).toBe("core::option::map");
        expect(readable(`${CORE}iter/traits/iterator/Iterator#next().`)).toBe(
            "core::iter::traits::iterator::Iterator::next",
        );
    });

    test("name a crate as code does", () => {
        const root = parseScipSymbol("rust-analyzer cargo my-crate 1.0.0 crate/")!;
        expect(isCrateRoot(root)).toBe(true);
        expect(crateNameOf(root)).toBe("my_crate");
        expect(readableScipPath(root)).toBe("my_crate");
    });

    test("tell fields from statics", () => {
        const isField = (text: string): boolean =>
            isMemberTerm(parseScipSymbol(`s m p v ${text}`)!);
        expect(isField("a/T#x.")).toBe(true);
        expect(isField("a/X.")).toBe(false);
        expect(isField("a/T#x().")).toBe(false);
    });
});
