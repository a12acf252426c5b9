// The engine on a small workspace: changes on disk, warm starts, overlays, renames written or refused.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { CancelledError, OperatingError } from "../../../src/base/index.ts";
import {
    findReferences,
    measureImpact,
    measureReach,
    parseRippleOptions,
    selectTarget,
} from "../../../src/engine/index.ts";
import type { NodeId } from "../../../src/graph/index.ts";
import type { RenameImpactResult } from "../../../src/protocol/index.ts";
import { eventually } from "../../support/eventually.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { contentOf } from "../../support/graphs.ts";
import { MemoryGraph } from "../../support/memory-graph.ts";

const CONTEXT = { client: "test" };
const SCALE = { kind: "path", path: "shapes::scale" } as const;
const LIB = "shapes/src/lib.rs";

let workspace: TestWorkspace;
const open: EngineFixture[] = [];

beforeEach(() => {
    workspace = new TestWorkspace();
});

afterEach(async () => {
    await Promise.all(open.splice(0).map(({ engine }) => engine.close()));
    workspace.remove();
});

type Changes = Parameters<typeof openTestEngine>[1];

function openEngine(changes?: Changes, graph?: MemoryGraph): EngineFixture {
    const fixture = openTestEngine(workspace, changes, graph);
    open.push(fixture);
    return fixture;
}

async function usesOfScale({ engine }: EngineFixture): Promise<number | string> {
    return engine.query(CONTEXT, (view) => {
        const chosen = selectTarget(view, SCALE);
        return chosen.kind === "refusal"
            ? chosen.code
            : findReferences(view, chosen.target).references.length;
    });
}

async function plan({ engine }: EngineFixture, newName: string): Promise<RenameImpactResult> {
    const answer = await engine.renameImpact(CONTEXT, { symbol: SCALE, newName });
    if ("kind" in answer) {
        throw new Error(answer.message);
    }
    return answer;
}

test("makes one commit of a first capture and none of a second look", async () => {
    const { engine, graph } = openEngine();
    await engine.status(CONTEXT); // Waits for the commit.
    expect(graph.commits).toBe(1);
    // Opening has captured already: the first who asks is told what that did.
    const first = await engine.capture(CONTEXT, {});
    expect(first).toMatchObject({ parsed: 4, deltas: 1, files: 4, lines: 73 });
    expect(first.milliseconds).toBeGreaterThan(0);
    const again = await engine.capture(CONTEXT, {});
    expect(again).toMatchObject({ parsed: 0, deltas: 0, files: 4, lines: 73 });
    expect(graph.commits).toBe(1);
});

test("tells what a capture did, not what opening did before it", async () => {
    const { engine } = openEngine();
    await engine.ready;
    workspace.write(LIB, `${workspace.read(LIB)}\nfn later() {}\n`);
    await engine.apply({ kind: "disk", paths: [LIB] });
    expect(await engine.capture(CONTEXT, {})).toMatchObject({ parsed: 0, deltas: 0 });
});

test("parses everything again when asked for a full capture", async () => {
    const { engine, graph } = openEngine();
    expect(await engine.capture(CONTEXT, { full: true })).toMatchObject({ parsed: 4, deltas: 0 });
    expect(graph.commits).toBe(1);
});

test("takes in one changed file with one commit", async () => {
    const fixture = openEngine();
    expect(await usesOfScale(fixture)).toBe(7);
    workspace.write(LIB, `${workspace.read(LIB)}\npub fn more() -> f64 { scale(3.0) }\n`);
    await fixture.engine.apply({ kind: "disk", paths: [LIB] });
    expect(await usesOfScale(fixture)).toBe(8);
    await fixture.engine.status(CONTEXT);
    expect(fixture.graph.commits).toBe(2);
});

test("notices a file that changed before anyone said so", async () => {
    const fixture = openEngine();
    await fixture.engine.ready;
    workspace.write(LIB, `// One line more.\n${workspace.read(LIB)}`);
    const place = await fixture.engine.query(CONTEXT, (view) => {
        const chosen = selectTarget(view, SCALE);
        return chosen.kind === "refusal"
            ? undefined
            : findReferences(view, chosen.target).references.find((each) => each.path === LIB);
    });
    expect(place?.line).toBe(37);
});

test("takes in new and removed files", async () => {
    const fixture = openEngine();
    await fixture.engine.ready;
    workspace.write("shapes/tests/more.rs", "fn extra() { shapes::scale(1.0); }\n");
    rmSync(join(workspace.root, "shapes/tests/areas.rs"));
    await fixture.engine.apply({ kind: "disk", paths: [] });
    expect(await usesOfScale(fixture)).toBe(6);
});

