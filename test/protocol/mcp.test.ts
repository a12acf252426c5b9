// The tools of `ferrograph mcp`, as a program calls them: the SDK's own client over the spawned command. What
// each tool answers is compared with its output schema by the client.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DaemonHarness, MAIN } from "../support/daemon-harness.ts";
import { describeWith } from "../support/needs.ts";
import { git } from "../support/table-queries.ts";

const LIB = "shapes/src/lib.rs";
let harness: DaemonHarness;
let client: Client;

async function connect(...args: readonly string[]): Promise<Client> {
    const connected = new Client({ name: "test", version: "1.0.0" });
    const transport = new StdioClientTransport({
        command: process.execPath,
        args: [MAIN, "mcp", ...args],
        cwd: harness.workspace.root,
        env: environmentOf(harness),
        stderr: "pipe",
    });
    await connected.connect(transport);
    return connected;
}

function environmentOf({ environment }: DaemonHarness): Record<string, string> {
    return Object.fromEntries(
        Object.entries(environment).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, value]],
        ),
    );
}

type Answer = Record<string, unknown> & { nextCursor?: string };

async function call(name: string, args: object, asked = client): Promise<Answer> {
    const result = await asked.callTool({ name, arguments: { ...args } });
    expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
    const { structuredContent } = result as { structuredContent: Answer };
    // For clients that do not know structured answers.
    const [text] = result.content as { text: string }[];
    expect(JSON.parse(text?.text ?? "")).toEqual(structuredContent);
    return structuredContent;
}

async function refused(name: string, args: object, asked = client): Promise<string> {
    const result = await asked.callTool({ name, arguments: { ...args } });
    expect(result.isError).toBe(true);
    return (result.content as { text: string }[]).map(({ text }) => text).join("\n");
}

beforeAll(async () => {
    harness = new DaemonHarness();
    const { workspace } = harness;
    workspace.write(".gitignore", "target\n");
    git(workspace.root, "init", "-q");
    git(workspace.root, "add", "-A");
    git(workspace.root, "commit", "-qm", "base");
    client = await connect();
});

afterAll(async () => {
    await client.close();
    await harness.close();
});

describe("what is offered", () => {
    test("few tools, each with words, shapes and whether it writes", async () => {
        const { tools } = await client.listTools();
        expect(tools.map(({ name }) => name)).toEqual([
            "impact",
            "references",
            "plan",
            "validate",
            "query",
            "affected_tests",
        ]);
        for (const { name, description, outputSchema, annotations } of tools) {
            expect(description?.length, name).toBeGreaterThan(80);
            expect(outputSchema, name).toBeDefined();
            expect(annotations?.readOnlyHint, name).toBe(name !== "validate");
        }
        expect(client.getServerVersion()?.name).toBe("ferrograph");
        expect(client.getInstructions()).toContain("FILE:LINE:COLUMN");
    });
});

