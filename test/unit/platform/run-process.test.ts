// Child processes: results, limits, missing tools.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import {
    ProcessFailure,
    requireSuccess,
    runProcess,
    startDetached,
    startProcess,
} from "../../../src/platform/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const sh = (script: string): readonly string[] => ["-c", script];

test("a process gives its streams and status, whatever it is", async () => {
    const root = temporaryFolder();
    const script = 'cat; pwd; echo "$A-$HOME" >&2; exit 3';
    const env = { A: "b", HOME: undefined };
    const result = await runProcess("sh", sh(script), { cwd: root, env, input: "in\n" });
    expect(result).toEqual({ code: 3, signal: undefined, stdout: `in\n${root}\n`, stderr: "b-\n" });
    expect(() => requireSuccess("sh", result)).toThrow("sh exited with status 3:\nb-");
    const killed = await runProcess("sh", sh("kill -9 $$"));
    expect(killed).toMatchObject({ code: undefined, signal: "SIGKILL" });
});

test("a missing tool is named, with how to install it", async () => {
    await expect(runProcess("ferro-none", [])).rejects.toMatchObject({
        code: "TOOL_MISSING",
        message: "cannot run ferro-none: it is not on the PATH",
    });
    await expect(runProcess("cargo", [], { env: { PATH: "/nowhere" } })).rejects.toMatchObject({
        advice: expect.stringContaining("rustup.rs") as string,
    });
    await expect(startProcess("ferro-none", [])).rejects.toMatchObject({ code: "TOOL_MISSING" });
});

test("the time limit ends the children too and carries the last of stderr", async () => {
    const started = performance.now();
    const run = runProcess("sh", sh("echo why >&2; sleep 30 & sleep 30"), { timeoutMs: 100 });
    const error = await run.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "TOOL_TIMEOUT" });
    const failure = (error as Error).cause as ProcessFailure;
    expect(failure).toBeInstanceOf(ProcessFailure);
    expect(failure).toMatchObject({ signal: "SIGKILL", timeoutMs: 100, stderrTail: "why" });
    expect(performance.now() - started).toBeLessThan(1_500);
});

test("giving up and writing too much end a process", async () => {
    const controller = new AbortController();
    const run = runProcess("sleep", ["30"], { signal: controller.signal });
    controller.abort();
    await expect(run).rejects.toBeInstanceOf(CancelledError);
    await expect(runProcess("sleep", ["30"], { signal: controller.signal })).rejects.toBeInstanceOf(
        CancelledError,
    );
    await expect(runProcess("sh", sh("yes"), { maxOutputBytes: 10_000 })).rejects.toMatchObject({
        code: "TOOL_OUTPUT_TOO_LARGE",
    });
});

test("a running process is talked to and stopped", async () => {
    const child = await startProcess("cat", []);
    const line = new Promise<string>((resolve) => {
        child.stdout.once("data", (chunk: Buffer) => {
            resolve(chunk.toString());
        });
    });
    child.stdin.write("hello");
    expect(await line).toBe("hello");
    await child.stop();
    expect(await child.ended).toEqual({ code: undefined, signal: "SIGTERM" });
});

test("a detached process writes to its log", async () => {
    const logPath = join(temporaryFolder(), "daemon.log");
    const pid = await startDetached("sh", sh("echo started; echo oops >&2"), { logPath });
    expect(pid).toBeGreaterThan(0);
    for (let i = 0; i < 50 && !readFileSync(logPath, "utf8").includes("oops"); i++) {
        await sleep(20);
    }
    expect(readFileSync(logPath, "utf8")).toBe("started\noops\n");
});
