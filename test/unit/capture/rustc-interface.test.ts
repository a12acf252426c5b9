// What of a crate other crates see: edits that change the hash, and edits that do not.

import { expect, test } from "vitest";

import { hashInterface } from "../../../src/capture/rustc/interface-tokens.ts";

const BASE = `//! Text.
use std::fmt::{self, Display};

pub struct Point<const N: usize = { 3 }> { pub x: u32, y: [u8; N] }

impl<const N: usize> Point<N>
where
    u32: Copy,
{
    pub fn x(&self) -> u32 { self.x }
    fn hidden(&self) -> u32 { 1 }
}

pub trait Shape {
    fn area(&self) -> u32 { 0 }
}

impl Shape for Point {
    fn area(&self) -> u32 { self.x }
}

const fn three() -> usize { 3 }

pub fn opaque() -> impl Display { 1 }

fn private() -> u32 { 1 }

#[attribute]
fn attributed() { 1 }

macro_rules! make { () => { fn made() -> u32 { 1 } } }

pub const LIMIT: [u32; 1] = [{ 1 }];

mod inner {
    pub fn deep() -> u32 { 1 }
}

pub fn carries() { impl super::Shape for u8 { fn area(&self) -> u32 { 1 } } }
`;

function changed(from: string, to: string): boolean {
    expect(BASE).toContain(from);
    return hashInterface(BASE) !== hashInterface(BASE.replace(from, to));
}

test.each([
    ["a comment", "use std", "/* more */ use std"],
    ["documentation", "//! Text.", "//! Other text."],
    ["blanks", "{ self.x }", "{\\n  self.x\\n}"],
    [
        "the body of a public method",
        "pub fn x(&self) -> u32 { self.x }",
        "pub fn x(&self) -> u32 { 5 }",
    ],
    ["the body of a private method", "{ 1 }\n}\n\npub trait", "{ let a = 2; a }\n}\n\npub trait"],
    ["a private method's signature", "fn hidden(&self) -> u32", "fn other(&self) -> u64"],
    ["the body of a trait's function", "-> u32 { 0 }", "-> u32 { 7 }"],
    [
        "the body of an implementation",
        "for Point {\n    fn area(&self) -> u32 { self.x }",
        "for Point {\n    fn area(&self) -> u32 { 7 }",
    ],
    ["a private function", "fn private() -> u32 { 1 }", ""],
    [
        "a new private function",
        "mod inner {",
        "fn more<'a>(it: &'a str) -> char { '}' }\nmod inner {",
    ],
    ["a function of the crate", "mod inner {", "pub(crate) fn more() {}\nmod inner {"],
    ["a body in a module", "pub fn deep() -> u32 { 1 }", "pub fn deep() -> u32 { 2 }"],
])("%s is not seen", (_, from, to) => {
    expect(changed(from, to)).toBe(false);
});

test.each([
    ["a public function's signature", "pub fn x(&self) -> u32", "pub fn x(&self) -> u64"],
    ["a new public function", "mod inner {", "pub fn more() {}\nmod inner {"],
    ["a new function in a public module", "pub fn deep", "pub fn deeper() {}\n    pub fn deep"],
    ["a field", "y: [u8; N]", "z: [u8; N]"],
    ["a default of a parameter", "{ 3 } >", "{ 4 } >"],
    ["an import", "self, Display", "self, Debug"],
    ["a trait's function", "fn area(&self) -> u32 { 0 }", "fn area(&self) -> u64 { 0 }"],
    ["the body of a const function", "usize { 3 }", "usize { 4 }"],
    ["the body behind an opaque type", "impl Display { 1 }", "impl Display { 'a' }"],
    ["a function given to an attribute", "fn attributed() { 1 }", "fn attributed() { 2 }"],
    ["the body of a macro", "fn made() -> u32 { 1 }", "fn made() -> u32 { 2 }"],
    ["a constant's value", "= [{ 1 }]", "= [{ 2 }]"],
    ["a bound", "u32: Copy,", "u32: Clone,"],
    ["an implementation in a body", "impl super::Shape for u8", "impl super::Shape for u16"],
    ["visibility", "fn private", "pub fn private"],
])("%s is seen", (_, from, to) => {
    const found = from === "{ 3 } >" ? "{ 3 }> " : from;
    expect(changed(found, from === found ? to : "{ 4 }> ")).toBe(true);
});

test("a text that is no whole program is hashed all the same", () => {
    expect(hashInterface("pub fn a( {")).not.toBe(hashInterface("pub fn b( {"));
    expect(hashInterface("")).toBe(hashInterface("// nothing"));
    expect(hashInterface("} ) ]")).not.toBe(hashInterface(""));
});
