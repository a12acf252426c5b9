// The search for renames that are proved and yet wrong, over programs of fixed seeds.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { generateProgram } from "../../../bench/fuzz/generate-program.ts";
import { textsOf, type Program } from "../../../bench/fuzz/part.ts";
import { openRenames } from "../../../bench/fuzz/renames-in-memory.ts";
import { repairProgram } from "../../../bench/fuzz/repair-program.ts";
import { RustCompiler } from "../../../bench/fuzz/rust-compiler.ts";
import { searchProgram } from "../../../bench/fuzz/search-program.ts";
import { shrinkProgram } from "../../../bench/fuzz/shrink-program.ts";
import { faultOf, type Finding, type FuzzBench } from "../../../bench/fuzz/try-renames.ts";
import { describeWith } from "../../support/needs.ts";

function isRustcHere(): boolean {
    try {
        execFileSync("rustc", ["--version"], { stdio: "ignore" });
        return true;
    } catch {
        return false;
    }
}

const RUSTC = { isThere: isRustcHere(), what: "rustc" };

describeWith(RUSTC, "the search for wrong renames", () => {
    let bench: FuzzBench;
    let folder: string;

    beforeAll(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "ferrograph-fuzz-"));
        bench = { compiler: new RustCompiler(folder), syntax: await openRenames() };
    });

    afterAll(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    test("takes out of a program what does not compile", async () => {
        const program = programOf(["let a = 1u32;", "missing();", 'println!("{}", a);']);
        const sound = await repairProgram(bench.compiler, program);
        expect(sound?.outcome.printed).toBe("1\n");
        expect(textsOf(program).get("src/main.rs")).not.toContain("missing");
    });

    test("knows an edit that changes what is printed, and one that does not compile", async () => {
        const program = programOf(["let a = 1u32;", "let b = 2u32;", 'println!("{}", a + b);']);
        const sound = (await repairProgram(bench.compiler, program))!;
        const text = textsOf(program).get("src/main.rs")!;
        const fault = async (after: string): Promise<string | undefined> =>
            (await faultOf(bench, sound, new Map([["src/main.rs", after]])))?.what;
        expect(await fault(text.replace("let b", "let a"))).toBe("does not compile");
        expect(await fault(text.replace("a + b", "b + b"))).toBe("prints something else");
        expect(await fault(text.replaceAll("b", "c").replace("puc", "pub"))).toBeUndefined();
    });

    test("gives the same program for the same seed", async () => {
        const [one, other] = [
            await generateProgram(bench.compiler, 7),
            await generateProgram(bench.compiler, 7),
        ];
        expect(one && [...textsOf(one.program)]).toEqual(other && [...textsOf(other.program)]);
        expect(one?.outcome.printed).not.toBe("");
    });

    test("shrinks only as long as the finding stays", async () => {
        const program = programOf(["let a = 1u32;", 'println!("{}", a);', 'println!("{}", 3);']);
        const sound = (await repairProgram(bench.compiler, program))!;
        const finding: Finding = {
            ...{ kind: "local", oldName: "a", newName: "q", ordinal: 0, offset: 0 },
            ...{ path: "src/main.rs", what: "warns anew", code: "none", said: "" },
        };
        const small = await shrinkProgram(bench, sound, finding);
        expect(textsOf(small.sound.program)).toEqual(textsOf(program));
    });

    test.each([110, 116])("finds nothing wrong with the program of seed %d", async (seed) => {
        const sound = (await generateProgram(bench.compiler, seed))!;
        const options = { seed, triedRefusals: 0, stdNames: 1, renamesMax: 15 };
        const searched = await searchProgram(bench, sound, options);
        expect(searched.findings).toEqual([]);
        expect(searched.renames).toBe(15);
        expect(searched.proved).toBeGreaterThan(0);
    });
});

function programOf(lines: readonly string[]): Program {
    const body = lines.map((head) => ({ head }));
    const main = { head: "fn main() {", body, isFixed: true };
    return { edition: "2021", files: [{ path: "src/main.rs", body: [main] }] };
}
