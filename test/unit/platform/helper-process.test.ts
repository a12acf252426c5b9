// The helper: answers, breakdowns, idling, closing.

import { expect, onTestFinished, test, vi } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import { HelperProcess } from "../../../src/platform/index.ts";

interface Job {
    readonly do: "echo" | "exit" | "fail" | "hang";
    readonly value?: unknown;
    readonly afterMs?: number;
}

interface Answer {
    readonly value: unknown;
    readonly pid: number;
}

const fixture = new URL("../../fixtures/workers/echo-helper.mjs", import.meta.url);

function open(idleMs = 60_000): HelperProcess<Job, Answer> {
    const helper = new HelperProcess<Job, Answer>(fixture, idleMs);
    onTestFinished(() => {
        helper.close();
    });
    return helper;
}

test("jobs that are asked for at once are answered each, by one process that is not this one", async () => {
    const helper = open();
    const answers = await Promise.all([
        helper.run({ do: "echo", value: "slow", afterMs: 50 }),
        helper.run({ do: "echo", value: new Map([["a", 1n]]) }),
    ]);
    expect(answers.map(({ value }) => value)).toEqual(["slow", new Map([["a", 1n]])]);
    expect(answers[0].pid).toBe(answers[1].pid);
    expect(answers[0].pid).not.toBe(process.pid);
});

test("what a job throws is thrown here, and the helper goes on", async () => {
    const helper = open();
    await expect(helper.run({ do: "fail" })).rejects.toMatchObject({ code: "X_Y", advice: "a" });
    await expect(helper.run({ do: "echo", value: 1 })).resolves.toMatchObject({ value: 1 });
});

test("a helper that breaks down fails the jobs that it had, and another does the next", async () => {
    const helper = open();
    const { pid } = await helper.run({ do: "echo" });
    const results = await Promise.allSettled([
        helper.run({ do: "hang" }),
        helper.run({ do: "exit" }),
    ]);
    expect(results).toMatchObject([
        { reason: { code: "WORKER_FAILED", message: "the helper ended with status 7" } },
        { reason: { code: "WORKER_FAILED" } },
    ]);
    expect((await helper.run({ do: "echo" })).pid).not.toBe(pid);
});

test("a job that cannot be sent fails, and the helper goes on", async () => {
    const helper = open();
    await expect(helper.run({ do: "echo", value: () => 1 })).rejects.toMatchObject({
        code: "WORKER_FAILED",
    });
    await expect(helper.run({ do: "echo", value: 2 })).resolves.toMatchObject({ value: 2 });
});

test("a helper that idles ends", async () => {
    const helper = open(10);
    const { pid } = await helper.run({ do: "echo" });
    await vi.waitFor(() => {
        expect(() => process.kill(pid, 0)).toThrow();
    });
});

test("closing rejects what has not ended", async () => {
    const helper = open();
    const job = helper.run({ do: "hang" });
    helper.close();
    await expect(job).rejects.toBeInstanceOf(CancelledError);
});
