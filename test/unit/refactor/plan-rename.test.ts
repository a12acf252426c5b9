// Plans: where they start, what they are made of, when they may be applied.

import { describe, expect, test } from "vitest";

import type { Refusal } from "../../../src/base/index.ts";
import {
    findRenameTarget,
    isApplicable,
    planRename,
    type RenamePlan,
} from "../../../src/refactor/index.ts";
import { UNOWNED_REASON } from "../../../src/resolve/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import {
    checkRefusal,
    checkRename,
    openFixture,
    planAtCursor,
} from "../../support/rename-check.ts";

function planOf(text: string, newName: string): RenamePlan {
    const plan = planAtCursor(parseFixture(text), newName);
    expect(plan.kind).toBe("plan");
    return plan as RenamePlan;
}

function shownRange(text: string): string {
    const fixture = parseFixture(text);
    const { path, offset } = fixture.cursor!;
    const start = findRenameTarget(openFixture(fixture), path, offset);
    return start.kind === "refusal"
        ? start.code
        : fixture.files.get(path)!.slice(start.span.start, start.span.end);
}

describe("findRenameTarget", () => {
    test.each([
        ["fn ma$0ke() {}", "make"],
        ["fn f() {} fn g() { f$0(); }", "f"],
        ["fn f() {} fn g() { $0f(); }", "f"],
        ["fn f<$0'a>(x: &'a u32) {}", "a"],
        ["fn f<'a$0>(x: &'a u32) {}", "a"],
        ["fn f() { let $0r#type = 1; }", "r#type"],
        ["fn f() { let r#$0type = 1; }", "r#type"],
        ["fn f(x: u32) { assert!($0x > 1); }", "x"],
        ["struct S; impl S { fn f(&s$0elf) {} }", "self"],
        ["fn f(x: &'$0_ str) {}", "_"],
    ])("shows the token of %s", (text, token) => {
        expect(shownRange(text)).toBe(token);
    });

    test.each([
        ["fn f() { 1 $0 + 2; }", "RENAME_NO_NAME"],
        ["fn f() { $01; }", "RENAME_NO_NAME"],
        ["// a comm$0ent", "RENAME_NO_NAME"],
        ["mod m {} use s$0uper::x;", "RENAME_KEYWORD"],
        ["fn f(x: &'sta$0tic str) {}", "RENAME_KEYWORD"],
    ])("refuses %s", (text, code) => {
        expect(shownRange(text)).toBe(code);
    });
});

