import { expect, test } from "vitest";

import { parsePatch } from "../../../src/patch/index.ts";

const RENAME = { rename: "bar" };

function refusalOf(patch: unknown): string {
    const read = parsePatch(typeof patch === "string" ? patch : JSON.stringify(patch));
    return read.kind === "refusal" ? `${read.code}: ${read.message}` : "read";
}

test("what is wrong with a patch is said with its place", () => {
    const of = (match: unknown, action: unknown = RENAME): string =>
        refusalOf({ id: "x", patterns: [{ match, action }] });
    expect(of({ node: "Function", ident: "foo" })).toBe("read");
    expect(of({ node: "Functoin", ident: "foo" })).toContain("patterns[0].match.node: ");
    expect(of({ node: "Function", idnet: "foo" })).toContain(
        'patterns[0].match: Unrecognized key: "idnet"',
    );
    expect(of({ sql: "SELECT 1" })).toContain("patterns[0].match.expect: ");
    expect(of({ symbol: "a::b", expect: { min: 2, max: 1 } })).toContain("`min` is above `max`");
    expect(of({ symbol: "a::b" }, { change_visibility: "public" })).toContain("a visibility is");
    expect(refusalOf({ id: "x y", patterns: [] })).toContain("id: letters, digits");
    expect(refusalOf("{")).toContain("PATCH_NOT_JSON: ");
});

test("a binding is made once, before it is used", () => {
    const bound = { match: { bound: "it" }, action: RENAME };
    const making = { match: { symbol: "a", bind: "it" }, action: RENAME };
    expect(refusalOf({ id: "x", patterns: [making, bound] })).toBe("read");
    expect(refusalOf({ id: "x", patterns: [bound, making] })).toContain("PATCH_UNBOUND");
    expect(refusalOf({ id: "x", patterns: [making, making] })).toContain("PATCH_BOUND_TWICE");
});