test("lists the tokens of a file that no target reaches apart from what is not decided", async () => {
    const fixture = openEngine();
    await fixture.engine.ready;
    workspace.write("shapes/bad.rs", "fn main() { shapes::scale(); }\n");
    await fixture.engine.apply({ kind: "disk", paths: [] });
    const found = await fixture.engine.query(CONTEXT, (view) => {
        const chosen = selectTarget(view, SCALE);
        return chosen.kind === "refusal" ? undefined : findReferences(view, chosen.target);
    });
    const place = { path: "shapes/bad.rs", line: 0, column: 20 };
    expect(found?.leftAlone.map(({ at }) => at)).toEqual([place]);
    expect(found?.undecided.map(({ at }) => at.path)).not.toContain("shapes/bad.rs");
    const { plan: planned } = await plan(fixture, "rescale");
    expect(planned.leftAlone).toEqual([
        {
            at: place,
            reason: "the file belongs to no target",
            lineText: "fn main() { shapes::scale(); }",
        },
    ]);
    expect(planned.unproved).toEqual([]);
    expect(planned.applicable).toBe(true);
});

test("reports a file that is not UTF-8 and leaves it out", async () => {
    workspace.write("shapes/tests/areas.rs", Buffer.from([0x66, 0x6e, 0xff, 0xfe]));
    const fixture = openEngine();
    const status = await fixture.engine.status(CONTEXT);
    expect(status.problems.map((each) => each.code)).toContain("FILE_NOT_UTF8");
    expect(await usesOfScale(fixture)).toBe(5);
});

test("starts warm without parsing what did not change", async () => {
    const graph = new MemoryGraph();
    const first = openEngine(undefined, graph);
    await first.engine.ready;
    await first.engine.close();
    workspace.write("app/src/main.rs", "fn main() { shapes::scale(1.0); }\n");
    const parsed: string[] = [];
    const second = openEngine(
        ({ parser }) => ({
            parser: {
                load: () => parser.load(),
                captureRenamed: (file) => parser.captureRenamed(file),
                captureAhead: (file) => {
                    parser.captureAhead(file);
                },
                startThreads: (files) => parser.startThreads(files),
                openDocument: (job) => parser.openDocument(job),
                close: () => parser.close(),
                captureAll: (jobs, options) => {
                    parsed.push(...jobs.map((job) => job.path));
                    return parser.captureAll(jobs, options);
                },
            },
        }),
        graph,
    );
    expect(await usesOfScale(second)).toBe(6);
    expect(parsed).toEqual(["app/src/main.rs"]);
});

