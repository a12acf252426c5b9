// Git run by the built helper says what git says that is run here.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { doGitJob, gitByHelper, type GitJob, type GitOutcome } from "../../src/git/run-git.ts";
import { environmentVariable, HelperProcess } from "../../src/platform/index.ts";

const BUILT = new URL("../../dist/bundle/git-worker-main.js", import.meta.url);

const COMMANDS = [
    undefined,
    ["init", "--quiet", "-b", "main"],
    undefined,
    ["rev-parse", "--is-inside-work-tree"],
    ["config", "user.name", "né"],
    ["config", "user.name"],
    ["var", "NO_SUCH_VARIABLE"],
    ["rev-parse", "--verify", "HEAD"],
];

test("the same outcomes, failures too", async () => {
    const helper = new HelperProcess<GitJob, GitOutcome>(BUILT);
    onTestFinished(() => {
        helper.close();
    });
    const ways = [helper, { run: doGitJob }].map(async (by) => {
        const folder = mkdtempSync(join(tmpdir(), "ferrograph-git-"));
        onTestFinished(() => {
            rmSync(folder, { recursive: true });
        });
        const path = environmentVariable("PATH") ?? "";
        const git = gitByHelper(by, folder, { PATH: path, HOME: folder, LC_ALL: "C" });
        const said: unknown[] = [];
        for (const args of COMMANDS) {
            said.push(
                await (args === undefined ? git.checkIsRepo() : git.raw(args)).catch(
                    (thrown: unknown) => `failed: ${(thrown as Error).message}`,
                ),
            );
        }
        return said;
    });
    const [byHelper, here] = await Promise.all(ways);
    expect(byHelper).toEqual(here);
    expect(here?.slice(0, 6)).toEqual([false, "", true, "true\n", "", "né\n"]);
    expect(here?.slice(6)).toEqual([
        expect.stringContaining("failed: usage: git var"),
        "failed: fatal: Needed a single revision\n",
    ]);
});
