// The past over a daemon, as the command shows it: states, differences, proofs, verification.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import type {
    DiffResult,
    ImpactResult,
    RootResult,
    SnapshotResult,
} from "../../src/protocol/index.ts";
import { DaemonHarness, type CommandResult } from "../support/daemon-harness.ts";

let harness: DaemonHarness;
let before: RootResult;
let after: RootResult;

async function json<T>(...args: readonly string[]): Promise<T> {
    const { status, stdout, stderr } = await harness.run(...args, "--json");
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout) as T;
}

beforeAll(async () => {
    harness = new DaemonHarness();
    before = await json<RootResult>("root");
    const renamed = await harness.run("rename", "shapes::scale", "rescale", "--apply");
    expect(renamed.status).toBe(0);
    after = await json<RootResult>("root");
});

afterAll(async () => {
    await harness.close();
});

test("a rename is one commit, and one rename in the difference", async () => {
    expect(after.commitCount).toBe(before.commitCount + 1);
    expect(after.logRoot).not.toBe(before.logRoot);
    const [j, k] = [String(before.deltaCount), String(after.deltaCount)];
    const diff = await json<DiffResult>("diff", j, k);
    expect(diff.renamed.map(({ from, to }) => [from.path, to.path])).toEqual([
        ["shapes::scale", "shapes::rescale"],
    ]);
    const { renamed, changedFiles, ...others } = diff.counts;
    expect(renamed).toBe(1);
    expect(changedFiles).toBeGreaterThan(0);
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
    const { stdout } = await harness.run("diff", j, k);
    expect(stdout).toContain("function shapes::scale → rescale");
    const back = await harness.run("diff", k, j);
    expect(back.stdout).toContain("function shapes::rescale → scale");
});

test("a past state has the root that it had", async () => {
    const past = await json<SnapshotResult>("snapshot", String(before.deltaCount));
    expect(past.stateRoot).toBe(before.stateRoot);
    expect(past.point).toMatchObject({ commit: before.commitCount, inside: false });
    const inside = await json<SnapshotResult>("snapshot", "1");
    expect(inside.point).toMatchObject({ k: 1, commit: 1, inside: true });
    const empty = await harness.run("snapshot", "0");
    expect(empty.stdout).toContain("the empty graph");
    const beyond = await harness.run("snapshot", String(after.deltaCount + 1));
    expect([beyond.status, beyond.stderr.includes("HISTORY_NO_DELTA")]).toEqual([1, true]);
});

test("the ripple of then is asked of the graph of then", async () => {
    const k = String(before.deltaCount);
    const past = await json<ImpactResult>("impact", "shapes::scale", "--at", k);
    const now = await json<ImpactResult>("impact", "shapes::rescale");
    expect(past.root).toBe(before.graphRoot);
    expect(past.past).toMatchObject({ k: before.deltaCount, commit: before.commitCount });
    const paths = (impact: ImpactResult): string[] =>
        impact.reached.map(({ symbol }) => symbol.path).sort();
    expect(paths(past)).toEqual(paths(now));
    expect(past.reached.length).toBeGreaterThan(0);
    // The files that the rename touched have another text now: no places in these.
    expect(past.symbol.at).toBeUndefined();
    const byId = new Map(now.reached.map(({ symbol }) => [symbol.id, symbol.at]));
    for (const { symbol } of past.reached.filter((each) => each.symbol.at !== undefined)) {
        expect(symbol.at).toEqual(byId.get(symbol.id));
    }
    const gone = await harness.run("impact", "shapes::rescale", "--at", k);
    expect([gone.status, gone.stderr.includes("SYMBOL_NOT_FOUND")]).toEqual([1, true]);
    const none = await harness.run("impact", "shapes::scale", "--at", "999999");
    expect([none.status, none.stderr.includes("HISTORY_NO_DELTA")]).toEqual([1, true]);
});

test("a proof holds without daemon and store, and fails when it is changed", async () => {
    const file = join(harness.emptyFolder(), "proof.json");
    const made = await harness.run("proof", "shapes::rescale", "--out", file);
    expect([made.status, made.stdout.includes(after.stateRoot)]).toEqual([0, true]);
    const elsewhere = ["--workspace", harness.emptyFolder()];
    const check = (...args: readonly string[]): Promise<CommandResult> =>
        harness.run("proof", "--verify", file, ...args, ...elsewhere);
    const held = await check("--root", after.logRoot);
    expect([held.status, held.stdout.includes("rescale (function) is present")]).toEqual([0, true]);
    const other = await check("--root", before.stateRoot);
    expect([other.status, other.stderr.includes("PROOF_OTHER_ROOT")]).toEqual([1, true]);
    writeFileSync(file, readFileSync(file, "utf8").replace('"present"', '"absent"'));
    const changed = await check();
    expect([changed.status, changed.stderr.includes("PROOF_FAILS")]).toEqual([1, true]);
    const printed = await harness.run("proof", "ws:.#nowhere/lib:nowhere");
    writeFileSync(file, printed.stdout);
    const absent = await check();
    expect([absent.status, absent.stdout.includes("is absent")]).toEqual([0, true]);
});

test("the whole history is replayed, and a log is shown as it is", async () => {
    const verified = await harness.run("verify");
    expect([verified.status, verified.stdout.includes(after.stateRoot)]).toEqual([0, true]);
    const log = join(harness.workspace.root, ".ferrograph", "workspace.graph.log");
    const copy = join(harness.emptyFolder(), "copy.graph.log");
    const bytes = readFileSync(log);
    writeFileSync(copy, bytes);
    const whole = await harness.run("inspect", copy);
    expect(whole.stdout.split("\n").filter((line) => line.includes("commit "))).toHaveLength(
        after.commitCount,
    );
    expect(whole.stdout).toContain(after.stateRoot);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(copy, bytes);
    const damaged = await harness.run("inspect", copy);
    expect([damaged.status, damaged.stdout.includes("damage")]).toEqual([0, true]);
    expect(damaged.stdout).toContain(after.stateRoot);
    const missing = await harness.run("inspect", `${copy}.none`);
    expect([missing.status, missing.stderr.includes("FILE_NOT_FOUND")]).toEqual([3, true]);
});

test("numbers and places are checked at the door", async () => {
    for (const args of [
        ["diff", "1"],
        ["diff", "1", "x"],
        ["snapshot", "-1"],
        ["proof"],
        ["status", "--at", "1"],
        ["proof", "--verify", "a", "b"],
    ]) {
        expect((await harness.run(...args)).status).toBe(2);
    }
    const local = await harness.run("proof", "shapes/src/lib.rs:37:16");
    expect([local.status, local.stderr.includes("HISTORY_LOCAL")]).toEqual([1, true]);
});
