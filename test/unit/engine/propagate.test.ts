// Renames that were made on one branch, and what they mean on another: found in the difference of the graphs, planned
// on what is there.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Refusal } from "../../../src/base/index.ts";
import { propagateRenames } from "../../../src/engine/propagate-renames.ts";
import type { PlanResult, PropagateParams, PropagateResult } from "../../../src/protocol/index.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";

const CONTEXT = { client: "test" };
const LIBRARY = "shapes/src/lib.rs";
const ROUND = "shapes/src/round.rs";

let workspace: TestWorkspace;
let fixture: EngineFixture;

beforeEach(() => {
    workspace = new TestWorkspace();
    git("init", "-q", "-b", "main");
    git("config", "user.name", "A Person");
    git("config", "user.email", "person@example.org");
    commit("base");
});

afterEach(async () => {
    await fixture.engine.close();
    workspace.remove();
});

function git(...args: string[]): string {
    return execFileSync("git", args, { cwd: workspace.root, encoding: "utf8" }).trim();
}

function commit(message: string): void {
    git("add", "-A");
    git("commit", "-qm", message);
}

/** Replaces whole words in all files that have them. */
function replace(paths: readonly string[], words: Readonly<Record<string, string>>): void {
    for (const path of paths) {
        let text = workspace.read(path);
        for (const [from, to] of Object.entries(words)) {
            text = text.replaceAll(new RegExp(`\\b${from}\\b`, "gu"), to);
        }
        workspace.write(path, text);
    }
}

const ALL = [LIBRARY, ROUND, "shapes/tests/areas.rs", "app/src/main.rs"];

async function propagate(between: PropagateParams["between"]): Promise<PropagateResult> {
    fixture = openTestEngine(workspace);
    const accept = ["breaks-api", "changes-output"];
    const answer = await propagateRenames(fixture.engine, CONTEXT, { between, accept });
    expect(answer).toHaveProperty("renames");
    return answer as PropagateResult;
}

async function planned(patch: string | undefined): Promise<PlanResult> {
    expect(patch).toBeDefined();
    const answer = await fixture.engine.patches.plan(CONTEXT, { patch: patch! });
    expect(answer).toHaveProperty("plan");
    return answer as PlanResult;
}

const BETWEEN = { kind: "revisions", from: "base", to: "main" } as const;

test("what was renamed on one branch is planned on another, new uses of the old names included", async () => {
    git("branch", "base");
    replace(ALL, { scale: "double", Rect: "Rectangle", width: "breadth" });
    commit("rename");
    git("switch", "-q", "-c", "feature", "base");
    workspace.write(ROUND, `${workspace.read(ROUND)}\npub fn four() -> f64 {\n    scale(2.0)\n}\n`);
    commit("use an old name");
    const folders = (): string[] => readdirSync(tmpdir()).filter((n) => n.includes("-revisions-"));
    const before = folders();

    const { renames, patch } = await propagate(BETWEEN);

    expect(renames.map(({ kind, from, to, state }) => `${kind} ${from} ${to} ${state}`)).toEqual([
        "struct shapes::Rect shapes::Rectangle to-make",
        "function shapes::scale shapes::double to-make",
        "field shapes::Rect::width shapes::Rectangle::breadth to-make",
    ]);
    const { diff } = await planned(patch);
    expect(diff).toContain("+    double(2.0)");
    expect(diff).toContain("+    pub breadth: f64,");
    expect(folders()).toEqual(before);
    expect(git("status", "--porcelain").replace(/^\?\? \.ferrograph\/?$/mu, "")).toBe("");
});

test("what is made here already, or cannot be, is said", async () => {
    git("branch", "base");
    replace(ALL, { scale: "double", total: "sum", unit_circle: "one", radius: "size" });
    commit("rename");
    git("switch", "-q", "-c", "feature", "base");
    replace(ALL, { scale: "double" });
    workspace.write(LIBRARY, `${workspace.read(LIBRARY)}\npub fn sum() {}\n`);
    workspace.write(ROUND, "pub struct Circle {\n    pub radius: f64,\n}\n");
    commit("go another way");

    const { renames, patch } = await propagate(BETWEEN);

    const states = renames.map(({ from, state, here }) => [from, state, here]);
    expect(states).toContainEqual(["shapes::scale", "made", "shapes::double"]);
    expect(states).toContainEqual(["shapes::total", "taken", "shapes::total"]);
    expect(states).toContainEqual(["shapes::round::unit_circle", "absent", undefined]);
    expect(JSON.parse(patch!)).toMatchObject({
        id: "propagate-base-to-main",
        patterns: [{ match: { symbol: "shapes::round::Circle::radius" } }],
    });
});

test("a member follows where its owner was renamed here before", async () => {
    git("branch", "base");
    replace(ALL, { Rect: "Rectangle", width: "breadth" });
    commit("rename");
    git("switch", "-q", "-c", "feature", "base");
    replace(ALL, { Rect: "Rectangle" });
    commit("rename the owner alone");

    const { renames, patch } = await propagate(BETWEEN);

    expect(renames.map(({ state, here }) => `${state} ${here ?? ""}`)).toEqual([
        "made shapes::Rectangle",
        "to-make shapes::Rectangle::width",
    ]);
    const { diff } = await planned(patch);
    expect(diff).toContain("+    pub breadth: f64,");
});

test("two states of the store do as well, and nothing renamed is nothing to do", async () => {
    fixture = openTestEngine(workspace, (real) => real);
    const { engine } = fixture;
    await engine.ready;
    const from = (await engine.roots()).deltaCount;
    replace(ALL, { scale: "double" });
    await engine.apply({ kind: "disk", paths: [] });
    await engine.capture(CONTEXT, {});
    const to = (await engine.roots()).deltaCount;
    expect(to).toBeGreaterThan(from);
    git("checkout", "-q", "--", ".");

    const answer = (await propagateRenames(engine, CONTEXT, {
        between: { kind: "deltas", from, to },
    })) as PropagateResult;

    expect(answer.renames).toMatchObject([{ from: "shapes::scale", state: "to-make" }]);
    const none = await propagateRenames(engine, CONTEXT, {
        between: { kind: "revisions", from: "HEAD", to: "HEAD" },
    });
    expect(none).toEqual({ renames: [], patch: undefined });
});

test("refuses what git does not know, and what is in no repository", async () => {
    fixture = openTestEngine(workspace);
    const ask = (from: string): Promise<PropagateResult | Refusal> =>
        propagateRenames(fixture.engine, CONTEXT, {
            between: { kind: "revisions", from, to: "HEAD" },
        });
    expect(await ask("no-such-branch")).toMatchObject({ code: "PROPAGATE_NO_REVISION" });
    execFileSync("rm", ["-rf", ".git"], { cwd: workspace.root });
    expect(await ask("HEAD")).toMatchObject({ code: "PROPAGATE_NO_GIT" });
});
