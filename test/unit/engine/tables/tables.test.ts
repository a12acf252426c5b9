// The tables of an engine: what they hold, that they follow, and what a query may not do.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { tableFromIPC } from "apache-arrow";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { CancelledError, repoPath } from "../../../../src/base/index.ts";
import type { WorkspaceEngine } from "../../../../src/engine/workspace-engine.ts";
import { TABLES } from "../../../../src/tables/index.ts";
import { TestWorkspace } from "../../../support/engine-fixture.ts";
import { ask, askBytes, git, openTablesEngine } from "../../../support/table-queries.ts";

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

/** One engine for all tests that change nothing. */
let shared: { readonly workspace: TestWorkspace; readonly engine: WorkspaceEngine };

beforeAll(() => {
    const workspace = new TestWorkspace();
    shared = { workspace, engine: openTablesEngine(workspace) };
});

afterAll(async () => {
    await shared.engine.close();
    shared.workspace.remove();
});

function open(workspace: TestWorkspace): WorkspaceEngine {
    const engine = openTablesEngine(workspace);
    toClose.push(() => engine.close());
    return engine;
}

/** Exports that say how many deltas led here, in which equal graphs may differ. */
const TELLING_OF_THE_PAST = new Set(["git_commits.parquet", "operation_log.parquet"]);

/** Bytes of all exported files, by name. */
async function exported(engine: WorkspaceEngine, folder: string): Promise<Map<string, string>> {
    await engine.tables.export(context, { folder, syntax: true });
    const names = readdirSync(folder).filter((name) => name.endsWith(".parquet"));
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), "base64")]));
}

describe("what the tables hold", () => {
    test("as many symbols and edges as the graph has", async () => {
        const { engine } = shared;
        const status = await engine.status(context);
        expect(await ask(engine, "SELECT count(*)::INTEGER FROM symbols")).toEqual([
            [status.symbols],
        ]);
        expect(
            Object.fromEntries(
                await ask(engine, "SELECT kind, count(*)::INTEGER FROM edges GROUP BY kind"),
            ),
        ).toEqual(Object.fromEntries(Object.entries(status.edges).filter(([, n]) => n > 0)));
        expect(
            await ask(
                engine,
                "SELECT count(*)::INTEGER FROM edges ANTI JOIN symbols ON target = symbol_id",
            ),
        ).toEqual([[0]]);
    });

    test("every definition with its place, signature and types", async () => {
        const { engine } = shared;
        expect(
            await ask(
                engine,
                `SELECT kind, type_signature, visibility, crate_name, start_line,
                        substr(text, start_byte + 1, end_byte - start_byte) LIKE 'pub fn new%'
                 FROM symbols JOIN files ON file_id = def_file_id
                 WHERE symbols.path = 'shapes::Rect::new'`,
            ),
        ).toEqual([
            ["method", "pub fn new(width: f64, height: f64) -> Rect", "public", "shapes", 17, true],
        ]);
        expect(
            await ask(
                engine,
                `SELECT role, position, canonical, inferred_by FROM types JOIN symbols USING (symbol_id)
                 WHERE path = 'shapes::Rect::new' ORDER BY role, position`,
            ),
        ).toEqual([
            ["parameter", 0, "f64", "syntax"],
            ["parameter", 1, "f64", "syntax"],
            ["return", 0, "shapes::Rect", "syntax"],
        ]);
    });

    test("references stand at the bytes of their tokens, under the syntax node around them", async () => {
        const workspace = openWorkspace();
        const path = "shapes/src/lib.rs";
        workspace.write(path, `// Größe: 𝛼\n${workspace.read(path)}`);
        const engine = open(workspace);
        const wrong = await ask(
            engine,
            `SELECT r.name, f.path FROM "references" r JOIN files f USING (file_id)
             WHERE decode(encode(f.text)[r.start_byte + 1 : r.end_byte]) <> r.name`,
        );
        expect(wrong).toEqual([]);
        const outside = await ask(
            engine,
            `SELECT r.name, n.kind FROM "references" r JOIN ast_nodes n ON n.node_id = r.context_node_id
             WHERE n.start_byte > r.start_byte OR n.end_byte < r.end_byte`,
        );
        expect(outside).toEqual([]);
    });

    test("tokens that are not decided are rows without a symbol, with the reason", async () => {
        const workspace = openWorkspace();
        workspace.write("app/src/main.rs", "fn main() { let x = unknown_thing(); x.area(); }\n");
        const engine = open(workspace);
        const rows = await ask(
            engine,
            `SELECT name, symbol_id, precision, reason IS NOT NULL FROM "references"
             WHERE name = 'unknown_thing'`,
        );
        expect(rows).toEqual([["unknown_thing", null, "unknown", true]]);
    });

    test("tests by their names in the harness, packages with what they depend on", async () => {
        const { engine } = shared;
        const tests = await ask(engine, "SELECT test_name, kind, target, package, file FROM tests");
        expect(tests).toContainEqual(expect.arrayContaining(["test", "areas", "shapes"]));
        expect(
            await ask(
                engine,
                `SELECT crate_name, list_transform(dependencies, d -> d.package) FROM cargo_metadata
                 ORDER BY crate_name`,
            ),
        ).toEqual([
            ["app", ["shapes"]],
            ["shapes", []],
        ]);
    });
});

