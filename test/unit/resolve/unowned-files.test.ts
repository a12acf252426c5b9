// Files outside all targets: which are known not to be compiled, and which may be part of a crate.

import { describe, expect, test } from "vitest";

import { Resolver, resolveWorkspace, UNOWNED_REASON } from "../../../src/resolve/index.ts";
import type { ResolvedWorkspace } from "../../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../../src/syntax/index.ts";
import { parseFixture } from "../../support/fixture.ts";

const SYNTAX = await openSyntax();

const ANY = "a macro or an include may make this file part of a crate";
const POSSIBLE = `${ANY} of its package`;

function captureAll(files: ReadonlyMap<string, string>): Map<string, FileCapture> {
    return new Map([...files].map(([path, text]) => [path, SYNTAX.capture(path, text)]));
}

function reasonsIn(resolved: ResolvedWorkspace, path: string): string[] {
    const reasons = resolved
        .occurrencesIn(path)
        .map(({ binding }) => ("reason" in binding ? binding.reason : binding.kind));
    return [...new Set(reasons)];
}

function reasonsOf(text: string, path: string): string[] {
    const fixture = parseFixture(text);
    const captures = captureAll(fixture.files);
    return reasonsIn(resolveWorkspace({ model: fixture.model, captures }), path);
}

describe("a file outside all targets may be part of a crate", () => {
    test.each([
        ["an item-position macro call names it", "modules!(a, stray);", "src/stray.rs"],
        ["a macro's body declares it", "macro_rules! m { () => { mod stray; } }", "src/stray.rs"],
        ["a macro names the folder of a mod.rs", "modules!(stray);", "src/stray/mod.rs"],
        ["an include names it by a bent path", 'include!("a/../stray.rs");', "src/stray.rs"],
        ["an include names it", 'include!("../gen/stray.rs");', "gen/stray.rs"],
        ["an include in a body names it", 'fn f() { include!("stray.rs"); }', "src/stray.rs"],
        [
            "an include of a joined path names it",
            'include!(concat!(env!("D"), "/stray.rs"));',
            "gen/stray.rs",
        ],
        ["an include names it with its own slashes", 'include!("g\\\\stray.rs");', "g/stray.rs"],
        [
            "an attribute of a macro names it",
            '#[load(from = "sys/stray.rs")] mod sys {}',
            "src/sys/stray.rs",
        ],
        ["a declaration is lost to a syntax error", "struct S { mod stray; }", "src/stray.rs"],
        ["macros' tokens do not tell its name", "modules!(union);", "src/union.rs"],
        ["a macro names it in an inline module", "mod a { modules!(stray); }", "src/a/stray.rs"],
        ["a macro names it and a module around it", "modules!(a, stray);", "src/a/stray.rs"],
        [
            "a macro names it where an attribute moves a module",
            '#[path = "../ui"] mod a { modules!(stray); }',
            "ui/stray.rs",
        ],
        [
            "a macro makes modules of names",
            "macro_rules! m { ($n:ident) => { mod $n; } } m!(stray);",
            "src/stray.rs",
        ],
        [
            "a macro hands names to one that makes modules of them",
            "macro_rules! m { ($n:ident) => { mod $n; } } macro_rules! o { ($n:ident) => { m!($n); } } o!(stray);",
            "src/stray.rs",
        ],
        [
            "a macro that is not seen is called beside it",
            "macro_rules! m { ($($t:tt)*) => { $($t)* } } m! { modules!(stray); }",
            "src/stray.rs",
        ],
    ])("when %s", (_, root, path) => {
        const text = `//- /src/lib.rs crate:app\n${root}\n//- /${path}\nfn f() {}\n`;
        expect(reasonsOf(text, path)).toEqual([POSSIBLE]);
    });

    test("when one that may be declares it, through any number of files", () => {
        const text = `//- /src/lib.rs crate:app
modules!(a);
//- /src/a/b/c.rs
fn f() {}
//- /src/a/b.rs
macro_rules! m { () => { mod c; } }
//- /src/a.rs
mod b;
//- /src/a/d.rs
fn f() {}
`;
        expect(reasonsOf(text, "src/a/b/c.rs")).toEqual([POSSIBLE]);
        expect(reasonsOf(text, "src/a/d.rs")).toEqual([UNOWNED_REASON]);
    });
});

describe("a file outside all targets is not compiled", () => {
    test.each([
        ["nothing names it", "fn f() {}", "src/stray.rs"],
        ["only code names it", "fn stray() { stray(); }", "src/stray.rs"],
        ["a string of another file ends alike", 'include!("my_stray.rs");', "src/stray.rs"],
        ["a macro names the mod.rs's own name", "modules!(r#mod);", "src/stray/mod.rs"],
        ["a macro names it where no module looks", "modules!(stray);", "tests/stray.rs"],
        ["a macro names it in no such module", "mod b { modules!(stray); }", "src/a/stray.rs"],
        [
            "a macro takes its text only",
            'const T: &str = include_str!("stray.rs");',
            "src/stray.rs",
        ],
        ["a doc comment takes its text only", '#![doc = include_str!("stray.rs")]', "src/stray.rs"],
        ["another file outside all targets names it", "fn f() {}", "ui/stray.rs"],
        [
            "a macro's body uses the name for something else",
            "macro_rules! m { () => { #[stray] fn f() { stray::x(); } } }",
            "src/stray.rs",
        ],
        [
            "a macro that declares no modules is given the name",
            "macro_rules! m { ($n:ident) => { fn $n() {} } } m!(stray);",
            "src/stray.rs",
        ],
        [
            "the path of another module ends alike",
            '#[path = "../gone/mod.rs"] mod gone;',
            "src/stray/mod.rs",
        ],
    ])("when %s", (_, root, path) => {
        const text =
            `//- /src/lib.rs crate:app\n${root}\n//- /${path}\nfn f() {}\n` +
            '//- /ui/other.rs\nmod stray;\ninclude!("stray.rs");\n';
        expect(reasonsOf(text, path)).toEqual([UNOWNED_REASON]);
    });
});

test("a kept session follows what the bodies of other files include", () => {
    const { files, model } = parseFixture(
        "//- /src/lib.rs crate:app\nfn f() { a(); }\n//- /src/stray.rs\nfn g() {}\n",
    );
    const resolver = new Resolver();
    const captures = captureAll(files);
    const text = 'fn f() { include!("stray.rs"); }\n';
    const changed = new Map(captures).set("src/lib.rs", SYNTAX.capture("src/lib.rs", text));
    const before = resolver.resolve({ model, captures });
    expect(reasonsIn(before, "src/stray.rs")).toEqual([UNOWNED_REASON]);
    const after = resolver.resolve({ model, captures: changed });
    expect(after.source.files).toBe(before.source.files);
    expect(reasonsIn(after, "src/stray.rs")).toEqual([POSSIBLE]);
    expect(reasonsIn(before, "src/stray.rs")).toEqual([UNOWNED_REASON]);
});

test("a file that another package may take in may be part of any crate", () => {
    const text = `
//- /a/src/lib.rs crate:a
//- /b/src/lib.rs crate:b
include!("../../a/src/stray.rs");
//- /a/src/stray.rs
fn f() {}
`;
    expect(reasonsOf(text, "a/src/stray.rs")).toEqual([ANY]);
});
