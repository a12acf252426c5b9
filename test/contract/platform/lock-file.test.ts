// The lock between real processes.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

import { acquireLock, findLockOwner, startProcess } from "../../../src/platform/index.ts";

const source = JSON.stringify(
    fileURLToPath(new URL("../../../src/platform/lock-file.ts", import.meta.url)),
);

/** Takes the lock, says how that went, and holds it until its input ends. */
const holder = `
    import { acquireLock } from ${source};
    try {
        acquireLock(process.argv[2]);
        console.log("held");
    } catch (error) {
        console.log(error.code);
    }
    process.stdin.resume();
    process.stdin.on("end", () => process.exit(0));
`;

let folder = "";

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ferro-"));
    writeFileSync(join(folder, "holder.mts"), holder);
    await build({
        entryPoints: [join(folder, "holder.mts")],
        outfile: join(folder, "holder.mjs"),
        bundle: true,
        platform: "node",
        format: "esm",
        logLevel: "error",
    });
});

afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
});

async function startHolder(
    path: string,
): Promise<{ pid: number; said: string; end: (signal: "input" | "kill") => Promise<void> }> {
    const child = await startProcess(process.execPath, [join(folder, "holder.mjs"), path]);
    const said = await new Promise<string>((resolve) => {
        child.stdout.once("data", (chunk: Buffer) => {
            resolve(chunk.toString().trim());
        });
    });
    const end = async (how: "input" | "kill"): Promise<void> => {
        if (how === "input") {
            child.stdin.end();
        } else {
            process.kill(child.pid, "SIGKILL");
        }
        await child.ended;
    };
    return { pid: child.pid, said, end };
}

test("a lock of a living process holds; a killed one's is taken over", async () => {
    const path = join(folder, "held.lock");
    const first = await startHolder(path);
    expect(first.said).toBe("held");
    expect(findLockOwner(path)).toBe(first.pid);
    expect(() => acquireLock(path)).toThrow(`is locked by process ${first.pid}`);
    await first.end("kill");
    expect(findLockOwner(path)).toBeUndefined();
    const lock = acquireLock(path);
    expect(findLockOwner(path)).toBe(process.pid);
    lock.release();
});

test("of many that find a stale lock at once, one gets it", async () => {
    const path = join(folder, "raced.lock");
    writeFileSync(path, "999999999\n1\nboot\n");
    const holders = await Promise.all(Array.from({ length: 5 }, () => startHolder(path)));
    expect(holders.map((each) => each.said).sort()).toEqual([
        "STORE_LOCKED",
        "STORE_LOCKED",
        "STORE_LOCKED",
        "STORE_LOCKED",
        "held",
    ]);
    await Promise.all(holders.map((each) => each.end("input")));
    expect(findLockOwner(path)).toBeUndefined();
});