describe("following", () => {
    test("after any change the tables are those that would be made anew", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        await ask(engine, "SELECT count(*) FROM ast_nodes");
        const lib = "shapes/src/lib.rs";
        const changes: (() => void)[] = [
            () => {
                workspace.write(lib, workspace.read(lib).replace("sum += ", "sum += 1.0 * "));
            },
            () => {
                workspace.write(lib, workspace.read(lib).replace("pub fn scale", "pub fn grow"));
            },
            () => {
                workspace.write("shapes/src/round.rs", "pub struct Other;\n");
            },
            () => {
                workspace.write(lib, `pub mod fresh;\n${workspace.read(lib)}`);
                workspace.write("shapes/src/fresh.rs", "pub fn made() { crate::grow(1.0); }\n");
            },
            () => {
                workspace.write(lib, workspace.read(lib).replace("pub mod fresh;\n", ""));
                rmSync(join(workspace.root, "shapes/src/fresh.rs"));
            },
        ];
        for (const change of changes) {
            change();
            await engine.apply({ kind: "disk", paths: [] });
            const followed = await exported(engine, join(workspace.root, ".ferrograph/followed"));
            const other = openTablesEngine(workspaceAt(workspace));
            const anew = await exported(other, join(workspace.root, ".ferrograph/anew"));
            await other.close();
            expect([...followed.keys()]).toEqual([...anew.keys()]);
            for (const [name, bytes] of anew) {
                if (TELLING_OF_THE_PAST.has(name)) {
                    continue;
                }
                expect(followed.get(name) === bytes, name).toBe(true);
            }
        }
    });

    test("tables that an earlier session made are taken over", async () => {
        const workspace = openWorkspace();
        const first = openTablesEngine(workspace);
        await ask(first, "SELECT 1");
        await first.close();
        workspace.write("shapes/src/round.rs", "pub fn later() {}\n");
        const engine = open(workspace);
        expect(await ask(engine, "SELECT path FROM symbols WHERE name = 'later'")).toEqual([
            ["shapes::round::later"],
        ]);
    });

    test("a damaged database is said to be one", async () => {
        const workspace = openWorkspace();
        const first = openTablesEngine(workspace);
        await ask(first, "SELECT 1");
        await first.close();
        workspace.write(".ferrograph/tables.duckdb", "no database at all");
        const engine = open(workspace);
        await expect(ask(engine, "SELECT 1")).rejects.toMatchObject({ code: "TABLES_UNREADABLE" });
    });
});

/** The same sources with a store of their own. */
function workspaceAt(workspace: TestWorkspace): TestWorkspace {
    const copy = openWorkspace();
    for (const path of ["shapes", "app"]) {
        rmSync(join(copy.root, path), { recursive: true });
    }
    copyFolder(workspace.root, copy.root);
    return copy;
}

function copyFolder(from: string, to: string): void {
    for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        const relative = path.slice(from.length + 1);
        if (entry.isFile() && !relative.startsWith(".ferrograph")) {
            mkdirSync(dirname(join(to, relative)), { recursive: true });
            writeFileSync(join(to, relative), readFileSync(path));
        }
    }
}

