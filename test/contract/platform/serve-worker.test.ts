// Both sides of the worker pool together: the worker's side is bundled from the sources first.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import { createWorkerPool } from "../../../src/platform/index.ts";

const source = (path: string): string =>
    JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));

const worker = `
    import { CancelledError, OperatingError } from ${source("base/index.ts")};
    import { serveWorker } from ${source("platform/worker-pool.ts")};
    serveWorker(async (job) => {
        if (job === "cancel") throw new CancelledError();
        if (job === "world") throw new OperatingError("DISK_FULL", "no space", { advice: "free some" });
        if (job === "bug") throw new TypeError("x is not a function");
        const result = new Uint32Array(job).fill(7);
        return { result, transfer: [result.buffer] };
    });
`;

let folder = "";

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ferro-"));
    writeFileSync(join(folder, "worker.mts"), worker);
    await build({
        entryPoints: [join(folder, "worker.mts")],
        outfile: join(folder, "worker.mjs"),
        bundle: true,
        platform: "node",
        format: "esm",
        logLevel: "error",
    });
});

afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
});

test("results are moved, errors keep their kind and code", async () => {
    const pool = createWorkerPool<number | string, Uint32Array>(
        pathToFileURL(join(folder, "worker.mjs")),
        2,
    );
    onTestFinished(() => pool.close());
    expect(await pool.run(3)).toEqual(new Uint32Array([7, 7, 7]));
    await expect(pool.run("cancel")).rejects.toBeInstanceOf(CancelledError);
    await expect(pool.run("world")).rejects.toMatchObject({
        code: "DISK_FULL",
        message: "no space",
        advice: "free some",
    });
    await expect(pool.run("bug")).rejects.toMatchObject({
        code: "WORKER_FAILED",
        message: "a worker failed: x is not a function",
        cause: { name: "TypeError", stack: expect.stringContaining("worker.mjs") as string },
    });
    const many = await Promise.all(Array.from({ length: 50 }, (_, n) => pool.run(n)));
    expect(many.map((each) => each.length)).toEqual(Array.from({ length: 50 }, (_, n) => n));
});
