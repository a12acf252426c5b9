// When a rename can bring a trait into a scope or out of it: two things of a name, of which one may be a trait.

import { expect, test } from "vitest";

import type { ComparedCrate } from "../../../src/capture/rustc/compare/compared-crates.ts";
import { PlainMacros } from "../../../src/capture/rustc/compare/plain-macros.ts";
import { mayMoveTraits } from "../../../src/capture/rustc/compare/trait-scopes.ts";

function crate(name: string, text: string): ComparedCrate {
    return {
        record: {
            ...{ name: `${name}-0`, rustc: "rustc", cwd: "/w", env: {} },
            args: ["--crate-name", name, "--extern", "log=/t/liblog-0.rmeta"],
        },
        files: [`/w/${name}.rs`],
        texts: [text],
    };
}

/** Whether `Tall` to `Wide` may do so. */
function moves(text: string, newName = "Wide"): boolean {
    const crates = [crate("tiles", text), crate("other", "")];
    const macros = new PlainMacros(crates, ["Tall", newName]);
    return mayMoveTraits(crates, [{ oldName: "Tall", newName }], macros);
}

test.each([
    ["a trait gets a struct's name", "trait Tall {} struct Wide;"],
    ["a struct gets a trait's", "struct Tall; trait Wide {}"],
    ["a struct had a trait's name", "mod a { struct Tall; } trait Tall {}"],
    ["a trait gets a variant's name", "trait Tall {} enum E { A(u8), #[x] Wide { a: u8 } }"],
    ["a trait gets an alias", "trait Tall {} use a::b as Wide;"],
    ["a struct gets the name of an import from elsewhere", "struct Tall; use std::fmt::Wide;"],
    ["a struct gets the name of something that a macro makes", "struct Tall; make!(Wide);"],
    ["another crate may have the name", "struct Tall; use log::*;"],
])("it may where %s", (_, text) => {
    expect(moves(text)).toBe(true);
});

test("it may where a struct gets the name of a trait of the prelude", () => {
    expect(moves("struct Tall;", "Iterator")).toBe(true);
    expect(moves("trait Tall {}", "Vec")).toBe(true);
    expect(moves("struct Tall;", "Vec")).toBe(false);
});

test.each([
    ["a trait gets a fresh name", "trait Tall {} use crate::Tall; impl Tall for u8 {}"],
    ["a struct gets another's name", "struct Tall; mod a { struct Wide; }"],
    ["a function or a member is renamed", "trait A { fn Tall(&self); } trait Wide {}"],
    ["a longer name has it", "struct Tall; trait Wider {} enum E { Wides }"],
])("it does not where %s", (_, text) => {
    expect(moves(text)).toBe(false);
});
