// The store's disk as it really is: names that come and go, and what stands in the way.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { logFileOver } from "../../../src/platform/log-file.ts";
import { realDisk } from "../../../src/platform/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("what is removed is gone, and removing it again is no error", async () => {
    const path = join(temporaryFolder({ a: "x" }), "a");
    const disk = realDisk();
    await disk.remove(path);
    expect(existsSync(path)).toBe(false);
    await disk.remove(path);
    expect(await disk.fileSize(path)).toBeUndefined();
});

test("a folder is made with all above it, and where a file is in the way that is said", async () => {
    const disk = realDisk();
    const folder = temporaryFolder();
    await disk.makeFolder(join(folder, "a", "b"));
    expect(existsSync(join(folder, "a", "b"))).toBe(true);
    writeFileSync(join(folder, "file"), "");
    await expect(disk.makeFolder(join(folder, "file", "b"))).rejects.toMatchObject({
        cause: { code: "ENOTDIR" },
    });
});

test("a file that is to be written on must be there", async () => {
    const folder = temporaryFolder();
    await expect(realDisk().openFile(join(folder, "none"), "write")).rejects.toMatchObject({
        code: "FILE_NOT_FOUND",
    });
    expect(existsSync(join(folder, "none"))).toBe(false);
});

test("a read that is interrupted is made again, and another failure is told", async () => {
    const failures = ["EINTR", "EINTR", "EIO"];
    const read = (): Promise<never> => {
        const code = failures.shift() ?? "";
        return Promise.reject(Object.assign(new Error(code), { code }));
    };
    type Raw = Parameters<typeof logFileOver>[1];
    const file = { read, fd: -1 } as unknown as Raw;
    await expect(logFileOver("x", file, 10).readAt(0, 4)).rejects.toMatchObject({
        cause: { code: "EIO" },
    });
    expect(failures).toEqual([]);
});
