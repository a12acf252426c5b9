// Patches on an engine: planned on what is saved, made exactly as planned, logged.

import { afterEach, beforeEach, expect, test } from "vitest";

import { decodePlan, encodePlan, type PatchPlan } from "../../../src/patch/index.ts";
import type { PlanResult } from "../../../src/protocol/index.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";

let workspace: TestWorkspace;
let fixture: EngineFixture;

beforeEach(() => {
    workspace = new TestWorkspace();
    fixture = openTestEngine(workspace);
});

afterEach(async () => {
    await fixture.engine.close();
    workspace.remove();
});

const CONTEXT = { client: "test" };

const PATCH = {
    id: "grow",
    patterns: [
        { match: { symbol: "shapes::scale" }, action: { rename: "grow" } },
        {
            match: { sql: "SELECT symbol_id FROM symbols WHERE path = 'shapes::Rect'", expect: 1 },
            action: { rename: { to: "{name}OfLength" } },
        },
    ],
    constraints: { only_if_no_conflicts: false, accept: ["breaks-api", "changes-output"] },
};

async function plan(patch: unknown = PATCH): Promise<PlanResult> {
    const planned = await fixture.engine.patches.plan(CONTEXT, { patch: JSON.stringify(patch) });
    expect(planned).toHaveProperty("plan.format");
    return planned as PlanResult;
}

test("a plan is made exactly, and the operation is logged with its plan", async () => {
    const planned = await plan();
    const { operations, files } = planned.plan;
    expect(operations.map(({ description }) => description).slice(0, 2)).toEqual([
        "rename shapes::scale to grow",
        "rename shapes::Rect to RectOfLength",
    ]);
    expect(planned.diff).toContain("+");
    const done = await fixture.engine.patches.apply(CONTEXT, {
        inPlace: true,
        plan: encodePlan(planned.plan as PatchPlan),
    });
    expect(done).toMatchObject({ files: files.map(({ path }) => path) });
    expect(files.some(({ path }) => workspace.read(path).includes("RectOfLength"))).toBe(true);
    const { rows } = await fixture.engine.tables.query(CONTEXT, {
        sql: "SELECT patch_id, result, plan_fingerprint FROM operation_log",
    });
    expect(rows).toEqual([["grow", "applied", planned.plan.fingerprint]]);
});

test("a plan is refused, and nothing is written, when a file has changed since", async () => {
    const planned = await plan();
    const [first] = planned.plan.files;
    const text = workspace.read(first!.path);
    workspace.write(first!.path, `${text}\n// later\n`);
    const refused = await fixture.engine.patches.apply(CONTEXT, {
        inPlace: true,
        plan: encodePlan(planned.plan as PatchPlan),
    });
    expect(refused).toMatchObject({ kind: "refusal", code: "PLAN_STALE_FILE" });
    expect(workspace.read(first!.path)).toBe(`${text}\n// later\n`);
    for (const { path } of planned.plan.files.slice(1)) {
        expect(workspace.read(path)).not.toContain("RectOfLength");
    }
});

test("a plan that was edited is none", async () => {
    const planned = await plan();
    const text = encodePlan(planned.plan as PatchPlan).replaceAll("RectOfLength", "Elsewhere");
    expect(await fixture.engine.patches.apply(CONTEXT, { plan: text })).toMatchObject({
        code: "PLAN_EDITED",
    });
    expect(decodePlan("{}")).toMatchObject({ code: "PLAN_FORMAT" });
    expect(decodePlan("{")).toMatchObject({ code: "PLAN_NOT_JSON" });
});

test("a file that is not saved is not planned on", async () => {
    const planned = await plan();
    const { path } = planned.plan.files[0]!;
    const text = `${workspace.read(path)}\n`;
    await fixture.engine.apply({ kind: "overlay-put", client: "editor", path, text });
    const refused = await fixture.engine.patches.plan(
        { client: "editor" },
        { patch: JSON.stringify(PATCH) },
    );
    expect(refused).toMatchObject({ code: "PATCH_UNSAVED_FILE" });
});
