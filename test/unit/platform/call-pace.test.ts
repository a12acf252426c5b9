// When small calls are made at once.

import { expect, test } from "vitest";

import { CallPace, isSmall } from "../../../src/platform/call-pace.ts";

test("a disk is quick after eight quick syncs, and no longer after one that is not", () => {
    const pace = new CallPace();
    for (let sync = 0; sync < 8; sync++) {
        expect(pace.isQuick).toBe(false);
        pace.noteSync(0.2);
    }
    expect(pace.isQuick).toBe(true);
    pace.noteSync(1.5);
    expect(pace.isQuick).toBe(false);
    pace.noteSync(0.2);
    expect(pace.isQuick).toBe(false);
});

test("a few frames are small, a checkpoint is not", () => {
    expect(isSmall(64 << 10)).toBe(true);
    expect(isSmall((64 << 10) + 1)).toBe(false);
});
