// What the peers do, in a process of its own: the same number of rows per commit as our deltas, made
// durable one commit after the other. Prints one line of JSON. Run by peers.ts.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [modules, kind, folder, commitsText] = process.argv.slice(2);
const load = createRequire(path.join(modules, "package.json"));
const commits = Number(commitsText);
const GROUP = 64;

function record(number) {
    return { key: number, source: number * 7919, target: number + 1, kind: number % 5 };
}

function openSqlite() {
    const Database = load("better-sqlite3");
    const db = new Database(path.join(folder, "peer.db"));
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec(
        "create table edges (key integer primary key, source integer, target integer, kind integer)",
    );
    const insert = db.prepare("insert into edges values (@key, @source, @target, @kind)");
    const commit = db.transaction((rows) => rows.forEach((row) => insert.run(row)));
    return {
        version: db.prepare("select sqlite_version() as v").get().v,
        commit: (rows) => commit(rows),
        close: () => db.close(),
    };
}

function openLmdb() {
    const { open } = load("lmdb");
    const db = open({ path: path.join(folder, "peer.lmdb"), overlappingSync: false });
    return {
        version: JSON.parse(
            readFileSync(path.join(modules, "node_modules", "lmdb", "package.json"), "utf8"),
        ).version,
        commit: async (rows) => {
            await db.transaction(() => rows.forEach((row) => db.put(row.key, row)));
            await db.flushed;
        },
        close: () => db.close(),
    };
}

async function timeCommits(db, count, rows, first) {
    const times = [];
    for (let turn = 0; turn < count; turn++) {
        const batch = Array.from({ length: rows }, (_, row) => record(first + turn * rows + row));
        const start = performance.now();
        await db.commit(batch);
        times.push((performance.now() - start) * 1000);
    }
    return times;
}

const db = kind === "lmdb" ? openLmdb() : openSqlite();
const one = await timeCommits(db, commits, 1, 0);
const file = await timeCommits(db, commits, 51, 1e6);
const start = performance.now();
const waiting = [];
for (let caller = 0; caller < GROUP * 10; caller++) {
    waiting.push(db.commit([record(2e6 + caller)]));
}
await Promise.all(waiting);
const groupPerSecond = (GROUP * 10 * 1000) / (performance.now() - start);
await db.close();
console.log(JSON.stringify({ version: db.version, one, file, groupPerSecond }));
