// A stored resolution gives the answers of the one that was stored; damaged bytes are told, not believed.

import { beforeAll, describe, expect, test } from "vitest";

import { finishSteps, OperatingError } from "../../../src/base/index.ts";
import {
    decodeResolution,
    encodeResolution,
    resolveWorkspace,
    type ResolvedWorkspace,
} from "../../../src/resolve/index.ts";
import type { FileCapture } from "../../../src/syntax/index.ts";
import { captureFixture } from "../../support/check-resolve.ts";
import { parseFixture } from "../../support/fixture.ts";
import { dumpGraph, dumpOccurrences, dumpSymbols } from "../../support/resolve-dump.ts";

const FIXTURE = parseFixture(`//- /src/lib.rs crate:demo deps:util,dep
pub mod m;
use m::{Kind, Thing as Other};
use dep::Foreign;
/// Makes [\`Other\`].
pub fn make(größe: u32) -> Other { Other { größe, kind: Kind::A } }
impl std::fmt::Display for Kind { fn fmt(&self) {} }
impl Foreign for Other { fn run(&self) { util::go(); self.gone(); } }
macro_rules! mac { ($e:expr) => { $e } }
fn g() { mac!(make(1)); for 'a' in x {} r#try(); }
//- /src/m.rs
#[cfg(unix)]
pub struct Thing { pub größe: u32, pub kind: Kind }
#[cfg(not(unix))]
pub struct Thing { pub größe: u32, pub kind: Kind }
pub enum Kind { A, B }
//- /src/main.rs crate:demo deps:demo
mod m;
fn main() { demo::make(2); }
//- /util/src/lib.rs crate:util edition:2015
pub fn go() {}
//- /stray.rs
fn unowned() {}
`);

let captures: ReadonlyMap<string, FileCapture>;
let resolved: ResolvedWorkspace;
let bytes: Uint8Array;

beforeAll(() => {
    captures = captureFixture(FIXTURE);
    resolved = resolveWorkspace({ model: FIXTURE.model, captures });
    bytes = finishSteps(encodeResolution(resolved));
});

function decoded(): ResolvedWorkspace {
    return decodeResolution(bytes)!;
}

/** Asks everything of stored bytes; what is thrown must say what is wrong. */
function outcomeOf(stored: Uint8Array): "read" | "refused" {
    try {
        const stale = decodeResolution(stored);
        if (stale === undefined) {
            return "refused";
        }
        dumpOccurrences(stale);
        dumpGraph(stale, captures);
        return "read";
    } catch (error) {
        expect(error).toBeInstanceOf(OperatingError);
        return "refused";
    }
}

describe("a round trip", () => {
    test("keeps symbols, occurrences, graph, counts and files", () => {
        const stored = decoded();
        expect(dumpSymbols(stored)).toEqual(dumpSymbols(resolved));
        expect(dumpOccurrences(stored)).toEqual(dumpOccurrences(resolved));
        expect(dumpGraph(stored, captures)).toEqual(dumpGraph(resolved, captures));
        expect(stored.counts()).toEqual(resolved.counts());
        expect(stored.files()).toEqual(resolved.files());
        expect(stored.symbolCount).toBe(resolved.symbolCount);
    });

    test("keeps what is found by name, path, id and place", () => {
        const stored = decoded();
        const paths = ["make", "Thing", "m::Thing", "demo::m::Kind::A", "größe", "gone", "Kind"];
        for (const path of paths) {
            expect(stored.findByPath(path), path).toEqual(resolved.findByPath(path));
            const name = path.slice(path.lastIndexOf(":") + 1);
            expect(stored.findByName(name), name).toEqual(resolved.findByName(name));
            expect(stored.occurrencesNamed(name), name).toEqual(resolved.occurrencesNamed(name));
        }
        for (let index = 0; index < resolved.symbolCount; index++) {
            expect(stored.findById(resolved.symbol(index).id)).toBe(index);
            expect(stored.renameFamily(index)).toEqual(resolved.renameFamily(index));
            expect(stored.childrenOf(index)).toEqual(resolved.childrenOf(index));
            expect(stored.occurrencesOf(index)).toEqual(resolved.occurrencesOf(index));
        }
        for (const [path, { tree }] of captures) {
            expect(stored.editionOf(path)).toBe(resolved.editionOf(path));
            for (let offset = 0; offset < tree.columns.end[0]!; offset += 3) {
                expect(stored.occurrencesAt(path, offset)).toEqual(
                    resolved.occurrencesAt(path, offset),
                );
            }
        }
    });

    test("keeps the bytes", () => {
        expect(
            Buffer.from(finishSteps(encodeResolution(decoded()))).equals(Buffer.from(bytes)),
        ).toBe(true);
    });

    test("reads bytes that are not aligned", () => {
        const shifted = new Uint8Array(bytes.length + 1);
        shifted.set(bytes, 1);
        const stored = decodeResolution(shifted.subarray(1))!;
        expect(dumpOccurrences(stored)).toEqual(dumpOccurrences(resolved));
    });
});

describe("bytes that are not whole", () => {
    test("are refused wherever they are cut off", () => {
        for (let length = 0; length < bytes.length - 8; length += 97) {
            expect(outcomeOf(bytes.slice(0, length)), `first ${length} bytes`).toBe("refused");
        }
    });

    test("are refused when the beginning is not ours", () => {
        for (let at = 0; at < 8; at++) {
            const changed = bytes.slice();
            changed[at]! ^= 0xff;
            expect(outcomeOf(changed), `byte ${at}`).toBe("refused");
        }
    });

    test("are refused when the header names no sections", () => {
        const changed = bytes.slice();
        changed.fill(0x20, 8, 40);
        expect(outcomeOf(changed)).toBe("refused");
    });
});
