// `capture --rustc` with the machine's own cargo and rustc, over a real daemon.

import { spawnSync } from "node:child_process";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type {
    CaptureResult,
    FlowResult,
    ImpactResult,
    RenameImpactResult,
    StatusResult,
} from "../../src/protocol/index.ts";
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
        expect(status.frontends.map((one) => one.name)).toEqual([
            "syntax",
            "rustc",
            "rust-analyzer",
        ]);
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

const IMPLICIT = `
pub mod implicit {
    use std::ops::{Add, Deref, Index};

    #[derive(Clone, Copy)]
    pub struct Cell(pub i32);
    impl Add for Cell { type Output = Cell; fn add(self, other: Cell) -> Cell { Cell(self.0 + other.0) } }
    pub struct Shell(pub Cell);
    impl Deref for Shell { type Target = Cell; fn deref(&self) -> &Cell { &self.0 } }
    impl Index<usize> for Shell { type Output = Cell; fn index(&self, _: usize) -> &Cell { &self.0 } }
    impl Drop for Shell { fn drop(&mut self) {} }
    pub struct Count(pub u32);
    impl Iterator for Count {
        type Item = u32;
        fn next(&mut self) -> Option<u32> { self.0.checked_sub(1).inspect(|less| self.0 = *less) }
    }
    pub struct Low;
    pub struct High;
    impl From<Low> for High { fn from(_: Low) -> High { High } }
    pub struct Ready;
    impl std::future::Future for Ready {
        type Output = i32;
        fn poll(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<i32> { std::task::Poll::Ready(1) }
    }

    pub fn operator(a: Cell, b: Cell) -> Cell { a + b }
    pub fn looped() -> u32 { let mut sum = 0; for n in Count(3) { sum += n; } sum }
    pub fn low() -> Result<u8, Low> { Err(Low) }
    pub fn tried() -> Result<u8, High> { Ok(low()?) }
    pub fn followed(shell: &Shell) -> i32 { shell.0.0 + shell.abs() }
    impl Cell { pub fn abs(&self) -> i32 { self.0.abs() } }
    pub fn indexed(shell: &Shell) -> Cell { shell[1] }
    pub fn dropped() { let _kept = Shell(Cell(1)); }
    pub async fn awaited() -> i32 { Ready.await }
    pub fn branched(flag: bool) -> i32 { if flag { 1 } else { 2 } }
}
`;

