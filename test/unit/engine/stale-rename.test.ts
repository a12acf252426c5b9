// A rename rests on files as they were captured: one that is another on disk is read again first.

import { afterEach, beforeEach, expect, test } from "vitest";

import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";

const ROUND = "shapes/src/round.rs";
const CLIENT = { client: "test" };

let workspace: TestWorkspace;
let fixture: EngineFixture;

beforeEach(async () => {
    workspace = new TestWorkspace();
    fixture = openTestEngine(workspace);
    await fixture.engine.ready;
    await fixture.engine.apply({ kind: "client-join", client: "test", name: "test" });
});

afterEach(async () => {
    await fixture.engine.close();
    workspace.remove();
});

test("a file whose hash is no longer that of the index is read again before it is edited", async () => {
    const text = workspace.read(ROUND);
    const symbol = { kind: "path", path: "shapes::scale" } as const;
    const before = await fixture.engine.renameImpact(CLIENT, { symbol, newName: "resize" });
    if ("code" in before) {
        throw new Error(before.message);
    }
    workspace.write(ROUND, `${text}\npub fn later() -> f64 { scale(2.0) }\n`);
    const after = await fixture.engine.renameImpact(CLIENT, { symbol, newName: "resize" });
    if ("code" in after) {
        throw new Error(after.message);
    }
    const editsOf = (result: typeof before): number =>
        result.plan.edits.filter((edit) => edit.path === ROUND).length;
    expect(editsOf(after)).toBe(editsOf(before) + 1);
    expect(after.plan.fileHashes[ROUND]).not.toBe(before.plan.fileHashes[ROUND]);
    const applied = await fixture.engine.applyRename(CLIENT, {
        symbol,
        newName: "resize",
        fingerprint: before.plan.fingerprint,
    });
    expect(applied).toMatchObject({ code: "PLAN_CHANGED" });
});
