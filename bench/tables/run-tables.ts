// `npm run bench -- --tables`: filling the live tables, exports, saving to queryable, look-ups, and queries
// of the cookbook beside a plain scan of what they read.

import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";

import { openEngine, type Engine } from "../../src/engine/index.ts";
import { createLogger } from "../../src/platform/index.ts";
import { TABLES } from "../../src/tables/index.ts";
import { median, quantile } from "../measure/statistics.ts";
import { renderTable, type Cell } from "../report/markdown-table.ts";
import { writeSection } from "../report/write-section.ts";
import type { NamedWorkspace } from "../workspaces.ts";

/** How tables are measured. */
export interface TablesBench {
    readonly repository: string;
    readonly scratch: string;
    readonly workspaces: readonly NamedWorkspace[];
    /** Fill and export only: for workspaces that are too large for the rest. */
    readonly bulkOnly: boolean;
    /** With `bulkOnly`: also the table of syntax, which has ten times the rows of the others. */
    readonly withSyntax: boolean;
    readonly out: string | undefined;
    readonly json: string | undefined;
}

interface BulkFigures {
    readonly name: string;
    readonly rows: number;
    readonly ms: number;
    readonly exportMs: number;
    readonly exportBytes: number;
}

interface LatencyFigure {
    readonly name: string;
    readonly aim: number;
    readonly ms: readonly number[];
}

interface QueryFigure {
    readonly title: string;
    readonly ms: number;
    readonly scanMs: number;
    readonly rows: number;
    readonly scannedRows: number;
}

interface Figures {
    readonly workspace: string;
    readonly files: number;
    readonly lines: number;
    readonly peakMiB: number;
    readonly bulk: readonly BulkFigures[];
    readonly latencies: readonly LatencyFigure[];
    readonly queries: readonly QueryFigure[];
}

const context = { client: "bench" };
const SAVES = 40;
const LOOK_UPS = 200;
const RUNS = 5;
const QUERIES = 10;
const SAVE_LIMIT_MS = 60_000;
/** Between questions whether a save has been taken in: each takes 2 ms of the thread that takes it in. */
const SAVE_POLL_MS = 10;

/** Measures, prints, and writes the section where it is wanted. */
export async function runTablesBench(bench: TablesBench): Promise<void> {
    const all: Figures[] = [];
    for (const workspace of bench.workspaces) {
        const load = (loadavg()[0] ?? 0).toFixed(1);
        const figures = await measure(workspace, bench);
        all.push(figures);
        const text = render(
            figures,
            `load ${load}, ${cpus().length} cores, Node ${process.version}`,
        );
        console.log(`\n${text}`);
        writeSection(bench.out, `tables ${workspace.name}`, text);
    }
    if (bench.json !== undefined) {
        writeFileSync(bench.json, `${JSON.stringify(all, undefined, 2)}\n`);
    }
}

async function measure(workspace: NamedWorkspace, bench: TablesBench): Promise<Figures> {
    const place = path.join(bench.scratch, "tables", workspace.name);
    const store = `${place}.store`;
    let { root } = workspace;
    // The largest workspaces take many minutes to capture: what an earlier run has captured of them serves again.
    if (!bench.bulkOnly) {
        rmSync(store, { recursive: true, force: true });
        rmSync(place, { recursive: true, force: true });
        cpSync(root, place, {
            recursive: true,
            filter: (from) => !/[/\\](?:target|\.ferrograph)$/u.test(from),
        });
        root = place;
    }
    const logger = createLogger({ level: "error", destination: "stderr" });
    const engine = openEngine({
        ...{ root, storeFolder: store, trusted: false, watch: !bench.bulkOnly, logger },
    });
    try {
        await engine.ready;
        await engine.status(context); // The graph is committed by then.
        const bulk = await measureBulk(engine, place, bench);
        const latencies = bench.bulkOnly ? [] : await measureLatencies(engine, root);
        const queries = bench.bulkOnly
            ? []
            : await measureQueries(engine, path.join(bench.repository, "docs", "cookbook.md"));
        const { files, lines } = await engine.status(context);
        const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
        return { workspace: workspace.name, files, lines, peakMiB, bulk, latencies, queries };
    } finally {
        await engine.close();
    }
}

async function measureBulk(
    engine: Engine,
    place: string,
    { bulkOnly, withSyntax }: TablesBench,
): Promise<BulkFigures[]> {
    const found: BulkFigures[] = [];
    for (const syntax of bulkOnly && !withSyntax ? [false] : [false, true]) {
        // A statement that names the table of syntax makes it.
        const sql = syntax ? "SELECT 1 FROM ast_nodes LIMIT 1" : "SELECT 1";
        const before = found.reduce((sum, one) => sum + one.rows, 0);
        const { ms } = await timed(() => engine.tables.query(context, { sql }));
        const folder = `${place}.export`;
        const exported = await timed(() => engine.tables.export(context, { folder, syntax }));
        const { tables } = exported.value;
        const rows = tables.reduce((sum, table) => sum + table.rows, 0);
        found.push({
            name: syntax ? "with `ast_nodes`" : "all but `ast_nodes`",
            // With syntax, the rows of all files are made again.
            rows,
            ms,
            exportMs: exported.ms,
            exportBytes: tables.reduce((sum, table) => sum + table.bytes, 0),
        });
        console.error(`filled ${rows} rows in ${Math.round(ms)} ms (before: ${before})`);
    }
    return found;
}

