// The parser as the engine uses it: what is captured ahead of being asked for.

import { expect, onTestFinished, test, vi } from "vitest";

import { openParserPort } from "../../../src/engine/parser-port.ts";
import { openSyntax, type SyntaxParser } from "../../../src/syntax/index.ts";

function fileOf(text: string, path = "src/lib.rs"): { path: string; bytes: Uint8Array } {
    return { path, bytes: new TextEncoder().encode(text) };
}

test("what is captured ahead is taken for the same path and text only, and once", async () => {
    const port = openParserPort();
    await port.load();
    const prototype = Object.getPrototypeOf(await openSyntax()) as SyntaxParser;
    const parses = vi.spyOn(prototype, "capture");
    onTestFinished(() => {
        parses.mockRestore();
    });
    const [asked] = await port.captureAll([fileOf("fn a() {}")], {});
    const cases = [
        { next: fileOf("fn a() {}"), count: 1 },
        { next: fileOf("fn b() {}"), count: 2 },
        { next: fileOf("fn a() {}", "src/other.rs"), count: 2 },
    ];
    for (const { next, count } of cases) {
        parses.mockClear();
        port.captureAhead(fileOf("fn a() {}"));
        const [first] = await port.captureAll([next], {});
        expect(parses).toHaveBeenCalledTimes(count);
        const [second] = await port.captureAll([next], {});
        expect(parses).toHaveBeenCalledTimes(count + 1);
        expect(first).toEqual(second);
    }
    port.captureAhead(fileOf("fn a() {}"));
    expect(await port.captureAll([fileOf("fn a() {}")], {})).toEqual([asked]);
    await port.close();
});
