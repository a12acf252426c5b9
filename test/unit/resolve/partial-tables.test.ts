// Answers from parts of files are those from whole files.

import { expect, test } from "vitest";

import { Resolver, type Occurrence, type ResolvedWorkspace } from "../../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../../src/syntax/index.ts";
import { parseFixture } from "../../support/fixture.ts";

const SYNTAX = await openSyntax();

const TEXT = `//- /src/lib.rs crate:app
mod shapes;
use shapes::{Area, Square as Box4};
pub trait Named { fn name(&self) -> &'static str { "none" } }
impl<T: Area> Named for Vec<T> { fn name(&self) -> &'static str { T::LABEL } }
fn total<T: Area>(all: &[T]) -> f64 { let mut sum = 0.0; for one in all { sum += one.area(); } sum }
fn main() {
    let square = Box4 { side: 2.0 };
    let all = vec![square];
    println!("{} {}", total(&all), all.name());
}
mod inner {
    use super as up;
    fn again() -> f64 { up::total(&[up::Box4 { side: 1.0 }]) }
    pub mod deep { pub fn again() { super::again(); } }
}
macro_rules! side { ($e:expr) => { $e.side }; }
macro_rules! grow { ($e:expr) => { $e }; }
fn as_macro() -> u8 { grow!(3) }
fn as_local(grow: u8, side: u8) -> u8 { let area = grow + side; area }
fn as_member(mut square: Box4) { square.grow(); }
fn as_input(grow: u8) -> u8 { grow!(grow) + side!(Box4 { side: 1.0 }) as u8 }
fn as_shorthand(side: f64) -> Box4 { let Box4 { side } = (Box4 { side }); Box4 { side: side } }
mod area { pub fn again() { crate::inner::again(); } }
fn as_module() { area::again() }
//- /src/shapes.rs
pub trait Area { const LABEL: &'static str; fn area(&self) -> f64; }
pub struct Square { pub side: f64 }
impl Area for Square {
    const LABEL: &'static str = "square";
    fn area(&self) -> f64 { let side = self.side; side * side }
}
impl Square { pub fn grow(&mut self) { self.side = self.area(); } }
`;

function resolve(): { resolved: ResolvedWorkspace; captures: Map<string, FileCapture> } {
    const { model, files } = parseFixture(TEXT);
    const captures = new Map([...files].map(([path, text]) => [path, SYNTAX.capture(path, text)]));
    return { resolved: new Resolver().resolve({ model, captures }), captures };
}

/** Symbols by what they are called: externals are numbered as they are met. */
function plain(resolved: ResolvedWorkspace, found: readonly Occurrence[]): unknown[] {
    const show = (index: number): string =>
        resolved.symbol(index).display + resolved.source.externalPath(index);
    return found.map((each) => ({
        ...each,
        binding: "symbols" in each.binding ? each.binding.symbols.map(show) : each.binding,
    }));
}

test("names and their symbols are found in parts as in whole files", () => {
    const { resolved: whole, captures } = resolve();
    const all = [...captures.keys()].flatMap((path) => whole.occurrencesIn(path));
    expect(all.length).toBeGreaterThan(60);
    for (const { name, binding } of all) {
        const { resolved: asked } = resolve();
        expect(plain(asked, asked.occurrencesNamed(name))).toEqual(
            plain(whole, whole.occurrencesNamed(name)),
        );
        for (const symbol of binding.kind === "symbol" ? binding.symbols : []) {
            const { display } = whole.symbol(symbol);
            const [same = -1] = asked
                .findByName(whole.symbol(symbol).name)
                .filter((index) => asked.symbol(index).display === display);
            expect(plain(asked, asked.occurrencesOf(same))).toEqual(
                plain(whole, whole.occurrencesOf(symbol)),
            );
        }
    }
});

test("tokens and locals are found in parts as in whole files", () => {
    const { resolved: whole, captures } = resolve();
    for (const path of captures.keys()) {
        for (const { span } of whole.occurrencesIn(path)) {
            const { resolved: asked } = resolve();
            const found = asked.occurrencesAt(path, span.start);
            expect(plain(asked, found)).toEqual(
                plain(whole, whole.occurrencesAt(path, span.start)),
            );
            const binding = found[0]?.binding;
            if (binding?.kind === "local") {
                expect(plain(asked, asked.occurrencesOfLocal(binding.local))).toEqual(
                    plain(whole, whole.occurrencesOfLocal(binding.local)),
                );
            }
        }
    }
});

test("only the items that hold a name are looked at, until much of a file was asked for", () => {
    const { resolved } = resolve();
    const { source } = resolved;
    const [file = -1] = source.filesOf("src/shapes.rs");
    const part = source.tablePart(file, { name: "grow" });
    expect(source.tablePart(file, { name: "grow" })).toBe(part);
    const names = Array.from(part.name, (code) => part.names[code]);
    expect(names).toContain("grow");
    expect(names).not.toContain("LABEL");
    source.tablePart(file, { name: "LABEL" });
    source.tablePart(file, { name: "side" });
    expect(source.tablePart(file, { name: "area" })).toBe(source.table(file));
});

test.each([
    ["macro", "grow", ["as_input", "as_macro"]],
    ["method", "grow", ["as_input", "as_local", "as_macro", "as_member"]],
    ["field", "side", ["as_input", "as_shorthand", "main"]],
    ["module", "area", ["as_local", "as_module"]],
] as const)("a %s is not looked for where its name can be none", (meant, name, functions) => {
    const { resolved } = resolve();
    const { source } = resolved;
    const [file = -1] = source.filesOf("src/lib.rs");
    const part = source.tablePart(file, { name, meant });
    const all = ["main", "as_local", "as_member", "as_input", "as_macro", "as_shorthand"];
    const known = new Set(Array.from(part.name, (code) => part.names[code]));
    const found = [...all, "as_module"].filter((each) => known.has(each)).sort();
    expect(found).toEqual(functions);
});
