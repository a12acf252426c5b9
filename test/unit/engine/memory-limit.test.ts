// What is let go above the limit of memory, and what is told of it.

import { expect, test } from "vitest";

import { MemoryLimit, type Droppable } from "../../../src/engine/memory-limit.ts";
import { KeptLog, openTestEngine, TestWorkspace } from "../../support/engine-fixture.ts";

function limited(
    limitBytes: number | undefined,
    held: Record<string, number>,
): { limit: MemoryLimit; dropped: string[] } {
    const dropped: string[] = [];
    const droppables: Droppable[] = Object.keys(held).map((what) => ({
        what,
        drop: () => {
            const bytes = held[what] ?? 0;
            held[what] = 0;
            dropped.push(what);
            return bytes / 10;
        },
    }));
    const measure = (): number => 100 + Object.values(held).reduce((sum, each) => sum + each, 0);
    const limit = new MemoryLimit({ limitBytes, droppables, logger: new KeptLog(), measure });
    return { limit, dropped };
}

test("lets go of no more than is needed", async () => {
    const { limit, dropped } = limited(150, { texts: 60, syntax: 30 });
    await limit.look();
    limit.close();
    expect(dropped).toEqual(["texts"]);
    expect(limit.report()).toEqual({
        limitBytes: 150,
        dropped: [{ what: "texts", times: 1, items: 6 }],
        isExceeded: false,
    });
});

test("says when what must be held is above the limit", async () => {
    const { limit, dropped } = limited(50, { texts: 10, syntax: 0 });
    await limit.look();
    limit.close();
    expect(dropped).toEqual(["texts", "syntax"]);
    // What had nothing to let go is not told.
    expect(limit.report()).toMatchObject({ dropped: [{ what: "texts" }], isExceeded: true });
    // What is loaded again at once is not let go with every look.
    await limit.look();
    expect(dropped).toEqual(["texts", "syntax", "syntax"]);
});

test("without a limit nothing is let go", async () => {
    const { limit, dropped } = limited(undefined, { texts: 1e12 });
    await limit.look();
    expect(dropped).toEqual([]);
    expect(limit.report()).toEqual({ limitBytes: undefined, dropped: [], isExceeded: false });
});

test("an engine lets go of texts and syntax that it has stored, and answers as before", async () => {
    const workspace = new TestWorkspace();
    const options = { memoryLimitBytes: 1 };
    const { engine } = openTestEngine(workspace, undefined, undefined, options);
    try {
        const ask = (): Promise<object> =>
            engine.renameImpact(
                { client: "", signal: undefined, onProgress: undefined },
                { symbol: { kind: "path", path: "shapes::scale" }, newName: "grow" },
            );
        const before = await ask();
        const context = { client: "", signal: undefined, onProgress: undefined };
        await expect
            .poll(
                async () => (await engine.status(context)).memory.dropped.map(({ what }) => what),
                {
                    timeout: 15_000,
                },
            )
            .toEqual(["texts", "syntax"]);
        const { heldFiles, memory } = await engine.status(context);
        expect(heldFiles).toBe(0);
        expect(memory.isExceeded).toBe(true);
        expect(await ask()).toEqual(before);
    } finally {
        await engine.close();
        workspace.remove();
    }
});
