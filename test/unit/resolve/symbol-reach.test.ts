// Files that cannot name a symbol are left out, and no other is.

import { expect, test } from "vitest";

import { Resolver, type ResolvedWorkspace } from "../../../src/resolve/index.ts";
import { openSyntax } from "../../../src/syntax/index.ts";
import { parseFixture } from "../../support/fixture.ts";

const SYNTAX = await openSyntax();

const TEXT = `//- /low/src/lib.rs crate:low
mod hidden;
pub mod open;
#[cfg(unix)]
#[path = "os_unix.rs"]
mod os;
#[cfg(not(unix))]
#[path = "os_other.rs"]
mod os;
#[macro_use]
mod words;
pub use hidden::{make, Shape, Sub, Thing};
pub fn shared() -> u8 { let quiet = 1; Thing::new().size() + quiet }
#[macro_export]
macro_rules! ask { () => { answer() }; }
//- /low/src/hidden.rs
/// See [\`crate::open::secret\`].
pub struct Thing { quiet: u8, pub loud: u8 }
impl Thing {
    pub fn new() -> Self { Self { quiet: 1, loud: 2 } }
    fn secret(&self) -> u8 { self.quiet + self.loud }
    pub(crate) fn size(&self) -> u8 { self.secret() + word!() }
    pub fn weigh(&self) -> u8 { self.loud }
}
enum Inner { Round, Square }
pub type Shape = Inner;
pub fn make() -> Shape { Inner::Round }
trait Base { fn base(&self) -> u8 { 0 } }
pub trait Sub: Base {}
impl Base for Thing { fn base(&self) -> u8 { self.quiet } }
impl Sub for Thing {}
mod deep { pub fn quiet() -> u8 { super::Thing::new().quiet + inside::secret() } mod inside { pub(in super::super) fn secret() -> u8 { 4 } } }
//- /low/src/open.rs
use crate::{Shape, Sub};
fn secret() -> u8 { let Thing { quiet } = Thing { quiet: 2 }; quiet }
struct Thing { quiet: u8 }
pub fn base_of<T: Sub>(one: &T) -> u8 { one.base() + secret() }
pub fn square() -> Shape { Shape::Square }
//- /low/src/words.rs
macro_rules! word { () => { 3 }; }
//- /low/src/os_unix.rs
pub struct Time { tick: u8 }
impl Time { pub fn now() -> Time { Time { tick: tick() } } }
fn tick() -> u8 { 1 }
//- /low/src/os_other.rs
pub struct Time { tick: u8 }
impl Time { pub fn now() -> Time { Time { tick: tick() } } }
fn tick() -> u8 { 1 }
//- /high/src/lib.rs crate:high deps:low
pub fn answer() -> u8 { low::ask!() + low::shared() + weigh() }
fn weigh() -> u8 { let loud = low::Thing::new(); loud.loud + loud.weigh() }
fn size() -> u8 { answer() }
//- /side/src/lib.rs crate:side
pub struct Thing { pub loud: u8 }
impl Thing { pub fn weigh(&self) -> u8 { self.loud } pub fn shared() {} }
`;

function resolve(text: string): ResolvedWorkspace {
    const { model, files } = parseFixture(text);
    const captures = new Map([...files].map(([file, each]) => [file, SYNTAX.capture(file, each)]));
    return new Resolver().resolve({ model, captures });
}

/** For each symbol that tokens mean: the name they spell, and their file. */
function listMeanings(resolved: ResolvedWorkspace): Set<string> {
    const found = new Set<string>();
    for (const { path } of resolved.files()) {
        for (const { name, binding } of resolved.occurrencesIn(path)) {
            for (const symbol of binding.kind === "symbol" ? binding.symbols : []) {
                found.add(`${path} ${name} ${symbol}`);
            }
        }
    }
    return found;
}

/** Whether one of the crates that have a file may name a symbol there. */
function mayName(
    { source }: ResolvedWorkspace,
    path: string,
    name: string,
    symbol: number,
): boolean {
    return source.filesOf(path).some((file) => source.mayName(file, name, symbol));
}

test("no file is left out in which a token means the symbol", () => {
    const resolved = resolve(TEXT);
    const meanings = listMeanings(resolved);
    expect(meanings.size).toBeGreaterThan(60);
    for (const meaning of meanings) {
        const [path = "", name = "", symbol] = meaning.split(" ");
        expect(mayName(resolved, path, name, Number(symbol)), meaning).toBe(true);
    }
});

/** Files that spell the name of a symbol, by its path, and may name it. */
function filesOf(display: string): string[] {
    const resolved = resolve(TEXT);
    const [symbol = -1] = resolved.findByPath(display);
    const { name } = resolved.symbol(symbol);
    return resolved
        .files()
        .map(({ path }) => path)
        .filter((path) => {
            const files = resolved.source.filesOf(path);
            return files.some((file) => resolved.source.mayContain(file, name));
        })
        .filter((path) => mayName(resolved, path, name, symbol));
}

test.each([
    ["a private field", "low::hidden::Thing::quiet", ["low/src/hidden.rs"]],
    ["a field that all see", "low::hidden::Thing::loud", ["high/src/lib.rs", "low/src/hidden.rs"]],
    ["a private method", "low::hidden::Thing::secret", ["low/src/hidden.rs"]],
    ["what its crate sees", "low::hidden::Thing::size", ["low/src/hidden.rs", "low/src/lib.rs"]],
    ["what dependents see", "low::shared", ["high/src/lib.rs", "low/src/lib.rs"]],
    [
        "a private trait's method",
        "low::hidden::Base::base",
        ["low/src/hidden.rs", "low/src/open.rs"],
    ],
    [
        "a private enum's variant",
        "low::hidden::Inner::Square",
        ["low/src/hidden.rs", "low/src/open.rs"],
    ],
    ["what a macro's body names", "high::answer", ["high/src/lib.rs", "low/src/lib.rs"]],
    [
        "what a link in a comment names",
        "low::open::secret",
        ["low/src/hidden.rs", "low/src/open.rs"],
    ],
    [
        "a function of a module's twin",
        "low::os::tick",
        ["low/src/os_other.rs", "low/src/os_unix.rs"],
    ],
    [
        "a macro by the order of the text",
        "low::words::word",
        ["low/src/hidden.rs", "low/src/words.rs"],
    ],
    ["what nothing depends on", "side::Thing::weigh", ["side/src/lib.rs"]],
])("%s is looked for where it can be named", (_, display, files) => {
    expect(filesOf(display)).toEqual(files);
});
