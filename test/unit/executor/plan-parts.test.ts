// Beginnings of plans: which steps can be made without those after them.

import { expect, test } from "vitest";

import { partsOfPlan } from "../../../src/executor/index.ts";
import type { PatchPlan } from "../../../src/patch/index.ts";
import { RemainingTime } from "../../../src/executor/remaining-time.ts";

type Plan = Pick<PatchPlan, "files" | "operations">;

const RISK = { score: 0, level: "low", reasons: [] } as const;

/** A plan of a file with an edit for each list of operations. */
function planOf(
    actions: readonly string[],
    edits: readonly (readonly number[])[],
    pathAfter = "src/lib.rs",
): Plan {
    return {
        operations: actions.map((action, at) => ({
            ...{ pattern: at, action, path: "", symbolId: "", at: undefined },
            description: `step ${at}`,
            preconditions: action === "move" ? [`nothing lies at ${pathAfter}`] : [],
            accepted: [],
            proof: { verdict: "proved", tokens: 0, digest: "" },
            ...{ edits: 1, risk: RISK },
        })),
        files: [
            {
                ...{ path: "src/lib.rs", pathAfter, before: "", after: "" },
                edits: edits.map((operations) => ({
                    ...{ start: 0, end: 0, oldText: "", newText: "", operations },
                    applicability: "machine-applicable" as const,
                })),
            },
        ],
    };
}

function steps(plan: Plan): readonly string[] {
    return partsOfPlan(plan).map(({ description }) => description);
}

test("each step is a part, but for steps that have part in one edit", () => {
    const three = ["rename", "rename", "rename"];
    expect(steps(planOf(three, [[0], [1], [2]]))).toEqual(["step 0", "step 1", "step 2"]);
    expect(steps(planOf(three, [[0, 1], [2]]))).toEqual(["step 0; step 1", "step 2"]);
    expect(steps(planOf(three, [[0, 2], [1]]))).toEqual(["step 0; step 1; step 2"]);
});

test("formatting ties nothing together", () => {
    const plan = planOf(["rename", "rename", "format"], [[0, 2], [1], [2]]);
    expect(steps(plan)).toEqual(["step 0", "step 1", ""]);
});

test("a file moves with the step that moves it; where that is not known, all steps are one", () => {
    expect(steps(planOf(["rename", "move"], [[0], [1]], "src/new.rs"))).toEqual([
        "step 0",
        "step 1",
    ]);
    expect(steps(planOf(["rename", "rename"], [[0], [1]], "src/new.rs"))).toEqual([
        "step 0; step 1",
    ]);
});

test("the time that is left is what checks took last, less what has passed", () => {
    let now = 0;
    const steps = ["a", "b"].map((command) => ({ command, args: [], kind: "compile" as const }));
    const [first, second] = steps;
    const durations = new Map([
        ["a", { before: 4000, after: 10_000 }],
        ["b", { before: 6000, after: 300_000 }],
    ]);
    const left = new RemainingTime(steps, new Set(), durations, () => now);
    expect(left.describe()).toBe(", about 6 min left");
    left.enter("after", first!);
    now = 9000;
    expect(left.describe()).toBe(", about 6 min left");
    left.enter("after", second!);
    now = 200_000;
    expect(left.describe()).toBe(", about 109 s left");
    const unknown = new RemainingTime(steps, new Set(), new Map(), () => now);
    expect(unknown.describe()).toBe("");
    const spared = new RemainingTime(
        [first!],
        new Set([first!]),
        new Map([["a", { before: undefined, after: 10_000 }]]),
        () => now,
    );
    expect(spared.describe()).toBe(", about 10 s left");
});
