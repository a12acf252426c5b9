// Operations of an engine: plans that land, what undoes them, what plans them anew, and what a crash left.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Refusal } from "../../../src/base/index.ts";
import { encodePlan, type PatchPlan } from "../../../src/patch/index.ts";
import type {
    ApplyPlanResult,
    ApplyRenameResult,
    PlanResult,
    RenameImpactResult,
    RollbackResult,
} from "../../../src/protocol/index.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";

const CONTEXT = { client: "test" };
const LIBRARY = "shapes/src/lib.rs";
const SLOW = 240_000;

let workspace: TestWorkspace;
let fixture: EngineFixture;
let cache: string;
const cacheBefore = process.env["XDG_CACHE_HOME"];

beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "ferrograph-cache-"));
    process.env["XDG_CACHE_HOME"] = cache;
    workspace = new TestWorkspace();
    workspace.write(".gitignore", "target\n");
    git("init", "-q", "-b", "main");
    git("config", "user.name", "A Person");
    git("config", "user.email", "person@example.org");
    git("add", "-A");
    git("commit", "-qm", "base");
    open(true);
});

afterEach(async () => {
    await fixture.engine.close();
    workspace.remove();
    rmSync(cache, { recursive: true, force: true });
    if (cacheBefore === undefined) {
        delete process.env["XDG_CACHE_HOME"];
    } else {
        process.env["XDG_CACHE_HOME"] = cacheBefore;
    }
});

function open(trusted: boolean): void {
    fixture = openTestEngine(workspace, undefined, undefined, { trusted });
}

function git(...args: string[]): string {
    return execFileSync("git", args, { cwd: workspace.root, encoding: "utf8" }).trim();
}

async function plan(newName = "grow"): Promise<string> {
    const patch = {
        id: "first",
        patterns: [{ match: { symbol: "shapes::scale" }, action: { rename: newName } }],
        constraints: { only_if_no_conflicts: false, accept: ["breaks-api", "changes-output"] },
    };
    const planned = await fixture.engine.patches.plan(CONTEXT, { patch: JSON.stringify(patch) });
    expect(planned).toHaveProperty("plan.format");
    return encodePlan((planned as PlanResult).plan as PatchPlan);
}

async function apply(
    more: Omit<Parameters<EngineFixture["engine"]["patches"]["apply"]>[1], "plan">,
): Promise<ApplyPlanResult> {
    const done = await fixture.engine.patches.apply(CONTEXT, { plan: await plan(), ...more });
    expect(done).toHaveProperty("opId");
    return done as ApplyPlanResult;
}

async function rollback(
    opId: string,
    land: "branch" | "fast-forward" = "branch",
): Promise<unknown> {
    return fixture.engine.patches.rollback(CONTEXT, { opId, land });
}

async function results(): Promise<unknown[]> {
    const { operations } = await fixture.engine.patches.log({});
    return operations.map(({ patchId, result }) => [patchId, result]);
}

test(
    "without trust nothing is run, and the refusal is in the log",
    async () => {
        await fixture.engine.close();
        open(false);
        const refused = await fixture.engine.patches.apply(CONTEXT, { plan: await plan() });
        expect(refused).toMatchObject({ code: "EXECUTOR_UNTRUSTED" });
        expect(await results()).toEqual([["first", "refused"]]);
        expect(git("branch", "--list")).toBe("* main");
    },
    SLOW,
);

test(
    "lands with its affected tests, is undone under later commits, and is planned anew",
    async () => {
        const done = await apply({ validate: "tests", land: "fast-forward" });
        expect(done.landed?.checks.map(({ command }) => command)).toEqual([
            "cargo check --workspace --all-targets",
            "cargo test -p shapes --test areas -- --exact rectangles_have_sides scales",
        ]);
        expect(git("rev-parse", "HEAD")).toBe(done.landed?.commit);
        expect(workspace.read(LIBRARY)).toContain("fn grow");
        workspace.write(LIBRARY, `${workspace.read(LIBRARY)}\n// later\n`);
        git("commit", "-qam", "later");

        const undone = (await rollback(done.opId, "fast-forward")) as RollbackResult;
        expect(undone).toMatchObject({ how: "reverted", undone: done.opId });
        expect(workspace.read(LIBRARY)).toContain("fn scale");
        expect(workspace.read(LIBRARY)).toContain("// later");
        expect(git("log", "-1", "--format=%(trailers:key=Undoes,valueonly)")).toBe(done.opId);
        expect(await rollback(done.opId)).toMatchObject({ code: "OPERATION_UNDONE" });

        const again = await fixture.engine.patches.replay(CONTEXT, { opId: done.opId.slice(0, 8) });
        expect(again).toHaveProperty("plan.patch.id", "first");
        expect((again as PlanResult).diff).toContain("fn grow");

        const redone = (await rollback(undone.opId, "fast-forward")) as RollbackResult;
        expect(redone.how).toBe("reverted");
        expect(workspace.read(LIBRARY)).toContain("fn grow");
        expect(await results()).toEqual([
            ["rollback", "applied"],
            ["rollback", "refused"],
            ["rollback", "applied"],
            ["first", "applied"],
        ]);
        const { rows } = await fixture.engine.tables.query(CONTEXT, {
            sql: "SELECT applied_commit FROM operation_log WHERE patch_id = 'first'",
        });
        expect(rows).toEqual([[done.landed?.commit]]);
    },
    SLOW,
);

