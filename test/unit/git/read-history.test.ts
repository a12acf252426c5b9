// The history that git tells: a part of it where there is only a part, none where there is none.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { historyStamp, readHistory } from "../../../src/git/index.ts";
import { git } from "../../support/table-queries.ts";

let folder = "";

beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-git-")));
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

/** A repository with some commits, each of one file. */
function repository(commits: number): string {
    const root = join(folder, "origin");
    git(folder, "init", "-q", root);
    for (let at = 0; at < commits; at++) {
        writeFileSync(join(root, `f${at}.rs`), `// ${at}\n`);
        git(root, "add", ".");
        git(root, "commit", "-q", "-m", `commit ${at}`);
    }
    return root;
}

test("of a shallow clone is what there is, and said to be a part", async () => {
    const root = repository(5);
    const clone = join(folder, "clone");
    git(folder, "clone", "-q", "--depth", "2", `file://${root}`, clone);
    const history = await readHistory(clone, { commitsMax: 100 });
    expect(history.commits.map(({ subject }) => subject)).toEqual(["commit 4", "commit 3"]);
    expect(history.problem).toContain("shallow");
});

test("of a huge repository is the newest part, and goes on from there", async () => {
    const root = repository(6);
    const history = await readHistory(root, { commitsMax: 3 });
    expect(history.commits.map(({ subject }) => subject)).toEqual([
        "commit 5",
        "commit 4",
        "commit 3",
    ]);
    expect(history.problem).toContain("newest 3 commits");
    writeFileSync(join(root, "more.rs"), "// more\n");
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "commit 6");
    const next = await readHistory(root, { known: history.head, commitsMax: 3 });
    expect(next).toMatchObject({ continues: true, problem: "" });
    expect(next.commits.map(({ subject, files }) => [subject, files])).toEqual([
        ["commit 6", ["more.rs"]],
    ]);
});

test("is none without commits, and without a repository", async () => {
    const root = repository(0);
    expect(await readHistory(root, { commitsMax: 9 })).toMatchObject({
        commits: [],
        problem: "the repository has no commits",
    });
    rmSync(join(root, ".git"), { recursive: true });
    expect(await readHistory(root, { commitsMax: 9 })).toMatchObject({
        head: undefined,
        problem: "the workspace is in no git repository",
    });
});

test("moves its stamp with every commit, and not by itself", async () => {
    const root = repository(1);
    const first = await historyStamp(root);
    expect(first).toBeDefined();
    expect(await historyStamp(root)).toBe(first);
    git(root, "commit", "-q", "--amend", "-m", "other");
    const amended = await historyStamp(root);
    expect(amended).not.toBe(first);
    const tree = join(folder, "tree");
    git(root, "worktree", "add", "-q", tree, "-b", "side");
    const side = await historyStamp(tree);
    expect(side).not.toBe(amended);
    git(tree, "commit", "-q", "--allow-empty", "-m", "on the side");
    expect(await historyStamp(tree)).not.toBe(side);
    expect(await historyStamp(folder)).toBe("no repository");
});
