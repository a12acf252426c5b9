import { describe, expect, test } from "vitest";

import { NODE_FLAG, type GraphNode, type NodeId } from "../../../src/graph/index.ts";
import { buildSnapshot, normalize } from "../../../src/graphstore/index.ts";
import { createOracle, type RippleEntry } from "../../../src/oracle/index.ts";
import { contentOf, edgeOf, nodeOf } from "../../support/graphs.ts";

// Crate `a` has a trait Draw with the item draw, two implementations, and code that calls the one by
// name, the other through `dyn`; crate `b` calls into `a`.
const N = {
    a: nodeOf("a", "crate"),
    shapes: nodeOf("a::shapes", "module"),
    trait: nodeOf("a::shapes::Draw", "trait"),
    draw: nodeOf("a::shapes::Draw::draw", "method"),
    circleImpl: nodeOf("a::shapes::<Circle as Draw>", "impl"),
    circleDraw: nodeOf("a::shapes::<Circle as Draw>::draw", "method"),
    squareImpl: nodeOf("a::shapes::<Square as Draw>", "impl"),
    squareDraw: nodeOf("a::shapes::<Square as Draw>::draw", "method"),
    byName: nodeOf("a::by_name"),
    byDyn: nodeOf("a::by_dyn"),
    mentions: nodeOf("a::mentions"),
    b: nodeOf("b", "crate"),
    main: nodeOf("b::main"),
    test: nodeOf("b::test", "function", NODE_FLAG.test),
    std: nodeOf("std::print", "external", NODE_FLAG.external),
} as const;

const snapshot = buildSnapshot(
    normalize(
        contentOf({
            nodes: Object.values(N),
            edges: [
                edgeOf(N.a, "contains", N.shapes),
                edgeOf(N.a, "contains", N.byName),
                edgeOf(N.a, "contains", N.byDyn),
                edgeOf(N.a, "contains", N.mentions),
                edgeOf(N.shapes, "contains", N.trait),
                edgeOf(N.trait, "contains", N.draw),
                edgeOf(N.shapes, "contains", N.circleImpl),
                edgeOf(N.circleImpl, "contains", N.circleDraw),
                edgeOf(N.shapes, "contains", N.squareImpl),
                edgeOf(N.squareImpl, "contains", N.squareDraw),
                edgeOf(N.b, "contains", N.main),
                edgeOf(N.b, "contains", N.test),
                edgeOf(N.circleImpl, "implements", N.trait),
                edgeOf(N.squareImpl, "implements", N.trait),
                edgeOf(N.circleDraw, "implements", N.draw),
                edgeOf(N.squareDraw, "implements", N.draw),
                edgeOf(N.byName, "call", N.circleDraw),
                edgeOf(N.byDyn, "call", N.draw),
                edgeOf(N.mentions, "reference", N.draw),
                edgeOf(N.main, "call", N.byDyn),
                edgeOf(N.test, "call", N.main),
                edgeOf(N.main, "call", N.byName),
                edgeOf(N.circleDraw, "call", N.std),
            ],
            files: [],
        }),
    ),
);
const oracle = createOracle(snapshot);
const names = new Map<NodeId, string>(Object.entries(N).map(([name, node]) => [node.id, name]));

function nameOf(id: NodeId): string {
    return names.get(id) ?? "?";
}

/** `name@distance -edge-> via`, with the trait item of a dispatch. */
function show(entry: RippleEntry): string {
    const through = entry.through === undefined ? "" : `(${nameOf(entry.through)})`;
    return `${nameOf(entry.id)}@${entry.distance} ${entry.edge}${through} ${nameOf(entry.via)}`;
}

function checkImpact(
    of: GraphNode,
    expected: string[],
    options?: Parameters<typeof oracle.impactOf>[1],
): void {
    expect(oracle.impactOf(of.id, options).map(show).sort()).toEqual(expected.sort());
}

