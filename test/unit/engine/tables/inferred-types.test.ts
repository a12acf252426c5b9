// Types that tools outside tell of: asked for, rows as long as their file is what it was, kept.

import { spawnSync } from "node:child_process";

import { afterEach, describe, expect, test } from "vitest";

import type { WorkspaceEngine } from "../../../../src/engine/workspace-engine.ts";
import { openTestEngine, TestWorkspace } from "../../../support/engine-fixture.ts";
import { describeWith } from "../../../support/needs.ts";
import { ask } from "../../../support/table-queries.ts";

const context = { client: "test" };
const toClose: (() => Promise<void> | void)[] = [];

afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) {
        await close();
    }
});

function openWorkspace(): TestWorkspace {
    const workspace = new TestWorkspace();
    toClose.push(() => {
        workspace.remove();
    });
    return workspace;
}

function open(workspace: TestWorkspace, trusted = true): WorkspaceEngine {
    const real = (folder: string, ports: { openGraph: (folder: string) => unknown }): never =>
        ports.openGraph(folder) as never;
    const { engine } = openTestEngine(
        workspace,
        (ports) => ({ openGraph: (folder) => real(folder, ports) }),
        undefined,
        { trusted },
    );
    toClose.push(() => engine.close());
    return engine;
}

function runs(program: string): { readonly isThere: boolean; readonly what: string } {
    return { isThere: spawnSync(program, ["--version"]).status === 0, what: program };
}

const TOLD = `SELECT s.path, t.role, t.position, t.canonical FROM types t JOIN symbols s USING (symbol_id)
              WHERE t.inferred_by = 'rustdoc' ORDER BY ALL`;

test("no tool is run in a workspace that is not trusted", async () => {
    const engine = open(openWorkspace(), false);
    await expect(engine.tables.types(context, { sources: ["rustdoc"] })).rejects.toMatchObject({
        code: "TYPES_UNTRUSTED",
    });
    expect((await engine.status(context)).tables.types).toEqual([]);
});

describeWith(runs("rustdoc"), "rustdoc", () => {
    test("tells what the declarations say, and is silent on files that have changed", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        const { tools } = await engine.tables.types(context, { sources: ["rustdoc"] });
        expect(tools).toMatchObject([{ source: "rustdoc", problems: [] }]);
        const told = await ask(engine, TOLD);
        expect(told).toContainEqual(["shapes::scale", "return", 0, "f64"]);
        const both = `SELECT symbol_id, role, position FROM types WHERE inferred_by = `;
        const missing = `${both}'rustdoc' EXCEPT ${both}'syntax'`;
        // What rustdoc tells beyond the text: results that are not written.
        expect(await ask(engine, `SELECT DISTINCT role FROM (${missing})`)).toEqual([]);

        const again = await engine.tables.types(context, { sources: ["rustdoc"] });
        expect(again.tools).toMatchObject([{ types: tools[0]?.types, milliseconds: 0 }]);

        const round = "shapes/src/round.rs";
        const inRound = `SELECT count(*)::INTEGER FROM types JOIN files USING (file_id)
                         WHERE inferred_by = 'rustdoc' AND path = '${round}'`;
        const [[before]] = (await ask(engine, inRound)) as [[number]];
        expect(before).toBeGreaterThan(0);
        const text = workspace.read(round);
        workspace.write(round, `${text}// changed\n`);
        await engine.apply({ kind: "disk", paths: [] });
        expect(await ask(engine, inRound)).toEqual([[0]]);
        workspace.write(round, text);
        await engine.apply({ kind: "disk", paths: [] });
        expect(await ask(engine, inRound)).toEqual([[before]]);
    }, 120_000);

    test("is kept for the next session", async () => {
        const workspace = openWorkspace();
        const first = open(workspace);
        await first.tables.types(context, { sources: ["rustdoc"] });
        const told = await ask(first, TOLD);
        await first.close();
        const second = open(workspace);
        expect(await ask(second, TOLD)).toEqual(told);
        expect((await second.status(context)).tables.types).toMatchObject([{ source: "rustdoc" }]);
    }, 120_000);

    test("says what does not compile, and tells of the rest", async () => {
        const workspace = openWorkspace();
        const main = "app/src/main.rs";
        workspace.write(main, `${workspace.read(main)}\nfn wrong() -> Nowhere {}\n`);
        const engine = open(workspace);
        const { tools } = await engine.tables.types(context, { sources: ["rustdoc"] });
        expect(tools[0]?.problems.join("\n")).toContain("Nowhere");
        expect(await ask(engine, TOLD)).toContainEqual(["shapes::scale", "return", 0, "f64"]);
    }, 120_000);
});

describeWith(runs("rust-analyzer"), "rust-analyzer", () => {
    test("tells the types of locals", async () => {
        const workspace = openWorkspace();
        const round = "shapes/src/round.rs";
        const text = workspace.read(round);
        workspace.write(round, `${text}\nfn local() -> u8 { let twice = 1u8 + 1; twice }\n`);
        const engine = open(workspace);
        await engine.tables.types(context, { sources: ["rust-analyzer"] });
        const rows = await ask(
            engine,
            `SELECT s.name, t.canonical, t.type_json->>'name', t.position FROM types t
             JOIN symbols s USING (symbol_id) WHERE t.role = 'local' AND s.name = 'local'`,
        );
        expect(rows).toEqual([["local", "u8", "twice", text.length + 24]]);
    }, 240_000);
});

describe("status", () => {
    test("tells of tables that nobody asked, of open ones, and of stored ones", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace, false);
        expect((await engine.status(context)).tables).toMatchObject({ state: "none", rows: {} });
        await ask(engine, "SELECT 1");
        const { tables, symbols, graphRoot, deltaCount } = await engine.status(context);
        expect(tables).toMatchObject({ state: "open", root: graphRoot, k: deltaCount, error: "" });
        expect(tables.rows).toMatchObject({ symbols, ast_nodes: 0 });
        expect(tables.gitProblem).toContain("no git repository");
        await engine.close();
        const next = open(workspace, false);
        await next.ready;
        expect(["stored", "open"]).toContain((await next.status(context)).tables.state);
    });
});