test(
    "a commit that conflicts with later ones is not undone, and says where",
    async () => {
        const done = await apply({ land: "fast-forward" });
        workspace.write(LIBRARY, workspace.read(LIBRARY).replaceAll("grow", "enlarge"));
        git("commit", "-qam", "later");
        const before = git("for-each-ref");
        const refused = (await rollback(done.opId)) as Refusal;
        expect(refused).toMatchObject({ code: "ROLLBACK_CONFLICT" });
        expect(refused.candidates[0]).toContain(LIBRARY);
        expect(git("for-each-ref")).toBe(before);
        expect(git("status", "--porcelain")).toBe("");
        expect(git("worktree", "list").split("\n")).toHaveLength(1);
    },
    SLOW,
);

test(
    "a branch that nobody took is removed",
    async () => {
        const done = await apply({});
        const { branch = "" } = done.landed ?? {};
        expect(git("branch", "--list", branch)).not.toBe("");
        expect(await rollback(done.opId)).toMatchObject({ how: "branch-removed" });
        expect(git("branch", "--list")).toBe("* main");
        expect(await rollback(done.opId)).toMatchObject({ code: "OPERATION_NOT_HERE" });
    },
    SLOW,
);

test("what was made in place is written back, later changes kept, or refused", async () => {
    const before = workspace.read(LIBRARY);
    const done = await apply({ inPlace: true });
    workspace.write(LIBRARY, `${workspace.read(LIBRARY)}\n// later\n`);
    expect(await rollback(done.opId)).toMatchObject({ how: "written" });
    expect(workspace.read(LIBRARY)).toBe(`${before}\n// later\n`);

    const second = await apply({ inPlace: true });
    workspace.write(LIBRARY, workspace.read(LIBRARY).replaceAll("grow", "enlarge"));
    const text = workspace.read(LIBRARY);
    expect(await rollback(second.opId)).toMatchObject({ code: "ROLLBACK_CONFLICT" });
    expect(workspace.read(LIBRARY)).toBe(text);
});

test("a rename that was written by itself is written back, with the file that moved", async () => {
    workspace.write(LIBRARY, `pub mod round;\n${workspace.read(LIBRARY)}`);
    workspace.write("shapes/src/round.rs", "pub fn circle() {}\n");
    await fixture.engine.capture(CONTEXT, {});
    const before = workspace.read(LIBRARY);
    const symbol = { kind: "path", path: "shapes::round" } as const;
    const accept = ["breaks-api", "changes-output"];
    const asked = { symbol, newName: "curved", accept };
    const shown = await fixture.engine.renameImpact(CONTEXT, asked);
    const { fingerprint } = (shown as RenameImpactResult).plan;
    const done = await fixture.engine.applyRename(CONTEXT, { ...asked, fingerprint });
    expect(done).toMatchObject({
        moves: [{ from: "shapes/src/round.rs", to: "shapes/src/curved.rs" }],
    });
    workspace.write(LIBRARY, `${workspace.read(LIBRARY)}\n// later\n`);
    const { opId } = done as ApplyRenameResult;
    expect(await rollback(opId)).toMatchObject({ how: "written", undone: opId });
    expect(workspace.read(LIBRARY)).toBe(`${before}\n// later\n`);
    expect(workspace.read("shapes/src/round.rs")).toBe("pub fn circle() {}\n");
    expect(existsSync(join(workspace.root, "shapes/src/curved.rs"))).toBe(false);
    const replayed = await fixture.engine.patches.replay(CONTEXT, { opId });
    expect(replayed).toMatchObject({ code: "OPERATION_NO_PLAN" });
});

test("operations that are none, and those that were not made", async () => {
    expect(await rollback("0000")).toMatchObject({ code: "OPERATION_UNKNOWN" });
    expect(await rollback("../x")).toMatchObject({ code: "OPERATION_UNKNOWN" });
    const text = await plan();
    workspace.write(LIBRARY, "pub fn scale() {}\n");
    expect(
        await fixture.engine.patches.apply(CONTEXT, { plan: text, inPlace: true }),
    ).toMatchObject({ code: "PLAN_STALE_FILE" });
    const { operations } = await fixture.engine.patches.log({});
    expect(await rollback(operations[0]?.opId ?? "")).toMatchObject({
        code: "OPERATION_NOT_APPLIED",
    });
});

test("what a crash left is cleaned up at the next start, and in the log", async () => {
    const opId = "00000000-0000-4000-8000-00000000000a";
    const branch = `refactor/${opId}/20261121T000000Z`;
    const worktree = join(cache, "left");
    const base = git("rev-parse", "HEAD");
    git("worktree", "add", "-q", "-b", branch, worktree);
    const store = join(workspace.root, ".ferrograph");
    await fixture.engine.patches.log({});
    await fixture.engine.close();
    const journal = join(store, "executor.json");
    writeFileSync(
        journal,
        JSON.stringify({
            ...{ format: "ferrograph-executor/1", step: "check", opId, patchId: "first" },
            ...{ description: "rename", planFingerprint: null, rootBefore: "ab" },
            ...{ top: workspace.root, worktree, branch, base, landing: "branch" },
            ...{ onto: "main", commit: null },
        }),
    );
    open(true);
    expect(await results()).toEqual([["first", "failed"]]);
    const { operations } = await fixture.engine.patches.log({});
    expect(operations[0]?.diagnostics).toBe("EXECUTOR_INTERRUPTED: it was cut short at `check`");
    expect(existsSync(journal)).toBe(false);
    expect(git("branch", "--list")).toBe("* main");
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
    expect(readFileSync(join(store, "operations.log"), "utf8").trim().split("\n")).toHaveLength(1);
});