describe("what a query may not do", () => {
    test.each([
        ["CREATE TABLE t (a INTEGER)", "QUERY_NOT_READING"],
        ["DELETE FROM symbols", "QUERY_NOT_READING"],
        ["UPDATE symbols SET name = ''", "QUERY_NOT_READING"],
        ["INSERT INTO edges VALUES (1, 2, 'call')", "QUERY_NOT_READING"],
        ["COPY symbols TO '/tmp/x.parquet'", "QUERY_FAILED"],
        ["ATTACH '/tmp/x.duckdb'", "QUERY_NOT_READING"],
        ["SET memory_limit = '100GB'", "QUERY_NOT_READING"],
        ["INSTALL httpfs", "QUERY_NOT_READING"],
        ["LOAD httpfs", "QUERY_NOT_READING"],
        ["PRAGMA enable_profiling", "QUERY_NOT_READING"],
        ["EXPORT DATABASE '/tmp/x'", "QUERY_FAILED"],
        ["CALL force_checkpoint()", "QUERY_NOT_READING"],
        ["SELECT 1; DROP TABLE symbols", "QUERY_NOT_ONE_STATEMENT"],
        ["", "QUERY_NOT_ONE_STATEMENT"],
        ["SELECT * FROM read_csv('/etc/passwd')", "QUERY_FAILED"],
        ["SELECT * FROM read_text('/etc/hostname')", "QUERY_FAILED"],
        ["SELECT * FROM '/etc/passwd'", "QUERY_FAILED"],
        ["SELECT * FROM glob('/etc/*')", "QUERY_FAILED"],
        ["SELECT * FROM read_parquet('https://example.org/x.parquet')", "QUERY_FAILED"],
        ["SELECT * FROM nowhere", "QUERY_FAILED"],
        ["SELECT FROM WHERE", "QUERY_FAILED"],
    ])("%s", async (sql, code) => {
        const { engine } = shared;
        await expect(ask(engine, sql)).rejects.toMatchObject({ code });
        expect(await ask(engine, "SELECT count(*) > 0 FROM symbols")).toEqual([[true]]);
    });

    test("a query that takes too long is ended", async () => {
        const { engine } = shared;
        const sql =
            "SELECT count(*) FROM range(100000000000) a, range(1000) b WHERE a.range < b.range";
        await expect(ask(engine, sql, { timeoutMs: 150 })).rejects.toMatchObject({
            code: "QUERY_TIMEOUT",
        });
        expect(await ask(engine, "SELECT 1")).toEqual([[1]]);
    });

    test("memory has a limit", async () => {
        const { engine } = shared;
        const sql =
            "SELECT max(len(l)) FROM (SELECT list(range || 'x') AS l FROM range(200000000))";
        await expect(ask(engine, sql)).rejects.toMatchObject({ code: "QUERY_FAILED" });
        expect(await ask(engine, "SELECT 1")).toEqual([[1]]);
    });

    test("an answer is read by the client that asked, and let go when that leaves", async () => {
        const { engine } = shared;
        const { next } = await engine.tables.query(context, { sql: "SELECT * FROM range(20000)" });
        const cursor = next ?? "";
        await expect(engine.tables.next({ client: "other" }, { cursor })).rejects.toMatchObject({
            code: "QUERY_NO_CURSOR",
        });
        await engine.apply({ kind: "client-leave", client: "test" });
        await expect(engine.tables.next(context, { cursor })).rejects.toMatchObject({
            code: "QUERY_NO_CURSOR",
        });
    });
});

describe("answers", () => {
    test("come page by page, all of them", async () => {
        const { engine } = shared;
        const rows = await ask(engine, "SELECT range FROM range(20000)");
        expect(rows.length).toBe(20_000);
        expect(rows.at(-1)).toEqual(["19999"]);
    });

    test("as one Arrow stream, whatever the types", async () => {
        const { engine } = shared;
        const sql = `SELECT range AS n, range::UBIGINT AS u, 'x' || range AS t, range % 2 = 0 AS b,
                            CASE WHEN range % 3 = 0 THEN NULL ELSE range::DOUBLE END AS d,
                            [range, NULL] AS l, {'a': range, 'b': ['y']} AS s,
                            TIMESTAMP '2024-02-03 04:05:06.789' AS w, DATE '2024-02-03' AS day,
                            (range::HUGEINT - 5) AS h, 'a'::VARCHAR AS v
                     FROM range(10000)`;
        const table = tableFromIPC(await askBytes(engine, sql, "arrow"));
        expect(table.numRows).toBe(10_000);
        const row = table.get(4)?.toJSON() as Record<string, unknown>;
        expect(row).toMatchObject({ n: 4n, u: 4n, t: "x4", b: true, d: 4, v: "a" });
        expect(new Date(Number(row["w"])).toISOString()).toBe("2024-02-03T04:05:06.789Z");
        expect(JSON.stringify(row["l"], (_, value: unknown) => plain(value))).toBe('["4",null]');
        expect(BigInt(String(row["h"]))).toBe(-1n);
        expect(table.get(9999)?.toJSON()).toMatchObject({ n: 9999n, d: null });
    });

    test("as a Parquet file", async () => {
        const { engine } = shared;
        const bytes = await askBytes(
            engine,
            "SELECT name FROM symbols ORDER BY 1 -- all",
            "parquet",
        );
        const file = bytes.buffer.slice(0, bytes.length) as ArrayBuffer;
        const rows = await parquetReadObjects({ file, compressors });
        expect(rows.length).toBe((await engine.status(context)).symbols);
    });
});

