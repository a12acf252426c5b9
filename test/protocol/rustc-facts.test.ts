// `capture --rustc` with the machine's own cargo and rustc, over a real daemon.

import { spawnSync } from "node:child_process";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { CaptureResult, RenameImpactResult, StatusResult } from "../../src/protocol/index.ts";
import { DaemonHarness } from "../support/daemon-harness.ts";

const LIB = "shapes/src/lib.rs";
const MORE = `
macro_rules! same { ($x:expr) => { $x }; }
pub fn measure(r: &Rect) -> f64 { same!(r).area() }
`;

/** Without cargo and rustc the tests are reported as not run. */
const HAS_RUSTC = ["cargo", "rustc"].every(
    (program) => spawnSync(program, ["--version"]).status === 0,
);

const LIMIT_MS = 180_000;

describe.runIf(HAS_RUSTC)("rustc's facts over a daemon", () => {
    let harness: DaemonHarness;
    let before: RenameImpactResult["plan"];
    let captured: CaptureResult;

    async function planRename(...options: string[]): Promise<RenameImpactResult["plan"]> {
        const args = ["rename", "shapes::Shape::area", "surface_area", "--json", ...options];
        return (JSON.parse((await harness.run(...args)).stdout) as RenameImpactResult).plan;
    }

    beforeAll(async () => {
        harness = new DaemonHarness();
        harness.workspace.write(LIB, harness.workspace.read(LIB) + MORE);
        before = await planRename("--trust", "--no-facts");
        const { stdout } = await harness.run(
            "capture",
            "--rustc",
            "--trust",
            "--no-facts",
            "--json",
        );
        captured = JSON.parse(stdout) as CaptureResult;
    }, LIMIT_MS);

    afterAll(async () => {
        await harness.close();
    });

    it("are captured from the terminal", () => {
        expect(captured.facts).toMatchObject({ phase: "idle", reason: "", stale: [] });
        expect(captured.facts!.configurations.map((one) => [one.name, one.compiles])).toEqual([
            ["default", true],
            ["tests", true],
        ]);
        expect(captured.facts!.disagreements.count).toBe(0);
    });

    it("are told by status, with the share that is exact", async () => {
        const { stdout } = await harness.run("status", "--json");
        const status = JSON.parse(stdout) as StatusResult;
        const decided = status.occurrences["symbol"]! + status.occurrences["local"]!;
        const exact = status.rustc.exact["symbol"]! + status.rustc.exact["local"]!;
        expect(exact).toBeGreaterThan(decided / 2);
        expect(status.frontends.map((one) => one.name)).toEqual(["syntax", "rustc"]);
        expect((await harness.run("status")).stdout).toMatch(/^rustc's facts +\d+ compilations/mu);
    });

    it("let a rename be proved that is not without them", async () => {
        expect(before.proof.verdict).toBe("unproved");
        const plan = await planRename();
        expect(plan.unproved).toEqual([]);
        expect(plan.proof.verdict).toBe("proved");
        const text = harness.workspace.read(LIB);
        const line = text.slice(0, text.lastIndexOf(".area()")).split("\n").length - 1;
        const edit = plan.edits.find(
            (one) => one.path === LIB && [line, line + 1].includes(one.line),
        );
        expect(edit).toMatchObject({ precision: "exact" });
    });
});
