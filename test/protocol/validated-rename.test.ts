// Validated renames with the machine's own git, cargo and rustc, over a real daemon.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { OperationsResult, ValidateRenameResult } from "../../src/protocol/index.ts";
import { DaemonHarness } from "../support/daemon-harness.ts";

const LIB = "shapes/src/lib.rs";
const MORE = `
macro_rules! same { ($x:expr) => { $x }; }
/// As large as \`r\`.
pub fn measure(r: &Rect) -> f64 { same!(r).area() }
#[cfg(feature = "never")]
pub fn never(r: &Rect) -> f64 { same!(r).perimeter() }
impl Rect { pub fn perimeter(&self) -> f64 { 0.0 } }
#[cfg(feature = "extra")]
pub fn extra(r: &Rect) -> f64 { same!(r).girth() }
impl Rect { pub fn girth(&self) -> f64 { 1.0 } }
`;
const DOCUMENTED = `
pub mod other;
/// \`\`\`
/// assert!(shapes::depth() > 0.0);
/// \`\`\`
pub fn depth() -> f64 { 1.0 }
`;
const FAILING = "/// ```\n/// panic!();\n/// ```\npub fn panics() {}\n";
const MANIFEST = "shapes/Cargo.toml";
const FEATURES = "\n[features]\nextra = []\nfuture = []\n";

/** Without cargo and rustc the tests are reported as not run. */
const HAS_RUSTC = ["cargo", "rustc", "git"].every(
    (program) => spawnSync(program, ["--version"]).status === 0,
);

const LIMIT_MS = 240_000;
const LEFT_OUT = /^\d+ bodies hold neither name/u;
const OPTIONS = ["--validate", "--no-facts", "--json"];

