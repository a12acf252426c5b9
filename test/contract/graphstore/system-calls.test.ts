// What the real disk is asked to do, in which order: seen from outside by strace, for the calls that no
// test on a living machine would miss otherwise.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { TRACED, writerArguments } from "../../support/kill-rounds.ts";
import { describeWith } from "../../support/needs.ts";

describeWith(TRACED, "the system calls of a process that commits", () => {
    let folder: string;
    /** `call name [to]` of calls on the store's files, in order. */
    let calls: string[];

    beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), "ferrograph-calls-"));
        const out = join(folder, "trace");
        const traced = "trace=pwrite64,write,fdatasync,fsync,rename,renameat,renameat2,ftruncate";
        const options = ["-f", "-qq", "-y", "-e", traced, "-o", out];
        const store = join(folder, "outer", "inner", "store");
        const command = [process.execPath, ...writerArguments(store, join(folder, "expected"), 16)];
        expect(spawnSync("strace", [...options, ...command]).status).toBe(0);
        calls = readFileSync(out, "utf8").split("\n").flatMap(shortened);
    });

    afterAll(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    test("a commit is one sync of the log, and nothing is told before", () => {
        const told = calls.flatMap((call, at) =>
            /^p?write(64)? expected/u.test(call) ? [at] : [],
        );
        expect(told.length).toBeGreaterThanOrEqual(16);
        for (const [number, at] of told.entries()) {
            const before = calls.slice(told[number - 1] ?? 0, at);
            const isGroup = before.every((call) => /expected/u.test(call)) && number > 0;
            if (!isGroup) {
                const sync = before.lastIndexOf("fdatasync workspace.tlog");
                const write = before.findLastIndex((call) =>
                    /^p?write(64)? workspace.tlog/u.test(call),
                );
                expect(sync, before.join("\n")).toBeGreaterThan(write);
                expect(write).toBeGreaterThanOrEqual(0);
            }
        }
    });

    test("the folders that a store is made in are durable before anything is in them", () => {
        const created = calls.findIndex((call) => / workspace\./u.test(call));
        const names = ["inner", "outer", basename(folder)];
        const syncs = names.map((name) => calls.indexOf(`fsync ${name}`));
        expect(syncs.every((at) => at >= 0 && at < created)).toBe(true);
    });

    test("a checkpoint is synced before it gets its name, and the name after", () => {
        const named = calls.indexOf("rename workspace.checkpoint.tmp workspace.checkpoint");
        const synced = calls.lastIndexOf("fdatasync workspace.checkpoint.tmp", named);
        const folderSynced = calls.indexOf("fsync store", named);
        const said = calls.findIndex(
            (call, at) => at > named && /write(64)? workspace.tlog/u.test(call),
        );
        expect(synced).toBeGreaterThan(0);
        expect(named).toBeGreaterThan(synced);
        expect(folderSynced).toBeGreaterThan(named);
        expect(said).toBeGreaterThan(folderSynced);
        expect(calls.lastIndexOf("fdatasync workspace.graph.log", named)).toBeGreaterThan(0);
    });
});

function shortened(line: string): string[] {
    const rename = /rename(?:at2?)?\((?:[^"]*)"([^"]+)",(?:[^"]*)"([^"]+)"/u.exec(line);
    if (rename !== null) {
        return [`rename ${basename(rename[1] ?? "")} ${basename(rename[2] ?? "")}`];
    }
    const call = /(\w+)\(\d+<([^>]+)>/u.exec(line);
    return call === null ? [] : [`${call[1] ?? ""} ${basename(call[2] ?? "")}`];
}
