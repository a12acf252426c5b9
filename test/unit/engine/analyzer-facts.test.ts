// rust-analyzer's facts in the life of an engine: captured when asked, kept beside the store, believed only if
// it sees std and the files rest. The frontend is a stand-in whose index is written by hand.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { OperatingError } from "../../../src/base/index.ts";
import type { ScipCapture, ScipDocument } from "../../../src/capture/index.ts";
import type { EngineOptions } from "../../../src/engine/engine-options.ts";
import type { AnalyzerPort } from "../../../src/engine/facts-port.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { parseFixture } from "../../support/facts.ts";
import { scipOf, type ScipLine } from "../../support/scip.ts";

const LIB = "shapes/src/lib.rs";
const MORE = `
macro_rules! same { ($x:expr) => { $x }; }
pub fn measure(r: &Rect) -> f64 { same!(r).area() }
`;
const ASK = { client: "c" };

let workspace: TestWorkspace;
let engines: EngineFixture[];

beforeEach(() => {
    workspace = new TestWorkspace();
    workspace.write(LIB, workspace.read(LIB) + MORE);
    engines = [];
});

afterEach(async () => {
    for (const { engine } of engines) {
        await engine.close();
    }
    workspace.remove();
});

class FakeAnalyzer implements AnalyzerPort {
    captures = 0;
    closed = 0;
    seesStd = true;
    failure: Error | undefined;
    /** Happens while the index is made. */
    meanwhile: () => Promise<void> = () => Promise.resolve();
    readonly started: string[][] = [];

    async capture(
        ...[{ cargoFolders }]: Parameters<AnalyzerPort["capture"]>
    ): Promise<ScipCapture> {
        this.captures += 1;
        this.started.push([...cargoFolders]);
        const documents = this.documents();
        await this.meanwhile();
        if (this.failure !== undefined) {
            throw this.failure;
        }
        return {
            version: "rust-analyzer 1.96.0",
            documents: async function* () {
                await Promise.resolve();
                yield* documents;
            },
            close: () => {
                this.closed += 1;
                return Promise.resolve();
            },
        };
    }

    startAsker(): Promise<never> {
        return Promise.reject(new Error("nothing is asked"));
    }

