// rustc's facts in the life of an engine: captured when asked or in the background, kept beside the store,
// ended by edits. The frontend is a stand-in whose facts are written by hand.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import type { FactStore, MultiCaptureResult, RustcFacts } from "../../../src/capture/index.ts";
import type { FactsPort } from "../../../src/engine/facts-port.ts";
import { measureImpact, selectTarget } from "../../../src/engine/index.ts";
import type { EngineOptions } from "../../../src/engine/engine-options.ts";
import { eventually } from "../../support/eventually.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { factsOf, type Word } from "../../support/facts.ts";
import type { Fixture } from "../../support/fixture.ts";

const LIB = "shapes/src/lib.rs";
const CALL: Word = [LIB, "area", 4];
const MORE = `
macro_rules! same { ($x:expr) => { $x }; }
pub fn measure(r: &Rect) -> f64 { same!(r).area() }
`;

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

/** What rustc says of the library as it is on disk. */
function libraryFacts(): RustcFacts {
    const fixture: Pick<Fixture, "files"> = { files: new Map([[LIB, workspace.read(LIB)]]) };
    return factsOf(fixture as Fixture, {
        unit: { packageName: "shapes", packageFolder: "shapes" },
        defines: [
            ["shapes[0a1b]", "Mod"],
            ["shapes[0a1b]::Shape::area", "AssocFn", [LIB, "area", 1]],
        ],
        uses: [[CALL, "method", "shapes[0a1b]::Shape::area"]],
    });
}

class FakeFrontend implements FactsPort {
    captures = 0;
    facts: RustcFacts = libraryFacts();
    aside: string | undefined;
    stale = false;
    withMir: (boolean | undefined)[] = [];
    signals: (AbortSignal | undefined)[] = [];
    wait: Promise<void> = Promise.resolve();

    async capture(...[, options]: Parameters<FactsPort["capture"]>): Promise<MultiCaptureResult> {
        this.captures += 1;
        this.signals.push(options.signal);
        this.withMir.push(options.withMir);
        options.onProgress?.("rustc check", 0, 1);
        await this.wait;
        if (options.signal?.aborted === true) {
            throw new CancelledError();
        }
        if (this.aside !== undefined) {
            const message = this.aside;
            const frontend = { kind: "aside", code: "RUSTC_UNKNOWN", message, advice: "" } as const;
            return { frontend, configurations: [], units: [] };
        }
        return {
            frontend: { kind: "ready", compiler: "c0ffee", version: "rustc 1.95.0" },
            configurations: [],
            units: (await this.openStore()).units,
        };
    }

    openStore(): Promise<FactStore> {
        const { facts } = this;
        const unit = {
            key: "shapes-lib",
            unit: facts.unit,
            configurations: ["default"],
            stale: this.stale ? ("does not compile" as const) : undefined,
            compiler: "c0ffee",
            factsHash: facts.files[0]!.contentHash,
            bytes: 100,
            definitionCount: 2,
            useCount: 1,
            hasFlow: this.withMir.includes(true),
        };
        return Promise.resolve({
            units: this.captures === 0 ? [] : [unit],
            size: { unitCount: 1, staleCount: 0, bytes: 100 },
            read: () => Promise.resolve(facts),
            readFlow: () => Promise.resolve(undefined),
        });
    }
}

