// One opener at a time: another process, another thread and another handle are told who has the store,
// at once; a lock whose owner was killed is nobody's.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openGraphStore } from "../../../src/graphstore/index.ts";
import { BUILT, killAtRandom, PROGRAM, writerArguments } from "../../support/kill-rounds.ts";
import { describeWith } from "../../support/needs.ts";

let folder: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrograph-lock-"));
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

describeWith(BUILT, "a store that is open", () => {
    test("is refused to other processes, threads and handles by the owner's pid", async () => {
        const own = { folder: join(folder, "store"), createIfMissing: true };
        const store = await openGraphStore(own);
        const locked = expect.stringContaining(`locked by process ${process.pid}`) as string;
        await expect(openGraphStore(own)).rejects.toMatchObject({
            code: "STORE_LOCKED",
            message: locked,
        });
        const other = spawnSync(
            process.execPath,
            writerArguments(own.folder, join(folder, "expected"), 1),
            { encoding: "utf8" },
        );
        expect(other.status).not.toBe(0);
        expect(other.stderr).toEqual(locked);
        expect(await openInThread(own.folder)).toEqual(locked);
        await store.close();
        const free = spawnSync(
            process.execPath,
            writerArguments(own.folder, join(folder, "expected"), 1),
            { encoding: "utf8" },
        );
        expect(free.status).toBe(0);
    });

    test("by a process that was killed is open to the next", async () => {
        expect((await killAtRandom(2, 7)).rounds).toBe(2);
    });
});

function openInThread(store: string): Promise<string> {
    const module = pathToFileURL(join(PROGRAM, "graphstore", "index.js")).href;
    const code = `
        const { parentPort } = require("node:worker_threads");
        import(${JSON.stringify(module)})
            .then(({ openGraphStore }) => openGraphStore({ folder: ${JSON.stringify(store)} }))
            .then(() => parentPort.postMessage("opened"), (error) => parentPort.postMessage(error.message));
    `;
    return new Promise((resolve, reject) => {
        const worker = new Worker(code, { eval: true });
        worker.once("message", (message: string) => {
            void worker.terminate();
            resolve(message);
        });
        worker.once("error", reject);
    });
}