describe("impactOf", () => {
    test("of a trait's item reaches its callers, its mentions and all that implements it", () => {
        checkImpact(N.draw, [
            "byDyn@1 call draw",
            "mentions@1 reference draw",
            "circleDraw@1 implements draw",
            "squareDraw@1 implements draw",
            "byName@2 call circleDraw",
            "main@2 call byDyn",
            "test@3 call main",
        ]);
    });

    test("of an implementing item reaches who calls the trait's item, and says so", () => {
        checkImpact(N.squareDraw, [
            "byDyn@2 dispatch(draw) squareDraw",
            "main@3 call byDyn",
            "test@4 call main",
        ]);
    });

    test("takes the shorter way where a call by name and a dispatch lead to one", () => {
        checkImpact(N.circleDraw, [
            "byName@1 call circleDraw",
            "byDyn@2 dispatch(draw) circleDraw",
            "main@2 call byName",
            "test@3 call main",
        ]);
    });

    test("of one implementation does not reach the other, nor the trait's item", () => {
        const ids = oracle.impactOf(N.squareDraw.id).map((entry) => entry.id);
        expect(ids).not.toContain(N.circleDraw.id);
        expect(ids).not.toContain(N.draw.id);
        expect(ids).not.toContain(N.mentions.id);
    });

    test("dispatches only when calls and implementations are both followed", () => {
        checkImpact(N.squareDraw, [], { kinds: ["call"] });
        checkImpact(N.squareDraw, [], { kinds: ["implements", "reference"] });
    });

    test("stops at the depth", () => {
        checkImpact(N.squareDraw, ["byDyn@2 dispatch(draw) squareDraw"], { depth: 2 });
        checkImpact(N.squareDraw, [], { depth: 1 });
        checkImpact(N.squareDraw, [], { depth: 0 });
    });

    test("does not follow Contains", () => {
        checkImpact(N.test, []);
        checkImpact(N.trait, ["circleImpl@1 implements trait", "squareImpl@1 implements trait"]);
    });

    test("of several symbols leaves these out", () => {
        const found = oracle.impactOf([N.byDyn.id, N.byName.id, N.main.id]).map(show);
        expect(found).toEqual(["test@1 call main"]);
    });

    test("of an external reaches its users", () => {
        expect(oracle.impactOf(N.std.id).map(show)).toContain("circleDraw@1 call std");
    });

    test("of a node that is not there says so", () => {
        expect(() => oracle.impactOf(5n as NodeId)).toThrow(
            expect.objectContaining({ code: "GRAPH_NO_NODE" }),
        );
    });
});

test("crossCrateUsers are those in other crates", () => {
    expect(oracle.crossCrateUsers(N.squareDraw.id).map(show)).toEqual([
        "main@3 call byDyn",
        "test@4 call main",
    ]);
    expect(oracle.crossCrateUsers(N.main.id)).toEqual([]);
});

test("affectedTests are the tests that are reached", () => {
    expect(oracle.affectedTests(N.circleDraw.id).map(show)).toEqual(["test@3 call main"]);
});

test("nodes belong to crates and modules", () => {
    expect(oracle.crateOf(N.squareDraw.id)).toBe(N.a.id);
    expect(oracle.moduleOf(N.squareDraw.id)).toBe(N.shapes.id);
    expect(oracle.moduleOf(N.shapes.id)).toBe(N.a.id);
    expect(oracle.crateOf(N.a.id)).toBe(N.a.id);
    expect(oracle.moduleOf(N.a.id)).toBeUndefined();
    expect(oracle.crateOf(N.std.id)).toBeUndefined();
});

describe("propagateRename", () => {
    const show = ({ family, users }: ReturnType<typeof oracle.propagateRename>): unknown => ({
        family: family.map(nameOf),
        users: users.map((user) => `${nameOf(user.id)} ${user.edge} ${nameOf(user.uses)}`).sort(),
    });

    test("joins the trait's item and all that implements it, from any of them", () => {
        for (const start of [N.draw, N.circleDraw, N.squareDraw]) {
            const reach = oracle.propagateRename(start.id);
            expect(reach.family[0]).toBe(start.id);
            expect(reach.family.map(nameOf).sort()).toEqual(["circleDraw", "draw", "squareDraw"]);
            expect((show(reach) as { users: string[] }).users).toEqual([
                "byDyn call draw",
                "byName call circleDraw",
                "mentions reference draw",
            ]);
        }
    });

    test("does not take impls for names", () => {
        expect(show(oracle.propagateRename(N.trait.id))).toEqual({ family: ["trait"], users: [] });
    });

    test("takes cfg twins along", () => {
        expect(show(oracle.propagateRename(N.byName.id, [[N.byName.id, N.byDyn.id]]))).toEqual({
            family: ["byName", "byDyn"],
            users: [expect.stringMatching(/^main call by(Name|Dyn)$/u)],
        });
    });
});

test("tells for many symbols at once what impactOf tells for each", () => {
    const ids = Object.values(N).map((node) => node.id);
    const oracle = createOracle(snapshot);
    for (const options of [{}, { depth: 2 }, { kinds: ["call"] as const }]) {
        const reaches = oracle.reachOf(ids, options);
        expect(reaches).toHaveLength(ids.length);
        let last = Number.POSITIVE_INFINITY;
        for (const { id, reached, depth } of reaches) {
            const entries = oracle.impactOf(id, options);
            expect(reached).toBe(entries.length);
            expect(depth).toBe(Math.max(0, ...entries.map((entry) => entry.distance)));
            expect(reached).toBeLessThanOrEqual(last);
            last = reached;
        }
    }
    expect(oracle.reachOf([])).toEqual([]);
});
