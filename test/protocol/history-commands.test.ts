// Renames by hand and by our own tool in the difference, proofs that the history only grew, and archiving, as
// the command shows them.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { DiffResult, RootResult } from "../../src/protocol/index.ts";
import { DaemonHarness } from "../support/daemon-harness.ts";

let harness: DaemonHarness;
/** Roots after the first capture, after each rename. */
const roots: RootResult[] = [];

async function json<T>(...args: readonly string[]): Promise<T> {
    const { status, stdout, stderr } = await harness.run(...args, "--json");
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout) as T;
}

/** Replaces a word in all Rust files, as a person with an editor does. */
function replaceByHand(from: string, to: string): void {
    const { root } = harness.workspace;
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
        if (name.endsWith(".rs")) {
            const file = join(root, name);
            const text = readFileSync(file, "utf8");
            writeFileSync(file, text.replaceAll(new RegExp(`\\b${from}\\b`, "gu"), to));
        }
    }
}

async function renamesBetween(before: RootResult, after: RootResult): Promise<DiffResult> {
    return json<DiffResult>("diff", String(before.deltaCount), String(after.deltaCount));
}

function pairs(diff: DiffResult): string[] {
    return diff.renamed.map(({ from, to }) => `${from.path} ${to.path}`);
}

function others({ counts }: DiffResult): number {
    const { renamed, changedFiles, ...rest } = counts;
    expect([renamed, changedFiles].some((count) => (count ?? 0) > 0)).toBe(true);
    return Object.values(rest).reduce((sum, count) => sum + count, 0);
}

beforeAll(async () => {
    harness = new DaemonHarness();
    roots.push(await json<RootResult>("root"));
    const own = await harness.run("rename", "shapes::Rect", "Block", "--apply");
    expect([own.status, own.stderr]).toEqual([0, ""]);
    roots.push(await json<RootResult>("root"));
    for (const [from, to] of [
        ["Block", "Slab"],
        ["area", "extent"],
        ["width", "breadth"],
    ] as const) {
        replaceByHand(from, to);
        expect((await harness.run("capture")).status).toBe(0);
        roots.push(await json<RootResult>("root"));
    }
}, 120_000);

afterAll(async () => {
    await harness.close();
});

test("a type that was renamed with our tool is one rename, with all that is named after it", async () => {
    const diff = await renamesBetween(roots[0]!, roots[1]!);
    expect(pairs(diff)).toEqual(["shapes::Rect shapes::Block"]);
    expect(diff.renamed[0]?.followers).toBeGreaterThan(0);
    expect(others(diff)).toBe(0);
});

test("and so are a type, a trait's method, and a field that a person renamed", async () => {
    const [, second, third, fourth, fifth] = roots;
    const type = await renamesBetween(second!, third!);
    expect(pairs(type)).toEqual(["shapes::Block shapes::Slab"]);
    expect(others(type)).toBe(0);
    const method = await renamesBetween(third!, fourth!);
    expect(pairs(method)).toContain("shapes::Shape::area shapes::Shape::extent");
    expect([method.added, method.removed]).toEqual([[], []]);
    const field = await renamesBetween(fourth!, fifth!);
    expect(pairs(field)).toEqual(["shapes::Slab::width shapes::Slab::breadth"]);
    expect(others(field)).toBe(0);
});

test("two renames of one thing are one between the ends, and none over and back", async () => {
    const [first, , third] = roots;
    expect(pairs(await renamesBetween(first!, third!))).toEqual(["shapes::Rect shapes::Slab"]);
    // A type, a method and a field of it, one after the other.
    const last = roots.at(-1)!;
    const all = await renamesBetween(first!, last);
    expect(pairs(all)).toEqual(
        expect.arrayContaining([
            "shapes::Rect shapes::Slab",
            "shapes::Shape::area shapes::Shape::extent",
        ]),
    );
    expect([all.added, all.removed]).toEqual([[], []]);
    const back = await json<DiffResult>(
        "diff",
        String(third!.deltaCount),
        String(first!.deltaCount),
    );
    expect(pairs(back)).toEqual(["shapes::Slab shapes::Rect"]);
});

test("that the history only grew is proved from a file alone", async () => {
    const file = join(harness.emptyFolder(), "growth.json");
    const last = roots.at(-1)!;
    const made = await harness.run(
        "proof",
        "--consistency",
        "1",
        String(last.commitCount),
        "-o",
        file,
    );
    expect([made.status, made.stdout.includes(last.logRoot)]).toEqual([0, true]);
    const check = ["proof", "--verify", file, "--workspace", harness.emptyFolder()];
    const held = await harness.run(...check, "--root", last.logRoot);
    expect([held.status, held.stdout.includes("only grew")]).toEqual([0, true]);
    const other = await harness.run(...check, "--root", roots[0]!.logRoot);
    expect([other.status, other.stderr.includes("PROOF_OTHER_ROOT")]).toEqual([1, true]);
    writeFileSync(file, readFileSync(file, "utf8").replace(last.logRoot, roots[0]!.logRoot));
    const changed = await harness.run(...check);
    expect([changed.status, changed.stderr.includes("PROOF_FAILS")]).toEqual([1, true]);
    const none = await harness.run("proof", "--consistency", "1", "999");
    expect([none.status, none.stderr.includes("HISTORY_NO_COMMIT")]).toEqual([1, true]);
    expect((await harness.run("proof", "--consistency", "1")).status).toBe(2);
});

test("what is archived is refused by name, and the rest goes on", async () => {
    const [, second, third, , last] = roots;
    const before = String(second!.deltaCount);
    expect((await harness.run("archive")).status).toBe(2);
    const open = await harness.run("archive", "--before", before);
    expect([open.status, open.stderr.includes("STORE_LOCKED")]).toEqual([3, true]);
    expect((await harness.run("stop")).status).toBe(0);
    const done = await harness.run("archive", "--before", before);
    expect([done.status, done.stderr]).toEqual([0, ""]);
    const archive = /workspace\.archive-\d+/u.exec(done.stdout)?.[0] ?? "";
    const shown = await harness.run(
        "inspect",
        join(harness.workspace.root, ".ferrograph", archive),
    );
    expect(shown.stdout).toContain(`upToDelta ${before}`);
    expect((await json<RootResult>("root")).logRoot).toBe(last!.logRoot);
    for (const args of [
        ["snapshot", "1"],
        ["diff", "1", before],
        ["impact", "shapes::total", "--at", "1"],
    ]) {
        const refused = await harness.run(...args);
        expect([refused.status, refused.stderr.includes("HISTORY_ARCHIVED")]).toEqual([1, true]);
    }
    const verified = await harness.run("verify");
    expect([verified.status, verified.stdout.includes("archived")]).toEqual([0, true]);
    expect(pairs(await renamesBetween(second!, third!))).toContain("shapes::Block shapes::Slab");
    const again = await harness.run("archive", "--before", "1");
    expect(again.status).toBe(3);
});