    documents(): ScipDocument[] {
        const text = workspace.read(LIB);
        const fixture = { ...parseFixture("fn f() {}\n"), files: new Map([[LIB, text]]) };
        const area = "rust-analyzer cargo shapes 0.1.0 Shape#area().";
        const std = "rust-analyzer cargo core 1 iter/traits/iterator/Iterator#";
        const calls = [...text.matchAll(/\.(\w+)\(/gu)].map(([, name]) => name!);
        const seen = new Map<string, number>();
        const lines = calls.map((name): ScipLine => {
            const words = [...text.matchAll(new RegExp(`(?<![\\w])${name}(?![\\w])`, "gu"))];
            const at = [...text.matchAll(/\.(\w+)\(/gu)].filter(([, one]) => one === name);
            const nth = seen.get(name) ?? 0;
            seen.set(name, nth + 1);
            const start = at[nth]!.index + 1;
            const number = words.findIndex((word) => word.index === start);
            return [[LIB, name, number], name === "area" ? area : `${std}${name}().`];
        });
        const all: ScipLine[] = [
            [[LIB, "area", 1], area, "definition"],
            ...lines,
            [[LIB, "f64", 0], `${std}f64().`],
        ];
        return this.seesStd ? scipOf(fixture, all) : scipOf(fixture, all.slice(0, 2));
    }
}

function open(
    analyzer: AnalyzerPort,
    options: Partial<EngineOptions> = {},
    graph?: EngineFixture["graph"],
): EngineFixture {
    const fixture = openTestEngine(
        workspace,
        (real) => ({
            analyzer,
            loadWorkspace: (root) => real.loadWorkspace(root, { trusted: false }),
        }),
        graph,
        { trusted: true, ...options },
    );
    engines.push(fixture);
    return fixture;
}

async function meaning({ engine }: EngineFixture): Promise<string> {
    const view = await engine.view("c");
    const start = view.text(LIB).lastIndexOf(".area()") + 1;
    const [found] = view.resolution.occurrencesAt(LIB, start);
    return `${found!.binding.kind}, ${found!.saidBy ?? "nobody"}`;
}

function edit(from: string, to: string): void {
    const text = workspace.read(LIB);
    expect(text).toContain(from);
    workspace.write(LIB, text.replace(from, to));
}

describe("rust-analyzer's facts", () => {
    it("decide what the resolver leaves open, and say who it was", async () => {
        const frontend = new FakeAnalyzer();
        const fixture = open(frontend);
        expect(await meaning(fixture)).toMatch(/^(unresolved|ambiguous|opaque), nobody$/u);
        const { analyzer, facts } = await fixture.engine.capture(ASK, { rustAnalyzer: true });
        expect(await meaning(fixture)).toBe("symbol, rust-analyzer");
        expect(facts).toBeUndefined();
        expect(analyzer).toMatchObject({
            phase: "idle",
            reason: "",
            version: "rust-analyzer 1.96.0",
            documents: 1,
        });
        expect(analyzer!.taken).toBeGreaterThan(0);
        expect(analyzer!.exact["symbol"]).toBeGreaterThan(0);
        expect(frontend.closed).toBe(1);
        expect(frontend.started).toEqual([[""]]);
        const { rustAnalyzer, frontends } = await fixture.engine.status(ASK);
        expect(rustAnalyzer).toEqual(analyzer);
        expect(frontends).toContainEqual({
            name: "rust-analyzer",
            state: "idle",
            precision: "exact",
        });
    });

    it("stay with the store, and hold for the same text after opening again", async () => {
        const first = open(new FakeAnalyzer());
        await first.engine.capture(ASK, { rustAnalyzer: true });
        await first.engine.close();
        const frontend = new FakeAnalyzer();
        const second = open(frontend, {}, first.graph);
        expect(await meaning(second)).toBe("symbol, rust-analyzer");
        expect(frontend.captures).toBe(0);
        const { rustAnalyzer } = await second.engine.status(ASK);
        expect(rustAnalyzer.version).toBe("rust-analyzer 1.96.0");
        edit("pub fn scale(factor: f64)", "pub fn scale(factor: f64, _by: u8)");
        await second.engine.apply({ kind: "disk", paths: [] });
        expect(await meaning(second)).toMatch(/, nobody$/u);
    });

    it("are not believed where it does not see std, and status says what to do", async () => {
        const frontend = new FakeAnalyzer();
        frontend.seesStd = false;
        const fixture = open(frontend);
        const { analyzer } = await fixture.engine.capture(ASK, { rustAnalyzer: true });
        expect(await meaning(fixture)).toMatch(/, nobody$/u);
        expect(analyzer).toMatchObject({ phase: "aside" });
        expect(analyzer!.reason).toContain("does not see the standard library");
        expect(analyzer!.advice).toContain("rustup component add rust-src");
        frontend.seesStd = true;
        const again = await fixture.engine.capture(ASK, { rustAnalyzer: true });
        expect(again.analyzer).toMatchObject({ phase: "idle", reason: "", advice: "" });
        expect(await meaning(fixture)).toBe("symbol, rust-analyzer");
    });

    it("stand aside where there is no rust-analyzer", async () => {
        const frontend = new FakeAnalyzer();
        frontend.failure = new OperatingError("TOOL_MISSING", "cannot run rust-analyzer", {
            advice: "add it",
        });
        const { analyzer } = await open(frontend).engine.capture(ASK, { rustAnalyzer: true });
        expect(analyzer).toMatchObject({
            phase: "aside",
            reason: "cannot run rust-analyzer",
            advice: "add it",
        });
    });

    it("are told to have failed when rust-analyzer fails", async () => {
        const frontend = new FakeAnalyzer();
        frontend.failure = new OperatingError("TOOL_FAILED", "it fell over");
        const { engine } = open(frontend);
        await expect(engine.capture(ASK, { rustAnalyzer: true })).rejects.toThrow("it fell over");
        const { rustAnalyzer } = await engine.status(ASK);
        expect(rustAnalyzer).toMatchObject({ phase: "failed", reason: "it fell over" });
    });

    it("are not taken of files that changed while it read them", async () => {
        const frontend = new FakeAnalyzer();
        const fixture = open(frontend);
        await fixture.engine.ready;
        frontend.meanwhile = async () => {
            edit("let doubled = factor * 2.0;", "let doubled = factor + factor;");
            await fixture.engine.apply({ kind: "disk", paths: [] });
        };
        await expect(fixture.engine.capture(ASK, { rustAnalyzer: true })).rejects.toMatchObject({
            code: "ENGINE_FILES_CHANGING",
        });
        expect(await meaning(fixture)).toMatch(/, nobody$/u);
        expect(frontend.closed).toBe(1);
    });

    it("are not captured in a workspace that is not trusted", async () => {
        const frontend = new FakeAnalyzer();
        const fixture = open(frontend, { trusted: false });
        const { analyzer } = await fixture.engine.capture(ASK, { rustAnalyzer: true });
        expect(analyzer).toMatchObject({
            phase: "untrusted",
            reason: "the workspace is not trusted",
        });
        expect(frontend.captures).toBe(0);
    });
});
