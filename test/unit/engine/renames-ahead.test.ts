// A rename that was begun is made ready in slices, for one target in one state; its plan is the one that it would be.

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Steps } from "../../../src/base/index.ts";
import { Pace } from "../../../src/engine/pace.ts";
import type { EnginePorts, PlannerPort } from "../../../src/engine/ports.ts";
import { RenamesAhead } from "../../../src/engine/renames-ahead.ts";
import type { View } from "../../../src/engine/view.ts";
import type { RenameAhead, RenameTarget } from "../../../src/refactor/index.ts";
import {
    KeptLog,
    openTestEngine,
    TestWorkspace,
    type EngineFixture,
} from "../../support/engine-fixture.ts";
import { eventually } from "../../support/eventually.ts";

const CLIENT = { client: "test" };
const SYMBOL = { kind: "path", path: "shapes::scale" } as const;
const ROUND = "shapes/src/round.rs";

let workspace: TestWorkspace;
let fixture: EngineFixture;
/** What each target's work came to, as it ended. */
let made: (RenameAhead | undefined)[];
/** What plans were given. */
let given: (RenameAhead | undefined)[];
let steps: number;
/** Whether the work goes on without end. */
let isHeld: boolean;
/** Called before each step. */
let beforeStep: () => void;

beforeEach(async () => {
    workspace = new TestWorkspace();
    [made, given, steps] = [[], [], 0];
    isHeld = false;
    beforeStep = () => undefined;
    fixture = openTestEngine(workspace, ({ planner }) => ({ planner: watched(planner) }));
    await fixture.engine.ready;
    await fixture.engine.apply({ kind: "client-join", client: "test", name: "test" });
});

afterEach(async () => {
    await fixture.engine.close();
    workspace.remove();
});

function watched(planner: PlannerPort): PlannerPort {
    return {
        ...planner,
        *prepare(context, target): Steps<RenameAhead | undefined> {
            const work = planner.prepare(context, target);
            for (;;) {
                while (isHeld) {
                    steps += 1;
                    yield;
                }
                beforeStep();
                const step = work.next();
                if (step.done === true) {
                    made.push(step.value);
                    return step.value;
                }
                steps += 1;
                yield;
            }
        },
        plan: (context, target, newName, options) => {
            given.push(options.ahead);
            return planner.plan(context, target, newName, options);
        },
    };
}

async function beginWithScale(): Promise<View> {
    const view = await fixture.engine.view("test");
    fixture.engine.prepareRename(view, targetIn(view, "scale"));
    return view;
}

function targetIn({ resolution }: View, name: string): RenameTarget {
    const symbol = resolution
        .findByName(name)
        .find((one) => resolution.symbol(one).kind === "function")!;
    return { kind: "symbol", symbol };
}

test("a plan of what was prepared is the plan that is made without", async () => {
    const without = await fixture.engine.renameImpact(CLIENT, { symbol: SYMBOL, newName: "size" });
    await beginWithScale();
    await eventually(() => {
        expect(made).toHaveLength(1);
    });
    const prepared = await fixture.engine.renameImpact(CLIENT, { symbol: SYMBOL, newName: "size" });
    expect(prepared).toEqual(without);
    expect(given).toEqual([undefined, made[0]]);
    expect(made[0]).toBeDefined();
    expect(steps).toBeGreaterThan(3);
});

test("work that is not done when the name comes is done at once", async () => {
    // After its first step it is begun, and not over.
    let isAsked = false;
    const plans: Promise<unknown>[] = [];
    beforeStep = () => {
        if (!isAsked && steps === 1) {
            isAsked = true;
            plans.push(fixture.engine.renameImpact(CLIENT, { symbol: SYMBOL, newName: "size" }));
        }
    };
    await beginWithScale();
    await eventually(() => {
        expect(plans).toHaveLength(1);
    });
    await plans[0];
    expect(made).toHaveLength(1);
    expect(given).toEqual(made);
});

