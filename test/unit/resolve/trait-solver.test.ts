// The solver of trait bounds, and coercions, on the declarations of a small crate.

import { describe, expect, test } from "vitest";

import { buildProgram } from "../../../src/resolve/build-program.ts";
import { coerce } from "../../../src/resolve/types/coercion.ts";
import { resolveImports } from "../../../src/resolve/imports.ts";
import { MemberFinder } from "../../../src/resolve/types/method-lookup.ts";
import { Semantics } from "../../../src/resolve/semantics.ts";
import { TraitSolver } from "../../../src/resolve/types/trait-solver.ts";
import { refTo, type BoundTrait, type Ty } from "../../../src/resolve/types/types.ts";
import { openSyntax } from "../../../src/syntax/index.ts";
import { parseFixture } from "../../support/fixture.ts";

const SYNTAX = await openSyntax();

const CRATE = `
pub trait T {}
pub trait U<X> { type Out; }
pub trait W: T {}
pub struct A;
pub struct B;
pub struct G<P>(P);
impl T for A {}
impl<P: T> T for G<P> {}
impl U<A> for B { type Out = A; }
impl<P: T> U<B> for G<P> { type Out = P; }
impl U<A> for A { type Out = A; }
impl U<B> for A { type Out = B; }
impl T for dyn W {}
impl std::ops::Deref for B { type Target = G<A>; fn deref(&self) -> &G<A> { loop {} } }
`;

/** A solver over the crate, with its types and bounds by name. */
class World {
    readonly #semantics: Semantics;
    readonly solver: TraitSolver;
    readonly members: MemberFinder;

    constructor() {
        const fixture = parseFixture(CRATE);
        const captures = new Map(
            [...fixture.files].map(([path, text]) => [path, SYNTAX.capture(path, text)]),
        );
        const program = buildProgram(fixture.model, captures, new WeakMap());
        resolveImports(program);
        this.#semantics = new Semantics(program);
        this.#semantics.readImpls();
        this.solver = new TraitSolver(this.#semantics);
        this.members = new MemberFinder(this.solver);
    }

    #symbol(name: string): number {
        return this.#semantics.program.byName.get(name)![0]!;
    }

    type(name: string, ...args: readonly Ty[]): Ty {
        return { k: "adt", symbol: this.#symbol(name), args };
    }

    bound(
        name: string,
        args: readonly Ty[] = [],
        bindings: BoundTrait["bindings"] = [],
    ): BoundTrait {
        return { symbol: this.#symbol(name), args, bindings };
    }
}

describe("bounds", () => {
    test("hold by an impl, by the bounds of a generic one, or not", () => {
        const world = new World();
        const { solver } = world;
        const [a, b] = [world.type("A"), world.type("B")];
        const trait = world.bound("T");
        expect(solver.learn({ ty: a, trait })).toBe("yes");
        expect(solver.learn({ ty: b, trait })).toBe("no");
        expect(solver.learn({ ty: world.type("G", a), trait })).toBe("yes");
        expect(solver.learn({ ty: world.type("G", b), trait })).toBe("no");
        expect(solver.learn({ ty: solver.infer.fresh(), trait })).toBe("maybe");
    });

    test("the only impl that fits teaches what it says", () => {
        const world = new World();
        const { solver } = world;
        const [arg, out] = [solver.infer.fresh(), solver.infer.fresh()];
        const trait = world.bound("U", [arg], [{ name: "Out", ty: out }]);
        expect(solver.learn({ ty: world.type("B"), trait })).toBe("yes");
        expect(solver.infer.resolve(arg)).toEqual(world.type("A"));
        expect(solver.infer.resolve(out)).toEqual(world.type("A"));
    });

    test("of two impls that fit neither teaches anything", () => {
        const world = new World();
        const { solver } = world;
        const arg = solver.infer.fresh();
        expect(solver.learn({ ty: world.type("A"), trait: world.bound("U", [arg]) })).toBe("maybe");
        expect(solver.infer.shallow(arg)).toEqual(arg);
    });

    test("what waits is learned once the type is known", () => {
        const world = new World();
        const { solver } = world;
        const [ty, arg] = [solver.infer.fresh(), solver.infer.fresh()];
        solver.assume({ ty, trait: world.bound("U", [arg]) });
        solver.infer.unify(ty, world.type("B"));
        solver.retry();
        expect(solver.infer.resolve(arg)).toEqual(world.type("A"));
    });

    test("a probe leaves nothing behind", () => {
        const world = new World();
        const { solver } = world;
        const arg = solver.infer.fresh();
        const trait = world.bound("U", [arg]);
        expect(solver.probe(() => solver.learn({ ty: world.type("B"), trait }))).toBe("yes");
        expect(solver.infer.shallow(arg)).toEqual(arg);
    });

    test("a projection is what the impl says, in its own parameters", () => {
        const world = new World();
        const { solver } = world;
        const self = world.type("G", world.type("A"));
        const trait = world.bound("U", [world.type("B")]);
        const out = solver.normalize({ k: "projection", self, trait, name: "Out" });
        expect(solver.infer.resolve(out)).toEqual(world.type("A"));
    });

    test("a bound's supertraits hold with it", () => {
        const world = new World();
        const { solver } = world;
        const ty: Ty = { k: "bound", form: "impl", traits: [world.bound("W")], open: false };
        expect(solver.learn({ ty, trait: world.bound("T") })).toBe("yes");
    });
});

describe("coercion", () => {
    const into = (from: (world: World) => Ty, to: (world: World, open: Ty) => Ty): Ty | string => {
        const world = new World();
        const open = world.solver.infer.fresh();
        coerce(world.solver, world.members, from(world), to(world, open));
        const learned = world.solver.infer.resolve(open);
        const a = JSON.stringify(world.type("A"));
        return JSON.stringify(learned) === a ? "A" : learned.k;
    };

    test.each<[string, (world: World) => Ty, (world: World, open: Ty) => Ty, string]>([
        ["the same", (w) => w.type("G", w.type("A")), (w, x) => w.type("G", x), "A"],
        [
            "a mutable reference for a shared one",
            (w) => refTo(w.type("A"), true),
            (_, x) => refTo(x),
            "A",
        ],
        ["what a deref gives", (w) => refTo(w.type("B")), (w, x) => refTo(w.type("G", x)), "A"],
        [
            "an array for a slice",
            (w) => refTo({ k: "array", inner: w.type("A") }),
            (_, x) => refTo({ k: "slice", inner: x }),
            "A",
        ],
        ["a pointer", (w) => refTo(w.type("A")), (_, x) => ({ k: "pointer", inner: x }), "A"],
        ["what never returns", () => ({ k: "primitive", name: "!" }), (_, x) => x, "var"],
        ["another type", (w) => w.type("A"), (w, x) => w.type("G", x), "var"],
    ])("of %s", (_, from, to, learned) => {
        expect(into(from, to)).toBe(learned);
    });
});
