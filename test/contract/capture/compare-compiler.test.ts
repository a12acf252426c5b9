// The compiler's own word on two texts of a crate: what compiles both times and does not mean the same is seen.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
    affectedCrates,
    chooseCompilations,
    COMPARED_DUMPS,
    CompilerJudge,
    DEFAULT_CONFIGURATION,
    DumpsAhead,
    linkedOutputs,
    readCrates,
    SpanWatch,
    WorkspaceChecker,
    type CompilationRecord,
    type ComparedCrate,
    type EqualDumpsAhead,
    type CompilerComparison,
    type NamedChange,
} from "../../../src/capture/index.ts";

import { CompilerSlots } from "../../../src/capture/rustc/compare/compiler-slots.ts";

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
            const crates = { records, neededBy: () => [] };
            const [record] = records;
            const ahead = async (text: string, by = signal): Promise<EqualDumpsAhead> => {
                write(text);
                const begun = judge.compareAhead(crates, renaming, { signal: by });
                for (let dump = 0; dump < COMPARED_DUMPS.length; dump++) {
                    await begun.settled();
                }
                return begun;
            };
            write(SOURCE);
            const whole = await judge.compare(records, renaming);
            expect(whole.difference).toBeUndefined();
            const equal = await ahead(SOURCE);
            // Nothing can be printed now: this text is no Rust.
            write("not Rust");
            expect(await judge.compare(records, renaming, { ahead: equal })).toEqual(whole);
            const dumps = async (begun: EqualDumpsAhead): Promise<unknown[]> => {
                const found: unknown[] = [];
                for (const dump of COMPARED_DUMPS) {
                    found.push(record && (await begun.begun(record, dump)));
                }
                return found;
            };
            const none = COMPARED_DUMPS.map(() => undefined);
            expect(await dumps(await ahead("not Rust"))).toEqual(none);
            const other = SOURCE.replaceAll("size()", "len()").replace("size(&", "len(&");
            expect(await dumps(await ahead(other))).toContain(undefined);
            expect(await dumps(await ahead(SOURCE, AbortSignal.abort()))).toEqual(none);
        },
        LIMIT_MS,
    );
});

function crate(
    name: string,
    externs: readonly string[],
    { text = "", kind = "lib" }: { readonly text?: string; readonly kind?: string } = {},
): ComparedCrate {
    return {
        record: {
            ...{ name: `${name}-0123456789abcdef`, rustc: "rustc", cwd: "/w", env: {} },
            args: [
                ...["--crate-name", name, "--crate-type", kind],
                ...externs.flatMap((one) => [
                    "--extern",
                    `${one}=/t/lib${one}-0123456789abcdef.rmeta`,
                ]),
            ],
        },
        files: [`/w/${name}.rs`],
        texts: [text],
    };
}

const CHAIN = [
    crate("base", [], { text: "fn part() {}" }),
    crate("middle", ["base"], { text: "part" }),
    crate("top", ["middle", "serde"], { text: "part" }),
    crate("other", []),
];

test("crates are compared ahead once all that they are compiled against is there", async () => {
    const records = CHAIN.map(({ record }) => record);
    const begun: string[] = [];
    const needed = [[], ["base"], ["middle"], ["top"]].map((names) =>
        names.map((name) => `${name}-0123456789abcdef`),
    );
    const ahead = new DumpsAhead<string>(
        {
            records,
            neededBy: (record) => needed[records.indexOf(record)] ?? [],
            dumps: ["hir-tree", "mir"],
        },
        ({ name }, dump) => {
            begun.push(`${name.split("-")[0] ?? ""} ${dump}`);
            return Promise.resolve(dump);
        },
    );
    expect(begun).toEqual(["base hir-tree", "base mir"]);
    expect([...ahead.waitsFor].map((name) => name.split("-")[0])).toEqual([
        ...["base", "middle", "top"],
    ]);
    ahead.compiled("other-0123456789abcdef");
    expect(begun).toHaveLength(2);
    ahead.compiled("middle-0123456789abcdef");
    ahead.compiled("base-0123456789abcdef");
    expect(begun.slice(2)).toEqual([
        ...["top hir-tree", "top mir", "middle hir-tree", "middle mir"],
    ]);
    ahead.close();
    ahead.compiled("top-0123456789abcdef");
    expect(begun).toHaveLength(6);
    const [, , top, other] = records;
    expect(top && (await ahead.begun(top, "hir-tree"))).toBe("hir-tree");
    expect(other && ahead.begun(other, "mir")).toBeUndefined();
});

test("of compilers that wait, the lowest rank begins, and of equals the one that came first", async () => {
    const slots = new CompilerSlots(1);
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const all = (
        [
            ["first", 3],
            ["third", 2],
            ["fourth", 2],
            ["second", 1],
        ] as const
    ).map(([name, rank]) =>
        slots.use(rank, () => {
            begun.push(name);
            return new Promise<void>((resolve) => {
                ends.push(resolve);
            });
        }),
    );
    const endOne = async (): Promise<void> => {
        ends.shift()?.();
        await setImmediate();
    };
    await setImmediate();
    expect(begun).toEqual(["first"]);
    await endOne();
    expect(begun).toEqual(["first", "second"]);
    slots.allow(2);
    await setImmediate();
    expect(begun).toEqual(["first", "second", "third"]);
    slots.allow(1);
    await endOne();
    expect(begun).toHaveLength(3);
    await endOne();
    expect(begun.at(-1)).toBe("fourth");
    await endOne();
    await Promise.all(all);
    // What fails gives its place back, too.
    await expect(slots.use(0, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await slots.use(0, () => Promise.resolve(7))).toBe(7);
});

test("what others are compiled against is told with where it lies", () => {
    const records = CHAIN.map(({ record }) => record);
    expect([...linkedOutputs(records)]).toEqual([
        ["base-0123456789abcdef", "/t/libbase-0123456789abcdef.rmeta"],
        ["middle-0123456789abcdef", "/t/libmiddle-0123456789abcdef.rmeta"],
    ]);
});

describe("what an edit can matter to", () => {
    const names = (change: Partial<NamedChange>, crates = CHAIN): string[] =>
        affectedCrates(crates, {
            ...{ touched: new Set(["/w/base.rs"]), oldName: "part", newName: "piece" },
            ...change,
        }).map(({ files: [file = ""] }) => file);

    test("is what depends on it and has one of the names", () => {
        expect(names({})).toEqual(["/w/base.rs", "/w/middle.rs", "/w/top.rs"]);
        expect(names({ oldName: "portion" })).toEqual(["/w/base.rs"]);
    });

    test("is the edited crate alone where nothing outside can name what is renamed", () => {
        expect(names({ isHidden: true })).toEqual(["/w/base.rs"]);
    });

    test("is more where a macro writes the name elsewhere", () => {
        const macro = crate("base", [], { text: "macro_rules! m { () => { part() } }" });
        const made = crate("base", [], { kind: "proc-macro" });
        for (const first of [macro, made]) {
            expect(names({ isHidden: true }, [first, ...CHAIN.slice(1)])).toEqual([
                ...["/w/base.rs", "/w/middle.rs", "/w/top.rs"],
            ]);
        }
    });
});
