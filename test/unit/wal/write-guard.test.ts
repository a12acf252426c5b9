// After the first failure nothing is changed any more, and every later attempt names the first.

import { expect, test } from "vitest";

import { WriteGuard } from "../../../src/wal/write-guard.ts";

test("a change after a failure is refused, and not made", async () => {
    const guard = new WriteGuard("x.log");
    expect(await guard.run(() => Promise.resolve(7))).toBe(7);
    const first = new Error("disk full");
    await expect(guard.run(() => Promise.reject(first))).rejects.toMatchObject({
        code: "LOG_POISONED",
        cause: first,
    });
    let made = 0;
    const change = (): Promise<void> => {
        made += 1;
        return Promise.reject(new Error("another"));
    };
    await expect(guard.run(change)).rejects.toMatchObject({ code: "LOG_POISONED", cause: first });
    expect(made).toBe(0);
    expect(guard.failure).toBe(first);
});
