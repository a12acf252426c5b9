// Waits for what comes by itself: for as long as a machine that does much else at the same time may need.

import { vi } from "vitest";

/** Repeats a check until it holds; fails as the check does when it never held. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
    return vi.waitFor(check, { timeout: 60_000, interval: 20 });
}
