// Changes of names in a workspace of several crates, compared in copies that leave out what the names cannot matter to.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
    ChangeComparison,
    DEFAULT_CONFIGURATION,
    readCrates,
    WorkspaceChecker,
    type ComparedChange,
    type ComparedCrate,
} from "../../../src/capture/index.ts";

const HAS_RUSTC = ["cargo", "rustc"].every(
    (program) => spawnSync(program, ["--version"]).status === 0,
);
const LIMIT_MS = 120_000;

const TABLE = Array.from({ length: 40 }, (_, at) => `${at},`).join(" ");

const FILES: Readonly<Record<string, string>> = {
    "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["base", "middle", "top", "rules"]\n',
    "base/Cargo.toml": '[package]\nname = "base"\nversion = "0.1.0"\nedition = "2021"\n',
    "base/src/lib.rs": `pub mod parts;
pub struct Wall(pub u32);
impl Wall {
    pub fn size(&self) -> u32 { self.0 }
    pub fn width(&self) -> u32 { let wide = self.0 + 1; wide * 2 }
}
#[macro_export]
macro_rules! measure { ($wall:expr) => { $wall.size() } }
pub static TABLE: &[u32] = &[${TABLE}];
`,
    "base/src/parts.rs": `pub fn part() -> u32 { let part_of_it = 3; part_of_it }
pub mod kinds {
    pub trait Tall { fn height(&self) -> u32 { 1 } }
    impl Tall for Box<crate::Wall> {}
}
impl crate::Wall { pub fn height(&self) -> u32 { 2 } }
pub mod asked {
    use super::kinds::*;
    pub struct Wide;
    pub fn height_of(wall: Box<crate::Wall>) -> u32 { let it = wall; it.height() }
}
`,
    "middle/Cargo.toml":
        '[package]\nname = "middle"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nbase = { path = "../base" }\nrules = { path = "../rules" }\n',
    "middle/src/lib.rs": `pub use base::Wall;
rules::nothing!();
pub fn double(wall: &Wall) -> u32 { let twice = wall.width(); twice * 2 }
`,
    "top/Cargo.toml":
        '[package]\nname = "top"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nmiddle = { path = "../middle" }\nbase = { path = "../base" }\n',
    "top/src/lib.rs": `use middle::Wall;
pub trait Other { fn extent(&self) -> u32 { 7 } }
impl Other for Wall {}
pub fn ask(wall: &Wall) -> u32 { wall.extent() + base::measure!(wall) }
#[cfg(test)]
mod tests {
    #[test]
    fn asks() { assert_eq!(super::ask(&super::Wall(1)), 8); }
}
`,
    "rules/Cargo.toml":
        '[package]\nname = "rules"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n',
    "rules/src/lib.rs": `use proc_macro::TokenStream;
#[proc_macro]
pub fn nothing(input: TokenStream) -> TokenStream { assert!(input.is_empty()); made() }
fn made() -> TokenStream { "pub fn made_by_rule() -> u32 { 1 + 2 }".parse().unwrap() }
`,
};