describe("what is asked", () => {
    test("impact, nearest first, by path and by place", async () => {
        const byPath = await call("impact", { symbol: "shapes::scale" });
        expect(byPath).toMatchObject({
            symbol: { path: "shapes::scale", kind: "function", at: `${LIB}:37:8` },
            total: 3,
            tests: 1,
            undecided: 0,
        });
        expect(await call("impact", { symbol: `${LIB}:37:8` })).toEqual(byPath);
        const tests = await call("impact", { symbol: "shapes::scale", testsOnly: true });
        expect(tests["reached"]).toHaveLength(1);
        const far = await call("impact", { symbol: "shapes::Shape::area" });
        expect(far["reached"]).toMatchObject([
            { path: "<shapes::Rect as shapes::Shape>::area", distance: 1, edge: "implements" },
            { path: "shapes::total", distance: 1 },
            { path: "app::main", distance: 2, via: "shapes::total" },
        ]);
        const near = await call("impact", { symbol: "shapes::Shape::area", depth: 1 });
        expect(near["total"]).toBe(2);
    });

    test("references, in pages that are of one answer", async () => {
        const whole = await call("references", { symbol: "shapes::scale" });
        expect(whole).toMatchObject({ total: 7, undecidedTotal: 0 });
        expect(whole.nextCursor).toBeUndefined();
        const parts: unknown[] = [];
        let part = await call("references", { symbol: "shapes::scale", limit: 3 });
        for (;;) {
            parts.push(part["references"]);
            const { nextCursor } = part;
            if (nextCursor === undefined) {
                break;
            }
            part = await call("references", { cursor: nextCursor });
            expect(await refused("references", { cursor: nextCursor })).toMatch(/^MCP_NO_CURSOR/);
        }
        expect(parts.map((each) => (each as unknown[]).length)).toEqual([3, 3, 1]);
        expect(parts.flat()).toEqual(whole["references"]);
    });

    test("SQL, whose rows come in pages too, and whose long values are cut", async () => {
        const sql = "SELECT path, kind FROM symbols ORDER BY path";
        const first = await call("query", { sql, limit: 5 });
        expect(first["columns"]).toEqual([
            { name: "path", type: "VARCHAR" },
            { name: "kind", type: "VARCHAR" },
        ]);
        const second = await call("query", { cursor: first.nextCursor });
        expect(second["rows"]).toHaveLength(5);
        expect(second["rows"]).not.toEqual(first["rows"]);
        const many = await call("query", { sql: "SELECT range FROM range(9000)", limit: 500 });
        let { nextCursor } = many;
        let rows = 500;
        while (nextCursor !== undefined) {
            const page = await call("query", { cursor: nextCursor });
            rows += (page["rows"] as unknown[]).length;
            ({ nextCursor } = page);
        }
        expect(rows).toBe(9000);
        const long = await call("query", { sql: "SELECT repeat('x', 5000)" });
        expect(JSON.stringify(long["rows"])).toContain("… (5000 in all)");
        expect(await refused("query", { sql: "DELETE FROM symbols" })).toMatch(
            /^QUERY_NOT_READING/,
        );
    });

    test("tests that a change affects, with the way", async () => {
        const { workspace } = harness;
        const before = workspace.read(LIB);
        workspace.write(LIB, before.replace("factor * 2.0", "factor * 3.0"));
        const answer = await call("affected_tests", {});
        workspace.write(LIB, before);
        expect(answer).toMatchObject({ changes: 1, testsKnown: 2, testsSelected: 1 });
        expect(answer["tests"]).toMatchObject([
            { package: "shapes", target: "test areas", test: "scales", extent: "one" },
        ]);
    });

    test("what cannot be answered says why and what to do", async () => {
        const unknown = await refused("impact", { symbol: "shapes::scal" });
        expect(unknown).toMatch(/^SYMBOL_NOT_FOUND: /);
        expect(unknown).toContain("did you mean: shapes::scale");
        expect(await refused("impact", {})).toMatch(/^MCP_ARGUMENTS: /);
        expect(await refused("impact", { symbol: "a", depth: 0 })).toContain("depth");
        expect(await refused("affected_tests", { since: "no-such-branch" })).toMatch(
            /^AFFECTED_NO_REVISION: /,
        );
        expect(await refused("plan", {})).toMatch(/^MCP_ARGUMENTS: /);
    });

    test("a daemon that crashed is replaced without a word", async () => {
        const { stdout } = await harness.run("status", "--json");
        process.kill((JSON.parse(stdout) as { pid: number }).pid, "SIGKILL");
        await expect
            .poll(async () => (await call("impact", { symbol: "shapes::scale" }))["total"])
            .toBe(3);
    });
});

describe("what is planned", () => {
    test("a rename, with its proof, risk, ripple and diff; nothing is written", async () => {
        const before = harness.workspace.read(LIB);
        const rename = { symbol: "shapes::scale", newName: "rescale" };
        const plan = await call("plan", { rename });
        expect(plan).toMatchObject({
            applicable: true,
            files: 4,
            edits: 7,
            proof: { verdict: "proved" },
            risk: { level: expect.stringMatching(/low|medium|high/) as string },
            conflicts: [],
            unproved: [],
            impact: { symbols: 3, tests: 1 },
        });
        expect(plan["operations"]).toContain("rename shapes::scale to rescale");
        expect(plan["fingerprint"]).toMatch(/^[0-9a-f]{64}$/);
        expect(plan["diff"]).toContain("+pub fn rescale(factor: f64) -> f64 {");
        expect(harness.workspace.read(LIB)).toBe(before);
    });

    test("a rename that cannot be made as it is shows what is in the way", async () => {
        const rename = { symbol: "shapes::scale", newName: "total" };
        const plan = await call("plan", { rename });
        expect(plan).toMatchObject({ applicable: false });
        expect(plan["fingerprint"]).toBeUndefined();
        expect(plan["conflicts"]).not.toEqual([]);
        expect(await refused("plan", { rename: { ...rename, newName: "9" } })).toMatch(/^RENAME_/);
    });

    test("rust-analyzer is asked on demand about what is not proved, and what came of it is said", async () => {
        const { workspace } = harness;
        const before = workspace.read(LIB);
        const more =
            "macro_rules! same { ($x:expr) => { $x }; }\nfn open(r: &Rect) -> f64 { same!(r).area() }\n";
        workspace.write(LIB, before + more);
        const rename = { symbol: "shapes::Shape::area", newName: "extent" };
        try {
            expect((await call("plan", { rename }))["unproved"]).toHaveLength(1);
            const asked = await call("plan", { rename: { ...rename, ask: true } });
            // The daemon is not trusted, and so runs no such program.
            expect(asked["asked"]).toMatchObject({ state: "aside", asked: 1, answered: 0 });
            expect(asked["unproved"]).toHaveLength(1);
        } finally {
            workspace.write(LIB, before);
        }
    });

    test("a patch, as an object or as text", async () => {
        const patch = {
            id: "two",
            patterns: [
                { match: { symbol: "shapes::scale" }, action: { rename: "grow" } },
                { match: { symbol: "shapes::total" }, action: { rename: "sum_of" } },
            ],
        };
        const plan = await call("plan", { patch });
        expect(plan["operations"]).toHaveLength(2);
        expect(await call("plan", { patch: JSON.stringify(patch) })).toEqual(plan);
        expect(await refused("plan", { patch: "{" })).toMatch(/^PATCH_NOT_JSON: /);
    });
});

