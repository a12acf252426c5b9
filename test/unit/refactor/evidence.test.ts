// Renames where a compiler has said what a token means that the resolver alone does not know.

import { describe, expect, test } from "vitest";

import {
    findRenameTarget,
    planRename,
    type RenameContext,
    type RenamePlan,
} from "../../../src/refactor/index.ts";
import {
    BIND,
    type Occurrence,
    type OccurrenceRows,
    type OccurrenceTable,
    type Resolution,
} from "../../../src/resolve/index.ts";
import { parseFixture } from "../../support/fixture.ts";
import { openFixture } from "../../support/rename-check.ts";

/** The resolution with the binding of one token, as evidence has it. */
function withEvidence(resolution: Resolution, start: number, path: string): Resolution {
    const [symbol] = resolution.findByPath(path);
    const told = (all: readonly Occurrence[]): readonly Occurrence[] =>
        all.map((one) =>
            one.span.start === start
                ? {
                      ...one,
                      precision: "exact",
                      binding: { kind: "symbol", symbols: [symbol!] },
                  }
                : one,
        );
    const toldRows = (all: readonly OccurrenceRows[]): readonly OccurrenceRows[] =>
        all.map(({ occurrence, ...rows }) => ({
            ...rows,
            table: toldTable(rows.table, start, symbol!),
            occurrence: (row) => told([occurrence(row)])[0]!,
        }));
    return new Proxy(resolution, {
        get: (target, key) => {
            const value: unknown = Reflect.get(target, key);
            if (typeof value !== "function") {
                return value;
            }
            const asked = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
            if (String(key).startsWith("rows")) {
                return (...args: unknown[]) =>
                    toldRows(asked(...args) as readonly OccurrenceRows[]);
            }
            return String(key).startsWith("occurrences")
                ? (...args: unknown[]) => told(asked(...args) as readonly Occurrence[])
                : asked;
        },
    });
}

function toldTable(table: OccurrenceTable, start: number, symbol: number): OccurrenceTable {
    const row = table.start.indexOf(start);
    const bind = table.bind.map((one, at) => (at === row ? BIND.symbol : one));
    const target = table.target.map((one, at) => (at === row ? symbol : one));
    return { ...table, bind, target };
}

const TEXT = `struct S;
impl S { pub fn $0size(&self) -> u32 { 1 } }
struct O;
impl O { pub fn size(&self) -> u32 { 2 } pub fn depth(&self) -> u32 { 3 } }
fn f(x: impl Fn() -> Missing) { x().size(); x().depth(); }
`;

function plan(newName: string, token: string, path: string): RenamePlan {
    const fixture = parseFixture(TEXT);
    const context: RenameContext = openFixture(fixture);
    const file = fixture.cursor!.path;
    const start = fixture.files.get(file)!.lastIndexOf(token);
    const resolution = withEvidence(context.resolution, start, path);
    const told = { ...context, resolution };
    const found = findRenameTarget(told, file, fixture.cursor!.offset);
    expect(found.kind).toBe("start");
    const made = planRename(
        told,
        (found as Extract<typeof found, { kind: "start" }>).target,
        newName,
    );
    expect(made.kind).toBe("plan");
    return made as RenamePlan;
}

describe("a token that only a compiler has decided", () => {
    test("is renamed, and proved where nothing else has the new name", () => {
        const made = plan("breadth_of_it", "size", "S::size");
        expect(made.edits.map((edit) => edit.oldText)).toEqual(["size", "size"]);
        expect(made.proof.verdict).toBe("proved");
    });

    test("is unproved where a member of std has the new name", () => {
        const made = plan("len", "size", "S::size");
        expect(made.proof.verdict).toBe("unproved");
        expect(made.unproved.map(({ reason }) => reason)).toEqual([
            "with the new name: the receiver's type is not known",
        ]);
    });

    test("is unproved where the workspace has the new name", () => {
        expect(plan("depth", "size", "S::size").proof.verdict).toBe("unproved");
    });

    test("is left alone where it means something else", () => {
        const made = plan("breadth_of_it", "size", "O::size");
        expect(made.edits).toHaveLength(1);
        expect(made.proof.verdict).toBe("proved");
    });

    test("of the new name may come to mean what is renamed", () => {
        const made = plan("depth", "depth", "O::depth");
        expect(made.proof.verdict).toBe("unproved");
    });
});