describe.runIf(HAS_RUSTC)("a validated rename", () => {
    let harness: DaemonHarness;

    function git(...args: string[]): string {
        return execFileSync("git", args, { cwd: harness.workspace.root, encoding: "utf8" }).trim();
    }

    function trace(): unknown {
        return [
            git("status", "--porcelain=v1", "--untracked-files=all"),
            git("for-each-ref"),
            git("worktree", "list", "--porcelain"),
        ];
    }

    beforeAll(async () => {
        harness = new DaemonHarness();
        const { workspace } = harness;
        workspace.write(LIB, workspace.read(LIB) + MORE + DOCUMENTED);
        workspace.write("shapes/src/other.rs", FAILING);
        workspace.write(MANIFEST, workspace.read(MANIFEST) + FEATURES);
        workspace.write(".gitignore", "/target\n/.ferrograph\n");
        git("init", "-q", "-b", "main");
        git("config", "user.name", "A Person");
        git("config", "user.email", "person@example.org");
        git("add", "-A");
        git("commit", "-qm", "base");
        await harness.run("status", "--trust", "--no-facts");
    }, LIMIT_MS);

    afterAll(async () => {
        await harness.close();
    });

    it(
        "passes where the plain one is unproved, and writes nothing unasked",
        async () => {
            const before = trace();
            const plain = await harness.run("rename", "shapes::Shape::area", "extent", "--apply");
            expect(plain.status).toBe(1);
            const { stdout, stderr, status } = await harness.run(
                ...["rename", "shapes::Shape::area", "extent", ...OPTIONS],
            );
            expect(stderr).toBe("");
            expect(status).toBe(0);
            const result = JSON.parse(stdout) as ValidateRenameResult;
            expect(result.written).toBe(false);
            expect(result.diff).toContain("same!(r).extent()");
            const { evidence } = result;
            expect(evidence.configurations).toEqual([
                { name: "default", judged: true },
                { name: "all targets", judged: true },
            ]);
            expect(evidence.rounds).toHaveLength(1);
            expect(evidence.rounds[0]).toMatchObject({
                fingerprint: result.fingerprint,
                added: [{ path: LIB }],
                removed: [],
                diagnostics: 0,
            });
            expect(evidence.bindings.verdict).toBe("equal");
            expect(evidence.bindings.compared).toBeGreaterThan(100);
            expect(evidence.bindings.crates).toContain("shapes");
            expect(evidence.mir.verdict).toBe("equal");
            expect(evidence.mir.bodies).toBeGreaterThan(5);
            expect(evidence.link.verdict).toBe("not-run");
            expect(evidence.checks[1]?.compiled).toBeGreaterThan(0);
            expect(trace()).toEqual(before);
        },
        LIMIT_MS,
    );

    it(
        "is written where that is asked for, logged, and can be undone",
        async () => {
            const source = harness.workspace.read(LIB);
            const named = ["rename", "shapes::Shape::area", "extent", ...OPTIONS];
            const run = await harness.run(...named, "--write");
            const result = JSON.parse(run.stdout) as ValidateRenameResult;
            expect(result.written).toBe(true);
            // The same files were validated by the test before.
            const { evidence } = result;
            expect(evidence.notes).toEqual([
                "the unedited files were checked before",
                expect.stringMatching(LEFT_OUT),
            ]);
            expect(evidence.checks[1]).toMatchObject({ compiledBefore: 0, millisecondsBefore: 0 });
            expect(evidence.checks[1]?.compiled).toBeGreaterThan(0);
            expect(evidence.mir).toMatchObject({ verdict: "equal" });
            expect(harness.workspace.read(LIB)).toContain("same!(r).extent()");
            const log = await harness.run("log", "--json");
            const [written, validated] = (JSON.parse(log.stdout) as OperationsResult).operations;
            expect(written).toMatchObject({ opId: result.opId, result: "applied" });
            expect(validated?.description).toBe("validate: rename shapes::Shape::area to extent");
            expect(validated?.diagnostics).toMatch(
                /^checked: default, all targets; rounds: 1; bindings: equal \(\d+\); MIR: equal/u,
            );
            const uncommitted = await harness.run(
                ...named.slice(0, 1),
                "shapes::Shape::extent",
                "size",
                ...OPTIONS,
            );
            expect(JSON.parse(uncommitted.stdout)).toMatchObject({
                refusal: { code: "EXECUTOR_UNCOMMITTED" },
            });
            await harness.run("rollback", result.opId);
            expect(harness.workspace.read(LIB)).toBe(source);
        },
        LIMIT_MS,
    );

    it(
        "does without what is remembered where that is wanted, and where it does not hold",
        async () => {
            const named = ["rename", "shapes::Shape::area", "extent", ...OPTIONS];
            const run = async (...more: readonly string[]): Promise<readonly string[]> => {
                const { stdout } = await harness.run(...named, ...more);
                const { notes } = (JSON.parse(stdout) as ValidateRenameResult).evidence;
                return notes.filter((note) => !LEFT_OUT.test(note));
            };
            expect(await run("--fresh")).toEqual([]);
            expect(await run()).toEqual(["the unedited files were checked before"]);
            const dumps = harness.keptFiles().filter((file) => /\.mir\.[0-9a-f]+$/u.test(file));
            expect(dumps.length).toBeGreaterThan(0);
            for (const file of dumps) {
                const bytes = readFileSync(file);
                bytes.fill(0);
                writeFileSync(file, bytes);
            }
            // What the compiler says is not what is remembered: it is asked anew, and passes.
            expect(await run()).toEqual([]);
            expect(await run()).toEqual(["the unedited files were checked before"]);
        },
        LIMIT_MS,
    );

    it(
        "is refused over a place that no configuration compiles",
        async () => {
            const before = trace();
            const run = await harness.run(
                "rename",
                "shapes::Rect::perimeter",
                "border",
                ...OPTIONS,
            );
            expect(run.status).toBe(1);
            expect(JSON.parse(run.stdout)).toMatchObject({
                refusal: { code: "VALIDATE_UNPROVED", at: [{ path: LIB }] },
            });
            expect(trace()).toEqual(before);
        },
        LIMIT_MS,
    );

    it(
        "also checks a package with its features, where a place is compiled with them only",
        async () => {
            const before = trace();
            const named = ["rename", "shapes::Rect::girth", "reach", ...OPTIONS];
            const { stdout } = await harness.run(...named);
            const { diff, evidence } = JSON.parse(stdout) as ValidateRenameResult;
            expect(diff).toContain("same!(r).reach()");
            expect(evidence.configurations).toEqual([
                { name: "default", judged: true },
                { name: "all targets", judged: true },
                { name: "all targets --all-features of shapes", judged: true },
            ]);
            expect(trace()).toEqual(before);
        },
        LIMIT_MS,
    );

    it(
        "finds by these features that a place means something else",
        async () => {
            const source = harness.workspace.read(LIB);
            const other = "pub struct Other; impl Other { pub fn girth(&self) -> f64 { 2.0 } }";
            const call =
                '#[cfg(feature = "future")] pub fn o(o: &Other) -> f64 { same!(o).girth() }';
            harness.workspace.write(LIB, `${source}\n${other}\n${call}\n`);
            const named = ["rename", "shapes::Rect::girth", "reach", ...OPTIONS];
            const { stdout } = await harness.run(...named, "--with-uncommitted");
            const { diff, evidence } = JSON.parse(stdout) as ValidateRenameResult;
            expect(diff).toContain("same!(r).reach()");
            expect(diff).not.toContain("same!(o).reach()");
            expect(evidence.rounds.at(-1)?.removed).toMatchObject([{ path: LIB }]);
            harness.workspace.write(LIB, source);
        },
        LIMIT_MS,
    );

    it(
        "runs the tests of documentation in files where it has a name, and no others",
        async () => {
            const named = ["rename", "shapes::depth", "height", ...OPTIONS];
            const { stdout } = await harness.run(...named);
            const { diff, evidence } = JSON.parse(stdout) as ValidateRenameResult;
            expect(diff).toContain("assert!(shapes::height() > 0.0);");
            // The other file's test fails, before and after: it would be told.
            expect(evidence.doctests).toEqual({
                verdict: "passed",
                milliseconds: expect.any(Number) as number,
            });
        },
        LIMIT_MS,
    );

    it(
        "takes uncommitted work along, and is refused when that does not compile",
        async () => {
            const source = harness.workspace.read(LIB);
            harness.workspace.write(
                LIB,
                `${source}\npub fn later(r: &Rect) -> f64 { measure(r) }\n`,
            );
            const named = ["rename", "shapes::measure", "gauge", ...OPTIONS, "--with-uncommitted"];
            const run = await harness.run(...named);
            const result = JSON.parse(run.stdout) as ValidateRenameResult;
            expect(result.diff).toContain("pub fn later(r: &Rect) -> f64 { gauge(r) }");
            harness.workspace.write(LIB, `${source}\npub fn later() -> u8 { "none" }\n`);
            const refused = await harness.run(...named);
            expect(JSON.parse(refused.stdout)).toMatchObject({
                refusal: { code: "VALIDATE_BASELINE" },
            });
            harness.workspace.write(LIB, source);
        },
        LIMIT_MS,
    );
});

describe("a validated rename of an untrusted workspace", () => {
    it("is refused before anything is run", async () => {
        const harness = new DaemonHarness();
        const run = await harness.run("rename", "shapes::scale", "grow", ...OPTIONS);
        expect(run.status).toBe(1);
        expect(JSON.parse(run.stdout)).toMatchObject({ refusal: { code: "VALIDATE_UNTRUSTED" } });
        await harness.close();
    });
});
