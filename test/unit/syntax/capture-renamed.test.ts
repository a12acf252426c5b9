// A capture made from another by changing names says what a parse of the new text says.
// FERROGRAPH_RENAMED_WORKSPACE=DIR asks the same of a large workspace.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

import { seededRandom } from "../../../bench/accuracy/sample.ts";
import { openSyntax, type FileCapture } from "../../../src/syntax/index.ts";

const SYNTAX = await openSyntax();
const ROOT = path.resolve(import.meta.dirname, "../../..");
const WANTED = process.env["FERROGRAPH_RENAMED_WORKSPACE"];
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/u;
const NAMES_PER_FILE = 12;

function filesIn(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((one) => one.endsWith(".rs") && !one.includes("target"))
        .map((one) => path.join(folder, one))
        .sort();
}

/** A tree, row by row, names spelled out: their numbers may differ. */
function rowsOf({ tree, lineCount, textLength, contentHash, tokenHash }: FileCapture): unknown {
    const { kind, role, flags, start, end, next, parent, name, names } = tree.columns;
    const spelled = Array.from(name, (code) => names[code]);
    const columns = [kind, role, flags, start, end, next, parent].map((one) => [...one]);
    return { columns, spelled, lineCount, textLength, contentHash, tokenHash };
}

/** The text with some of the tokens of a name replaced, as a rename would: those of the rows that spell it. */
function renameSome(
    capture: FileCapture,
    text: string,
    change: { from: string; to: string; random: () => number },
): string {
    const { start, end, name, names } = capture.tree.columns;
    const code = names.indexOf(change.from);
    const places = new Set<number>();
    name.forEach((one, row) => {
        const at = start[row] ?? 0;
        if (one === code && text.slice(at, end[row]) === change.from && change.random() < 0.7) {
            places.add(at);
        }
    });
    let after = "";
    let from = 0;
    for (const at of [...places].sort((a, b) => a - b)) {
        after += text.slice(from, at) + change.to;
        from = at + change.from.length;
    }
    return after + text.slice(from);
}

/** Compares both ways for some names of a file; counts the ones that needed no parse. */
function compareFile(file: string, random: () => number): { patched: number; parsed: number } {
    const before = readFileSync(file, "utf8");
    const capture = SYNTAX.capture("a.rs", before);
    const counts = { patched: 0, parsed: 0 };
    const known = capture.tree.columns.names.filter((one) => PLAIN.test(one));
    for (let i = 0; i < Math.min(NAMES_PER_FILE, known.length); i++) {
        const from = known[Math.floor(random() * known.length)] ?? "";
        const other = known[Math.floor(random() * known.length)] ?? "";
        const to = ["x", "quite_fresh", "QuiteFresh", other][i % 4] ?? "";
        const after = renameSome(capture, before, { from, to, random });
        const given = SYNTAX.patch({ path: "a.rs", capture, before, after });
        if (given === undefined) {
            counts.parsed += 1;
            continue;
        }
        counts.patched += 1;
        const fresh = SYNTAX.capture("a.rs", after);
        const what = `${file}: ${from} to ${to}`;
        expect(fresh.problems, what).toEqual(given.problems);
        expect(fresh.lostModules, what).toEqual(given.lostModules);
        expect(rowsOf(given), what).toEqual(rowsOf(fresh));
    }
    return counts;
}

/** Words that stand in the grammar as such, the hidden ones too. */
function grammarWords(): string[] {
    const file = path.join(ROOT, "node_modules/tree-sitter-rust/src/grammar.json");
    const words = new Set<string>();
    JSON.parse(readFileSync(file, "utf8"), (_, value: unknown) => {
        const rule = value as { type?: unknown; value?: unknown } | null;
        if (rule?.type === "STRING" && typeof rule.value === "string" && PLAIN.test(rule.value)) {
            words.add(rule.value);
        }
        return value;
    });
    words.delete("b"); // A prefix within the token of a character, no token.
    return [...words];
}

describe("a capture of renamed tokens", () => {
    it("is made for plain names", () => {
        const before = "fn one() { one(); two() } // one";
        const after = "fn three() { three(); two() } // one";
        const capture = SYNTAX.capture("a.rs", before);
        const made = SYNTAX.patch({ path: "a.rs", capture, before, after });
        expect(made && rowsOf(made)).toEqual(rowsOf(SYNTAX.capture("a.rs", after)));
    });

    it("is not made where more changes than names", () => {
        const before = "fn one() { one(); } // one";
        const capture = SYNTAX.capture("a.rs", before);
        for (const after of [
            "fn three() { three (); } // one",
            "fn three() { one(); } // three",
            "fn three() { three(); }",
            "fn r#one() { one(); } // one",
        ]) {
            expect(SYNTAX.patch({ path: "a.rs", capture, before, after })).toBeUndefined();
        }
    });

    it("is not made where a word of the grammar comes or goes", () => {
        const words = grammarWords();
        expect(words.length).toBeGreaterThan(60);
        const text = (name: string): string => `fn ${name}() {}`;
        const capture = SYNTAX.capture("a.rs", text("one"));
        for (const word of words) {
            const files = { path: "a.rs", capture, before: text("one"), after: text(word) };
            expect(SYNTAX.patch(files), word).toBeUndefined();
        }
    });

    it("is what a parse gives", { timeout: 600_000 }, () => {
        const random = seededRandom(3);
        const folders =
            WANTED === undefined
                ? [path.join(ROOT, "examples"), path.join(ROOT, "test/fixtures")]
                : [WANTED];
        const total = { patched: 0, parsed: 0 };
        for (const file of folders.flatMap(filesIn)) {
            const { patched, parsed } = compareFile(file, random);
            total.patched += patched;
            total.parsed += parsed;
        }
        expect(total.patched).toBeGreaterThan(total.parsed);
    });
});
