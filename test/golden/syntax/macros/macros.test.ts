// Macros and calls of all sorts: our expansion is the golden one, and rustc makes of the expanded text what
// it makes of the calls.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { openMacroReader, type ExpandedText } from "../../../support/macro-reader.ts";

const folder = new URL(".", import.meta.url);
const names = readdirSync(folder)
    .filter((name) => name.endsWith(".rust"))
    .map((name) => name.slice(0, -".rust".length));
const reader = await openMacroReader();

function readGolden(name: string): string {
    return readFileSync(new URL(name, folder), "utf8").replaceAll("\r\n", "\n");
}

function expand(name: string): ExpandedText {
    const text = readGolden(`${name}.rust`);
    const edition = Number(/^\/\/ edition: (\d+)$/m.exec(text)?.[1] ?? 2021);
    return reader.expandAll(text, edition);
}

test.each(names)("%s: every call expands as it did", async (name) => {
    const { expansions, problems } = expand(name);
    expect(problems).toEqual([]);
    expect(expansions.length).toBeGreaterThan(0);
    await expect(`${expansions.join("\n")}\n`).toMatchFileSnapshot(`${name}.expanded`);
});

const hasRustc = spawnSync("rustc", ["--version"]).status === 0;

function prettyPrint(text: string, mode = "expanded"): string {
    const features = /^\/\/ features: (.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
    const edition = /^\/\/ edition: (\d+)$/m.exec(text)?.[1] ?? "2021";
    const flags = ["--crate-type", "lib", "--edition", edition, `-Zunpretty=${mode}`, "-"];
    const input = features.map((one) => `#![feature(${one})]\n`).join("") + text;
    const env = { ...process.env, RUSTC_BOOTSTRAP: "1" };
    const done = spawnSync("rustc", flags, { input, env, encoding: "utf8" });
    expect(done.stdout, done.stderr).not.toBe("");
    return done.stdout;
}

/** What rustc prints, without what only says how the text was laid out. */
function substance(printed: string): string[] {
    const plain = printed.replace(/^#!\[feature.*\n/gmu, "").replaceAll("$crate", "crate");
    return plain.replace(/[\s(),;]+/gu, " ").split(/(?<=[{}])/u).map((part) => part.replaceAll(" ", ""));
}

// Says "not run" where there is no rustc.
test.runIf(hasRustc).each(names)("%s: rustc sees no difference", (name) => {
    const before = prettyPrint(readGolden(`${name}.rust`));
    const after = prettyPrint(expand(name).text);
    expect(substance(after)).toEqual(substance(before));
});

/** Names of one letter with a number for each hygiene class, in the order in which the classes appear. */
function numberClasses(names: readonly (readonly [string, unknown])[], root: unknown): string[] {
    const classes = new Map<unknown, number>([[root, 0]]);
    return names.map(([name, owner]) => {
        const number = classes.get(owner) ?? classes.size;
        classes.set(owner, number);
        return `${name}${number}`;
    });
}

test.runIf(hasRustc)("hygiene: rustc holds the same names for the same", () => {
    const printed = prettyPrint(readGolden("hygiene.rust"), "expanded,hygiene");
    const body = printed.slice(printed.indexOf("fn f "), printed.indexOf("Expansions:"));
    const inside = body.slice(body.indexOf("{"));
    const theirs = [...inside.matchAll(/(?<![\w'])('?[a-z])\s*\/\*\s*\d+#(\d+)\s*\*\//gu)];
    const { tokens, problems } = expand("hygiene");
    const ours = tokens.filter((token) => /^'?[a-z]$/u.test(token.text));
    expect(problems).toEqual([]);
    expect(theirs.length).toBeGreaterThan(100);
    expect(numberClasses(ours.map((token) => [token.text, token.mark] as const), undefined)).toEqual(
        numberClasses(theirs.map((match) => [match[1] ?? "", match[2]] as const), "0"),
    );
});
