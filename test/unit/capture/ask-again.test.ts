// A server whose text changes while it thinks.

import { expect, test, vi } from "vitest";

import { askAgain } from "../../../src/capture/rust-analyzer/ask-again.ts";

const MODIFIED = Object.assign(new Error("content modified"), { code: -32801 });

test("is asked again until it answers", async () => {
    const ask = vi.fn<() => Promise<string>>();
    ask.mockRejectedValueOnce(MODIFIED).mockRejectedValueOnce(MODIFIED).mockResolvedValue("done");
    await expect(askAgain("hover", ask, [0, 0, 0])).resolves.toBe("done");
    expect(ask).toHaveBeenCalledTimes(3);
});

test("is not asked for ever", async () => {
    const ask = vi.fn<() => Promise<string>>().mockRejectedValue(MODIFIED);
    await expect(askAgain("hover", ask, [0, 0])).rejects.toMatchObject({
        code: "TOOL_FAILED",
        message: expect.stringContaining("no answer to hover") as string,
    });
    expect(ask).toHaveBeenCalledTimes(3);
});

test("another error is told at once", async () => {
    const ask = vi.fn<() => Promise<string>>().mockRejectedValue(new Error("no"));
    await expect(askAgain("hover", ask, [0])).rejects.toThrow("no");
    expect(ask).toHaveBeenCalledTimes(1);
});
