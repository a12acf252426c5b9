// The columns that the proof compares say what the objects say that they stand for, and the digest over them hangs
// on nothing else.

import path from "node:path";
import { describe, expect, test } from "vitest";

import { resolveHere, type ResolvedHere } from "../../../bench/accuracy/resolve-here.ts";
import { seededRandom } from "../../../bench/accuracy/sample.ts";
import { EditMap, type PlannedEdit } from "../../../src/refactor/planned-edit.ts";
import { ProofDigest } from "../../../src/refactor/proof-digest.ts";
import { ProofReader } from "../../../src/refactor/proof-reader.ts";
import { OPEN, ProofRows, TextNumbers } from "../../../src/refactor/proof-rows.ts";
import { ProofView, UNDECIDED } from "../../../src/refactor/proof-view.ts";
import type { Occurrence } from "../../../src/resolve/index.ts";

const HERE = await resolveHere(path.resolve(import.meta.dirname, "../../../examples/orrery"));
const NAMES: ReadonlySet<string> = new Set(["new", "name"]);

/** Gives some tokens of a file longer and shorter names; a shorthand becomes two tokens. */
function editSome({ resolution }: ResolvedHere, file: string, share: number): PlannedEdit[] {
    const random = seededRandom(file.length);
    const tokens = new Map<number, Occurrence[]>();
    for (const one of resolution.occurrencesIn(file)) {
        tokens.set(one.span.start, [...(tokens.get(one.span.start) ?? []), one]);
    }
    const edits: PlannedEdit[] = [];
    let end = 0;
    for (const [start, all] of tokens) {
        const [first] = all;
        if (first === undefined || start < end || random() > share) {
            continue;
        }
        end = first.span.end;
        const name = random() < 0.5 ? "a" : `${first.name}_of_another_length`;
        const isShorthand = first.shorthand !== undefined;
        const token = { before: first.span, length: name.length, partAfter: undefined };
        edits.push({
            path: file,
            span: first.span,
            oldText: first.name,
            newText: isShorthand ? `${first.name}: ${name}` : name,
            role: first.role,
            precision: "syntactic",
            tokens: isShorthand
                ? [
                      { ...token, part: "field", at: 0, length: first.name.length },
                      { ...token, part: "value", at: first.name.length + 2 },
                  ]
                : [{ ...token, part: undefined, at: 0 }],
        });
    }
    return edits;
}

function digestOf(file: string, rows: ProofRows, numbers: TextNumbers, other = rows): string {
    const digest = new ProofDigest(numbers);
    digest.beginFile(file);
    for (let at = 0; at < rows.count; at++) {
        const end = at + 1;
        digest.add({ rows, from: at, end }, { rows: other, from: at, end });
    }
    return digest.digest();
}

function checkFile(file: string, share: number): void {
    const { resolution } = HERE;
    const edits = editSome(HERE, file, share);
    const map = edits.length === 0 ? undefined : new EditMap(new Map([[file, edits]]), []);
    const numbers = new TextNumbers();
    const view = new ProofView(resolution, map);
    const reader = new ProofReader(view, numbers);
    const rows = reader.read(resolution.rowsIn(file), { names: NAMES }).get(file);
    const wanted = view.read(resolution.occurrencesIn(file)).get(file) ?? [];
    expect(rows?.count ?? 0).toBe(wanted.length);
    if (rows === undefined) {
        return;
    }
    expect(reader.rowsAt(rows, 0, rows.count)).toEqual(wanted);
    const texts = new Map<number, string>([[OPEN, UNDECIDED]]);
    const meanings = new Map<string, number>([[UNDECIDED, OPEN]]);
    wanted.forEach((row, at) => {
        expect(rows.start(at)).toBe(row.start);
        expect(reader.origin(rows, at)).toBe(row.occurrence.span.start);
        expect(numbers.text(rows.crate(at))).toBe(row.crate);
        const number = rows.meaning(at);
        expect(texts.get(number) ?? row.meaning).toBe(row.meaning);
        expect(meanings.get(row.meaning) ?? number).toBe(number);
        texts.set(number, row.meaning);
        meanings.set(row.meaning, number);
        const isNamed = NAMES.has(row.occurrence.name);
        expect(rows.isPlain(at, rows, at) && isNamed).toBe(false);
        const next = wanted[at + 1];
        const isLast =
            next?.start !== row.start || next.part !== row.part || next.crate !== row.crate;
        expect(rows.endOfToken(at) === at + 1).toBe(isLast);
    });
    const numbered = new TextNumbers();
    [...wanted].reverse().forEach((row) => numbered.of(row.meaning));
    const again = new ProofReader(view, numbered).read(resolution.rowsIn(file), { names: NAMES });
    expect(digestOf(file, again.get(file)!, numbered)).toBe(digestOf(file, rows, numbers));
}

describe("the columns of a proof", () => {
    const files = HERE.resolution.files().map((one) => one.path);

    test("say of every token what the objects say", () => {
        expect(files.length).toBeGreaterThan(10);
        files.forEach((file) => {
            checkFile(file, 0);
        });
    });

    test("say it of tokens that edits move or write, too", () => {
        files.forEach((file) => {
            checkFile(file, 0.2);
        });
    });
});

describe("the digest of a proof", () => {
    const cell = { word: 3, crate: 0, table: 0, row: 0 };

    function rowsOf(numbers: TextNumbers, meanings: readonly number[]): ProofRows {
        const rows = new ProofRows(numbers, 0);
        meanings.forEach((meaning, at) => {
            rows.push({ ...cell, start: at * 10, meaning });
        });
        return rows;
    }

    test("tells apart what one token means, before or after", () => {
        const numbers = new TextNumbers();
        const [, one, other] = ["crate", "one", "other"].map((text) => numbers.of(text));
        const rows = rowsOf(numbers, [one!, other!, OPEN]);
        const changed = rowsOf(numbers, [one!, one!, OPEN]);
        const digests = [
            digestOf("a.rs", rows, numbers),
            digestOf("a.rs", changed, numbers),
            digestOf("a.rs", rows, numbers, changed),
            digestOf("a.rs", changed, numbers, rows),
            digestOf("b.rs", rows, numbers),
        ];
        expect(new Set(digests).size).toBe(digests.length);
    });

    test("does not hang on the order of rows of one token", () => {
        const numbers = new TextNumbers();
        const [, one, other] = ["crate", "one", "other"].map((text) => numbers.of(text));
        const digestIn = (meanings: readonly number[]): string => {
            const rows = new ProofRows(numbers, 0);
            meanings.forEach((meaning) => {
                rows.push({ ...cell, start: 1, meaning });
            });
            expect(rows.endOfToken(0)).toBe(meanings.length);
            const digest = new ProofDigest(numbers);
            const range = { rows, from: 0, end: rows.count };
            digest.add(range, range);
            return digest.digest();
        };
        expect(digestIn([one!, other!, -7])).toBe(digestIn([-7, other!, one!]));
    });
});