describe("what is validated", () => {
    test("nothing without trust, whatever the daemon may do", async () => {
        const fingerprint = "0".repeat(64);
        expect(await refused("validate", { fingerprint })).toMatch(/^MCP_UNTRUSTED: .*[^]*--trust/);
    });
});

const CARGO = { isThere: spawnSync("cargo", ["--version"]).status === 0, what: "cargo" };

describeWith(CARGO, "with trust", () => {
    test("a plan lands on a branch that compiles, and the working tree stays", async () => {
        await harness.run("stop");
        const trusted = await connect("--trust", "--no-facts");
        try {
            const { root } = harness.workspace;
            const fingerprint = "0".repeat(64);
            expect(await refused("validate", { fingerprint }, trusted)).toMatch(/^MCP_NO_PLAN: /);
            const rename = { symbol: "shapes::scale", newName: "rescale" };
            const plan = await call("plan", { rename }, trusted);
            const before = harness.workspace.read(LIB);
            const done = await call("validate", { fingerprint: plan["fingerprint"] }, trusted);
            expect(done).toMatchObject({
                edits: 7,
                branch: expect.stringMatching(/^refactor\//) as string,
                checks: [{ added: 0 }],
            });
            const branch = String(done["branch"]);
            expect(git(root, "show", `${branch}:${LIB}`)).toContain("fn rescale");
            expect(harness.workspace.read(LIB)).toBe(before);
            const { stdout } = await harness.run("log", "--json");
            expect(stdout).toContain(String(done["opId"]));
        } finally {
            await trusted.close();
        }
    }, 180_000);

    test("the compiler compares a rename, and says what it compared", async () => {
        const trusted = await connect("--trust", "--no-facts");
        try {
            const before = harness.workspace.read(LIB);
            expect(await refused("validate", {}, trusted)).toMatch(/^MCP_ARGUMENTS: /);
            const rename = { symbol: "shapes::scale", newName: "rescale" };
            const both = { rename, fingerprint: "0".repeat(64) };
            expect(await refused("validate", both, trusted)).toMatch(/^MCP_ARGUMENTS: /);
            const taken = { symbol: "shapes::scale", newName: "total" };
            const refusal = await refused("validate", { rename: taken }, trusted);
            expect(refusal).toMatch(/^RENAME_NOT_APPLICABLE: .*conflicts/u);
            expect(refusal).toContain("`plan` shows what is in its way");
            const done = await call("validate", { rename }, trusted);
            expect(done).toMatchObject({ edits: 7, written: false });
            expect(done["diff"]).toContain("+pub fn rescale");
            const evidence = (done["evidence"] as string[]).join("\n");
            expect(evidence).toMatch(/^bindings: equal, [1-9]\d+ compared in .*shapes/u);
            expect(evidence).toMatch(/^MIR: equal, [1-9]\d* bodies$/mu);
            expect(evidence).toMatch(/^configuration default: compared$/mu);
            expect(harness.workspace.read(LIB)).toBe(before);
            const named = { ...rename, write: true };
            const written = await call("validate", { rename: named }, trusted);
            expect(written).toMatchObject({ written: true, diff: done["diff"] });
            expect(harness.workspace.read(LIB)).toContain("pub fn rescale");
            await harness.run("rollback", String(written["opId"]));
            expect(harness.workspace.read(LIB)).toBe(before);
        } finally {
            await trusted.close();
        }
    }, 240_000);
});

test("the daemon knows the tools by their name", async () => {
    const again = await connect();
    await call("impact", { symbol: "shapes::scale" }, again);
    const { stdout } = await harness.run("status", "--json");
    expect((JSON.parse(stdout) as { clients: string[] }).clients).toContain("mcp");
    await again.close();
});
