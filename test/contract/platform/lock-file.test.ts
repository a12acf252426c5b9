// The lock between real processes.

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fileCallsOf } from "../../../src/graphstore/disk-here.ts";
import { loadNative, nativePath } from "../../../src/native/index.ts";
import {
    acquireLock,
    findLockOwner,
    startProcess,
    type FileCalls,
} from "../../../src/platform/index.ts";

const source = (path: string): string =>
    JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));
const native = loadNative();
const withAddon = native.ok ? fileCallsOf(native.addon) : undefined;

/** Takes the lock, with the addon or without, says how that went, and holds it until its input ends. */
const holder = `
    import { createRequire } from "node:module";
    import { fileCallsOf } from ${source("graphstore/disk-here.ts")};
    import { acquireLock } from ${source("platform/lock-file.ts")};
    const addon = process.argv[3] === "addon" ? ${JSON.stringify(nativePath())} : undefined;
    const calls = addon && fileCallsOf(createRequire(import.meta.url)(addon));
    try {
        acquireLock(process.argv[2], calls);
        console.log("held");
    } catch (error) {
        console.log(error.code);
    }
    process.stdin.resume();
    process.stdin.on("end", () => process.exit(0));
`;

/** Holds the kernel's lock of a file that is there, and nothing else. */
const flocker = `
    import { openSync } from "node:fs";
    import { createRequire } from "node:module";
    const addon = createRequire(import.meta.url)(${JSON.stringify(nativePath())});
    console.log(addon.tryFlock(openSync(process.argv[2], "r"), false));
    process.stdin.resume();
`;

let folder = "";

beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ferro-"));
    writeFileSync(join(folder, "holder.mts"), holder);
    writeFileSync(join(folder, "flocker.mjs"), flocker);
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

interface Holder {
    readonly pid: number;
    readonly said: string;
    readonly end: (how: "input" | "kill") => Promise<void>;
}

async function startHolder(path: string, kind = "plain", program = "holder.mjs"): Promise<Holder> {
    const child = await startProcess(process.execPath, [join(folder, program), path, kind]);
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

const KINDS = withAddon === undefined ? ["plain"] : ["plain", "addon"];
const PAIRS = KINDS.flatMap((one) => KINDS.map((other) => [one, other] as const));

test.each(PAIRS)("a lock that is taken %s holds for one that asks %s", async (one, other) => {
    const path = join(folder, `${one}-${other}.lock`);
    const calls = other === "addon" ? withAddon : undefined;
    const owner = await startHolder(path, one);
    expect(owner.said).toBe("held");
    expect(() => acquireLock(path, calls)).toThrow(`is locked by process ${owner.pid}`);
    expect(findLockOwner(path, calls)).toBe(owner.pid);
    expect((await startHolder(path, other)).said).toBe("STORE_LOCKED");
    await owner.end("kill");
    expect(findLockOwner(path, calls)).toBeUndefined();
    const lock = acquireLock(path, calls);
    expect(() => acquireLock(path, calls)).toThrow(`is locked by process ${process.pid}`);
    lock.release();
    const next = acquireLock(path, calls);
    next.release();
});

describe.runIf(withAddon !== undefined)("with the addon", () => {
    test("an owner that cannot be seen is there as long as it holds the kernel's lock", async () => {
        const path = join(folder, "unseen.lock");
        writeFileSync(path, "999999999\n1\nboot\n");
        const owner = await startHolder(path, "", "flocker.mjs");
        expect(owner.said).toBe("taken");
        expect(() => acquireLock(path, withAddon)).toThrow("is locked by process 999999999");
        expect(findLockOwner(path, withAddon)).toBe(999_999_999);
        await owner.end("kill");
        expect(findLockOwner(path, withAddon)).toBeUndefined();
        acquireLock(path, withAddon).release();
    });

    test("an owner that lost the kernel's lock is gone, though its process lives", async () => {
        const path = join(folder, "ended.lock");
        const worker = new Worker(join(folder, "holder.mjs"), {
            argv: [path, "addon"],
            stdin: true,
            stdout: true,
        });
        await once(worker.stdout, "data");
        expect(findLockOwner(path, withAddon)).toBe(process.pid);
        expect(() => acquireLock(path, withAddon)).toThrow(`locked by process ${process.pid}`);
        await worker.terminate();
        expect(findLockOwner(path, withAddon)).toBeUndefined();
        acquireLock(path, withAddon).release();
    });

    test("of many of both kinds that find a stale lock at once, one gets it", async () => {
        const path = join(folder, "mixed.lock");
        writeFileSync(path, "999999999\n1\nboot\n");
        const kinds = ["plain", "addon", "addon", "plain", "addon", "addon"];
        const holders = await Promise.all(kinds.map((kind) => startHolder(path, kind)));
        expect(holders.filter(({ said }) => said === "held").length).toBe(1);
        await Promise.all(holders.map((each) => each.end("input")));
        expect(findLockOwner(path, withAddon)).toBeUndefined();
    });

    test("where the kernel has no such lock, the file alone counts", () => {
        const path = join(folder, "none.lock");
        const lacking: FileCalls = {
            ...requireCalls(),
            tryFlock: () => "unsupported",
        };
        const failing: FileCalls = {
            ...requireCalls(),
            tryFlock: () => {
                throw new Error("cannot lock a file");
            },
        };
        for (const calls of [lacking, failing]) {
            const lock = acquireLock(path, calls);
            expect(() => acquireLock(path, calls)).toThrow(`locked by process ${process.pid}`);
            expect(() => acquireLock(path, withAddon)).toThrow(`locked by process ${process.pid}`);
            lock.release();
            expect(findLockOwner(path, calls)).toBeUndefined();
        }
    });
});

function requireCalls(): FileCalls {
    if (withAddon === undefined) {
        throw new Error("the addon is not built");
    }
    return withAddon;
}