describe("what the graph answers", () => {
    test("impact, callers and dominators are tables", async () => {
        const { engine } = shared;
        const impact = await ask(
            engine,
            `SELECT path, distance, edge FROM impact('shapes::Shape::area') JOIN symbols USING (symbol_id)
             WHERE distance = 1 ORDER BY path`,
        );
        expect(impact.map(([path]) => path)).toContain("shapes::total");
        expect(
            await ask(
                engine,
                "SELECT path FROM callers('shapes::total') JOIN symbols USING (symbol_id) ORDER BY 1",
            ),
        ).toContainEqual([expect.stringContaining("::")]);
        const dominators = await ask(
            engine,
            `SELECT path, dominated FROM dominators('shapes::Shape::area') JOIN symbols USING (symbol_id)
             ORDER BY dominated DESC, path LIMIT 1`,
        );
        expect(dominators[0]?.[0]).toBe("shapes::Shape::area");
        await expect(ask(engine, "SELECT * FROM impact('shapes::nothing')")).rejects.toMatchObject({
            code: "QUERY_FAILED",
        });
    });

    test("the past has symbols, edges and files, and nothing else", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        const { deltaCount } = await engine.status(context);
        const lib = "shapes/src/lib.rs";
        workspace.write(lib, workspace.read(lib).replace("pub fn scale", "pub fn grow"));
        await engine.apply({ kind: "disk", paths: [] });
        const names = "SELECT name FROM symbols WHERE name IN ('scale', 'grow')";
        expect(await ask(engine, names)).toEqual([["grow"]]);
        expect(await ask(engine, names, { at: deltaCount })).toEqual([["scale"]]);
        const wide = "SELECT count(*) >= 0 FROM impact('shapes::scale')";
        expect(await ask(engine, wide, { at: deltaCount })).toEqual([[true]]);
        await expect(ask(engine, wide)).rejects.toMatchObject({ code: "QUERY_FAILED" });
        await expect(
            ask(engine, 'SELECT * FROM "references"', { at: deltaCount }),
        ).rejects.toMatchObject({ code: "QUERY_FAILED" });
    });
});

describe("exports", () => {
    test("open in another reader, with the columns that the schema has, and say their root", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        const folder = join(workspace.root, ".ferrograph/out");
        const done = await engine.tables.export(context, { folder, syntax: true });
        expect(done.tables.map(({ name }) => name)).toEqual(TABLES.map(({ name }) => name));
        for (const { name, file, rows } of done.tables) {
            const buffer = await asyncBufferFromFile(join(folder, file));
            const metadata = await parquetMetadataAsync(buffer);
            expect(Number(metadata.num_rows), name).toBe(rows);
            const columns = TABLES.find((each) => each.name === name)?.columns ?? [];
            const [root] = metadata.schema;
            expect(root?.num_children, name).toBe(columns.length);
            const read = await parquetReadObjects({ file: buffer, compressors });
            expect(read.length, name).toBe(rows);
            if (read[0] !== undefined) {
                expect(Object.keys(read[0]), name).toEqual(columns.map((column) => column.name));
            }
            const pairs = (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]);
            expect(pairs).toContainEqual(["ferrograph_graph_root", done.root]);
        }
    });

    test("that are asked for at once are made one after the other, each whole", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        const folders = ["one", "two", "three"].map((name) =>
            join(workspace.root, ".ferrograph", name),
        );
        const all = await Promise.all(folders.map((folder) => exported(engine, folder)));
        expect(all[0]?.size).toBe(TABLES.length);
        expect(all[1]).toEqual(all[0]);
        expect(all[2]).toEqual(all[0]);
    });

    test("that are cancelled end before the next table, and later ones are made", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        const folder = join(workspace.root, ".ferrograph/out");
        const cancel = { aborted: false };
        const onProgress = (what: string, done: number): void => {
            cancel.aborted ||= what === "exporting" && done === 2;
        };
        await expect(
            engine.tables.export({ ...context, signal: cancel, onProgress }, { folder }),
        ).rejects.toBeInstanceOf(CancelledError);
        expect(readdirSync(folder)).not.toContain("manifest.json");
        expect((await exported(engine, folder)).size).toBe(TABLES.length);
    });
});

