// The words of cargo-semver-checks: what it found, or why it could not begin.

import { expect, test } from "vitest";

import { readSemverOutcome } from "../../../src/cargo/index.ts";

const FOUND = `
     Checked [   0.011s] 178 checks: 176 pass, 2 fail, 0 warn, 0 skip

--- failure function_missing: pub fn removed or renamed ---

Description:
A publicly-visible function cannot be imported by its prior path.
        ref: https://doc.rust-lang.org/cargo/reference/semver.html#item-remove

Failed in:
  function tiles::area, previously in file src/lib.rs:1
  function tiles::shapes::area, previously in file src/shapes.rs:3

--- failure inherent_method_missing: pub method removed or renamed ---

Failed in:
  Tile::side, previously in file src/lib.rs:9

     Summary semver requires new major version: 2 major and 0 minor checks failed
    Finished [   0.5s] tiles`;

test("names every place of every lint", () => {
    const outcome = readSemverOutcome({ code: 100, output: FOUND.split("\n"), errorOutput: [] });
    const missing = { lint: "function_missing", title: "pub fn removed or renamed" };
    expect(outcome).toEqual({
        kind: "checked",
        findings: [
            { ...missing, place: "function tiles::area, previously in file src/lib.rs:1" },
            {
                ...missing,
                place: "function tiles::shapes::area, previously in file src/shapes.rs:3",
            },
            {
                lint: "inherent_method_missing",
                title: "pub method removed or renamed",
                place: "Tile::side, previously in file src/lib.rs:9",
            },
        ],
    });
});

test("an end without findings is no finding, whatever its status", () => {
    const nothing = { output: [], errorOutput: [] };
    expect(readSemverOutcome({ ...nothing, code: 0 })).toEqual({ kind: "checked", findings: [] });
    const errorOutput = [
        "     Parsing tiles",
        "error: no library targets found",
        "  help: add one",
    ];
    expect(readSemverOutcome({ code: 1, output: [], errorOutput })).toEqual({
        kind: "aside",
        reason: "error: no library targets found",
    });
    expect(readSemverOutcome({ ...nothing, code: undefined })).toEqual({
        kind: "aside",
        reason: "it ended with a signal",
    });
    const cut = FOUND.split("\n").filter((line) => !line.includes("Summary"));
    expect(readSemverOutcome({ code: 1, output: cut, errorOutput: [] }).kind).toBe("aside");
});
