// Calls in sources beside what a compiler says of them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { allCalls, compareCalls, sharesOf } from "../../../bench/accuracy/calls.ts";
import { resolveHere, type ResolvedHere } from "../../../bench/accuracy/resolve-here.ts";
import { FACT_ROLE, type RustcFacts } from "../../../src/capture/index.ts";

const SOURCE = `pub fn one() -> i32 { 1 }
pub fn two() -> i32 { one() }
pub fn three() -> i32 { two() + one() }
pub fn four() { drop(three()); }
`;
const FILE = "src/lib.rs";

let root = "";
let here: ResolvedHere;

beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), "calls-"));
    mkdirSync(path.join(root, "src"));
    writeFileSync(path.join(root, "Cargo.toml"), '[package]\nname = "sample"\nedition = "2021"\n');
    writeFileSync(path.join(root, FILE), SOURCE);
    here = await resolveHere(root);
});

afterAll(() => {
    rmSync(root, { recursive: true, force: true });
});

// Facts in which the n-th `name(` is a call of a definition.
function factsOf(
    calls: readonly (readonly [name: string, nth: number, target: string])[],
): RustcFacts {
    const names = ["one", "two", "three", "four"];
    const targets = [...new Set(calls.map(([, , target]) => target))];
    const starts = calls.map(([name, nth]) => {
        let at = -1;
        for (let count = 0; count <= nth; count++) {
            at = SOURCE.indexOf(`${name}(`, at + 1);
        }
        return at;
    });
    const zeros = calls.map(() => 0);
    return {
        format: 1,
        compiler: "",
        unit: {
            packageFolder: "",
            packageName: "sample",
            crateName: "sample",
            targetKind: "lib",
            targetName: "sample",
            isTest: false,
            features: [],
            configuration: "default",
        },
        files: [{ path: FILE, contentHash: "" }],
        definitions: names.map((name) => {
            const start = SOURCE.indexOf(`fn ${name}`) + 3;
            return {
                path: `sample[0]::${name}`,
                kind: "Fn",
                file: 0,
                start,
                end: start + name.length,
            };
        }),
        targets: targets.map((target) => ({ kind: "definition", path: target })),
        types: [""],
        uses: {
            file: Uint32Array.from(zeros),
            start: Uint32Array.from(starts),
            end: Uint32Array.from(
                starts.map((start, index) => start + (calls[index]?.[0].length ?? 0)),
            ),
            role: Uint8Array.from(calls.map(() => FACT_ROLE.path)),
            flags: Uint8Array.from(zeros),
            target: Uint32Array.from(calls.map(([, , target]) => targets.indexOf(target))),
            receiver: Uint32Array.from(zeros),
        },
        implicit: [],
    };
}

test("calls of the same definition agree, of the workspace's and of others", () => {
    const facts = factsOf([
        ["one", 1, "sample[0]::one"],
        ["two", 1, "sample[0]::two"],
        ["drop", 0, "core[0]::mem::drop"],
    ]);
    const compared = compareCalls(here.resolution, here.texts, [facts]);
    expect(allCalls(compared)).toEqual({
        calls: 3,
        same: 3,
        different: 0,
        undecided: 0,
        notSeen: 0,
    });
    expect(compared.different).toEqual([]);
});

test("a call of something else is told, with its place", () => {
    const facts = factsOf([
        ["one", 1, "sample[0]::two"],
        ["one", 2, "sample[0]::one"],
    ]);
    const compared = compareCalls(here.resolution, here.texts, [facts]);
    expect(compared.different).toMatchObject([
        { path: FILE, line: 2, name: "one", theirs: "sample[0]::two" },
    ]);
    expect(sharesOf(allCalls(compared))).toEqual({ precision: 0.5, recall: 0.5 });
});

test("what is no function, by kind or by spelling, is no call", () => {
    const facts = factsOf([["three", 1, "core[0]::option::Option::Some"]]);
    expect(allCalls(compareCalls(here.resolution, here.texts, [facts])).calls).toBe(0);
});
