// The level `deep` with real git, cargo and rustc: the public API, the compiler's MIR, and cargo-semver-checks.

import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { absPath } from "../../../src/base/index.ts";
import { realPorts } from "../../../src/engine/real-ports.ts";
import { WorkspaceEngine } from "../../../src/engine/workspace-engine.ts";
import { encodePlan, hashOf, sealPlan, type PatchPlan } from "../../../src/patch/index.ts";
import type { PlanResult } from "../../../src/protocol/index.ts";
import { ExecutorFixture } from "../../support/executor-fixture.ts";

const SLOW = 240_000;
const CONTEXT = { client: "test" };
const ACCEPT = { only_if_no_conflicts: false, accept: ["breaks-api", "changes-output"] };

let fixture: ExecutorFixture;
let engine: WorkspaceEngine;

beforeEach(() => {
    fixture = new ExecutorFixture();
    vi.stubEnv("XDG_CACHE_HOME", fixture.cache);
    fixture.commit();
    engine = openEngine();
});

afterEach(async () => {
    await engine.close();
    fixture.remove();
    vi.unstubAllEnvs();
});

function openEngine(): WorkspaceEngine {
    const { root, store, log } = fixture;
    const options = { root: absPath(root), storeFolder: store, watch: false, logger: log };
    return new WorkspaceEngine({ ...options, trusted: true }, realPorts());
}

async function plan(...patterns: object[]): Promise<PatchPlan> {
    const patch = JSON.stringify({ id: "deep", patterns, constraints: ACCEPT });
    const planned = await engine.patches.plan(CONTEXT, { patch });
    expect(planned).toHaveProperty("plan.format");
    return (planned as PlanResult).plan as PatchPlan;
}

function apply(made: PatchPlan, bring: readonly string[] = []): Promise<unknown> {
    return engine.patches.apply(CONTEXT, { plan: encodePlan(made), validate: "deep", bring });
}

/** A plan whose edits do something else too: as a planner with a mistake would make it. */
function withMistake(made: PatchPlan, from: string, to: string): PatchPlan {
    const { fingerprint, ...rest } = made;
    expect(fingerprint).not.toBe("");
    const files = rest.files.map((file) => {
        const before = fixture.read(file.path);
        const start = before.indexOf(from);
        const more = {
            ...{ start, end: start + from.length, oldText: from, newText: to },
            ...{ applicability: "machine-applicable" as const, operations: [0] },
        };
        const edits = [...file.edits, more].sort((a, b) => b.start - a.start);
        let after = before;
        for (const edit of edits) {
            after = after.slice(0, edit.start) + edit.newText + after.slice(edit.end);
        }
        return { ...file, edits, after: hashOf(after) };
    });
    return sealPlan({ ...rest, files });
}

/** A stand-in that says what the real one says. */
function installSemverChecks(output: string, code: number): void {
    const said = output.replaceAll("'", "");
    installProgram(`cat <<'END'\n${said}\nEND\nexit ${code}`);
}

function installProgram(script: string): void {
    const path = join(fixture.base, "cargo-semver-checks");
    writeFileSync(
        path,
        `#!/bin/sh\nif [ "$2" = --version ]; then echo cargo-semver-checks 0.40.0; exit 0; fi\n${script}\n`,
    );
    chmodSync(path, 0o755);
    vi.stubEnv("PATH", `${fixture.base}${delimiter}${process.env["PATH"] ?? ""}`);
}

const MISSING = `     Checked [   0.010s] 130 checks: 129 pass, 1 fail, 0 warn, 0 skip

--- failure function_missing: pub fn removed or renamed ---

Description:
A publicly-visible function cannot be imported by its prior path.
        ref: https://doc.rust-lang.org/cargo/reference/semver.html#item-remove

Failed in:
  function tiles::NAME, previously in file src/lib.rs:1

     Summary semver requires new major version: 1 major and 0 minor checks failed`;

