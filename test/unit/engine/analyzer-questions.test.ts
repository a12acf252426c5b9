// Single questions to rust-analyzer in the life of an engine: asked only where that is wished, judged as an
// index is, evidence from then on. The program is a stand-in.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { OperatingError } from "../../../src/base/index.ts";
import type {
    AskedToken,
    KnownText,
    ScipDocument,
    ScipOccurrence,
} from "../../../src/capture/index.ts";
import {
    AnalyzerQuestions,
    type AnalyzerQuestionsParts,
} from "../../../src/engine/analyzer-questions.ts";
import type { EngineOptions } from "../../../src/engine/engine-options.ts";
import type { AnalyzerPort } from "../../../src/engine/facts-port.ts";
import type { RenameImpactResult } from "../../../src/protocol/index.ts";
import {
    KeptLog,
    openTestEngine,
    TestWorkspace,
    type EngineFixture,
} from "../../support/engine-fixture.ts";

const LIB = "shapes/src/lib.rs";
const MORE = `
macro_rules! same { ($x:expr) => { $x }; }
pub fn measure(r: &Rect) -> f64 { same!(r).area() + Some(1.0).unwrap_or(0.0) }
`;
const ASKING = { client: "c" };
const RENAME = {
    symbol: { kind: "path", path: "shapes::Shape::area" },
    newName: "extent",
    planOnly: true,
} as const;

type Asker = Awaited<ReturnType<AnalyzerPort["startAsker"]>>;

let workspace: TestWorkspace;
let engine: EngineFixture["engine"];

beforeEach(() => {
    workspace = new TestWorkspace();
    workspace.write(LIB, workspace.read(LIB) + MORE);
});

afterEach(async () => {
    await engine.close();
    workspace.remove();
});

/** A rust-analyzer that knows what every `area` is: the one of the impl. */
class FakeAnalyzer implements AnalyzerPort {
    seesStd = true;
    failure: Error | undefined;
    loading: Promise<void> = Promise.resolve();
    started = 0;
    stopped = 0;
    isEnded = false;
    readonly asked: AskedToken[] = [];
    readonly probed: AskedToken[] = [];
    readonly told: KnownText[] = [];
    /** What it says beside what it was asked. */
    more: readonly ScipOccurrence[] = [];

    capture(): Promise<never> {
        return Promise.reject(new Error("no index is made"));
    }

    startAsker(): Promise<Asker> {
        this.started += 1;
        const isEnded = (): boolean => this.isEnded;
        const asker: Asker = {
            ending: undefined,
            get isEnded() {
                return isEnded();
            },
            ready: () => this.loading,
            tell: (texts) => {
                this.told.push(...texts);
                return Promise.resolve();
            },
            seesStd: (tokens) => {
                this.probed.push(...tokens);
                return Promise.resolve(this.seesStd);
            },
            documentsOf: (tokens) => {
                this.asked.push(...tokens);
                return Promise.resolve(this.#documents(tokens));
            },
            stop: () => {
                this.stopped += 1;
                return Promise.resolve();
            },
        };
        return this.failure === undefined ? Promise.resolve(asker) : Promise.reject(this.failure);
    }

    #documents(tokens: readonly AskedToken[]): ScipDocument[] {
        const lines = workspace.read(LIB).split("\n");
        const line = lines.findLastIndex((each) => each.includes("fn area"));
        const column = (lines[line] ?? "").indexOf("area");
        const symbol = "asked";
        const at = (
            token: Pick<ScipOccurrence, "column" | "line">,
        ): Omit<ScipOccurrence, "isDefinition" | "symbol"> => ({
            ...{ line: token.line, column: token.column, endLine: token.line },
            ...{ endColumn: token.column + "area".length },
        });
        return [
            {
                path: LIB,
                encoding: "utf-16",
                occurrences: [
                    { ...at({ line, column }), symbol, isDefinition: true },
                    ...tokens.map((token) => ({ ...at(token), symbol, isDefinition: false })),
                    ...this.more,
                ],
            },
        ];
    }
}

function open(analyzer: AnalyzerPort, options: Partial<EngineOptions> = {}): void {
    ({ engine } = openTestEngine(
        workspace,
        (real) => ({
            analyzer,
            loadWorkspace: (root) => real.loadWorkspace(root, { trusted: false }),
        }),
        undefined,
        { trusted: true, ...options },
    ));
}

