// Parquet files beside the checkpoints of the store.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";

import { openGraphStore } from "../../../../src/graphstore/index.ts";
import { ExportedTables, QueryCursor } from "../../../../src/tables/index.ts";
import { TestWorkspace } from "../../../support/engine-fixture.ts";
import { ask, openTablesEngine } from "../../../support/table-queries.ts";

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

/** A session that asks something, and the checkpoint's export that there is at its end. */
async function session(workspace: TestWorkspace): Promise<number> {
    const engine = openTablesEngine(workspace);
    try {
        await ask(engine, "SELECT 1");
        return (await engine.status(context)).deltaCount;
    } finally {
        await engine.close();
    }
}

async function checkpoint(workspace: TestWorkspace): Promise<void> {
    const store = await openGraphStore({ folder: join(workspace.root, ".ferrograph") });
    await store.compact();
    await store.close();
}

function exportsOf(workspace: TestWorkspace): string[] {
    const folder = join(workspace.root, ".ferrograph/parquet");
    return existsSync(folder) ? readdirSync(folder) : [];
}

test("each checkpoint has one, the one before is removed, and it is asked like any export", async () => {
    const workspace = openWorkspace();
    await session(workspace);
    await checkpoint(workspace);
    const k = await session(workspace);
    expect(exportsOf(workspace)).toEqual([String(k)]);
    const folder = join(workspace.root, ".ferrograph/parquet", String(k));
    const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
        graphRoot: string;
        deltaCount: number;
        tables: { name: string; file: string; rows: number }[];
    };
    expect(manifest.deltaCount).toBe(k);
    expect(manifest.tables.map(({ name }) => name)).not.toContain("ast_nodes");
    for (const { file, rows } of manifest.tables) {
        const buffer = await asyncBufferFromFile(join(folder, file));
        const read = await parquetReadObjects({ file: buffer, compressors });
        expect(read.length, file).toBe(rows);
        const pairs = (await parquetMetadataAsync(buffer)).key_value_metadata ?? [];
        expect(pairs).toContainEqual({ key: "ferrograph_graph_root", value: manifest.graphRoot });
    }
    const tables = await ExportedTables.open(folder, readdirSync(folder), {
        memoryBytes: 64 * 1024 * 1024,
        threads: 1,
    });
    const cursor = await QueryCursor.begin(
        await tables.connect(),
        "SELECT count(*)::INTEGER FROM symbols WHERE name = 'scale'",
        { timeoutMs: 10_000 },
    );
    expect((await cursor.nextRows()).rows).toEqual([[1]]);
    tables.close();

    const lib = "shapes/src/lib.rs";
    workspace.write(lib, workspace.read(lib).replace("pub fn scale", "pub fn grow"));
    const later = await session(workspace);
    expect(later).toBeGreaterThan(k);
    expect(exportsOf(workspace)).toEqual([String(k)]);
    await checkpoint(workspace);
    await session(workspace);
    expect(exportsOf(workspace)).toEqual([String(later)]);
});

test("a file in the store's folder turns them off", async () => {
    const workspace = openWorkspace();
    await session(workspace);
    await checkpoint(workspace);
    writeFileSync(join(workspace.root, ".ferrograph/parquet.off"), "");
    await session(workspace);
    expect(exportsOf(workspace)).toEqual([]);
});
