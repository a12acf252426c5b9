// Questions to a rust-analyzer over its own stdio: a program that speaks LSP and can be told to be wrong, deaf, or
// dead. What a real one says is tested in definition-asker.test.ts.

import {
    chmodSync,
    copyFileSync,
    mkdtempSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { DefinitionAsker } from "../../../src/capture/index.ts";
import {
    AnalyzerQuestions,
    type AnalyzerQuestionsParts,
} from "../../../src/engine/analyzer-questions.ts";
import type { AnalyzerPort } from "../../../src/engine/facts-port.ts";
import { hashBytes } from "../../../src/engine/source-table.ts";
import type { RenameImpactResult } from "../../../src/protocol/index.ts";
import {
    KeptLog,
    openTestEngine,
    TestWorkspace,
    type EngineFixture,
} from "../../support/engine-fixture.ts";

const PROGRAM = fileURLToPath(new URL("../../fixtures/fake-rust-analyzer.mjs", import.meta.url));
const LIB = "shapes/src/lib.rs";
const MORE = `
macro_rules! same { ($x:expr) => { $x }; }
pub fn measure(r: &Rect) -> f64 { same!(r).area() + Some(1.0).unwrap_or(0.0) }
pub mod left { pub fn twin() {} }
pub mod right { pub fn twin() {} }
pub fn both() { left::twin(); same!(r).twin(); }
`;
const ASKING = { client: "c" };
const AREA = { kind: "path", path: "shapes::Shape::area" } as const;
const PATH = process.env["PATH"];
const OVER_STDIO: AnalyzerPort = {
    capture: () => Promise.reject(new Error("no index is made")),
    startAsker: async (root, options) => DefinitionAsker.start(root, options),
};

interface Place {
    readonly path: string;
    readonly line: number;
    readonly column: number;
}

let folder: string;
let workspace: TestWorkspace;
let engine: EngineFixture["engine"] | undefined;

beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-fake-")));
    copyFileSync(PROGRAM, join(folder, "fake.mjs"));
    const program = join(folder, "rust-analyzer");
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${folder}/fake.mjs" "$@"\n`);
    chmodSync(program, 0o755);
    writeFileSync(join(folder, "started"), "");
    process.env["PATH"] = `${folder}${delimiter}${PATH ?? ""}`;
    process.env["FAKE_RUST_ANALYZER"] = join(folder, "told.json");
    workspace = new TestWorkspace();
    workspace.write(LIB, workspace.read(LIB) + MORE);
});

afterEach(async () => {
    await engine?.close();
    engine = undefined;
    process.env["PATH"] = PATH;
    delete process.env["FAKE_RUST_ANALYZER"];
    workspace.remove();
    rmSync(folder, { recursive: true, force: true });
});

/** Where a word stands that follows a text, the last time. */
function placeOf(before: string): Place {
    const lines = workspace.read(LIB).split("\n");
    const line = lines.findLastIndex((each) => each.includes(before));
    return { path: LIB, line, column: (lines[line] ?? "").indexOf(before) + before.length };
}

function tell(mode: string, definitions: Readonly<Record<string, Place>> = {}): void {
    const std = { path: "std:option.rs", line: 590, column: 4 };
    const all = { Some: std, area: placeOf("    fn "), ...definitions };
    const log = join(folder, "started");
    writeFileSync(join(folder, "told.json"), JSON.stringify({ mode, definitions: all, log }));
}

function started(): number[] {
    return readFileSync(join(folder, "started"), "utf8").split("\n").filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

function open(): EngineFixture["engine"] {
    ({ engine } = openTestEngine(
        workspace,
        (real) => ({
            analyzer: OVER_STDIO,
            loadWorkspace: (root) => real.loadWorkspace(root, { trusted: false }),
        }),
        undefined,
        { trusted: true },
    ));
    return engine;
}

async function preview(
    of: EngineFixture["engine"],
    symbol: { readonly kind: "path"; readonly path: string } = AREA,
): Promise<RenameImpactResult> {
    const params = { symbol, newName: "extent", planOnly: true, ask: true };
    const answer = await of.renameImpact(ASKING, params);
    if ("code" in answer) {
        throw new Error(answer.message);
    }
    return answer;
}

describe("a rust-analyzer over stdio", () => {
    it("decides what is not proved", async () => {
        tell("answers");
        const { plan, asked, diff } = await preview(open());
        expect(asked).toEqual({ state: "answered", reason: "", asked: 1, answered: 1 });
        expect(plan).toMatchObject({ applicable: true, unproved: [] });
        expect(diff).toContain("same!(r).extent()");
    });

    it("is asked again while it says that the text has changed", async () => {
        tell("stale");
        const { asked } = await preview(open());
        expect(asked).toMatchObject({ state: "answered", answered: 1 });
    });

    it("that names nothing in std is not believed, and does not stay", async () => {
        tell("answers", { Some: { path: LIB, line: 0, column: 0 } });
        const { asked, plan } = await preview(open());
        expect(asked).toMatchObject({ state: "aside", answered: 0 });
        expect(asked!.reason).toContain("rustup component add rust-src");
        expect(plan.unproved).toHaveLength(1);
        await expect.poll(() => started().some(isRunning), { timeout: 10_000 }).toBe(false);
    });

    it("that names another definition leaves the token undecided for the rename", async () => {
        tell("answers", { area: placeOf("pub mod right { pub fn ") });
        const { plan } = await preview(open());
        expect(plan.applicable).toBe(false);
        expect(plan.unproved).toMatchObject([{ at: { path: LIB } }]);
    });

    it("that ends at the first question is said, and another one is started", async () => {
        tell("dies");
        const running = open();
        const { asked, plan } = await preview(running);
        expect(asked).toMatchObject({ state: "aside", answered: 0 });
        expect(asked!.reason).not.toBe("");
        expect(plan.unproved).toHaveLength(1);
        tell("answers");
        expect((await preview(running)).plan.unproved).toEqual([]);
        expect(started()).toHaveLength(2);
    });

    it("that cannot say its version is not started", async () => {
        tell("broken");
        const { asked } = await preview(open());
        expect(asked).toMatchObject({ state: "aside" });
        expect(asked!.reason).toContain("rust-analyzer");
        expect(started()).toEqual([]);
    });
});

it.each(["loading", "silent"])("nobody waits for one that is %s", async (mode) => {
    tell(mode);
    const running = open();
    await running.ready;
    const text = workspace.read(LIB);
    const some = { file: LIB, span: { start: text.lastIndexOf("Some(") } };
    const resolution = {
        occurrencesNamed: (name: string) =>
            name === "Some" ? [{ ...some, binding: { kind: "external" } }] : [],
    };
    const contentHash = hashBytes(Buffer.from(text));
    const current = { shape: "", sources: new Map([[LIB, { contentHash }]]), resolution };
    const questions = new AnalyzerQuestions({
        ...{
            root: workspace.root,
            trusted: true,
            isAllowed: true,
            port: OVER_STDIO,
            waitMs: 3_000,
        },
        logger: new KeptLog(),
        storeFolder: () => folder,
        committed: () => ({ current }),
    } as unknown as AnalyzerQuestionsParts);
    const asked = await questions.ask([{ at: placeOf("same!(r)."), text }]);
    expect(asked).toMatchObject({ state: "loading", answered: 0 });
    expect(asked.reason).toContain("ask again");
    expect(started().map(isRunning)).toEqual([true]);
    await questions.close();
    await expect.poll(() => started().some(isRunning), { timeout: 10_000 }).toBe(false);
});
