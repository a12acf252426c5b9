// Which names a macro may give to what it defines, read from its definition.

import { expect, test } from "vitest";

import { collectItems } from "../../../src/resolve/file-items.ts";
import { openSyntax } from "../../../src/syntax/index.ts";

const SYNTAX = await openSyntax();

function namesDefined(text: string): string[] {
    const { tree } = SYNTAX.capture("src/lib.rs", text);
    return [...collectItems(tree).macroDefines].sort();
}

function inMacro(body: string): string {
    return `macro_rules! give { () => { ${body} } }`;
}

test("a name after `impl` or `:`, or before `for`, is one of something that is there", () => {
    expect(namesDefined(inMacro("impl Tall for u8 {}"))).not.toContain("Tall");
    expect(namesDefined(inMacro("impl<T> Tall<T> {}"))).toContain("Tall");
    expect(namesDefined(inMacro("impl Wide<u8> for u8 {}"))).not.toContain("Wide");
    expect(namesDefined(inMacro("fn ask<T: Tall>(wall: Wall) {}"))).toEqual(
        expect.arrayContaining(["ask", "wall"]),
    );
    expect(namesDefined(inMacro("fn ask<T: Tall>(wall: Wall) {}"))).not.toContain("Wall");
});

test("names that are defined are, wherever else they stand", () => {
    expect(namesDefined(inMacro("trait Tall {} impl Tall for u8 {}"))).toContain("Tall");
    expect(namesDefined(inMacro("struct Wall;"))).toContain("Wall");
    expect(namesDefined(inMacro("Wall"))).toContain("Wall");
});

test("in the input of a call anything may be defined", () => {
    expect(namesDefined(inMacro("outer! { impl Tall for u8 {} }"))).toContain("Tall");
    expect(namesDefined(inMacro("$crate::outer!(kind: Tall);"))).toContain("Tall");
    expect(namesDefined("give! { impl Tall for u8 {} }")).toContain("Tall");
});

test("an attribute may define what it stands on, but for those of the language", () => {
    expect(namesDefined(inMacro("#[extension] impl Tall for u8 {}"))).toContain("Tall");
    expect(namesDefined(inMacro("#[cfg(unix)] impl Tall for u8 {}"))).not.toContain("Tall");
});