describe("planRename", () => {
    test("a plan is pinned to the files it touches, and the same every time", () => {
        const text = "fn $0f() {}\nfn g() { f(); }\n";
        const plan = planOf(text, "h");
        expect([...plan.fileHashes.keys()]).toEqual(["src/lib.rs"]);
        expect(plan.edits.map((edit) => edit.span.start)).toEqual([19, 3]);
        expect(plan.proof.verdict).toBe("proved");
        expect(plan.proof.tokens).toBe(3);
        expect(plan.fingerprint).toMatch(/^[0-9a-f]{64}$/);
        expect(planOf(text, "h").fingerprint).toBe(plan.fingerprint);
        expect(planOf(text, "i").fingerprint).not.toBe(plan.fingerprint);
        expect(planOf(`${text}\n// more\n`, "h").fingerprint).not.toBe(plan.fingerprint);
    });

    test("a conflict says its kind, its grade, at most three places, and what to do", () => {
        const uses = "let _ = S { a: 1 }; ".repeat(5);
        const plan = planOf(`struct S { $0a: u32, b: u32 }\nfn f() { ${uses} }\n`, "b");
        const [conflict] = plan.conflicts;
        expect(conflict).toMatchObject({ kind: "duplicate", grade: "error" });
        expect(conflict?.at).toEqual([{ path: "src/lib.rs", line: 0, column: 19 }]);
        for (const { at, advice } of plan.conflicts) {
            expect(at.length).toBeLessThanOrEqual(3);
            expect(advice).toMatch(/another name/);
        }
        const print = planOf("#[derive(Debug)]\nstruct S { $0a: u32 }\n", "b");
        expect(print.conflicts.map(({ advice }) => advice)).toEqual([
            "say yes if the name may change in what the program puts out",
        ]);
    });

    test("a plan that needs a yes is applicable once it is given", () => {
        const plan = planOf("#[derive(Debug)]\nstruct S { $0a: u32 }\n", "b");
        expect(isApplicable(plan)).toBe(false);
        expect(isApplicable(plan, new Set(["breaks-api"]))).toBe(false);
        expect(isApplicable(plan, new Set(["changes-output"]))).toBe(true);
    });

    test("a change of meaning is never applicable", () => {
        const plan = planOf("fn f() { let $0a = 1; let b = 2; let _ = a + b; }", "b");
        expect(plan.proof.verdict).toBe("refuted");
        const all = new Set(["changes-output", "breaks-api", "unproved"] as const);
        expect(isApplicable(plan, all)).toBe(false);
    });

    test("an unproved place needs a yes of its own", () => {
        const plan = planOf("macro_rules! m { () => { f() }; }\nfn $0f() {}\n", "g");
        expect(plan.proof.verdict).toBe("unproved");
        expect(plan.unproved.map(({ path, span }) => [path, span.start])).toEqual([
            ["src/lib.rs", 25],
        ]);
        expect(isApplicable(plan)).toBe(false);
        expect(isApplicable(plan, new Set(["unproved"]))).toBe(true);
    });

    test("says under which predicates it edits, those around a token together", () => {
        const plan = planOf(
            `//- /src/lib.rs crate:app
#[cfg(unix)]
mod sys;
struct S { #[cfg(windows)] $0size: u8, #[cfg(not(windows))] size: u16 }
fn f(s: &S) -> u16 { match s { #[cfg(test)] S { .. } => s.size.into(), _ => 0 } }
#[cfg(feature = "x")]
/// A doc comment stands between.
fn g(s: &S) { #[cfg(not(test))] { let _ = s.size; } }
//- /src/sys.rs
#[cfg(any(feature = "b", feature = "a"))]
fn h(s: &crate::S) { let _ = s.size; }
`,
            "length",
        );
        expect(plan.branches).toEqual([
            'all(any(feature="a",feature="b"),unix)',
            'all(feature="x",not(test))',
            "not(windows)",
            "test",
            "windows",
        ]);
        expect(planOf("fn $0f() {}\nfn g() { f(); }\n", "h").branches).toEqual([]);
    });

    test("what stands in a file that no target reaches is no doubt, and part of the plan", () => {
        const crate = "//- /src/lib.rs crate:app\nfn $0f() {}\n";
        const without = planOf(`${crate}//- /ui/a.rs\nfn main() {}\n`, "g");
        const plan = planOf(`${crate}//- /ui/a.rs\nfn main() { f(); g(); x.f; }\n`, "g");
        expect(plan.proof.verdict).toBe("proved");
        expect(plan.unproved).toEqual([]);
        expect(plan.leftAlone).toEqual(
            [12, 17].map((start) => ({
                path: "ui/a.rs",
                span: { start, end: start + 1 },
                reason: UNOWNED_REASON,
            })),
        );
        expect(isApplicable(plan)).toBe(true);
        expect(without.leftAlone).toEqual([]);
        expect(plan.fingerprint).not.toBe(without.fingerprint);
    });

    test("a file that may be part of a crate before or after the rename stays a doubt", () => {
        const named = (name: string): string =>
            "//- /src/lib.rs crate:app\nmacro_rules! m { ($($i:item)*) => { $($i)* }; }\n" +
            `m! { pub fn $0${name}() {} modules!(); }\n` +
            "//- /src/made.rs\nfn x() { made(); other(); }\n";
        const before = planOf(named("made"), "other");
        expect(before.unproved.map((place) => place.path)).toContain("src/made.rs");
        expect(before.leftAlone).toEqual([]);
        const after = planOf(named("other"), "made");
        expect(after.unproved.map((place) => place.path)).toContain("src/made.rs");
        expect(after.leftAlone).toEqual([]);
    });

    test("a generated file is not edited", () => {
        const fixture = parseFixture("fn $0f() {}\n");
        const context = { ...openFixture(fixture), isGenerated: (): boolean => true };
        const start = findRenameTarget(context, "src/lib.rs", 3);
        expect(start.kind).toBe("start");
        const answer = planRename(context, (start as Exclude<typeof start, Refusal>).target, "g");
        expect(answer).toMatchObject({ kind: "refusal", code: "RENAME_GENERATED_FILE" });
    });

    test("crates and impls are refused when they are named by path", () => {
        const { resolution, ...rest } = openFixture(parseFixture("struct S;\nimpl S {}\n"));
        const kinds = new Map<string, number>();
        for (let index = 0; index < resolution.symbolCount; index++) {
            kinds.set(resolution.symbol(index).kind, index);
        }
        const code = (kind: string): string | undefined => {
            const target = { kind: "symbol", symbol: kinds.get(kind)! } as const;
            const answer = planRename({ resolution, ...rest }, target, "x");
            return answer.kind === "refusal" ? answer.code : undefined;
        };
        expect([code("crate"), code("impl")]).toEqual(["RENAME_CRATE", "RENAME_NO_NAME"]);
    });

    test("a capture in a file that is not edited refutes", () => {
        const plan = planOf(
            `//- /src/lib.rs crate:app
mod a;
pub mod m { pub fn $0size() {} }
pub mod n { pub fn len() {} }
//- /src/a.rs
use crate::m::*;
use crate::n::*;
fn f() { len(); }
`,
            "len",
        );
        expect(plan.edits.map((edit) => edit.path)).toEqual(["src/lib.rs"]);
        expect(plan.proof.verdict).toBe("refuted");
        expect(plan.conflicts.map((one) => one.message)).toEqual([
            "`len` would mean one of several things instead of function `app::n::len`",
        ]);
        expect(plan.proof.refuted.map((place) => place.path)).toEqual(["src/a.rs"]);
    });
});

test("checks say what they expect in one line", () => {
    checkRename("fn $0f() {}\n", "g", "fn g() {}\n");
    checkRefusal("fn $0f() {}\n", "f", "RENAME_SAME_NAME: it is called `f` already");
});
