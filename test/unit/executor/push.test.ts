// Branches pushed where that is asked for, to remotes on disk; what a remote does not take has landed all the same.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { ExecuteOptions, Executed } from "../../../src/executor/index.ts";
import type { Refusal } from "../../../src/base/index.ts";
import { executeOptions, ExecutorFixture } from "../../support/executor-fixture.ts";

const SLOW = 240_000;

let fixture: ExecutorFixture;
let remote: string;

beforeEach(() => {
    fixture = new ExecutorFixture();
    fixture.commit();
    remote = join(fixture.base, "remote.git");
    execFileSync("git", ["init", "-q", "--bare", remote]);
    fixture.git("remote", "add", "origin", remote);
});

afterEach(() => {
    fixture.remove();
});

async function make(options: Partial<ExecuteOptions>): Promise<Executed | Refusal> {
    const executor = fixture.executor();
    const plan = fixture.plan([["area", "square"]]);
    const done = await executor.execute(fixture.change(plan), executeOptions(options));
    await executor.finish();
    return done;
}

function remoteRefs(): string {
    const args = ["for-each-ref", "--format=%(refname) %(objectname)"];
    return execFileSync("git", args, { cwd: remote, encoding: "utf8" }).trim();
}

test(
    "the branch of an operation is pushed when asked, and nothing without asking",
    async () => {
        const before = await make({});
        expect(before).toMatchObject({ kind: "executed", pushed: undefined });
        expect(remoteRefs()).toBe("");
        const done = await make({ push: "origin" });
        expect(done).toMatchObject({ kind: "executed", pushed: "origin" });
        const { branch = "", commit } = done as Executed;
        expect(remoteRefs()).toBe(`refs/heads/${branch} ${commit}`);
    },
    SLOW,
);

test(
    "a remote that has gone another way keeps it, and is told of",
    async () => {
        fixture.git("push", "-q", "origin", "main");
        fixture.git("checkout", "-q", "-b", "other");
        fixture.write("notes.txt", "theirs\n");
        fixture.commit("theirs");
        fixture.git("push", "-q", "origin", "other:main");
        fixture.git("checkout", "-q", "main");
        const theirs = remoteRefs();
        const done = (await make({ push: "origin", landing: "fast-forward" })) as Executed;
        expect(done).toMatchObject({ kind: "executed", branch: "main", pushed: undefined });
        expect(fixture.git("rev-parse", "main")).toBe(done.commit);
        expect(done.notes).toEqual([
            expect.stringMatching(/^not pushed: .+; to try again: git push origin main$/u),
        ]);
        expect(remoteRefs()).toBe(theirs);
    },
    SLOW,
);

test.each([
    ["a remote that is not there", { push: "upstream" }, "no remote `upstream`"],
    ["a patch", { push: "origin", landing: "patch" as const }, "on no branch"],
    ["what git would take for an option", { push: "--force" }, "no remote `--force`"],
])("is refused before anything is done: %s", async (_what, options, message) => {
    const before = fixture.trace();
    const refused = await make(options);
    expect(refused).toMatchObject({ kind: "refusal", code: "EXECUTOR_PUSH" });
    expect((refused as Refusal).message).toContain(message);
    expect(fixture.trace()).toEqual(before);
});
