// Renames of modules that move files are answered from the session before, where Rust finds each file again.

import { describe, expect, it } from "vitest";

import { repoPath } from "../../../src/base/index.ts";
import { findRenameTarget, planRename, type RenamePlan } from "../../../src/refactor/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture } from "../../support/rename-check.ts";

/** A rename at the cursor, and which of the resolutions that it asked for were derived. */
function rename(text: string, newName: string): { plan: RenamePlan; derived: boolean[] } {
    const fixture = parseFixture(text);
    const context = openFixture(fixture);
    const derived: boolean[] = [];
    const { path, offset } = fixture.cursor!;
    const start = findRenameTarget(context, repoPath(path), offset);
    expect(start.kind).toBe("start");
    const plan = planRename(
        {
            ...context,
            reResolve: (...asked) => {
                const after = context.reResolve(...asked);
                derived.push(after.isDerived);
                return after;
            },
        },
        (start as Extract<typeof start, { kind: "start" }>).target,
        newName,
    );
    expect(plan.kind).toBe("plan");
    return { plan: plan as RenamePlan, derived };
}

const DEEP = `
//- /src/lib.rs crate:main
pub mod $0a;
pub fn f() { a::b::g(1); }
//- /src/a.rs
pub mod b;
pub(super) fn h(x: u8) -> u8 { x }
//- /src/a/b.rs
pub fn g(x: u8) -> u8 { super::h(x) }
`;

describe("a session of files that move", () => {
    it("is derived for a file and its folder, and the proof names the new paths", () => {
        const { plan, derived } = rename(DEEP, "fresh");
        expect(derived).toEqual([true]);
        expect(plan.proof.verdict).toBe("proved");
        expect(plan.moves).toEqual([
            { from: "src/a.rs", to: "src/fresh.rs" },
            { from: "src/a/b.rs", to: "src/fresh/b.rs" },
        ]);
    });

    it("is derived for a folder of an inline module", () => {
        const { plan, derived } = rename(
            `
//- /src/lib.rs crate:main
pub mod $0outer { pub mod inner; }
pub fn f() { outer::inner::g(); }
//- /src/outer/inner.rs
pub fn g() {}
`,
            "fresh",
        );
        expect(derived).toEqual([true]);
        expect(plan.proof.verdict).toBe("proved");
    });

    it("is derived beside a file of the same name that nothing compiles", () => {
        const { plan, derived } = rename(`${DEEP}//- /notes/a.rs\npub fn z() {}\n`, "fresh");
        expect(derived).toEqual([true]);
        expect(plan.proof.verdict).toBe("proved");
    });

    it("is made anew where a file that nothing compiles moves along", () => {
        const { plan, derived } = rename(`${DEEP}//- /src/a/stray.rs\npub fn z() {}\n`, "fresh");
        expect(derived).toEqual([false]);
        expect(plan.moves.map(({ from }) => from)).toContain("src/a/stray.rs");
    });
});

describe("a derived session", () => {
    it("takes no other import of an edited file for one that may change", () => {
        const { derived } = rename(
            `
//- /src/lib.rs crate:main
use std::error;
pub struct S;
impl S { pub fn $0error(&self) {} }
pub fn f(s: &S, _: &dyn error::Error) { s.error(); }
`,
            "fresh",
        );
        expect(derived).toEqual([true]);
    });

    const twoSpaces = `
//- /src/lib.rs crate:main
pub mod a { pub struct S; }
pub use b::*;
pub mod b {
    use crate::a::S;
    pub fn a(_: S) {}
    pub fn g() { a(S); crate::a(crate::a::S); }
}
pub fn h() { a(a::S); }
`;

    it.each([
        ["the function", twoSpaces.replace("pub fn a(", "pub fn $0a(")],
        ["the module", twoSpaces.replace("pub mod a {", "pub mod $0a {")],
    ])("knows what one scope has twice by name spaces: %s", (_, text) => {
        const { plan, derived } = rename(text, "fresh");
        expect(derived).toEqual([true]);
        expect(plan.proof.verdict).toBe("proved");
    });

    it("is none where one name space has what moves and what stays", () => {
        const { derived } = rename(
            `
//- /src/lib.rs crate:main
#[cfg(unix)]
pub mod $0a { pub fn f() {} }
#[cfg(windows)]
pub use b::c as a;
pub mod b { pub mod c { pub fn f() {} } }
pub fn g() { a::f(); }
`,
            "fresh",
        );
        expect(derived).not.toEqual([true]);
    });

    it.each([
        ["2021", [true]],
        ["2015", [false]],
    ])("asks the root for an import's first name in edition 2015 alone: %s", (edition, wanted) => {
        const { derived } = rename(
            `
//- /src/lib.rs crate:main edition:${edition}
pub mod $0error { pub struct E; }
pub mod parser {
    mod error { pub struct P; }
    pub use ${edition === "2015" ? "self::" : ""}error::P;
    pub use ${edition === "2015" ? "error" : "crate::error"}::E;
}
`,
            "fresh",
        );
        expect(derived.slice(0, 1)).toEqual(wanted);
    });

    it("lets a macro's body mean what only the other name was a doubt of", () => {
        const { plan, derived } = rename(
            `
//- /src/lib.rs crate:main
mod a {
    macro_rules! $0each { ($x:ident) => { fn $x() {} } }
    each!(one);
}
mod b {
    macro_rules! each { ($x:ident) => { fn $x() {} } }
    macro_rules! all { ($x:ident) => { each!($x); } }
    all!(two);
}
`,
            "fresh",
        );
        expect(derived.at(-1)).toBe(true);
        expect(plan.proof.verdict).toBe("proved");
    });

    it("is none where one import brings what moves and what stays", () => {
        const { derived } = rename(
            `
//- /src/lib.rs crate:main
pub mod m { pub fn $0a() {} pub mod a { pub struct S; } }
use m::a;
pub fn g() -> a::S { a(); a::S }
`,
            "fresh",
        );
        expect(derived).toEqual([false]);
    });
});