test(
    "a rename lands with its API declared and its MIR equal, and the log says so",
    async () => {
        const made = await plan({ match: { symbol: "tiles::area" }, action: { rename: "square" } });
        const done = await apply(made);
        const notes = [
            "public API: as the plan says, function `tiles::area` is `tiles::square` now",
            expect.stringMatching(
                /^bindings and MIR: \d+ bindings and \d+ bodies are equal(?:; \d+ bodies hold none of the names)?$/u,
            ),
            "cargo semver-checks: not compared: it is not installed",
        ];
        expect(done).toMatchObject({ landed: { notes } });
        const commands = (done as { landed: { checks: { command: string }[] } }).landed.checks;
        expect(commands.map(({ command }) => command)).toEqual([
            "cargo check --workspace --all-targets",
            "cargo test --workspace",
            "public API",
            "bindings and MIR",
        ]);
        const { operations } = await engine.patches.log({});
        expect(operations[0]).toMatchObject({ result: "applied" });
        expect(operations[0]?.diagnostics?.split("\n")).toEqual(notes);
    },
    SLOW,
);

test(
    "a public item that goes without the plan's saying so fails, and leaves no trace",
    async () => {
        const before = fixture.trace();
        const rename = { match: { symbol: "tiles::area" }, action: { rename: "square" } };
        const made = withMistake(await plan(rename), "pub fn double", "pub(crate) fn double");
        const refused = await apply(made);
        expect(refused).toMatchObject({
            code: "EXECUTOR_BROKEN",
            candidates: expect.arrayContaining([
                "the plan does not say so, and function `tiles::double` is not public any more",
            ]) as string[],
        });
        expect({ ...fixture.trace(), files: [] }).toEqual({ ...before, files: [] });
    },
    SLOW,
);

test(
    "a rename after which a body means something else fails by its MIR",
    async () => {
        const rename = { match: { symbol: "tiles::area" }, action: { rename: "square" } };
        const made = withMistake(await plan(rename), ") * 2", ") * 3");
        expect(await apply(made)).toMatchObject({
            code: "EXECUTOR_BROKEN",
            message: expect.stringContaining("bindings and MIR") as string,
        });
    },
    SLOW,
);

test(
    "several renames are compared at once, and other actions say why they are not",
    async () => {
        const chain = await plan(
            { match: { symbol: "tiles::area" }, action: { rename: "square" } },
            { match: { symbol: "tiles::double" }, action: { rename: "area" } },
        );
        expect(await apply(chain)).toMatchObject({
            landed: {
                notes: expect.arrayContaining([
                    expect.stringMatching(/^bindings and MIR: \d+ bindings/u),
                ]) as string[],
            },
        });
        const hidden = await plan({
            match: { symbol: "tiles::double" },
            action: { change_visibility: "pub(crate)" },
        });
        expect(await apply(hidden)).toMatchObject({
            landed: {
                notes: expect.arrayContaining([
                    "public API: as the plan says, function `tiles::double` is not public any more",
                    "bindings and MIR: not compared: the plan does more than to rename items",
                ]) as string[],
            },
        });
    },
    SLOW,
);

test(
    "what cargo-semver-checks finds fails, unless the plan says so",
    async () => {
        installSemverChecks(MISSING.replace("NAME", "area"), 100);
        const rename = { match: { symbol: "tiles::area" }, action: { rename: "square" } };
        const made = await plan(rename);
        expect(await apply(made)).toMatchObject({
            landed: {
                notes: expect.arrayContaining([
                    "cargo semver-checks: 1 findings are what the plan says",
                ]) as string[],
            },
        });
        installSemverChecks(MISSING.replace("NAME", "other"), 100);
        expect(await apply(made)).toMatchObject({
            code: "EXECUTOR_BROKEN",
            candidates: [expect.stringContaining("function_missing: function tiles::other")],
        });
    },
    SLOW,
);

test(
    "cargo-semver-checks sees what came along on both sides",
    async () => {
        fixture.write(".gitignore", "/target\n/made\n");
        fixture.commit();
        fixture.write("made/table.rs", "// made\n");
        installProgram(
            '[ -f made/table.rs ] && [ -f "$5/made/table.rs" ] || { echo "error: $*"; exit 1; }',
        );
        const made = await plan({ match: { symbol: "tiles::area" }, action: { rename: "square" } });
        expect(await apply(made, ["made"])).toMatchObject({
            landed: {
                notes: expect.arrayContaining([
                    "cargo semver-checks: users of the libraries miss nothing",
                ]) as string[],
            },
        });
    },
    SLOW,
);
