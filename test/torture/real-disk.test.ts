// Real file systems that are full, read-only, or lose their disk: tmpfs with a size, a remount, ext4 on a
// loop device whose image lies on a file system that is too small. Needs root and mount.

import { spawnSync } from "node:child_process";
import {
    chmodSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { openGraphStore, storePaths, type GraphStore } from "../../src/graphstore/index.ts";
import { isBuilt, PROGRAM } from "../support/kill-rounds.ts";
import { describeWith } from "../support/needs.ts";
import { Expected, hold, SMALL_TLOG, takeStep, type Step } from "../support/store-scenario.ts";

const ROOT = mkdtempSync(join(tmpdir(), "ferrograph-disks-"));
const mounted: string[] = [];

function run(command: string, ...parts: string[]): boolean {
    return spawnSync(command, parts, { stdio: "ignore" }).status === 0;
}

function mount(type: string, options: string, source: string, at: string): boolean {
    mkdirSync(at, { recursive: true });
    const isMounted = run("mount", "-t", type, "-o", options, source, at);
    if (isMounted) {
        mounted.push(at);
    }
    return isMounted;
}

function unmount(at: string): void {
    run("umount", "-l", at);
    mounted.splice(mounted.indexOf(at), 1);
}

const canMount = ((): boolean => {
    const probe = join(ROOT, "probe");
    const isMounted = mount("tmpfs", "size=64k", "tmpfs", probe);
    if (isMounted) {
        unmount(probe);
    }
    return isMounted;
})();
const MOUNT = { isThere: canMount, what: "root and the right to mount" };
const LOOP = {
    isThere: canMount && run("mkfs.ext4", "-V") && run("losetup", "-f"),
    what: "root, the right to mount, mkfs.ext4 and a loop device",
};
const OTHER_USER = {
    isThere: isBuilt && process.getuid?.() === 0,
    what: "`npm run build` and root, to run as another user",
};

afterAll(() => {
    for (const at of [...mounted].reverse()) {
        unmount(at);
    }
    rmSync(ROOT, { recursive: true, force: true });
});

function open(folder: string): Promise<GraphStore> {
    return openGraphStore({ folder, createIfMissing: true, tlogCapacity: SMALL_TLOG });
}

async function commitUntilFailure(store: GraphStore, expected: Expected): Promise<Error> {
    const steps: Step[] = ["small", "group", "small", "bulk"];
    for (let number = 0; number < 4000; number++) {
        try {
            await takeStep(store, steps[number % steps.length] ?? "small", number, expected);
        } catch (error) {
            return error as Error;
        }
    }
    throw new Error("nothing failed");
}

describeWith(MOUNT, "a full tmpfs", () => {
    test("stops the store, which goes on after space was made and it was opened again", async () => {
        // Sizes from too small for the log to some commits.
        for (const size of [8, 20, 64, 160, 256, 400]) {
            const at = join(ROOT, `full-${size}`);
            mount("tmpfs", `size=${size}k`, "tmpfs", at);
            const folder = join(at, "store");
            const expected = new Expected();
            const store = await open(folder).catch((error: unknown) => error as Error);
            if (store instanceof Error) {
                expect(store).toMatchObject({ code: "DISK_FULL" });
            } else {
                const error = await commitUntilFailure(store, expected);
                expect(error).toMatchObject({ code: "LOG_POISONED", cause: { code: "DISK_FULL" } });
                expect(store.commitCount).toBeGreaterThanOrEqual(expected.acknowledged);
                store.verify();
                await store.close();
            }
            run("mount", "-o", "remount,size=4m", at);
            const again = await open(folder);
            expect(again.commitCount).toBeGreaterThanOrEqual(expected.acknowledged);
            again.verify();
            await hold(again, 5);
            await again.close();
            unmount(at);
        }
    });
});

describeWith(MOUNT, "a read-only mount", () => {
    test("opens to read, and no byte is changed", async () => {
        const at = join(ROOT, "read-only");
        mount("tmpfs", "size=16m", "tmpfs", at);
        const folder = join(at, "store");
        const store = await openGraphStore({ folder, createIfMissing: true });
        for (const seed of [1, 2, 3]) {
            await hold(store, seed);
        }
        const { rootHash } = store;
        await store.close();
        const history = storePaths(folder).graphLog;
        writeFileSync(history, readFileSync(history).subarray(0, 700)); // As if never synced.
        run("mount", "-o", "remount,ro", at);
        const before = contentsOf(folder);
        const read = await open(folder);
        expect(read.rootHash).toBe(rootHash);
        expect(read.readOnlyReason).not.toBe("");
        await expect(hold(read, 4)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        await read.close();
        expect(contentsOf(folder)).toEqual(before);
        await expect(open(join(at, "none"))).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
        unmount(at);
    });
});

// Root may write everywhere: the store is opened by a process of another user.
describeWith(OTHER_USER, "a folder that may not be written", () => {
    test("is opened to read, and no byte is changed", async () => {
        const folder = join(ROOT, "foreign", "store");
        const store = await openGraphStore({ folder, createIfMissing: true });
        await hold(store, 1);
        const { rootHash } = store;
        await store.close();
        const history = storePaths(folder).graphLog;
        writeFileSync(history, readFileSync(history).subarray(0, 700)); // As if never synced.
        for (const path of [ROOT, join(ROOT, "foreign"), folder]) {
            chmodSync(path, 0o755);
        }
        for (const name of readdirSync(folder)) {
            chmodSync(join(folder, name), 0o444);
        }
        const before = contentsOf(folder);
        const code = `
            const { openGraphStore } = await import(process.argv[1]);
            const store = await openGraphStore({ folder: process.argv[2] });
            const refused = await store.compact().catch((error) => error.code);
            console.log(store.rootHash, store.readOnlyReason !== "", refused);
        `;
        const module = pathToFileURL(join(PROGRAM, "graphstore", "index.js")).href;
        const done = spawnSync(
            process.execPath,
            ["--input-type=module", "-e", code, module, folder],
            { encoding: "utf8", uid: 65_534, gid: 65_534, cwd: "/" },
        );
        expect(done.stdout.trim(), done.stderr).toBe(`${rootHash} true STORE_READ_ONLY`);
        expect(contentsOf(folder)).toEqual(before);
    });
});

function contentsOf(folder: string): [string, string][] {
    return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")]);
}

describeWith(LOOP, "a disk that fails below its file system", () => {
    let disk: string;
    let device = "";

    beforeAll(() => {
        // The file system believes in 24 MiB; what holds its image has room for 9.
        const below = join(ROOT, "below");
        disk = join(ROOT, "failing");
        mount("tmpfs", "size=9m", "tmpfs", below);
        const image = join(below, "image");
        run("truncate", "-s", "24m", image);
        const found = spawnSync("losetup", ["-f", "--show", image], { encoding: "utf8" });
        device = found.stdout.trim();
        run("mkfs.ext4", "-q", "-O", "^has_journal", "-E", "lazy_itable_init=1", device);
        mount("ext4", "errors=continue", device, disk);
    });

    afterAll(() => {
        unmount(disk);
        run("losetup", "-d", device);
    });

    test("is told by a sync at the latest, and never tried again", async () => {
        const folder = join(disk, "store");
        const expected = new Expected();
        const store = await open(folder);
        const error = await commitUntilFailure(store, expected);
        expect(error).toMatchObject({ code: "LOG_POISONED" });
        const second = await hold(store, 77).catch((caught: unknown) => caught as Error);
        expect((second as Error).cause).toBe(error.cause);
        expect(store.commitCount).toBeGreaterThanOrEqual(expected.acknowledged);
        store.verify();
        await store.close();
        const again = await openGraphStore({ folder, readOnly: true });
        expect(again.commitCount).toBeGreaterThanOrEqual(expected.acknowledged);
        again.verify();
        await again.close();
    });
});