describe("operations", () => {
    test("a rename that is made and one that is refused are rows", async () => {
        const workspace = openWorkspace();
        const engine = open(workspace);
        const symbol = { kind: "path", path: "shapes::scale" } as const;
        const shown = await engine.renameImpact(context, {
            symbol,
            newName: "grow",
            accept: ["breaks-api"],
        });
        const fingerprint = "kind" in shown ? "" : shown.plan.fingerprint;
        const accept = ["breaks-api"];
        const refused = await engine.applyRename(context, {
            symbol,
            newName: "grow",
            fingerprint: "0",
            accept,
        });
        expect(refused).toMatchObject({ kind: "refusal" });
        const done = await engine.applyRename(context, {
            symbol,
            newName: "grow",
            fingerprint,
            accept,
        });
        expect(done).toMatchObject({ edits: expect.any(Number) as number });
        const rows = await ask(
            engine,
            `SELECT patch_id, description, result, precondition_passed, diagnostics IS NULL,
                    root_after IS NOT NULL, plan_fingerprint
             FROM operation_log ORDER BY timestamp, result DESC`,
        );
        expect(rows).toEqual([
            ["rename", "rename shapes::scale to grow", "refused", false, false, false, "0"],
            ["rename", "rename shapes::scale to grow", "applied", true, true, true, fingerprint],
        ]);
    });
});

describe("git", () => {
    test("history comes with its files, goes on where it was, and begins anew where it was rewritten", async () => {
        const workspace = openWorkspace();
        const run = (...args: string[]): string => git(workspace.root, ...args);
        run("init", "-q");
        run("add", ".");
        run("commit", "-q", "-m", "first");
        const engine = open(workspace);
        const commits = "SELECT subject, len(modified_files) FROM git_commits ORDER BY sequence";
        const [first] = await ask(engine, commits);
        expect(first?.[0]).toBe("first");
        workspace.write("shapes/src/round.rs", "pub struct Other;\n");
        run("commit", "-q", "-a", "-m", "second");
        await engine.apply({ kind: "disk", paths: [] });
        expect(await ask(engine, commits)).toEqual([first, ["second", "1"]]);
        const head = run("rev-parse", "HEAD");
        const modified = "SELECT path FROM files WHERE last_modified_commit = ";
        expect(await ask(engine, `${modified}'${head}'`)).toEqual([["shapes/src/round.rs"]]);
        run("commit", "-q", "--amend", "-m", "other");
        expect(await ask(engine, commits)).toEqual([first, ["other", "1"]]);
    });

    test("a file keeps the commit that last changed it while it is edited, and when it comes back", async () => {
        const workspace = openWorkspace();
        const run = (...args: string[]): string => git(workspace.root, ...args);
        run("init", "-q");
        run("add", ".");
        run("commit", "-q", "-m", "first");
        const head = run("rev-parse", "HEAD");
        const engine = open(workspace);
        const path = "shapes/src/round.rs";
        const modified = async (file: string): Promise<unknown> =>
            (
                await ask(engine, `SELECT last_modified_commit FROM files WHERE path = '${file}'`)
            )[0]?.[0];
        expect(await modified(path)).toBe(head);
        const text = readFileSync(join(workspace.root, path), "utf8");
        const save = async (file: string, saved: string): Promise<void> => {
            workspace.write(file, saved);
            await engine.apply({ kind: "disk", paths: [repoPath(file)] });
        };
        await save(path, `${text}\nfn edited() {}\n`);
        expect(await modified(path)).toBe(head);
        await save("shapes/src/added.rs", "pub struct Added;\n");
        expect(await modified("shapes/src/added.rs")).toBeNull();
        rmSync(join(workspace.root, path));
        await engine.apply({ kind: "disk", paths: [repoPath(path)] });
        expect(await modified(path)).toBeUndefined();
        await save(path, text);
        expect(await modified(path)).toBe(head);
    });

    test("without a repository there is none, and nothing fails", async () => {
        const engine = open(openWorkspace());
        expect(await ask(engine, "SELECT count(*)::INTEGER FROM git_commits")).toEqual([[0]]);
    });
});

function plain(value: unknown): unknown {
    return typeof value === "bigint" ? String(value) : value;
}
