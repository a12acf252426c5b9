// An executor whose disk fills up, as a tmpfs of every size does at another step: it says so or lands, and nothing
// is left behind in the repository.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { OperatingError, Refusal } from "../../src/base/index.ts";
import { recover, type Executed } from "../../src/executor/index.ts";
import { executeOptions, ExecutorFixture } from "../support/executor-fixture.ts";
import { describeWith } from "../support/needs.ts";

let fixture: ExecutorFixture;
let isMounted = false;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    unmount();
    fixture.remove();
});

function run(command: string, ...parts: readonly string[]): boolean {
    return spawnSync(command, parts, { stdio: "ignore" }).status === 0;
}

function unmount(): void {
    if (isMounted) {
        run("umount", "-l", fixture.cache);
        isMounted = false;
    }
}

function mount(kilobytes: number): boolean {
    unmount();
    mkdirSync(fixture.cache, { recursive: true });
    isMounted = run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", fixture.cache);
    return isMounted;
}

const canMount = ((): boolean => {
    const folder = join("/tmp", `ferrograph-probe-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    const can = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
    if (can) {
        run("umount", "-l", folder);
    }
    rmSync(folder, { recursive: true, force: true });
    return can;
})();

describeWith({ isThere: canMount, what: "root and the right to mount" }, "a full disk", () => {
    test("is told, or the operation has landed; the repository has no trace of it", async () => {
        fixture.commit();
        const plan = fixture.plan([["area", "square"]]);
        const before = fixture.trace();
        const ends = new Set<string>();
        for (const size of [4, 16, 32, 48, 64, 96, 128, 160, 192, 256, 384, 512, 1024, 8192]) {
            expect(mount(size)).toBe(true);
            const executor = fixture.executor();
            const change = fixture.change(plan);
            let done: Executed | Refusal | OperatingError;
            try {
                done = await executor.execute(change, executeOptions());
            } catch (thrown) {
                expect(thrown).toBeInstanceOf(Error);
                done = thrown as OperatingError;
            }
            await executor.finish();
            await recover(fixture.store, fixture.log, () => Promise.resolve(false));
            const end = "kind" in done ? done.kind : "thrown";
            ends.add(end);
            expect(`${size}: ${end}`).not.toContain("refusal");
            if (end === "executed") {
                fixture.git("branch", "-D", (done as Executed).branch ?? "");
            }
            unmount();
            expect(fixture.trace(), `${size}`).toEqual(before);
        }
        expect([...ends].sort()).toEqual(["executed", "thrown"]);
    }, 600_000);
});