test.each([
    ["table.json", "cut"],
    ["table.json", "flip"],
    ["captures-1.pack", "cut"],
    ["captures-1.pack", "flip"],
] as const)("rebuilds a derived cache whose %s is damaged (%s)", async (file, damage) => {
    const graph = new MemoryGraph();
    const first = openEngine(undefined, graph);
    await first.engine.ready;
    await first.engine.close();
    const path = join(workspace.root, ".ferrograph/cache", file);
    const bytes = readFileSync(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    writeFileSync(path, damage === "cut" ? bytes.subarray(0, middle) : bytes);
    const second = openEngine(undefined, graph);
    expect(await usesOfScale(second)).toBe(7);
    const answer = await plan(second, "rescale");
    expect(answer.plan.edits).toHaveLength(7);
});

test("answers from what is stored before the graph's log is replayed", async () => {
    const graph = new MemoryGraph();
    const first = openEngine(undefined, graph);
    await first.engine.ready;
    await first.engine.close();
    const second = openEngine(undefined, graph);
    const loads = vi.spyOn(graph, "load");
    expect(await usesOfScale(second)).toBe(7);
    expect(loads).not.toHaveBeenCalled();
    await eventually(() => {
        expect(loads).toHaveBeenCalled();
    });
});

test("brings a graph of another state to that of the files", async () => {
    const graph = new MemoryGraph();
    const first = openEngine(undefined, graph);
    await first.engine.status(CONTEXT);
    const { content } = graph;
    await first.engine.close();
    graph.content = contentOf({ nodes: [], edges: [], files: [] });
    const second = openEngine(undefined, graph);
    expect(await usesOfScale(second)).toBe(7);
    await eventually(() => {
        expect(graph.content.nodes).toHaveLength(content.nodes.length);
    });
    expect(second.log.lines.map((line) => line.message)).toContain("graph is of another state");
});

test("answers no more once the stored log turns out to be damaged", async () => {
    const graph = new MemoryGraph();
    const first = openEngine(undefined, graph);
    await first.engine.ready;
    await first.engine.close();
    const damaged = new OperatingError("STORE_DAMAGED", "the log is damaged");
    vi.spyOn(graph, "load").mockRejectedValue(damaged);
    const second = openEngine(undefined, graph);
    await eventually(async () => {
        await expect(usesOfScale(second)).rejects.toBe(damaged);
    });
    await expect(second.engine.capture(CONTEXT, {})).rejects.toBe(damaged);
});

test("makes ready what an edit needs once a file is opened", async () => {
    const graph = new MemoryGraph();
    const first = openEngine(undefined, graph);
    await first.engine.ready;
    await first.engine.close();
    const resolved: number[] = [];
    let aside = 0;
    const second = openEngine(
        ({ resolver }) => ({
            resolver: {
                ...resolver,
                resolve: (input) => {
                    resolved.push(input.captures.size);
                    return resolver.resolve(input);
                },
                resolveAside: (input) => {
                    aside += 1;
                    return resolver.resolveAside(input);
                },
            },
        }),
        graph,
    );
    const text = workspace.read(LIB);
    await second.engine.apply({ kind: "overlay-put", client: "test", path: LIB, text });
    await eventually(() => {
        expect(resolved).toEqual([4, 4]);
    });
    const edited = `${text}\nfn more() { scale(2.0); }\n`;
    await second.engine.apply({ kind: "overlay-put", client: "test", path: LIB, text: edited });
    expect(await usesOfScale(second)).toBe(8);
    expect(resolved).toHaveLength(3);
    // The text after a rename is looked at once: it takes no place of the texts that are edited.
    await plan(second, "rescale");
    expect({ kept: resolved.length, aside }).toEqual({ kept: 3, aside: 1 });
});

test("lets go of a large workspace's captures once they are stored, and answers on", async () => {
    const fixture = openTestEngine(workspace, undefined, undefined, { heldBytesMax: 0 });
    open.push(fixture);
    const held = async (): Promise<number> => (await fixture.engine.status(CONTEXT)).heldFiles;
    expect(await held()).toBe(4);
    await eventually(async () => {
        expect(await held()).toBe(0);
    });
    expect(await usesOfScale(fixture)).toBe(7);
    expect((await plan(fixture, "rescale")).plan.proof.verdict).toBe("proved");
    expect(await held()).toBe(4);
    workspace.write(LIB, `${workspace.read(LIB)}\nfn more() { scale(2.0); }\n`);
    await fixture.engine.apply({ kind: "disk", paths: [LIB] });
    expect(await usesOfScale(fixture)).toBe(8);
    await eventually(async () => {
        expect(await held()).toBe(0);
    });
    expect(await usesOfScale(fixture)).toBe(8);
});

test("shows a client its own unsaved text only, and never commits it", async () => {
    const fixture = openEngine();
    const { engine, graph } = fixture;
    await engine.ready;
    const text = `${workspace.read(LIB)}\nfn unsaved() { scale(1.0); }\n`;
    await engine.apply({ kind: "overlay-put", client: "test", path: LIB, text });
    expect(await usesOfScale(fixture)).toBe(8);
    const other = await engine.view("other");
    expect(other.unsaved).toEqual([]);
    await engine.status(CONTEXT);
    expect(graph.commits).toBe(1);
    await engine.apply({ kind: "overlay-put", client: "test", path: LIB, text: `${text}// more` });
    expect((await engine.view("test")).text(LIB)).toBe(`${text}// more`);
    await engine.apply({ kind: "overlay-drop", client: "test", path: LIB });
    expect(await usesOfScale(fixture)).toBe(7);
});

test("writes a rename exactly as it was shown, and commits it", async () => {
    const fixture = openEngine();
    const shown = await plan(fixture, "rescale");
    expect(shown.plan.applicable).toBe(true);
    expect(shown.impact?.reached.map((each) => each.symbol.path)).toContain("app::main");
    const { fingerprint } = shown.plan;
    const done = await fixture.engine.applyRename(CONTEXT, {
        symbol: SCALE,
        newName: "rescale",
        fingerprint,
    });
    expect(done).toMatchObject({ edits: 7, moves: [] });
    expect(workspace.read(LIB)).toContain("pub fn rescale(");
    expect(await usesOfScale(fixture)).toBe("SYMBOL_NOT_FOUND");
    expect(fixture.graph.commits).toBe(2);
});

test("writes what changes the output only after a yes to just that", async () => {
    workspace.write(LIB, `${workspace.read(LIB)}\n#[derive(Debug)]\npub struct Marker;\n`);
    const { engine, log } = openEngine();
    const symbol = { kind: "path", path: "shapes::Marker" } as const;
    const wish = { symbol, newName: "Sign" };
    const shown = await engine.renameImpact(CONTEXT, wish);
    if ("kind" in shown) {
        throw new Error(shown.message);
    }
    expect(shown.plan).toMatchObject({ applicable: false, needs: ["changes-output"] });
    const { fingerprint } = shown.plan;
    for (const accept of [[], ["breaks-api"]]) {
        const answer = await engine.applyRename(CONTEXT, { ...wish, fingerprint, accept });
        expect(answer).toMatchObject({
            code: "RENAME_NOT_APPLICABLE",
            advice: "look at its preview, and accept changes-output if you mean to",
        });
    }
    const accept = ["changes-output"];
    const accepted = await engine.renameImpact(CONTEXT, { ...wish, accept });
    expect(accepted).toMatchObject({ plan: { applicable: true, needs: accept, fingerprint } });
    const done = await engine.applyRename(CONTEXT, { ...wish, fingerprint, accept });
    expect(done).toMatchObject({ edits: 1 });
    expect(workspace.read(LIB)).toContain("pub struct Sign;");
    const logged = log.lines.filter((line) => line.message === "accepted");
    expect(logged.map((line) => line.fields)).toEqual([
        { fingerprint, newName: "Sign", accepted: accept },
    ]);
});

test.each(["unproved", "changes-meaning", "error", ""])(
    "accepts no conflict of grade %j",
    async (word) => {
        const { engine } = openEngine();
        const wish = { symbol: SCALE, newName: "rescale", accept: [word] };
        const refusal = {
            code: "RENAME_ACCEPT_KIND",
            candidates: ["changes-output", "breaks-api"],
        };
        expect(await engine.renameImpact(CONTEXT, wish)).toMatchObject(refusal);
        expect(await engine.applyRename(CONTEXT, { ...wish, fingerprint: "" })).toMatchObject(
            refusal,
        );
    },
);

test("reaches an implementing method through the callers of its trait's", async () => {
    const { engine } = openEngine();
    await engine.ready;
    const ask = (edges?: string[]): Promise<unknown> =>
        engine.query(CONTEXT, async (view) => {
            const symbol = { kind: "path", path: "<shapes::Rect as shapes::Shape>::area" } as const;
            const chosen = selectTarget(view, symbol);
            const options = parseRippleOptions(edges === undefined ? {} : { edges });
            if (chosen.kind === "refusal" || options.kind === "refusal") {
                return [chosen, options];
            }
            const impact = await measureImpact(view, chosen.target, options);
            return "kind" in impact ? impact : impact.reached;
        });
    const total = { path: "shapes::total" };
    expect(await ask()).toEqual(
        expect.arrayContaining([
            expect.objectContaining({
                symbol: expect.objectContaining(total) as object,
                distance: 2,
                via: -1,
                edge: "dispatch",
                through: "shapes::Shape::area",
            }),
            expect.objectContaining({
                symbol: expect.objectContaining({ path: "app::main" }) as object,
                distance: 3,
                edge: "call",
            }),
        ]),
    );
    expect(await ask(["call"])).toEqual([]);
});

test("tells how many symbols reach each one what their ripples tell", async () => {
    const { engine } = openEngine();
    await engine.ready;
    const options = parseRippleOptions({});
    if (options.kind === "refusal") {
        throw new Error(options.message);
    }
    const { all, one, pub, ripples } = await engine.query(CONTEXT, async (view) => {
        const reach = await measureReach(view, {}, options, CONTEXT);
        const ripples: unknown[] = [];
        for (const { symbol } of reach.widest) {
            const index = view.resolution.findById(BigInt(`0x${symbol.id}`) as NodeId)!;
            const found = await measureImpact(view, { kind: "symbol", symbol: index }, options);
            const reached = "kind" in found ? [] : found.reached;
            const depth = Math.max(0, ...reached.map((each) => each.distance));
            ripples.push([symbol.path, reached.length, depth]);
        }
        return {
            ripples,
            all: reach,
            one: await measureReach(view, { limit: 1 }, options, CONTEXT),
            pub: await measureReach(view, { publicOnly: true }, options, CONTEXT),
        };
    });
    expect(all.widest).toHaveLength(all.asked);
    expect(all.widest.map((row) => [row.symbol.path, row.reached, row.depth])).toEqual(ripples);
    expect(all.widest[0]!.reached).toBeGreaterThan(3);
    expect(all.widest.filter((row) => row.reached === 0)).toHaveLength(all.unreached);
    expect(one).toEqual({ ...all, widest: all.widest.slice(0, 1) });
    expect(pub.asked).toBeLessThan(all.asked);
    expect(pub.asked).toBeGreaterThan(0);
    const signal = { aborted: true };
    await expect(
        engine.query(CONTEXT, (view) => measureReach(view, {}, options, { ...CONTEXT, signal })),
    ).rejects.toThrow(CancelledError);
});

test("moves the file of a renamed module", async () => {
    const fixture = openEngine();
    const symbol = { kind: "path", path: "shapes::round" } as const;
    const shown = await fixture.engine.renameImpact(CONTEXT, { symbol, newName: "circles" });
    if ("kind" in shown) {
        throw new Error(shown.message);
    }
    const { fingerprint } = shown.plan;
    const done = await fixture.engine.applyRename(CONTEXT, {
        symbol,
        newName: "circles",
        fingerprint,
    });
    expect(done).toMatchObject({
        moves: [{ from: "shapes/src/round.rs", to: "shapes/src/circles.rs" }],
    });
    expect(existsSync(join(workspace.root, "shapes/src/round.rs"))).toBe(false);
    expect(workspace.read("app/src/main.rs")).toContain("shapes::circles::unit_circle");
});

test("refuses to write another plan than the one shown", async () => {
    const fixture = openEngine();
    const { fingerprint } = (await plan(fixture, "rescale")).plan;
    workspace.write("app/src/main.rs", workspace.read("app/src/main.rs").replace("1.0", "9.0"));
    const before = workspace.read(LIB);
    const answer = await fixture.engine.applyRename(CONTEXT, {
        symbol: SCALE,
        newName: "rescale",
        fingerprint,
    });
    expect(answer).toMatchObject({ kind: "refusal", code: "PLAN_CHANGED" });
    expect(workspace.read(LIB)).toBe(before);
});

test("refuses to write into a file with unsaved changes", async () => {
    const fixture = openEngine();
    const { engine } = fixture;
    await engine.ready;
    const text = `${workspace.read(LIB)}\n`;
    await engine.apply({ kind: "overlay-put", client: "test", path: LIB, text });
    const { fingerprint } = (await plan(fixture, "rescale")).plan;
    expect(
        await engine.applyRename(CONTEXT, { symbol: SCALE, newName: "rescale", fingerprint }),
    ).toMatchObject({ code: "RENAME_UNSAVED_FILE" });
});

test("puts everything back when a write fails", async () => {
    const fixture = openEngine();
    await fixture.engine.ready;
    const folder = join(workspace.root, "shapes/tests");
    const before = new Map(
        [LIB, "app/src/main.rs", "shapes/src/round.rs"].map((path) => [path, workspace.read(path)]),
    );
    // A name too long for the temporary file makes the write fail for any user, root included.
    rmSync(join(folder, "areas.rs"));
    const name = `${"a".repeat(248)}.rs`;
    workspace.write(`shapes/tests/${name}`, "fn late() { shapes::scale(1.0); }\n");
    await fixture.engine.apply({ kind: "disk", paths: [] });
    const shown = await plan(fixture, "rescale");
    await expect(
        fixture.engine.applyRename(CONTEXT, {
            symbol: SCALE,
            newName: "rescale",
            fingerprint: shown.plan.fingerprint,
        }),
    ).rejects.toMatchObject({ code: "DISK_IO" });
    for (const [path, text] of before) {
        expect(workspace.read(path)).toBe(text);
    }
    expect(readdirSync(folder)).toEqual([name]);
});

test("tells everyone who asks why the workspace cannot be opened", async () => {
    rmSync(join(workspace.root, "Cargo.toml"));
    rmSync(join(workspace.root, "app/Cargo.toml"));
    rmSync(join(workspace.root, "shapes/Cargo.toml"));
    const fixture = openEngine();
    await expect(fixture.engine.status(CONTEXT)).rejects.toMatchObject({
        code: "WORKSPACE_NOT_FOUND",
    });
    await expect(fixture.engine.view("test")).rejects.toMatchObject({
        code: "WORKSPACE_NOT_FOUND",
    });
    expect(fixture.graph.isClosed).toBe(true);
});

test("logs every event with its duration", async () => {
    const { engine, log } = openEngine();
    await engine.capture(CONTEXT, {});
    const events = log.lines.flatMap((line) => ("event" in line.fields ? [line.fields] : []));
    expect(events).toEqual([
        { event: "open", ms: expect.any(Number) as number },
        { event: "capture", ms: expect.any(Number) as number },
    ]);
});
