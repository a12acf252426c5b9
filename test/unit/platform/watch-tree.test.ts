// Watching: batches, what is left out, how changes join.

import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, onTestFinished, test } from "vitest";

import { joinChanges, watchTree, type TreeChange } from "../../../src/platform/index.ts";
import { describeWatchError } from "../../../src/platform/watch-tree.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function watchBatches(
    root: string,
    onResting?: (path: string) => void,
): Promise<TreeChange[][]> {
    const batches: TreeChange[][] = [];
    const watcher = await watchTree(root, {
        settleMs: 120, // Longer than the default: the tests' machine may be busy.
        onBatch: (changes) => batches.push([...changes]),
        onResting,
        onProblem: (problem) => {
            throw problem;
        },
    });
    onTestFinished(() => watcher.close());
    return batches;
}

async function untilQuiet(batches: TreeChange[][], count: number): Promise<void> {
    for (let i = 0; i < 60 && batches.length < count; i++) {
        await sleep(20);
    }
    await sleep(180);
}

test("changes of one moment come as one batch, of relevant files only", async () => {
    const root = temporaryFolder({
        "Cargo.toml": "",
        ".gitignore": "gen/\n",
        "src/lib.rs": "",
        "src/old.rs": "",
        "gen/g.rs": "",
        "notes.txt": "",
    });
    const batches = await watchBatches(root);
    writeFileSync(join(root, "src/lib.rs"), "fn a() {}");
    writeFileSync(join(root, "src/new.rs"), "");
    rmSync(join(root, "src/old.rs"));
    writeFileSync(join(root, "gen/g.rs"), "changed");
    writeFileSync(join(root, "notes.txt"), "changed");
    mkdirSync(join(root, "target"));
    writeFileSync(join(root, "target/x.rs"), "");
    await untilQuiet(batches, 1);
    expect(batches).toEqual([
        [
            { path: "src/lib.rs", kind: "change" },
            { path: "src/new.rs", kind: "add" },
            { path: "src/old.rs", kind: "remove" },
        ],
    ]);
});

test("a file that is changed alone is told of before its batch", async () => {
    const root = temporaryFolder({ "Cargo.toml": "", "src/lib.rs": "" });
    const told: (readonly [string, number])[] = [];
    const batches = await watchBatches(root, (path) => told.push([path, batches.length]));
    writeFileSync(join(root, "src/lib.rs"), "fn a() {}");
    await untilQuiet(batches, 1);
    expect(told).toEqual([["src/lib.rs", 0]]);
    expect(batches).toEqual([[{ path: "src/lib.rs", kind: "change" }]]);
    writeFileSync(join(root, "src/new.rs"), "");
    await untilQuiet(batches, 2);
    expect(told).toHaveLength(1);
});

test("an editor that saves by renaming makes one change", async () => {
    const root = temporaryFolder({ "src/lib.rs": "old" });
    const batches = await watchBatches(root);
    writeFileSync(join(root, "src/lib.rs.swp"), "new text");
    renameSync(join(root, "src/lib.rs.swp"), join(root, "src/lib.rs"));
    await untilQuiet(batches, 1);
    expect(batches).toEqual([[{ path: "src/lib.rs", kind: "change" }]]);
});

test("folders that come and go give their files", async () => {
    const root = temporaryFolder({ "src/lib.rs": "", "src/gone/a.rs": "", "src/gone/b.rs": "" });
    const batches = await watchBatches(root);
    mkdirSync(join(root, "src/come/deep"), { recursive: true });
    writeFileSync(join(root, "src/come/deep/c.rs"), "");
    rmSync(join(root, "src/gone"), { recursive: true });
    await untilQuiet(batches, 1);
    expect(batches.flat().sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
        { path: "src/come/deep/c.rs", kind: "add" },
        { path: "src/gone/a.rs", kind: "remove" },
        { path: "src/gone/b.rs", kind: "remove" },
    ]);
});

test("a reached limit says which setting to raise", () => {
    const failure = (code: string): Error => Object.assign(new Error("no"), { code });
    expect(describeWatchError("/w", failure("ENOSPC"))).toMatchObject({
        code: "WATCH_LIMIT",
        advice: expect.stringContaining("fs.inotify.max_user_watches=") as string,
    });
    expect(describeWatchError("/w", failure("EMFILE"))).toMatchObject({
        code: "WATCH_LIMIT",
        advice: expect.stringContaining("fs.inotify.max_user_instances=") as string,
    });
    expect(describeWatchError("/w", failure("EACCES"))).toMatchObject({ code: "WATCH_FAILED" });
});

test("two changes of a file join", () => {
    expect(joinChanges(undefined, "add")).toBe("add");
    expect(joinChanges("add", "change")).toBe("add");
    expect(joinChanges("add", "remove")).toBeUndefined();
    expect(joinChanges("remove", "add")).toBe("change");
    expect(joinChanges("change", "remove")).toBe("remove");
    expect(joinChanges("change", "change")).toBe("change");
});
