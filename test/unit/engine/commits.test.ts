// Commits in the background: what names mean is answered before them, reachability after them.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { OperatingError } from "../../../src/base/index.ts";
import {
    findReferences,
    measureImpact,
    parseRippleOptions,
    selectTarget,
    type View,
} from "../../../src/engine/index.ts";
import type { CommittedGraph } from "../../../src/engine/ports.ts";
import type { GraphContent } from "../../../src/graph/index.ts";
import { eventually } from "../../support/eventually.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { MemoryGraph } from "../../support/memory-graph.ts";

const CONTEXT = { client: "test" };
const SCALE = { kind: "path", path: "shapes::scale" } as const;
const LIB = "shapes/src/lib.rs";

/** A graph whose commits wait until they are let go, one at a time. */
class HeldGraph extends MemoryGraph {
    readonly #gates: (() => void)[] = [];
    /** What the next commit fails with. */
    failure: Error | undefined;

    get waiting(): number {
        return this.#gates.length;
    }

    letGo(): void {
        this.#gates.shift()?.();
    }

    override async commitContent(content: GraphContent): Promise<CommittedGraph> {
        await new Promise<void>((resolve) => {
            this.#gates.push(resolve);
        });
        if (this.failure !== undefined) {
            throw this.failure;
        }
        return super.commitContent(content);
    }
}

let workspace: TestWorkspace;
let graph: HeldGraph;
let fixture: EngineFixture;

beforeEach(() => {
    workspace = new TestWorkspace();
    graph = new HeldGraph();
    fixture = openTestEngine(workspace, undefined, graph);
});

afterEach(async () => {
    const closed = fixture.engine.close();
    const timer = setInterval(() => {
        graph.letGo();
    }, 1);
    await closed;
    clearInterval(timer);
    workspace.remove();
});

async function untilWaiting(): Promise<void> {
    await eventually(() => {
        expect(graph.waiting).toBe(1);
    });
}

function ask<T>(question: (view: View) => T | Promise<T>): Promise<T> {
    return fixture.engine.query(CONTEXT, question);
}

function references(): Promise<unknown> {
    return ask((view) => {
        const chosen = selectTarget(view, SCALE);
        return chosen.kind === "refusal" ? chosen : findReferences(view, chosen.target);
    });
}

function impact(): Promise<number> {
    return ask(async (view) => {
        const chosen = selectTarget(view, SCALE);
        const options = parseRippleOptions({});
        if (chosen.kind === "refusal" || options.kind === "refusal") {
            throw new Error("the question is a good one");
        }
        const found = await measureImpact(view, chosen.target, options);
        return "reached" in found ? found.reached.length : -1;
    });
}

test("answers what names mean before the commit as after it, and what reaches what after it", async () => {
    const before = await references();
    expect(before).toMatchObject({ references: { length: 7 } });
    expect(graph.commits).toBe(0);
    let isAnswered = false;
    const reached = impact().finally(() => {
        isAnswered = true;
    });
    await untilWaiting();
    expect(await references()).toEqual(before);
    expect(isAnswered).toBe(false);
    graph.letGo();
    expect(await reached).toBe(3);
    expect(graph.commits).toBe(1);
    expect(await references()).toEqual(before);
});

test("commits one state after the other, and shows the newest meanwhile", async () => {
    await fixture.engine.ready;
    await untilWaiting();
    const first = await impactOfView();
    workspace.write(LIB, `${workspace.read(LIB)}\npub fn more() -> f64 { scale(3.0) }\n`);
    await fixture.engine.apply({ kind: "disk", paths: [LIB] });
    expect(await references()).toMatchObject({ references: { length: 8 } });
    const second = await impactOfView();
    expect(graph.commits).toBe(0);
    graph.letGo();
    // Each view is answered from the graph of its own state.
    expect(await first()).toBe(3);
    await untilWaiting();
    expect(graph.commits).toBe(1);
    graph.letGo();
    expect(await second()).toBe(4);
    expect(graph.commits).toBe(2);
});

/** Takes a view now, to ask later who calls in it. */
async function impactOfView(): Promise<() => Promise<number>> {
    const view = await fixture.engine.view(CONTEXT.client);
    const targets = view.resolution
        .findByPath(SCALE.path)
        .map((one) => view.resolution.symbol(one).id);
    return async () => {
        const options = { edges: ["call", "reference", "implements"], depth: undefined } as const;
        return (await view.ripple()).reaching(targets, options).length;
    };
}

test("stores nothing derived of a state before its commit", async () => {
    await fixture.engine.ready;
    await untilWaiting();
    const table = join(workspace.root, ".ferrograph/cache/table.json");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(existsSync(table)).toBe(false);
    graph.letGo();
    await eventually(() => {
        expect(existsSync(table)).toBe(true);
    });
});

test("answers on when a commit fails, and tells whoever needs it", async () => {
    const failure = new OperatingError("DISK_FULL", "no space");
    graph.failure = failure;
    await fixture.engine.ready;
    await untilWaiting();
    const reached = impact();
    graph.letGo();
    await expect(reached).rejects.toBe(failure);
    await expect(fixture.engine.capture(CONTEXT, {})).rejects.toBe(failure);
    expect(await references()).toMatchObject({ references: { length: 7 } });
    expect(fixture.log.lines.map(({ message }) => message)).toContain(
        "a state could not be committed",
    );
    // The next state's commit brings the graph to it, whatever was missed.
    graph.failure = undefined;
    workspace.write(LIB, `${workspace.read(LIB)}\npub fn more() -> f64 { scale(3.0) }\n`);
    await fixture.engine.apply({ kind: "disk", paths: [LIB] });
    await untilWaiting();
    graph.letGo();
    expect(await impact()).toBe(4);
});
