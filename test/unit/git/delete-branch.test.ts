// Removing a branch that may have moved meanwhile.

import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { GitRepository } from "../../../src/git/index.ts";

test("a branch that is elsewhere than it is said to be stays, with its settings", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-branch-")));
    onTestFinished(() => {
        rmSync(root, { recursive: true });
    });
    const git = (...args: string[]): string =>
        execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
    git("init", "-q", "-b", "main");
    git("config", "user.name", "Test");
    git("config", "user.email", "test@example.org");
    git("commit", "-q", "--allow-empty", "-m", "one");
    const one = git("rev-parse", "HEAD");
    git("commit", "-q", "--allow-empty", "-m", "two");
    git("branch", "mine");
    git("config", "branch.mine.description", "kept");
    const repository = await GitRepository.open(root);
    if (typeof repository === "string") {
        throw new Error(repository);
    }
    await expect(repository.deleteBranch("mine", one)).rejects.toThrow();
    expect(git("config", "branch.mine.description")).toBe("kept");
    await repository.deleteBranch("mine", git("rev-parse", "mine"));
    expect(git("branch", "--list", "mine")).toBe("");
    expect(git("config", "--list", "--local")).not.toContain("branch.mine");
});
