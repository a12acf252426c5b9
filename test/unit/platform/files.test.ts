// Whole files: durable replacing, links, modes, errors.

import { chmodSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import {
    copyFileAtomic,
    moveFile,
    readBytes,
    readTextSync,
    removeFile,
    statFile,
    writeFileAtomic,
} from "../../../src/platform/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("replacing keeps the mode, creates folders, leaves no temporary file", async () => {
    const root = temporaryFolder({ "run.sh": "old" });
    chmodSync(join(root, "run.sh"), 0o751);
    await writeFileAtomic(join(root, "run.sh"), bytes("new"));
    await writeFileAtomic(join(root, "a/b/c.rs"), bytes("fn c() {}"));
    expect(readFileSync(join(root, "run.sh"), "utf8")).toBe("new");
    expect(statSync(join(root, "run.sh")).mode & 0o777).toBe(0o751);
    expect(readTextSync(join(root, "a/b/c.rs"))).toBe("fn c() {}");
    expect(readdirSync(root).sort()).toEqual(["a", "run.sh"]);
});

test("replacing by what another file holds does as much, and leaves that file", async () => {
    const root = temporaryFolder({ "run.sh": "old", "new.sh": "new" });
    chmodSync(join(root, "run.sh"), 0o751);
    await copyFileAtomic(join(root, "new.sh"), join(root, "run.sh"));
    await copyFileAtomic(join(root, "new.sh"), join(root, "a/b.sh"));
    expect(readFileSync(join(root, "run.sh"), "utf8")).toBe("new");
    expect(statSync(join(root, "run.sh")).mode & 0o777).toBe(0o751);
    expect(readFileSync(join(root, "a/b.sh"), "utf8")).toBe("new");
    expect(readdirSync(root).sort()).toEqual(["a", "new.sh", "run.sh"]);
    await expect(copyFileAtomic(join(root, "none"), join(root, "run.sh"))).rejects.toThrow();
    expect(readdirSync(root).sort()).toEqual(["a", "new.sh", "run.sh"]);
});

test("replacing writes through a link", async () => {
    const root = temporaryFolder({ "real.rs": "old" });
    symlinkSync("real.rs", join(root, "link.rs"));
    await writeFileAtomic(join(root, "link.rs"), bytes("new"));
    expect(readlinkSync(join(root, "link.rs"))).toBe("real.rs");
    expect(readTextSync(join(root, "real.rs"))).toBe("new");
});

test("a stat changes with the content and is undefined for what is no file", async () => {
    const root = temporaryFolder({ "a.rs": "12345" });
    const before = await statFile(join(root, "a.rs"));
    await writeFileAtomic(join(root, "a.rs"), bytes("54321"));
    const after = await statFile(join(root, "a.rs"));
    expect(before?.size).toBe(5);
    expect(after).not.toEqual(before);
    expect(await statFile(join(root, "none.rs"))).toBeUndefined();
    expect(await statFile(join(root, "a.rs", "b"))).toBeUndefined();
    expect(await statFile(root)).toBeUndefined();
});

test("moving creates the folders of the new place; removing twice is no error", async () => {
    const root = temporaryFolder({ "a.rs": "x" });
    await moveFile(join(root, "a.rs"), join(root, "m/n/b.rs"));
    expect(await statFile(join(root, "a.rs"))).toBeUndefined();
    expect(readTextSync(join(root, "m/n/b.rs"))).toBe("x");
    await removeFile(join(root, "m/n/b.rs"));
    await removeFile(join(root, "m/n/b.rs"));
    expect(await statFile(join(root, "m/n/b.rs"))).toBeUndefined();
});

test("failures carry codes", async () => {
    const root = temporaryFolder({ file: "x" });
    await expect(readBytes(join(root, "none"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(readBytes(root)).rejects.toMatchObject({ code: "DISK_IO" });
    await expect(writeFileAtomic(join(root, "file/below"), bytes(""))).rejects.toMatchObject({
        code: "DISK_IO",
        message: expect.stringContaining(join(root, "file/below")) as string,
    });
    await expect(writeFileAtomic("/proc/none", bytes(""))).rejects.toMatchObject({
        name: "OperatingError",
    });
});
