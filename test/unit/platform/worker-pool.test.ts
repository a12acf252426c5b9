// The pool: queueing, crashes, closing.

import { expect, onTestFinished, test } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import { createWorkerPool, type WorkerPool } from "../../../src/platform/index.ts";

interface Job {
    readonly do: "echo" | "exit" | "throw" | "fail" | "hang";
    readonly value?: unknown;
}

interface Answer {
    readonly value: unknown;
    readonly threadId: number;
}

const fixture = new URL("../../fixtures/workers/echo-worker.mjs", import.meta.url);

function pool(size: number, idleMs = 10_000): WorkerPool<Job, Answer> {
    const made = createWorkerPool<Job, Answer>(fixture, size, { idleMs });
    onTestFinished(() => made.close());
    return made;
}

test("more jobs than workers are all done, by no more threads than asked for", async () => {
    const workers = pool(2);
    const jobs = Array.from({ length: 40 }, (_, value) => workers.run({ do: "echo", value }));
    const answers = await Promise.all(jobs);
    expect(answers.map((answer) => answer.value)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(new Set(answers.map((answer) => answer.threadId)).size).toBeLessThanOrEqual(2);
});

test("a worker that breaks down fails its job only and is replaced", async () => {
    const workers = pool(1);
    const results = await Promise.allSettled([
        workers.run({ do: "exit" }),
        workers.run({ do: "throw" }),
        workers.run({ do: "fail" }),
        workers.run({ do: "echo", value: () => 1 }),
        workers.run({ do: "echo", value: 5 }),
    ]);
    expect(results.slice(0, 4)).toMatchObject([
        { reason: { code: "WORKER_FAILED", message: "a worker ended with status 7" } },
        { reason: { code: "WORKER_FAILED", message: "a worker ended with status 1: boom" } },
        { reason: { code: "X_Y", message: "no", advice: "a" } },
        { reason: { code: "WORKER_FAILED" } },
    ]);
    expect(results[4]).toMatchObject({ status: "fulfilled", value: { value: 5 } });
});

test("workers that were started early are those that work", async () => {
    const workers = pool(2);
    expect(workers.size).toBe(2);
    workers.start();
    workers.start();
    const jobs = Array.from({ length: 8 }, (_, value) => workers.run({ do: "echo", value }));
    const answers = await Promise.all(jobs);
    expect(new Set(answers.map((answer) => answer.threadId)).size).toBe(2);
});

test("transferred buffers are moved", async () => {
    const value = new Uint8Array([1, 2, 3]);
    const answer = await pool(1).run({ do: "echo", value }, [value.buffer]);
    expect(answer.value).toEqual(new Uint8Array([1, 2, 3]));
    expect(value.length).toBe(0);
});

test("idle workers stop, and start again when there is work", async () => {
    const workers = pool(1, 5);
    const first = await workers.run({ do: "echo" });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const second = await workers.run({ do: "echo" });
    expect(second.threadId).not.toBe(first.threadId);
});

test("closing rejects what has not ended", async () => {
    const workers = pool(1);
    const results = Promise.allSettled([workers.run({ do: "hang" }), workers.run({ do: "echo" })]);
    await workers.close();
    const reasons = (await results).map((each) =>
        each.status === "rejected" ? (each.reason as Error) : undefined,
    );
    expect(reasons).toEqual([new CancelledError(), new CancelledError()]);
});