test("what was prepared is of one state", async () => {
    await beginWithScale();
    await eventually(() => {
        expect(made).toHaveLength(1);
    });
    workspace.write(ROUND, `${workspace.read(ROUND)}\npub fn later() -> f64 { scale(2.0) }\n`);
    await fixture.engine.apply({ kind: "disk", paths: [ROUND] });
    await fixture.engine.renameImpact(CLIENT, { symbol: SYMBOL, newName: "size" });
    expect(given).toEqual([undefined]);
});

test("a change of the text ends the work", async () => {
    isHeld = true;
    await beginWithScale();
    await eventually(() => {
        expect(steps).toBeGreaterThan(0);
    });
    await fixture.engine.apply({
        kind: "overlay-put",
        client: "test",
        path: ROUND,
        text: "// nothing\n",
    });
    isHeld = false;
    await fixture.engine.renameImpact(CLIENT, { symbol: SYMBOL, newName: "size" });
    expect(made).toEqual([]);
    expect(given).toEqual([undefined]);
});

test("work that fails leaves nothing prepared, and the rename is planned", async () => {
    beforeStep = () => {
        throw new Error("broken");
    };
    await beginWithScale();
    await eventually(() => {
        expect(fixture.log.lines.map(({ message }) => message)).toContain(
            "a rename was not prepared",
        );
    });
    const answer = await fixture.engine.renameImpact(CLIENT, { symbol: SYMBOL, newName: "size" });
    expect(answer).toMatchObject({ plan: { applicable: true } });
    expect(given).toEqual([undefined]);
});

test("another target takes the place of the one before", async () => {
    const done: string[] = [];
    const renames = new RenamesAhead({ ports: plainPorts(done), pace: new Pace(), logger });
    const first = renames.begin(VIEW, local("a"));
    const second = renames.begin(VIEW, local("b"));
    await Promise.all([first, second]);
    expect(done).toEqual(["b", "settled", "b", "settled", "b", "settled", "settled"]);
    expect(renames.take(VIEW, local("a"), "c")).toBeUndefined();
    expect(renames.take(VIEW, local("b"), "c")).toEqual(aheadOf("b"));
    const other = { ...VIEW, resolution: { ...VIEW.resolution } };
    expect(renames.take(other, local("b"), "c")).toBeUndefined();
    expect(renames.forget()).toBe(1);
    expect(renames.take(VIEW, local("b"), "c")).toBeUndefined();
});

test("what is left to do is done for a name that nothing has, and for no other", async () => {
    const done: string[] = [];
    const pace = { turn: () => Promise.resolve(), pause: () => new Promise(() => undefined) };
    const renames = new RenamesAhead({
        ports: plainPorts(done),
        pace: pace as unknown as Pace,
        logger,
    });
    void renames.begin(VIEW, local("a"));
    await eventually(() => {
        expect(done).toEqual(["a", "settled"]);
    });
    expect(renames.take(VIEW, local("a"), "taken")).toBeUndefined();
    expect(done).toEqual(["a", "settled"]);
    expect(renames.take(VIEW, local("a"), "free")).toEqual(aheadOf("a"));
    expect(done).toEqual(["a", "settled", "a", "a"]);
    expect(renames.take(VIEW, local("a"), "taken")).toEqual(aheadOf("a"));
});

const logger = new KeptLog();

const VIEW = {
    resolution: {
        findByName: (name: string) => (name === "taken" ? [1] : []),
        occurrencesNamed: () => [],
    },
    loadCaptures: () => Promise.resolve(new Map()),
} as unknown as View;

function aheadOf(name: string): RenameAhead {
    return { name } as unknown as RenameAhead;
}

function local(name: string): RenameTarget {
    return { kind: "local", local: { name } as never };
}

/** Ports whose work has three steps, and is told. */
function plainPorts(done: string[]): EnginePorts {
    const nameOf = (target: RenameTarget): string =>
        target.kind === "local" ? target.local.name : "";
    return {
        parser: { load: () => Promise.resolve() },
        resolver: { load: () => Promise.resolve(), settle: () => done.push("settled") },
        planner: {
            load: () => Promise.resolve(),
            *prepare(_: unknown, target: RenameTarget): Steps<RenameAhead> {
                for (let i = 0; i < 3; i++) {
                    done.push(nameOf(target));
                    yield;
                }
                return aheadOf(nameOf(target));
            },
        },
    } as unknown as EnginePorts;
}
