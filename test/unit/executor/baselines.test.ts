// What is remembered of states that were checked before: it spares runs, and never decides anything.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Refusal } from "../../../src/base/index.ts";
import type { Executed, ExecuteOptions } from "../../../src/executor/index.ts";
import { stateKey, Surroundings } from "../../../src/executor/state-key.ts";
import { GitRepository } from "../../../src/git/index.ts";
import type { PatchPlan } from "../../../src/patch/index.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";

const SLOW = 240_000;
const RENAME = [["area", "square"]] as const;
const SPARED = "1 of 1 checks ran before on the same files";

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

async function make(
    plan: PatchPlan,
    more: Partial<ExecuteOptions> = {},
): Promise<Executed | Refusal> {
    const executor = fixture.executor();
    const options = executeOptions({ landing: "patch", ...more });
    const result = await executor.execute(fixture.change(plan), options);
    await executor.finish();
    return result;
}

/** Replaces what all remembered checks found. */
function forge(findings: readonly object[]): void {
    const folder = join(
        fixture.cache,
        "executor",
        readdirSync(join(fixture.cache, "executor"))[0] ?? "",
    );
    for (const name of readdirSync(join(folder, "baselines"))) {
        const path = join(folder, "baselines", name);
        const value = JSON.parse(readFileSync(path, "utf8")) as { outcome?: object };
        if (value.outcome !== undefined) {
            value.outcome = { ...value.outcome, findings };
            writeFileSync(path, JSON.stringify(value));
        }
    }
}

test(
    "a state is checked once, and so is what an operation makes of it",
    async () => {
        fixture.commit();
        const plan = fixture.plan(RENAME);
        const first = await make(plan);
        expect(first).toMatchObject({ kind: "executed", notes: [] });
        const second = await make(plan);
        expect(second).toMatchObject({
            kind: "executed",
            notes: [SPARED],
            checks: [{ before: 0, added: 0, millisecondsBefore: 0, compiledBefore: 0 }],
        });
        expect(await make(plan, { fresh: true })).toMatchObject({ kind: "executed", notes: [] });

        // Another commit of the same files is the same state; so is what was made, once it is taken.
        fixture.git("commit", "-q", "--allow-empty", "-m", "nothing");
        expect(await make(plan, { landing: "fast-forward" })).toMatchObject({ notes: [SPARED] });
        expect(await make(fixture.plan([["double", "twice"]]))).toMatchObject({ notes: [SPARED] });

        fixture.write("notes.txt", "another\n");
        fixture.commit("another");
        expect(await make(fixture.plan([["double", "twice"]]))).toMatchObject({ notes: [] });
    },
    SLOW,
);

test(
    "what is remembered neither excuses what a change breaks, nor blames it for what was there",
    async () => {
        fixture.write("src/main.rs", 'fn main() {\n    println!("{}", tiles::area(2));\n}\n');
        fixture.commit();
        const breaking = fixture.plan(RENAME);
        const broken = await make(breaking);
        expect(broken).toMatchObject({ code: "EXECUTOR_BROKEN" });
        const message = "error[E0425]: cannot find function `other` in crate `tiles`";
        const forged = { key: "E0425 in src/main.rs", message, path: "src/main.rs", line: 1 };
        forge([forged, forged]);
        expect(await make(breaking)).toEqual(broken);

        const there = 'fn main() {\n    println!("{}", tiles::missing(2));\n}\n';
        fixture.write("src/main.rs", there);
        fixture.commit("break");
        const plan = fixture.plan(RENAME);
        expect(await make(plan)).toMatchObject({ kind: "executed", checks: [{ before: 2 }] });
        expect(await make(plan)).toMatchObject({ checks: [{ before: 2, compiledBefore: 0 }] });
        forge([]);
        const again = await make(plan);
        expect(again).toMatchObject({ kind: "executed", checks: [{ before: 2, added: 0 }] });
    },
    SLOW,
);

test("a key made with what was known of the files before a commit is the key of the files", async () => {
    fixture.write("src/other.rs", "pub fn other() {}\n");
    fixture.write("deep/.gitattributes", "*.txt text\n");
    fixture.write("deep/one.txt", "one\n");
    fixture.commit();
    const repository = (await GitRepository.open(fixture.root)) as GitRepository;
    const place = { repository, folder: fixture.root, surroundings: new Surroundings([]) };
    const before = await stateKey(place);
    fixture.write("src/other.rs", "pub fn another() {}\n");
    fixture.write("src/new.rs", "\n");
    fixture.commit("change");
    const derived = await stateKey({ ...place, earlier: before?.contents });
    expect(derived?.key).toBeDefined();
    expect(derived).toEqual(await stateKey(place));
    expect(derived?.key).not.toBe(before?.key);
    // Other attributes: what git calls the same may lie there otherwise.
    fixture.write("deep/.gitattributes", "*.txt text eol=crlf\n");
    fixture.git("add", "-A");
    fixture.git("commit", "-qm", "attributes");
    fixture.git("rm", "-q", "--cached", "deep/one.txt");
    fixture.write("deep/one.txt", "one\r\n");
    fixture.git("add", "deep/one.txt");
    expect(await stateKey({ ...place, earlier: derived?.contents })).toEqual(await stateKey(place));
});

test("the key of a state holds its files, its lock file, its settings and the environment", async () => {
    fixture.write(".gitignore", "/target\nCargo.lock\n");
    fixture.commit();
    const repository = (await GitRepository.open(fixture.root)) as GitRepository;
    const keyed = async (sources: readonly string[] | undefined): ReturnType<typeof stateKey> => {
        const surroundings = new Surroundings(sources);
        return stateKey({ repository, folder: fixture.root, surroundings });
    };
    const key = async (): Promise<string | undefined> => (await keyed([]))?.key;
    const seen = new Set([await key()]);
    expect(await key()).toBe([...seen][0]);
    const changes = [
        () => {
            fixture.write("src/lib.rs", "pub fn other() {}\n");
        },
        () => {
            fixture.write("Cargo.lock", "version = 4\n");
        },
        () => {
            process.env["FERROGRAPH_TEST_SETTING"] = "1";
        },
        () => {
            writeFileSync(join(fixture.base, "clippy.toml"), 'msrv = "1.80"\n');
        },
    ];
    try {
        for (const change of changes) {
            change();
            seen.add(await key());
        }
    } finally {
        delete process.env["FERROGRAPH_TEST_SETTING"];
    }
    expect(seen.size).toBe(changes.length + 1);
    expect(seen).not.toContain(undefined);
    expect(await keyed(undefined)).toBeUndefined();
    const vendored = [join(fixture.base, "vendored")];
    fixture.write("../vendored/one/lib.rs", "pub fn one() {}\n");
    const kept = {
        ...{ repository, folder: fixture.root },
        surroundings: new Surroundings(vendored),
    };
    const first = await stateKey(kept);
    fixture.write("../vendored/one/lib.rs", "pub fn two() {}\n");
    expect(first?.key).toBeDefined();
    // An operation looks once, and what it finds holds for what was there when it began.
    expect((await stateKey(kept))?.key).toBe(first?.key);
    expect(first?.key).not.toBe((await keyed(vendored))?.key);
    fixture.write("../.cargo/config.toml", 'paths = ["/somewhere"]\n');
    expect(await key()).toBeUndefined();
});
