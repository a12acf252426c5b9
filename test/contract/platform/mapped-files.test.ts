// Files with the addon's calls below them, beside the same files without: reads through a mapping, room that is reserved,
// files that are cut beneath their mapping.

import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { fileCallsOf } from "../../../src/graphstore/disk-here.ts";
import { openGraphStore, storePaths } from "../../../src/graphstore/index.ts";
import { loadNative } from "../../../src/native/index.ts";
import { realDisk, type FileCalls } from "../../../src/platform/index.ts";
import { hold } from "../../support/store-scenario.ts";
import { seededNumbers } from "../../support/trie-records.ts";

const native = loadNative();

let folder: string;
let path: string;

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrograph-mapped-"));
    path = join(folder, "file");
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

function requireCalls(): FileCalls {
    if (!native.ok) {
        throw new Error(native.reason);
    }
    return fileCallsOf(native.addon);
}

/** Calls that count how many reads a mapping answered. */
function countingCalls(): { readonly calls: FileCalls; readonly count: () => number } {
    let reads = 0;
    const calls = requireCalls();
    const map: FileCalls["map"] = (descriptor, byteCount) => {
        const mapped = calls.map(descriptor, byteCount);
        return {
            readInto: (offset, bytes) => {
                reads += 1;
                return mapped.readInto(offset, bytes);
            },
            close: () => {
                mapped.close();
            },
        };
    };
    return { calls: { ...calls, map }, count: () => reads };
}

const bytesOf = (count: number, seed: number): Uint8Array => {
    const random = seededNumbers(seed);
    return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
};

describe.runIf(native.ok)("a file that is mapped", () => {
    test("reads as any other, also what is written and cut meanwhile", async () => {
        const { calls, count } = countingCalls();
        writeFileSync(path, bytesOf(50_000, 1));
        const mapped = await realDisk(calls).openFile(path, "write");
        const plain = await realDisk().openFile(path, "read-only");
        const random = seededNumbers(2);
        for (let round = 0; round < 300; round++) {
            const offset = Math.floor(random() * 50_000);
            const wanted = Math.floor(random() * 3000);
            if (round % 3 === 0) {
                await mapped.writeAt(offset, bytesOf(wanted, round));
            }
            // The other one does not know what was written behind its end.
            const inBoth = Math.min(wanted, 50_000 - offset);
            const found = await mapped.readAt(offset, inBoth);
            expect(found).toEqual(await plain.readAt(offset, inBoth));
        }
        expect(count()).toBeGreaterThan(200);
        const grown = mapped.size;
        await mapped.writeAt(grown, Uint8Array.of(1, 2, 3));
        expect(await mapped.readAt(grown - 1, 10)).toHaveLength(4);
        await mapped.truncate(20_000);
        expect(await mapped.readAt(19_990, 100)).toEqual(await plain.readAt(19_990, 10));
        await mapped.close();
        await plain.close();
    });

    test("gives what is left of it when it is cut by someone else, and no signal", async () => {
        writeFileSync(path, bytesOf(100_000, 3));
        const { calls, count } = countingCalls();
        const file = await realDisk(calls).openFile(path, "read-only");
        const direct = realDisk(calls).openDirect(path);
        truncateSync(path, 30_000);
        expect(await file.readAt(90_000, 1000)).toHaveLength(0);
        expect(await file.readAt(29_000, 5000)).toHaveLength(1000);
        expect(() => {
            direct.readInto(90_000, new Uint8Array(1000));
        }).toThrow("ends too early");
        const left = new Uint8Array(1000);
        direct.readInto(29_000, left);
        expect(left).toEqual(bytesOf(100_000, 3).subarray(29_000, 30_000));
        expect(count()).toBe(2); // Each was asked once, and not again.
        await file.close();
        direct.close();
        direct.close();
    });

    test("is read by other means where it cannot be mapped, or memory is shared", async () => {
        const bytes = bytesOf(9000, 4);
        writeFileSync(path, bytes);
        const cannot: FileCalls = {
            ...requireCalls(),
            map: () => {
                throw Object.assign(new Error("no such device"), { code: "ENODEV" });
            },
        };
        for (const calls of [cannot, requireCalls()]) {
            const direct = realDisk(calls).openDirect(path);
            const shared = new Uint8Array(new SharedArrayBuffer(9000));
            direct.readInto(0, shared);
            expect(Buffer.compare(shared, bytes)).toBe(0);
            direct.close();
            const file = await realDisk(calls).openFile(path, "read-only");
            expect(await file.readAll()).toEqual(bytes);
            await file.close();
        }
    });

    test("gets room ahead without growing, and says when there is none", async () => {
        const file = await realDisk(requireCalls()).openFile(path, "create");
        await file.reserve(1 << 20);
        expect([file.size, statSync(path).size]).toEqual([0, 0]);
        await file.writeAt(0, bytesOf(100, 5));
        await file.close();
        const full: FileCalls = {
            ...requireCalls(),
            reserve: () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })),
        };
        const other = await realDisk(full).openFile(`${path}2`, "create");
        await expect(other.reserve(10)).rejects.toMatchObject({ code: "DISK_FULL" });
        await other.close();
    });
});

describe.runIf(native.ok)("a store whose files are cut while it is open", () => {
    test("says so, and the process goes on", async () => {
        const disk = realDisk(requireCalls());
        const store = await openGraphStore({ folder, createIfMissing: true, disk });
        for (const seed of [1, 2, 3, 4, 5, 6]) {
            await hold(store, seed, 60);
        }
        await store.close();
        const again = await openGraphStore({ folder, disk });
        truncateSync(storePaths(folder).graphLog, 100);
        await expect(again.history.verify(() => undefined)).rejects.toMatchObject({
            code: expect.stringMatching(/^(LOG|HISTORY|DISK|STORE)_/u) as string,
        });
        await again.close();
    });
});
