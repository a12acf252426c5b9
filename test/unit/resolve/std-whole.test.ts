// The whole summary of std is understood: all members, impls, fields, variants and functions.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { StdDeclarations } from "../../../src/resolve/std/std-declarations.ts";
import {
    openStdSummary,
    STD_SUMMARY_FILES,
    type StdHead,
} from "../../../src/resolve/std/std-summary.ts";
import { refTo, UNKNOWN, type Ty } from "../../../src/resolve/types/types.ts";
import { Interner } from "../../support/interner.ts";

const summary = openStdSummary((url) => readFileSync(url, "utf8"));
const externals = new Interner();
const std = new StdDeclarations(externals, summary);

// Many thousands of texts take their time on a busy machine.
const TIMEOUT_MS = 60_000;

// Types of libc and of platforms, and private ones that public signatures mention.
const UNRESOLVED_NAMES_MAX = 35;

const missing: string[] = [];

function mark(isFound: boolean, path: string): void {
    if (!isFound) {
        missing.push(path);
    }
}

function dynOf(path: string): Ty {
    const trait = { symbol: externals.external(path), args: [], bindings: [] };
    return { k: "bound", form: "dyn", traits: [trait], open: false };
}

function applied(path: string): Ty {
    const ty = std.typeOf(path, []);
    expect(ty, path).toBeDefined();
    return ty!;
}

/** Types with the head, for heads whose members can be asked for. */
function typesOf(head: StdHead): readonly Ty[] {
    switch (head.path) {
        case "slice":
        case "array":
        case "pointer":
            return [{ k: head.path, inner: UNKNOWN }];
        case "tuple":
            return [0, 1, 2, 12].map((size) => ({
                k: "tuple",
                items: Array.from({ length: size }, () => UNKNOWN),
            }));
        case "fn":
            return [{ k: "function", params: [UNKNOWN], result: UNKNOWN }];
        case "never":
            return [{ k: "primitive", name: "!" }];
        default:
            return head.kind === "trait" ? [dynOf(head.path)] : [applied(head.path)];
    }
}

function readImpls(head: StdHead, ty: Ty): number {
    let count = 0;
    for (const trait of new Set(summary.traitsOf(head).map((one) => one.trait))) {
        for (const self of [ty, refTo(ty), refTo(ty, true)]) {
            for (const impl of std.implsFor(self, externals.external(trait))) {
                summary.traitNames(trait).forEach((name) => impl.associated(name));
                count += 1;
            }
        }
    }
    return count;
}

function readTrait(head: StdHead): number {
    const trait = externals.external(head.path);
    const names = summary.traitNames(head.path);
    for (const name of names) {
        mark(std.traitItem(trait, name)?.name === name, `${head.path}::${name}`);
        std.associatedBounds(trait, name);
    }
    const open = std.blanketImpls(trait);
    open.forEach((impl) => {
        names.forEach((name) => impl.associated(name));
    });
    return names.length + open.length;
}

function readHead(head: StdHead): number {
    let count = head.kind === "trait" ? readTrait(head) : 0;
    for (const ty of typesOf(head)) {
        for (const name of summary.inherentNames(head)) {
            const { length } = std.inherent(ty, name);
            mark(length > 0, `${head.path}::${name}`);
            count += length;
        }
        count += readImpls(head, ty);
        summary.fieldsOf(head).forEach(({ name }) => {
            mark(std.fieldOf(ty, name) !== undefined, `${head.path}.${name}`);
        });
    }
    for (const { name } of summary.variantsOf(head)) {
        mark(std.variant(`${head.path}::${name}`) !== undefined, `${head.path}::${name}`);
    }
    return count;
}

function functionPaths(): string[] {
    const text = STD_SUMMARY_FILES.map((file) =>
        readFileSync(new URL(`../../../src/resolve/std/${file}`, import.meta.url), "utf8"),
    ).join("");
    let module = "";
    return text
        .slice(text.indexOf("@functions"))
        .split("\n")
        .flatMap((line) => {
            module = line.startsWith(">") ? line.slice(1) : module;
            const name = /^[mu](\w+)/u.exec(line)?.[1];
            return name === undefined ? [] : [module + name];
        });
}

test(
    "all texts are understood",
    () => {
        let count = 0;
        for (const head of summary.heads) {
            count += head.kind === "blanket" ? 0 : readHead(head);
            const alias = summary.aliasTarget(head.path);
            mark(alias === undefined || std.typeOf(head.path, []) !== undefined, head.path);
        }
        for (const path of functionPaths()) {
            mark(std.function(path) !== undefined, path);
            count += 1;
        }
        expect(missing).toEqual([]);
        expect(count).toBeGreaterThan(15_000);
        const problems = std.problems;
        const names = problems.filter((one) => /^(?:type|trait) [\w:]+$/u.test(one));
        expect(problems.filter((one) => !names.includes(one))).toEqual([]);
        expect(names.length, names.join("\n")).toBeLessThanOrEqual(UNRESOLVED_NAMES_MAX);
    },
    TIMEOUT_MS,
);