async function preview(ask?: boolean): Promise<RenameImpactResult> {
    const params = { ...RENAME, ...(ask === undefined ? {} : { ask }) };
    const answer = await engine.renameImpact(ASKING, params);
    if ("code" in answer) {
        throw new Error(answer.message);
    }
    return answer;
}

describe("a question to rust-analyzer", () => {
    it("is not asked unless that is wished, nor where all is proved", async () => {
        const analyzer = new FakeAnalyzer();
        open(analyzer);
        const { plan, asked } = await preview();
        expect(plan.unproved).toHaveLength(1);
        expect(asked).toBeUndefined();
        const scale = { kind: "path", path: "shapes::scale" } as const;
        const proved = await engine.renameImpact(ASKING, {
            ...{ symbol: scale, newName: "rescale", ask: true },
        });
        expect(proved).not.toHaveProperty("asked");
        expect(analyzer.started).toBe(0);
    });

    it("decides what is not proved, for later requests too, and is not asked twice", async () => {
        const analyzer = new FakeAnalyzer();
        open(analyzer);
        const { plan, asked, diff } = await preview(true);
        expect(asked).toEqual({ state: "answered", reason: "", asked: 1, answered: 1 });
        expect(plan).toMatchObject({ applicable: true, unproved: [] });
        expect(diff).toContain("same!(r).extent()");
        expect(analyzer.asked).toMatchObject([{ path: LIB, length: "area".length }]);
        // What is asked of the standard library first means something of it.
        const [probe] = analyzer.probed;
        const lines = workspace.read(LIB).split("\n");
        expect(lines[probe!.line]!.slice(probe!.column)).toMatch(/^Some\(/u);
        const later = await preview();
        expect(later.plan.fingerprint).toBe(plan.fingerprint);
        await preview(true);
        expect(analyzer).toMatchObject({ started: 1, asked: { length: 1 } });
    });

    it("makes a token ambiguous that it gives another meaning than the resolver, and is counted", async () => {
        const text = `${workspace.read(LIB)}
pub mod left { pub fn twin() {} }
pub mod right { pub fn twin() {} }
pub fn both() { left::twin(); }
`;
        workspace.write(LIB, text);
        const analyzer = new FakeAnalyzer();
        const at = (before: string): Omit<ScipOccurrence, "isDefinition"> => {
            const lines = text.split("\n");
            const line = lines.findIndex((each) => each.includes(before));
            const column = (lines[line] ?? "").indexOf(before) + before.length;
            return { line, column, endLine: line, endColumn: column + 4, symbol: "the right one" };
        };
        analyzer.more = [
            { ...at("right { pub fn "), isDefinition: true },
            { ...at("both() { left::"), isDefinition: false },
        ];
        open(analyzer);
        const twin = {
            symbol: { kind: "path", path: "shapes::left::twin" },
            newName: "single",
            planOnly: true,
        } as const;
        const before = (await engine.renameImpact(ASKING, twin)) as RenameImpactResult;
        expect(before.plan.unproved).toEqual([]);
        await preview(true);
        const after = (await engine.renameImpact(ASKING, twin)) as RenameImpactResult;
        expect(after.plan.applicable).toBe(false);
        expect(after.plan.unproved).toMatchObject([{ at: { path: LIB } }]);
        const { rustAnalyzer } = await engine.status(ASKING);
        expect(rustAnalyzer.disagreements).toMatchObject({ count: 1, outvoted: 0 });
    });

    it("is not believed where std is not seen", async () => {
        const analyzer = new FakeAnalyzer();
        analyzer.seesStd = false;
        open(analyzer);
        const { plan, asked } = await preview(true);
        expect(asked).toMatchObject({ state: "aside", asked: 1, answered: 0 });
        expect(asked!.reason).toContain("rustup component add rust-src");
        expect(plan.unproved).toHaveLength(1);
        expect(analyzer.asked).toEqual([]);
        expect(analyzer.stopped).toBe(1);
        analyzer.seesStd = true;
        expect((await preview(true)).plan.unproved).toEqual([]);
    });

    it.each([
        ["an untrusted workspace", { trusted: false }, "not trusted"],
        ["a daemon that may not run it", { rustAnalyzer: false }, "switched off"],
    ])("is not asked in %s", async (_, options, reason) => {
        const analyzer = new FakeAnalyzer();
        open(analyzer, options);
        const { asked } = await preview(true);
        expect(asked).toMatchObject({ state: "aside", answered: 0 });
        expect(asked!.reason).toContain(reason);
        expect(analyzer.started).toBe(0);
    });

    it("says what is missing, and leaves the answer as it was", async () => {
        const analyzer = new FakeAnalyzer();
        analyzer.failure = new OperatingError("TOOL_MISSING", "cannot run rust-analyzer");
        open(analyzer);
        const { plan, asked } = await preview(true);
        expect(asked).toMatchObject({ state: "aside", reason: "cannot run rust-analyzer" });
        expect(plan.unproved).toHaveLength(1);
        analyzer.failure = undefined;
        expect((await preview(true)).plan.unproved).toEqual([]);
    });

    it("is told texts that changed since it was started, and asked of them", async () => {
        const analyzer = new FakeAnalyzer();
        open(analyzer);
        await preview(true);
        expect(analyzer.told).toEqual([]);
        const changed = `// Moved down.\n${workspace.read(LIB)}`.replace("0.0)", "1.0)");
        workspace.write(LIB, changed);
        await engine.apply({ kind: "disk", paths: [LIB] });
        const { asked, plan } = await preview(true);
        expect(asked).toMatchObject({ state: "answered", answered: 1 });
        expect(plan.unproved).toEqual([]);
        expect(analyzer.told).toEqual([{ path: LIB, text: changed }]);
        expect(analyzer.started).toBe(1);
    });

    it("is asked again where a change elsewhere took its answer's ground away", async () => {
        const analyzer = new FakeAnalyzer();
        open(analyzer);
        await preview(true);
        const round = "shapes/src/round.rs";
        workspace.write(round, `${workspace.read(round)}\npub struct More;\n`);
        await engine.apply({ kind: "disk", paths: [round] });
        expect((await preview()).plan.unproved).toHaveLength(1);
        const { asked, plan } = await preview(true);
        expect(asked).toMatchObject({ state: "answered", asked: 1, answered: 1 });
        expect(plan.unproved).toEqual([]);
        expect(analyzer.started).toBe(1);
    });

    it("is asked of another when it has ended, or a file came", async () => {
        const analyzer = new FakeAnalyzer();
        open(analyzer);
        await preview(true);
        workspace.write("shapes/src/more.rs", "");
        workspace.write(LIB, workspace.read(LIB).replace("0.0)", "1.0)"));
        await engine.apply({ kind: "disk", paths: [LIB, "shapes/src/more.rs"] });
        expect((await preview(true)).plan.unproved).toEqual([]);
        expect(analyzer).toMatchObject({ started: 2, stopped: 1 });
    });

    it("says nothing of what is typed and not saved", async () => {
        const analyzer = new FakeAnalyzer();
        open(analyzer);
        const text = `// Typed.\n${workspace.read(LIB)}`;
        await engine.apply({ kind: "overlay-put", client: "c", path: LIB, text });
        const { asked, plan } = await preview(true);
        expect(asked).toMatchObject({ asked: 0, answered: 0 });
        expect(plan.unproved).toHaveLength(1);
    });

    it("does not keep who asks beyond the wait, and goes on", async () => {
        const analyzer = new FakeAnalyzer();
        let load = (): void => undefined;
        analyzer.loading = new Promise((resolve) => (load = resolve));
        open(analyzer);
        await engine.ready;
        const current = {
            ...{ shape: "", sources: new Map(), resolution: { occurrencesNamed: () => [] } },
        };
        const parts: Pick<
            AnalyzerQuestionsParts,
            "isAllowed" | "port" | "root" | "trusted" | "waitMs"
        > = { root: workspace.root, trusted: true, isAllowed: true, port: analyzer, waitMs: 20 };
        const questions = new AnalyzerQuestions({
            ...parts,
            logger: new KeptLog(),
            storeFolder: () => workspace.root,
            committed: () => ({ current }),
        } as unknown as AnalyzerQuestionsParts);
        const asked = await questions.ask([]);
        expect(asked).toMatchObject({ state: "loading", answered: 0 });
        expect(asked.reason).toContain("ask again");
        load();
        await questions.close();
        expect(analyzer.stopped).toBe(1);
    });
});