function open(
    facts: FactsPort,
    options: Partial<EngineOptions> = {},
    graph?: EngineFixture["graph"],
): EngineFixture {
    const fixture = openTestEngine(
        workspace,
        (real) => ({
            facts,
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
    const text = view.text(LIB);
    const start = text.lastIndexOf(".area()") + 1;
    const [found] = view.resolution.occurrencesAt(LIB, start);
    const { kind } = found!.binding;
    const isShape =
        found!.binding.kind === "symbol" &&
        found!.binding.symbols.some((one) => view.resolution.symbol(one).name === "area");
    return `${isShape ? "area" : kind}, ${found!.precision}`;
}

/** Who calls the trait's method, and how sure that is. */
async function precisionOfCallers({ engine }: EngineFixture): Promise<unknown[]> {
    return engine.query(ASK, async (view) => {
        const symbol = { kind: "path", path: "shapes::Shape::area" } as const;
        const chosen = selectTarget(view, symbol);
        if (chosen.kind === "refusal") {
            return [chosen];
        }
        const options = { edges: ["call"], depth: 1, details: true } as const;
        const impact = await measureImpact(view, chosen.target, options);
        return "kind" in impact
            ? [impact]
            : impact.reached.map((each) => [each.symbol.path, each.precision]);
    });
}

function edit(from: string, to: string): void {
    const text = workspace.read(LIB);
    expect(text).toContain(from);
    workspace.write(LIB, text.replace(from, to));
}

const ASK = { client: "c" };

describe("facts that are asked for", () => {
    it("decide what the resolver leaves open, and add their call to the graph", async () => {
        const fixture = open(new FakeFrontend());
        expect(await meaning(fixture)).toMatch(/^(unresolved|ambiguous|opaque), syntactic$/u);
        const { edges: before } = await fixture.engine.status(ASK);
        const { facts } = await fixture.engine.capture(ASK, { rustc: true });
        expect(await meaning(fixture)).toBe("area, exact");
        expect(facts).toMatchObject({ phase: "idle", units: 1, compiler: "rustc 1.95.0" });
        expect(facts!.exact["symbol"]).toBe(1);
        const { edges, rustc, frontends } = await fixture.engine.status(ASK);
        expect(edges["call"]).toBe(before["call"]! + 1);
        expect(rustc.disagreements.count).toBe(0);
        expect(await precisionOfCallers(fixture)).toEqual([
            ["shapes::measure", "exact"],
            ["shapes::total", "syntactic"],
        ]);
        expect(frontends).toContainEqual({ name: "rustc", state: "idle", precision: "exact" });
    });

    it("stay with the store, and hold for the same text after opening again", async () => {
        const first = open(new FakeFrontend());
        await first.engine.capture(ASK, { rustc: true });
        await first.engine.close();
        const frontend = new FakeFrontend();
        const second = open(frontend, {}, first.graph);
        expect(await meaning(second)).toBe("area, exact");
        edit("let doubled = factor * 2.0;", "let doubled = factor + factor;");
        await second.engine.apply({ kind: "disk", paths: [] });
        expect(await meaning(second)).toBe("area, exact");
        expect(frontend.captures).toBe(0);
    });

    it("are hints once a definition has changed, until the next capture", async () => {
        const frontend = new FakeFrontend();
        const fixture = open(frontend);
        await fixture.engine.capture(ASK, { rustc: true });
        edit("pub fn scale(factor: f64)", "pub fn scale(factor: f64, _by: u8)");
        await fixture.engine.apply({ kind: "disk", paths: [] });
        expect(await meaning(fixture)).toMatch(/, syntactic$/u);
        frontend.facts = libraryFacts();
        await fixture.engine.capture(ASK, { rustc: true });
        expect(await meaning(fixture)).toBe("area, exact");
    });

    it("hold for a client's unsaved text where its item is the same", async () => {
        const fixture = open(new FakeFrontend());
        await fixture.engine.capture(ASK, { rustc: true });
        const text = workspace.read(LIB).replace("sum += shape.area();", "sum += 1.0;");
        await fixture.engine.apply({ kind: "overlay-put", client: "c", path: LIB, text });
        expect(await meaning(fixture)).toBe("area, exact");
    });

    it("of a crate that does not compile any more keep what they say of the same text", async () => {
        const frontend = new FakeFrontend();
        const fixture = open(frontend);
        await fixture.engine.capture(ASK, { rustc: true });
        frontend.stale = true;
        const { facts } = await fixture.engine.capture(ASK, { rustc: true });
        expect(await meaning(fixture)).toBe("area, exact");
        expect(facts!.stale).toEqual([{ crate: "shapes (lib)", reason: "does not compile" }]);
    });

    it("of another text than the present one are left out, and that is said", async () => {
        const frontend = new FakeFrontend();
        edit("sum += shape.area();", "sum += shape.area() * 1.0;");
        const fixture = open(frontend);
        const { facts } = await fixture.engine.capture(ASK, { rustc: true });
        expect(await meaning(fixture)).toMatch(/, syntactic$/u);
        expect(facts!.stale).toEqual([{ crate: "shapes (lib)", reason: `${LIB} changed since` }]);
    });

    it("come with control flow where that was asked for, from then on", async () => {
        const frontend = new FakeFrontend();
        const fixture = open(frontend);
        await fixture.engine.capture(ASK, { rustc: true });
        const { facts } = await fixture.engine.capture(ASK, { rustc: true, mir: true });
        await fixture.engine.capture(ASK, { rustc: true });
        expect(frontend.withMir).toEqual([false, true, true]);
        expect(facts!.unitsWithFlow).toBe(1);
    });

    it("are not asked of an untrusted workspace", async () => {
        const frontend = new FakeFrontend();
        const fixture = open(frontend, { trusted: false, backgroundFacts: true });
        const { facts } = await fixture.engine.capture(ASK, { rustc: true });
        expect(facts).toMatchObject({
            phase: "untrusted",
            reason: "the workspace is not trusted",
        });
        expect(frontend.captures).toBe(0);
    });

    it("are missing where the frontend stands aside, with its reason", async () => {
        const frontend = new FakeFrontend();
        frontend.aside = "rustc 9.9 is not known";
        const fixture = open(frontend);
        await fixture.engine.capture(ASK, { rustc: true });
        const { frontends } = await fixture.engine.status(ASK);
        expect(frontends[1]!.state).toBe("stands aside: rustc 9.9 is not known");
    });

    it("are given up when the request is cancelled", async () => {
        const frontend = new FakeFrontend();
        let finish = (): void => undefined;
        frontend.wait = new Promise((resolve) => {
            finish = resolve;
        });
        const fixture = open(frontend);
        const signal = { aborted: false };
        const done = fixture.engine.capture({ client: "c", signal }, { rustc: true });
        await eventually(() => {
            expect(frontend.captures).toBe(1);
        });
        signal.aborted = true;
        await eventually(() => {
            expect(frontend.signals[0]!.aborted).toBe(true);
        });
        finish();
        await expect(done).rejects.toThrow(CancelledError);
    });
});

describe("stored evidence", () => {
    it.each(["contents.json", "shapes-lib.unit"])("is ignored when %s is damaged", async (name) => {
        const first = open(new FakeFrontend());
        await first.engine.capture(ASK, { rustc: true });
        await first.engine.close();
        const path = join(workspace.root, ".ferrograph/evidence", name);
        const bytes = readFileSync(path);
        bytes[70]! ^= 1;
        writeFileSync(path, bytes);
        edit("let doubled = factor * 2.0;", "let doubled = factor + factor;");
        const second = open(new FakeFrontend(), {}, first.graph);
        expect(await meaning(second)).toMatch(/, syntactic$/u);
        expect(second.log.lines.some((line) => /evidence is damaged/u.test(line.message))).toBe(
            true,
        );
    });

    it("is a folder of its own beside the cache", async () => {
        const { engine } = open(new FakeFrontend());
        await engine.capture(ASK, { rustc: true });
        const folder = join(workspace.root, ".ferrograph/evidence");
        expect(readdirSync(folder).sort()).toEqual(["contents.json", "shapes-lib.unit"]);
        await engine.capture(ASK, { full: true });
        expect(existsSync(join(folder, "shapes-lib.unit"))).toBe(true);
    });
});

describe("facts in the background", () => {
    it("come by themselves after opening, and again after a change and some quiet", async () => {
        const frontend = new FakeFrontend();
        const fixture = open(frontend, { backgroundFacts: true });
        await fixture.engine.ready;
        expect(frontend.captures).toBe(0);
        await eventually(async () => {
            expect(await meaning(fixture)).toBe("area, exact");
        });
        edit("pub fn scale(factor: f64)", "pub fn scale(factor: f64, _by: u8)");
        frontend.facts = libraryFacts();
        await fixture.engine.apply({ kind: "disk", paths: [] });
        expect(await meaning(fixture)).toMatch(/, syntactic$/u);
        await eventually(async () => {
            expect(await meaning(fixture)).toBe("area, exact");
        });
        expect(frontend.captures).toBe(2);
    });

    it("are shown while they come, and can be ended", async () => {
        const frontend = new FakeFrontend();
        let finish = (): void => undefined;
        frontend.wait = new Promise((resolve) => {
            finish = resolve;
        });
        const fixture = open(frontend, { backgroundFacts: true });
        const told: (string | undefined)[] = [];
        fixture.engine.onBackground((progress) => told.push(progress?.stage));
        await eventually(() => {
            expect(told).toEqual(["rustc check"]);
        });
        expect((await fixture.engine.status(ASK)).rustc.phase).toBe("running");
        fixture.engine.cancelBackground();
        finish();
        await eventually(() => {
            expect(told).toEqual(["rustc check", undefined]);
        });
        expect((await fixture.engine.status(ASK)).rustc.phase).toBe("idle");
        expect(await meaning(fixture)).toMatch(/, syntactic$/u);
    });

    it("do not come unless they are wanted", async () => {
        const frontend = new FakeFrontend();
        const fixture = open(frontend);
        await fixture.engine.ready;
        const { frontends } = await fixture.engine.status(ASK);
        expect(frontends[1]!.state).toBe("off");
        expect(frontend.captures).toBe(0);
    });
});
