// A power loss after any system call of a real process: strace writes down what the kernel was told to
// change, and a simulated disk does the same and loses what was not synced. This shows for the calls of
// the real disk what other tests show for the port above it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { expect, test } from "vitest";

import { TRACED, writerArguments } from "../support/kill-rounds.ts";
import { describeWith } from "../support/needs.ts";
import { SimDisk } from "../support/sim-disk.ts";
import { openOn } from "../support/store-scenario.ts";

const COMMITS = 34;
const SEED = Number(process.env["TORTURE_SEED"] ?? "1");
const CALLS = "openat,pwrite64,write,ftruncate,rename,unlink,fsync,fdatasync";
// As the writer has it.
const OPTIONS = { tlogCapacity: { initial: 48 << 10, max: 192 << 10 } };

/** Lines of a trace, those that were interrupted by others put together where they end. */
function wholeLines(trace: string): string[] {
    const begun = new Map<string, string>();
    return trace.split("\n").flatMap((line) => {
        const [, pid = "", rest = ""] = /^(\d+)\s+(.*)$/u.exec(line) ?? [];
        if (rest.endsWith(" <unfinished ...>")) {
            begun.set(pid, rest.slice(0, -" <unfinished ...>".length));
            return [];
        }
        const resumed = /^<\.\.\. \w+ resumed>(.*)$/u.exec(rest);
        return [resumed === null ? rest : (begun.get(pid) ?? "") + (resumed[1] ?? "")];
    });
}

function bytesOf(text: string): Buffer {
    return Buffer.from(text.replace(/\\x/gu, ""), "hex");
}

interface Call {
    readonly name: string;
    /** Paths of the call, or of its descriptor. */
    readonly paths: readonly string[];
    readonly data: Buffer;
    readonly numbers: readonly number[];
    readonly creates: boolean;
}

/** Reads a call that succeeded; undefined for any other line. */
function callOf(line: string): Call | undefined {
    const [, name = "", rest = "", result = ""] = /^(\w+)\((.*)\)\s+= (-?\d+)/u.exec(line) ?? [];
    if (name === "" || Number(result) < 0) {
        return undefined;
    }
    const texts = [...rest.matchAll(/"([^"]*)"/gu)].map((match) => bytesOf(match[1] ?? ""));
    const descriptor = /^\d+<([^>]*)>/u.exec(rest)?.[1];
    const numbers = rest
        .replace(/"[^"]*"|<[^>]*>/gu, "")
        .split(",")
        .map((part) => Number(part));
    const own = descriptor?.startsWith("\\x") === true ? String(bytesOf(descriptor)) : descriptor;
    return {
        name,
        paths: own === undefined ? texts.map(String) : [own],
        data: texts[0] ?? Buffer.alloc(0),
        numbers,
        creates: rest.includes("O_CREAT"),
    };
}

/** Does to a simulated disk what a call did to the real one. */
async function repeat(disk: SimDisk, { name, paths, data, numbers, creates }: Call): Promise<void> {
    const [path = "", to = ""] = paths;
    const isThere = disk.paths().includes(path);
    if (name === "openat" && creates && !isThere) {
        await disk.openFile(path, "create");
    } else if (name === "rename") {
        await disk.rename(path, to);
    } else if (name === "unlink") {
        await disk.remove(path);
    } else if (name === "fsync" && !isThere) {
        await disk.syncFolder(path);
    } else if (isThere && name !== "openat") {
        const file = await disk.openFile(path, "write");
        if (name === "pwrite64" || name === "write") {
            const at = name === "write" ? file.size : (numbers[3] ?? 0);
            await file.writeAt(at, data);
        } else if (name === "ftruncate") {
            await file.truncate(numbers[1] ?? 0);
        } else {
            await file.datasync();
        }
    }
}

describeWith(TRACED, "a process that commits", () => {
    test("and loses its power after any of its system calls keeps all that it acknowledged", async () => {
        const root = mkdtempSync(join(tmpdir(), "ferrograph-power-"));
        try {
            const folder = join(root, "store");
            const [out, said] = [join(root, "trace"), join(root, "expected")];
            const options = ["-f", "-qq", "-y", "-xx", "-s", "9999999", "-e", `trace=${CALLS}`];
            const command = [process.execPath, ...writerArguments(folder, said, COMMITS)];
            expect(spawnSync("strace", [...options, "-o", out, ...command]).status).toBe(0);
            const calls = wholeLines(readFileSync(out, "utf8")).flatMap((line) => {
                const call = callOf(line);
                return call === undefined ? [] : [call];
            });
            const { crashes, acknowledged } = await loseEverywhere(calls, folder, said);
            expect(acknowledged).toBe(COMMITS);
            expect(crashes).toBeGreaterThan(300);
        } finally {
            rmSync(root, { recursive: true, force: true });
        }
    });
});

/** Loses the power after each call that changed a file of the store, and looks at what is left. */
async function loseEverywhere(
    calls: readonly Call[],
    folder: string,
    said: string,
): Promise<{ crashes: number; acknowledged: number }> {
    const disk = new SimDisk(SEED);
    const roots = new Map<number, string>();
    let acknowledged = 0;
    let crashes = 0;
    for (const [number, call] of calls.entries()) {
        const [path = ""] = call.paths;
        if (path === said && call.name === "write") {
            const [c = "", root = ""] = call.data.toString().trim().split(" ");
            acknowledged = Number(c);
            roots.set(acknowledged, root);
        }
        const isLock = basename(path).startsWith("workspace.lock");
        if (isLock || (dirname(path) !== folder && path !== folder)) {
            continue;
        }
        await repeat(disk, call);
        for (const survival of ["none", "some"] as const) {
            const left = disk.afterCrash(survival, SEED * 100_000 + number);
            const store = await openOn(left, { folder, ...OPTIONS });
            const where = `after call ${number}, ${call.name} ${path}, ${survival}`;
            expect(store.commitCount, where).toBeGreaterThanOrEqual(acknowledged);
            expect(roots.get(store.commitCount) ?? store.rootHash, where).toBe(store.rootHash);
            store.verify();
            await store.close();
            crashes += 1;
        }
    }
    return { crashes, acknowledged };
}