describe.runIf(HAS_RUSTC)("calls that no token names, and control flow", () => {
    let harness: DaemonHarness;

    beforeAll(async () => {
        harness = new DaemonHarness();
        harness.workspace.write(LIB, harness.workspace.read(LIB) + IMPLICIT);
        const { status } = await harness.run(
            "capture",
            "--rustc",
            "--mir",
            "--trust",
            "--no-facts",
            "--json",
        );
        expect(status).toBe(0);
    }, LIMIT_MS);

    afterAll(async () => {
        await harness.close();
    });

    async function callersOf(text: string, name: string): Promise<string[]> {
        const before = harness.workspace.read(LIB);
        const at = before.indexOf(`fn ${name}`, before.indexOf(text)) + 3;
        const line = before.slice(0, at).split("\n").length;
        const column = at - before.lastIndexOf("\n", at - 1);
        const place = `${harness.workspace.root}/${LIB}:${line}:${column}`;
        const { stdout } = await harness.run("impact", place, "--depth", "1", "--json");
        return (JSON.parse(stdout) as ImpactResult).reached
            .filter((one) => one.implicit !== undefined)
            .map((one) => `${one.symbol.name} ${one.edge} by ${one.implicit}`)
            .sort();
    }

    it.each([
        ["impl Add for Cell", "add", "operator call by operator"],
        ["impl Iterator for Count", "next", "looped call by for"],
        ["impl From<Low> for High", "from", "tried call by try"],
        ["impl Deref for Shell", "deref", "followed call by deref"],
        ["impl Index<usize> for Shell", "index", "indexed call by index"],
        ["impl Drop for Shell", "drop", "dropped call by drop"],
        ["Future for Ready", "poll", "awaited call by await"],
    ])("%s: %s is called by who uses it", async (impl, name, expected) => {
        expect(await callersOf(impl, name)).toEqual([expected]);
    });

    it("are counted by status", async () => {
        const { stdout } = await harness.run("status", "--json");
        const { rustc } = JSON.parse(stdout) as StatusResult;
        const { edges } = rustc.implicit;
        expect(edges).toMatchObject({ operator: 1, await: 1, deref: 1, index: 1, drop: 1 });
        expect(rustc.unitsWithFlow).toBe(rustc.units);
    });

    it("blocks are shown with what may follow, and searched from any of them", async () => {
        const show = async (...more: string[]): Promise<FlowResult> => {
            const path = "shapes::implicit::branched";
            return JSON.parse(
                (await harness.run("flow", path, "--json", ...more)).stdout,
            ) as FlowResult;
        };
        const [body, ...others] = (await show()).bodies;
        expect(others).toEqual([]);
        expect(body!.blocks[0]).toMatchObject({ number: 0, distance: 0, at: { path: LIB } });
        expect(body!.blocks[0]!.next).toHaveLength(2);
        const [then] = body!.blocks[0]!.next;
        const from = (await show("--from", String(then))).bodies[0]!.blocks;
        expect(from[then!]!.distance).toBe(0);
        expect(from[0]!.distance).toBe(-1);
        expect(from.map((block) => block.id)).toEqual(body!.blocks.map((block) => block.id));
        const text = (await harness.run("flow", "shapes::implicit::branched")).stdout;
        expect(text).toMatch(/^ {2}bb0 .*pub fn branched.*\u2192 bb\d+, bb\d+$/mu);
    });

    it("blocks that every way to one passes are told, and those to a line", async () => {
        const path = "shapes::implicit::branched";
        const ask = async (...more: string[]): Promise<FlowResult> =>
            JSON.parse((await harness.run("flow", path, "--json", ...more)).stdout) as FlowResult;
        const { blocks } = (await ask()).bodies[0]!;
        const [then, otherwise] = blocks[0]!.next;
        // Both branches meet again before the body ends: neither lies on every way there.
        const last = blocks.find((block) => block.next.length === 0 && block.distance > 1)!.number;
        const [passed] = (await ask("--to", String(last))).passed!;
        expect(passed).toMatchObject({ part: "", to: last });
        expect(passed!.blocks[0]).toBe(0);
        expect(passed!.blocks.at(-1)).toBe(last);
        expect(passed!.blocks).not.toContain(then);
        expect(passed!.blocks).not.toContain(otherwise);
        const none = (await ask("--from", String(last), "--to", "0")).passed!;
        expect(none).toEqual([{ part: "", to: 0, blocks: [] }]);
        const line = String(blocks[0]!.at!.line + 1);
        const onLine = (await ask("--line", line)).passed!;
        expect(onLine.map(({ to }) => to)).toEqual(
            blocks.filter((block) => block.at !== undefined).map((block) => block.number),
        );
        const above = await harness.run("flow", path, "--line", "1");
        expect(above.stderr).toContain("FLOW_NO_BLOCK");
        expect((await harness.run("flow", path, "--to", "99")).stderr).toContain("FLOW_NO_BLOCK");
        const text = (await harness.run("flow", path, "--to", String(last))).stdout;
        expect(text).toContain(`every way from bb0 to bb${last} passes`);
    });

    it("is refused for what has no control flow, and for a body that changed", async () => {
        const none = await harness.run("flow", "shapes::implicit::Cell");
        expect([none.status, none.stderr]).toEqual([1, expect.stringContaining("FLOW_NONE")]);
        const beyond = await harness.run("flow", "shapes::implicit::low", "--from", "99");
        expect(beyond.stderr).toContain("FLOW_NO_BLOCK");
        harness.workspace.write(LIB, harness.workspace.read(LIB).replace("if flag", "if !flag"));
        const stale = await harness.run("flow", "shapes::implicit::branched");
        expect(stale.stderr).toContain("FLOW_STALE");
    });
});