async function measureLatencies(engine: Engine, root: string): Promise<LatencyFigure[]> {
    const [[file]] = (await ask(
        engine,
        "SELECT path FROM files WHERE len(crates) > 0 ORDER BY abs(lines::BIGINT - 1000), path LIMIT 1",
    )) as [[string]];
    const text = readFileSync(path.join(root, file), "utf8");
    const saves: number[] = [];
    for (let turn = 0; turn < SAVES; turn++) {
        const name = `saved_by_bench_${turn}`;
        const { ms } = await timed(async () => {
            writeFileSync(path.join(root, file), `${text}\nfn ${name}() {}\n`);
            const end = performance.now() + SAVE_LIMIT_MS;
            const sql = `SELECT count(*)::INTEGER FROM symbols WHERE name = '${name}'`;
            while ((await ask(engine, sql))[0]?.[0] !== 1) {
                if (performance.now() > end) {
                    throw new Error(`${file} was saved, and is not to be found`);
                }
                await new Promise((resolve) => setTimeout(resolve, SAVE_POLL_MS));
            }
        });
        saves.push(ms);
        await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const ids = await ask(
        engine,
        `SELECT symbol_id FROM symbols ORDER BY hash(symbol_id) LIMIT ${LOOK_UPS}`,
    );
    const byId: number[] = [];
    const byName: number[] = [];
    for (const [id] of ids) {
        const sql = `SELECT path, kind FROM symbols WHERE symbol_id = ${String(id)}`;
        byId.push((await timed(() => ask(engine, sql))).ms);
        const references = `SELECT count(*) FROM "references" WHERE symbol_id = ${String(id)}`;
        byName.push((await timed(() => ask(engine, references))).ms);
    }
    return [
        { name: `saved (\`${file}\`) to queryable, watching`, aim: 200, ms: saves },
        {
            name: "the first of them, by code that is not optimized yet",
            aim: 200,
            ms: saves.slice(0, 1),
        },
        { name: "look-up of a symbol by its id", aim: 5, ms: byId },
        { name: "number of references of a symbol", aim: 5, ms: byName },
    ];
}

async function measureQueries(engine: Engine, cookbook: string): Promise<QueryFigure[]> {
    const sections = readFileSync(cookbook, "utf8").split(/^## /mu).slice(1);
    const found: QueryFigure[] = [];
    for (const section of sections) {
        const title = section.slice(0, section.indexOf("\n"));
        const sql = /```sql\n([^]*?)```/u.exec(section)?.[1] ?? "";
        if (found.length === QUERIES || /'[\w]+::/u.test(sql)) {
            continue; // A symbol of the example.
        }
        const times: number[] = [];
        let rows = 0;
        for (let run = 0; run < RUNS; run++) {
            const { ms, value } = await timed(() => ask(engine, sql));
            times.push(ms);
            rows = value.length;
        }
        const names = TABLES.map(({ name }) => name).filter((name) =>
            new RegExp(`(?:FROM|JOIN)\\s+"?${name}\\b`, "u").test(sql),
        );
        const scans: number[] = [];
        let scannedRows = 0;
        for (let run = 0; run < RUNS; run++) {
            const scanned = await timed(() => scanAll(engine, names));
            scans.push(scanned.ms);
            scannedRows = scanned.value;
        }
        found.push({ title, ms: median(times), scanMs: median(scans), rows, scannedRows });
    }
    return found;
}

/** Reads all rows of some tables to their end. */
async function scanAll(engine: Engine, names: readonly string[]): Promise<number> {
    let count = 0;
    for (const name of names) {
        const columns = name === "files" ? "* EXCLUDE (text)" : "*";
        count += (await ask(engine, `SELECT ${columns} FROM "${name}"`)).length;
    }
    return count;
}

async function ask(engine: Engine, sql: string): Promise<readonly (readonly unknown[])[]> {
    const first = await engine.tables.query(context, { sql });
    const rows = [...first.rows];
    for (let { next } = first; next !== undefined;) {
        const page = await engine.tables.next(context, { cursor: next });
        page.rows.forEach((row) => rows.push(row));
        next = page.next ?? undefined;
    }
    return rows;
}

async function timed<T>(
    run: () => Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> {
    const start = performance.now();
    const value = await run();
    return { ms: performance.now() - start, value };
}

function render(figures: Figures, where: string): string {
    const { workspace, files, lines, peakMiB, bulk, latencies, queries } = figures;
    const bulkRows = bulk.map(({ name, rows, ms, exportMs, exportBytes }): Cell[] => [
        name,
        rows,
        Math.round(ms),
        Math.round((1000 * rows) / ms),
        Math.round(exportMs),
        Number((exportBytes / 2 ** 20).toFixed(1)),
    ]);
    const latencyRows = latencies.map(({ name, aim, ms }): Cell[] => [
        name,
        ms.length,
        short(median(ms)),
        short(quantile(ms, 0.95)),
        `≤ ${aim}`,
    ]);
    const queryRows = queries.map(({ title, ms, rows, scanMs, scannedRows }): Cell[] => [
        title,
        short(ms),
        rows,
        short(scanMs),
        scannedRows,
    ]);
    const tables = [
        renderTable(
            ["Rows", "number", "fill, ms", "rows a second", "export, ms", "export, MiB"],
            bulkRows,
        ),
        ...(latencyRows.length === 0
            ? []
            : [renderTable(["Milliseconds", "times", "median", "p95", "aim"], latencyRows)]),
        ...(queryRows.length === 0
            ? []
            : [
                  renderTable(
                      ["Cookbook", "ms", "rows", "plain scan, ms", "rows scanned"],
                      queryRows,
                  ),
              ]),
    ];
    const size = `${files.toLocaleString("en")} files, ${lines.toLocaleString("en")} lines`;
    return [
        `### Tables of \`${workspace}\``,
        `${size}; the graph was captured before. ${where}; at most ${peakMiB} MiB in one process.`,
        ...tables,
    ].join("\n\n");
}

function short(ms: number): string {
    return ms >= 100 ? String(Math.round(ms)) : ms.toPrecision(2);
}
