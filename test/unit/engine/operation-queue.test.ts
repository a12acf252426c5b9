// The queue of one.

import { expect, test } from "vitest";

import { OperationQueue } from "../../../src/engine/operation-queue.ts";

test("joins requests of one turn and remembers why", async () => {
    const runs: (readonly string[])[] = [];
    const queue = new OperationQueue((causes) => {
        runs.push(causes);
        return Promise.resolve();
    });
    await Promise.all([queue.request("a"), queue.request("b"), queue.request("a")]);
    expect(runs).toEqual([["a", "b"]]);
    expect(queue.isRunning).toBe(false);
});

test("runs once more for all that was asked meanwhile", async () => {
    const runs: (readonly string[])[] = [];
    let release: () => void = () => undefined;
    const queue = new OperationQueue((causes) => {
        runs.push(causes);
        return new Promise((resolve) => (release = resolve));
    });
    const all = queue.request("first");
    await Promise.resolve();
    await Promise.resolve();
    void queue.request("second");
    void queue.request("third");
    expect(queue.pending).toEqual(["second", "third"]);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await all;
    expect(runs).toEqual([["first"], ["second", "third"]]);
});

test("goes on after a run that failed", async () => {
    let calls = 0;
    const queue = new OperationQueue(() => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error("no")) : Promise.resolve();
    });
    await expect(queue.request("a")).rejects.toThrow("no");
    await queue.request("b");
    expect(calls).toBe(2);
});