describe.runIf(HAS_RUSTC)("changes compared in copies", () => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-change-")));
    const root = join(base, "work");
    let checker: WorkspaceChecker;
    let crates: readonly ComparedCrate[];
    let time = Date.now() / 1000;

    function write(files: Readonly<Record<string, string>>): void {
        time += 10; // A file that is as old as what was made of it would be taken for fresh.
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(root, path)), { recursive: true });
            writeFileSync(join(root, path), text);
            utimesSync(join(root, path), time, time);
        }
    }

    function check(): Promise<{ readonly compiles: boolean }> {
        return checker.check({ ...DEFAULT_CONFIGURATION, allTargets: true });
    }

    /** Compares a change of the workspace as it is above, beside its check and after it. */
    async function compare(
        changed: Readonly<Record<string, string>>,
        [oldName, newName]: readonly [string, string],
        isAhead: boolean,
    ): Promise<ComparedChange> {
        const touched = new Set(Object.keys(changed).map((path) => join(root, path)));
        const comparison = new ChangeComparison({
            ...{ root, folder: join(base, "own"), compiler: "0", crates },
            names: [{ oldName, newName }],
            ...{ files: touched, isFresh: true },
        });
        const change = { touched, renaming: { oldName, newName, moves: [] } };
        write(changed);
        const ahead = isAhead ? await comparison.ahead(change) : undefined;
        const checked = await checker.check(
            { ...DEFAULT_CONFIGURATION, allTargets: true },
            undefined,
            { onCompiled: (crate) => ahead?.compiled(crate) },
        );
        expect(checked.compiles).toBe(true);
        const found = await comparison.compare(change, ahead);
        write(FILES);
        return found;
    }

    function edited(path: string, edits: readonly (readonly [string, string])[]): string {
        return edits.reduce((text, [from, to]) => {
            expect(text).toContain(from);
            return text.replaceAll(from, to);
        }, FILES[path] ?? "");
    }

    beforeAll(async () => {
        write(FILES);
        checker = await WorkspaceChecker.open({
            root,
            cargoFolders: [""],
            folder: join(base, "own"),
        });
        expect((await check()).compiles).toBe(true);
        const { records } = await checker.check({ ...DEFAULT_CONFIGURATION, allTargets: true });
        crates = await readCrates(records);
    }, LIMIT_MS);

    afterAll(() => {
        rmSync(base, { recursive: true, force: true });
    });

    test.each([true, false])(
        "are equal in the crate that is edited and in those that depend on it (ahead: %s)",
        async (isAhead) => {
            const lib = edited("base/src/lib.rs", [["size", "reach"]]);
            const found = await compare({ "base/src/lib.rs": lib }, ["size", "reach"], isAhead);
            expect(found).toMatchObject({
                difference: undefined,
                crates: ["base", "middle", "top"],
            });
            // Not `ask`, which calls a macro that writes the name, nor bodies that are shorter than what would stand for them.
            expect(found.left).toBe(6);
        },
        LIMIT_MS,
    );

    test(
        "differ in a crate that is not edited, where another method takes over",
        async () => {
            const lib = edited("base/src/lib.rs", [["size", "extent"]]);
            const found = await compare({ "base/src/lib.rs": lib }, ["size", "extent"], true);
            expect(found.difference?.crate).toMatch(/^top-/u);
        },
        LIMIT_MS,
    );

    test(
        "differ where a body names nothing of it, but a trait that it uses is hidden",
        async () => {
            const parts = edited("base/src/parts.rs", [["Tall", "Wide"]]);
            const found = await compare({ "base/src/parts.rs": parts }, ["Tall", "Wide"], true);
            expect(found.difference?.crate).toMatch(/^base-/u);
        },
        LIMIT_MS,
    );

    test(
        "are compared whole where a table is needed after all",
        async () => {
            const use = "pub const LAST: u32 = TABLE[39];\n";
            const before = `${FILES["base/src/lib.rs"] ?? ""}${use}`;
            write({ "base/src/lib.rs": before });
            const { records } = await checker.check({ ...DEFAULT_CONFIGURATION, allTargets: true });
            const known = crates;
            crates = await readCrates(records);
            const lib = before.replaceAll("size", "reach");
            const found = await compare({ "base/src/lib.rs": lib }, ["size", "reach"], true);
            crates = known;
            expect(found).toMatchObject({ difference: undefined, left: 0 });
        },
        LIMIT_MS,
    );

    test(
        "differ where a method is another's by the length of a table",
        async () => {
            const kinds = `const KINDS: &[u32] = &[${TABLE}];
const COUNT: usize = KINDS.len();
pub struct Of<const N: usize>;
pub trait Measured { fn size(&self) -> u32 { 1 } }
impl<const N: usize> Measured for Of<N> {}
impl Of<40> { pub fn size(&self) -> u32 { 2 } }
pub fn ask() -> u32 { Of::<COUNT>.size() }
`;
            const before = `${FILES["base/src/lib.rs"] ?? ""}${kinds}`;
            write({ "base/src/lib.rs": before });
            const all = { ...DEFAULT_CONFIGURATION, allTargets: true };
            const { records } = await checker.check(all);
            const known = crates;
            crates = await readCrates(records);
            const own = "Of<40> { pub fn size";
            const lib = before.replace(own, own.replace("size", "reach"));
            const found = await compare({ "base/src/lib.rs": lib }, ["size", "reach"], true);
            crates = known;
            expect(found.difference?.crate).toMatch(/^base-/u);
        },
        LIMIT_MS,
    );

    test(
        "leave out what derives of std would make, and what lists tests",
        async () => {
            const kinds = `#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind { Low, High(u8), Wide { by: u8 } }
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named { pub name: String }
pub const FIRST: Named = Named { name: String::new() };
pub fn is_first(named: &Named) -> bool { *named == FIRST && named.clone().size() > 1 }
impl Named { pub fn size(&self) -> usize { self.name.len() } }
pub trait Sized2 { fn size2(&self) -> u8; }
impl<T: Clone + std::fmt::Debug + std::hash::Hash + Ord> Sized2 for T { fn size2(&self) -> u8 { 2 } }
pub fn of_all(kind: Kind, named: Named) -> u8 { let size = kind.size2() + named.size2(); size }
#[cfg(test)]
mod tests {
    #[test]
    #[should_panic]
    fn panics() { assert_eq!(super::Kind::Low, super::Kind::High(1)); }
    #[test]
    #[ignore]
    fn fails() -> Result<(), String> { Err(String::new()) }
}
`;
            const before = `${FILES["base/src/lib.rs"] ?? ""}${kinds}`;
            const compareIt = async (after: string): Promise<ComparedChange> => {
                write({ "base/src/lib.rs": before });
                const all = { ...DEFAULT_CONFIGURATION, allTargets: true };
                const { records } = await checker.check(all);
                const known = crates;
                crates = await readCrates(records);
                const made = await compare({ "base/src/lib.rs": after }, ["size", "reach"], true);
                crates = known;
                return made;
            };
            const equal = await compareIt(before.replaceAll(/\bsize\b/gu, "reach"));
            // Beside those of the test above: six of the enum, six of the struct, two of tests, and that of `size`; not `is_first`.
            expect(equal).toMatchObject({ difference: undefined, left: 6 + 6 + 6 + 2 + 1 });
            // One that is left as it was is another's now.
            const isOther = before
                .replaceAll(/\bsize\b/gu, "reach")
                .replace("size2(&self) -> u8;", "size2(&self) -> u8; fn size(&self) -> usize { 1 }")
                .replace("clone().reach()", "clone().size()");
            expect((await compareIt(isOther)).difference?.crate).toMatch(/^base-/u);
        },
        LIMIT_MS,
    );

    test(
        "are compared whole where a derived impl is needed after all",
        async () => {
            const kinds = `#[derive(PartialEq, Eq)]
pub enum Kind { Low, High }
macro_rules! constant { ($n:ident, $k:ident) => { const $n: $k = $k::Low; } }
constant!(LOWEST, Kind);
pub fn is_low(kind: Kind) -> bool { let size = matches!(kind, LOWEST); size }
`;
            const before = `${FILES["base/src/lib.rs"] ?? ""}${kinds}`;
            write({ "base/src/lib.rs": before });
            const all = { ...DEFAULT_CONFIGURATION, allTargets: true };
            const { records } = await checker.check(all);
            const known = crates;
            crates = await readCrates(records);
            const lib = before.replaceAll(/\bsize\b/gu, "reach");
            const found = await compare({ "base/src/lib.rs": lib }, ["size", "reach"], true);
            crates = known;
            expect(found).toMatchObject({ difference: undefined, left: 0 });
        },
        LIMIT_MS,
    );

    test(
        "see what changes in a file of another kind that is included",
        async () => {
            const lib = `${FILES["base/src/lib.rs"] ?? ""}include!("more.inc");\n`;
            const more =
                "pub struct Long(pub Wall);\n" +
                "impl std::ops::Deref for Long { type Target = Wall; fn deref(&self) -> &Wall { &self.0 } }\n" +
                "impl Long { pub fn length(&self) -> u32 { 1 } }\n" +
                "pub fn told(it: &Long) -> u32 { it.length() + it.width() }\n";
            write({ "base/src/lib.rs": lib, "base/src/more.inc": more });
            const known = crates;
            crates = await readCrates(
                (await checker.check({ ...DEFAULT_CONFIGURATION, allTargets: true })).records,
            );
            // What was called by another name is another's now.
            const other = more.replaceAll("length", "width");
            const found = await compare({ "base/src/more.inc": other }, ["length", "width"], true);
            crates = known;
            rmSync(join(root, "base/src/more.inc"));
            expect(found.difference?.crate).toMatch(/^base-/u);
        },
        LIMIT_MS,
    );

    test(
        "run procedural macros as they were and as they are",
        async () => {
            const names = ["made", "make"] as const;
            const rules = edited("rules/src/lib.rs", [["made()", "make()"]]);
            const equal = await compare({ "rules/src/lib.rs": rules }, names, true);
            expect(equal).toMatchObject({ difference: undefined, crates: ["rules"] });
            const other = rules.replace("1 + 2", "1 + 3 /* make */");
            const found = await compare({ "rules/src/lib.rs": other }, names, true);
            expect(found.difference).toBeDefined();
        },
        LIMIT_MS,
    );
});
