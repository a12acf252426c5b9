// Which renames are tried: equal shares, both modes, the same for the same seeds; and which names are taken.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TakenNames } from "../../../bench/accuracy/clashing-name.ts";
import { seededRandom } from "../../../bench/accuracy/sample.ts";
import { orderTrials, seedOfCommit } from "../../../bench/accuracy/trial-order.ts";
import { resolveCrate, type ResolvedCrate } from "../../support/resolved-crate.ts";

const SOURCE = `
mod tools {
    pub fn helper() -> i32 { 1 }
}
use tools::*;

pub struct Thing { size: i32, count: i32 }

impl Thing {
    pub fn make(size: i32) -> Thing { Thing { size, count: helper() } }
    pub fn total(&self) -> i32 { self.size + self.count }
}

pub trait Named { fn title(&self) -> i32; }

impl Named for Thing {
    fn title(&self) -> i32 { self.total() }
}

pub fn run() -> i32 {
    let first = Thing::make(1);
    let second = first.title() + own();
    second + first.total()
}

fn own() -> i32 { 2 }
`;

let crate: ResolvedCrate;

beforeAll(async () => {
    crate = await resolveCrate(SOURCE);
});

afterAll(() => {
    crate.remove();
});

function namesFor(name: string): Map<string, Set<string>> {
    const taken = new TakenNames(crate.here);
    const random = seededRandom(7);
    const found = new Map<string, Set<string>>();
    for (let draw = 0; draw < 100; draw++) {
        const clash = taken.draw(crate.candidate(name), random);
        if (clash !== undefined) {
            found.set(clash.kind, (found.get(clash.kind) ?? new Set()).add(clash.name));
        }
    }
    return found;
}

describe("TakenNames", () => {
    test("knows what else the scope declares", () => {
        expect([...(namesFor("size").get("same scope") ?? [])]).toEqual(["count"]);
        expect([...(namesFor("first").get("same scope") ?? [])]).toEqual(["second"]);
    });

    test("knows the other members of the same type, its own impls' and a trait's", () => {
        expect(namesFor("total").get("same type")).toEqual(
            new Set(["make", "size", "count", "title"]),
        );
    });

    test("knows locals where an item is used, and items where a local can be seen", () => {
        expect(namesFor("own").get("local at a use")).toContain("first");
        expect(namesFor("first").get("item in its scope")).toEqual(new Set(["own"]));
    });

    test("knows what a glob import brings", () => {
        expect(namesFor("own").get("from elsewhere")).toEqual(new Set(["helper"]));
    });

    test("never gives a name its own", () => {
        for (const names of namesFor("helper").values()) {
            expect(names).not.toContain("helper");
        }
    });
});

describe("orderTrials", () => {
    const all = (seeds: readonly number[]): string[] =>
        [...orderTrials(crate.here, seeds)]
            .flat()
            .map(({ candidate: { name }, newName, mode, seed }) =>
                [name, newName, mode, seed].join(" "),
            );

    test("gives the same for the same seeds, and asks for no name twice", () => {
        const once = all([1, 2]);
        expect(all([1, 2])).toEqual(once);
        expect(all([2, 1])).not.toEqual(once);
        const places = [...orderTrials(crate.here, [1, 2])]
            .flat()
            .map((wish) => wish.candidate.path + String(wish.candidate.offset));
        expect(new Set(places).size).toBe(places.length);
    });

    test("takes of every kind one to a fresh name and one to a taken one", () => {
        const [turn = []] = [...orderTrials(crate.here, [1])];
        const shares = turn.map(({ candidate: { stratum }, mode }) => `${stratum} ${mode}`);
        expect(new Set(shares).size).toBe(shares.length);
        expect(shares).toContain("field fresh");
        expect(shares).toContain("field clashing");
        expect(turn.filter(({ mode }) => mode === "fresh").every(({ clash }) => clash === "")).toBe(
            true,
        );
    });
});

test("a commit gives a seed", () => {
    expect(seedOfCommit("00000ff1234+abc")).toBe(0xff);
    expect(seedOfCommit("no-commit")).toBe(4);
});
