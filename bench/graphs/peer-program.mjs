// What the peers do, in a process of its own: everything that a node reaches, by a recursive query, or by
// graphology's search. Prints one line of JSON: milliseconds of the processor, by peer. Run by graph-peers.ts.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [modules, file, peer, mask] = process.argv.slice(2);
const load = createRequire(path.join(modules, "package.json"));
const words = new Uint32Array(readFileSync(file).buffer.slice(0));
const kinds = Number(mask);
const KINDS = Array.from({ length: 32 }, (_, kind) => kind).filter((kind) => (kinds >>> kind) & 1);
const WHERE = KINDS.length === 32 ? "" : `and e.kind in (${KINDS.join(",")})`;
const QUERY = `with recursive reached(node) as (
    select 0 union select e.target from reached join edges e on e.source = reached.node ${WHERE}
) select count(*) as n from reached`;
const RUNS = words.length > 1e6 ? 1 : 3;

async function least(work) {
    let best = Infinity;
    let answer;
    for (let run = 0; run < RUNS; run++) {
        const start = process.cpuUsage();
        answer = await work();
        const { user, system } = process.cpuUsage(start);
        best = Math.min(best, (user + system) / 1000);
    }
    return { ms: best, reached: Number(answer) };
}

function bySqlite() {
    const db = new (load("better-sqlite3"))(":memory:");
    db.exec("create table edges (source integer, kind integer, target integer)");
    const insert = db.prepare("insert into edges values (?, ?, ?)");
    db.transaction(() => {
        for (let at = 0; at < words.length; at += 3) {
            insert.run(words[at], words[at + 2], words[at + 1]);
        }
    })();
    db.exec("create index by_source on edges (source, kind, target)");
    const query = db.prepare(QUERY);
    return least(() => query.get().n);
}

async function byDuckdb() {
    const { DuckDBInstance } = load("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    await connection.run("create table edges (source uinteger, kind utinyint, target uinteger)");
    const appender = await connection.createAppender("edges");
    for (let at = 0; at < words.length; at += 3) {
        appender.appendUInteger(words[at]);
        appender.appendUTinyInt(words[at + 2]);
        appender.appendUInteger(words[at + 1]);
        appender.endRow();
    }
    appender.closeSync();
    return least(async () => (await connection.runAndReadAll(QUERY)).getRows()[0][0]);
}

function byGraphology() {
    const { MultiDirectedGraph } = load("graphology");
    const { bfsFromNode } = load("graphology-traversal");
    const graph = new MultiDirectedGraph();
    for (let at = 0; at < words.length; at += 3) {
        if ((kinds >>> words[at + 2]) & 1) {
            graph.mergeNode(words[at]);
            graph.mergeNode(words[at + 1]);
            graph.addDirectedEdge(words[at], words[at + 1]);
        }
    }
    return least(() => {
        let reached = 0;
        bfsFromNode(graph, 0, () => void (reached += 1), { mode: "outbound" });
        return reached;
    });
}

const run = { sqlite: bySqlite, duckdb: byDuckdb, graphology: byGraphology }[peer];
console.log(JSON.stringify(await run()));
process.exit(0);
