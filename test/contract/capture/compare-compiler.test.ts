// The compiler's own word on two texts of a crate: what compiles both times and does not mean the same is seen.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
    affectedCrates,
    chooseCompilations,
    COMPARED_DUMPS,
    CompilerJudge,
    DEFAULT_CONFIGURATION,
    firstCrates,
    readCrates,
    SpanWatch,
    WorkspaceChecker,
    type CompilationRecord,
    type ComparedCrate,
    type CompilerComparison,
} from "../../../src/capture/index.ts";

const HAS_RUSTC = ["cargo", "rustc"].every(
    (program) => spawnSync(program, ["--version"]).status === 0,
);
const LIMIT_MS = 120_000;

const SOURCE = `pub const LIMIT: u32 = 3;
pub struct Wrapper(pub Vec<u32>);
impl std::ops::Deref for Wrapper {
    type Target = Vec<u32>;
    fn deref(&self) -> &Vec<u32> { &self.0 }
}
impl Wrapper {
    pub fn size(&self) -> usize { 1 }
}
pub fn measure(w: &Wrapper) -> usize { w.size() + w.len() }
pub fn is_limit(x: u32) -> bool {
    match x { LIMIT => true, _ => false }
}
#[cfg(feature = "never")]
pub fn never(w: &Wrapper) -> usize { w.size() }
`;

describe.runIf(HAS_RUSTC)("the compiler's bindings", () => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-compare-")));
    const root = join(base, "tiles");
    let checker: WorkspaceChecker;
    let records: readonly CompilationRecord[];
    let judge: CompilerJudge;
    let time = Date.now() / 1000;

    function write(text: string): void {
        writeFileSync(join(root, "src/lib.rs"), text);
        time += 10; // A file that is as old as what was made of it would be taken for fresh.
        utimesSync(join(root, "src/lib.rs"), time, time);
    }

    async function compare(
        after: string,
        oldName: string,
        newName: string,
        watch?: SpanWatch,
    ): Promise<CompilerComparison & { readonly compiles: boolean }> {
        write(after);
        const { compiles } = await checker.check({ ...DEFAULT_CONFIGURATION, allTargets: true });
        const renaming = { oldName, newName, moves: [] };
        return { compiles, ...(await judge.compare(records, renaming, { watch })) };
    }

    beforeAll(async () => {
        mkdirSync(join(root, "src"), { recursive: true });
        writeFileSync(
            join(root, "Cargo.toml"),
            '[package]\nname = "tiles"\nversion = "0.1.0"\nedition = "2021"\n',
        );
        write(SOURCE);
        checker = await WorkspaceChecker.open({
            root,
            cargoFolders: [""],
            folder: join(base, "own"),
        });
        const before = await checker.check({ ...DEFAULT_CONFIGURATION, allTargets: true });
        expect(before.compiles).toBe(true);
        const crates = chooseCompilations(await readCrates(before.records));
        const touched = new Set([join(root, "src/lib.rs")]);
        records = affectedCrates(crates, { touched, oldName: "size", newName: "len" }).map(
            ({ record }) => record,
        );
        judge = new CompilerJudge({
            ...{ folder: join(base, "dumps"), jobs: 1 },
            stateOf: () => Promise.resolve("0"),
        });
        expect(await judge.keep(records)).toBe(3);
        expect(await judge.keep(records)).toBe(0);
    }, LIMIT_MS);

    afterAll(() => {
        rmSync(base, { recursive: true, force: true });
    });

    test("the dumps of this compiler are understood", () => {
        expect(checker.guarded.state).toMatchObject({ kind: "ready" });
    });

    test(
        "are equal but for the name, whatever was renamed rightly",
        async () => {
            const watch = new SpanWatch([
                { file: "src/lib.rs", line: 10, start: 42, end: 48, key: "call" },
                { file: "src/lib.rs", line: 15, start: 40, end: 46, key: "inactive" },
            ]);
            const after = SOURCE.replaceAll("size()", "extent()").replace("size(&", "extent(&");
            const found = await compare(after, "size", "extent", watch);
            expect(found).toMatchObject({ compiles: true, difference: undefined });
            expect(found.bindings).toBeGreaterThan(20);
            expect(found.bodies).toBeGreaterThanOrEqual(4);
            // What a cfg leaves out is in no dump.
            expect([...watch.seen]).toEqual(["call"]);
        },
        LIMIT_MS,
    );

    test(
        "differ where a method of another type takes over",
        async () => {
            const after = SOURCE.replaceAll("size()", "len()").replace("size(&", "len(&");
            const found = await compare(after, "size", "len");
            expect(found.compiles).toBe(true);
            expect(found.difference).toBeDefined();
        },
        LIMIT_MS,
    );

    test(
        "differ where a constant's pattern became a binding",
        async () => {
            const found = await compare(
                SOURCE.replace("const LIMIT", "const CEILING"),
                "LIMIT",
                "CEILING",
            );
            expect(found.compiles).toBe(true);
            expect(found.difference).toBeDefined();
        },
        LIMIT_MS,
    );

    test(
        "ahead of a comparison: what is equal is taken, what differs is asked again",
        async () => {
            const { signal } = new AbortController();
            const renaming = { oldName: "size", newName: "len", moves: [] };
            write(SOURCE);
            const equal = await judge.compareAhead(records, renaming, { signal });
            expect([...equal.keys()].map((key) => key.replace(/^\S+ /u, ""))).toEqual([
                ...COMPARED_DUMPS,
            ]);
            const taken = await judge.compare([], renaming, { ahead: equal });
            expect(taken).toEqual({ difference: undefined, bindings: 0, bodies: 0 });
            const whole = await judge.compare(records, renaming);
            // Nothing is printed now: this text is no Rust.
            write("not Rust");
            expect(await judge.compare(records, renaming, { ahead: equal })).toEqual(whole);
            expect(await judge.compareAhead(records, renaming, { signal })).toEqual(new Map());
            write(SOURCE.replaceAll("size()", "len()").replace("size(&", "len(&"));
            const other = await judge.compareAhead(records, renaming, { signal });
            expect(other.size).toBeLessThan(COMPARED_DUMPS.length);
            const ended = AbortSignal.abort();
            expect(await judge.compareAhead(records, renaming, { signal: ended })).toEqual(
                new Map(),
            );
        },
        LIMIT_MS,
    );
});

test("first are the edited crates that wait for nothing", () => {
    const crate = (name: string, externs: readonly string[]): ComparedCrate => ({
        record: {
            ...{ name: `${name}-0123456789abcdef`, rustc: "rustc", cwd: "/w", env: {} },
            args: externs.flatMap((one) => ["--extern", `${one}=/t/lib${one}-0.rmeta`]),
        },
        files: [`/w/${name}.rs`],
        texts: [""],
    });
    const crates = [crate("base", []), crate("middle", ["base"]), crate("top", ["middle"])];
    const first = (...files: string[]): string[] =>
        firstCrates(crates, new Set(files)).map(({ files: [file = ""] }) => file);
    expect(first("/w/base.rs")).toEqual(["/w/base.rs"]);
    expect(first("/w/base.rs", "/w/top.rs")).toEqual(["/w/base.rs"]);
    expect(first("/w/top.rs")).toEqual(["/w/top.rs"]);
    expect(first("/w/other.rs")).toEqual([]);
});
