// The card through the addon, over the emulated driver: why there is none, failures in the middle, memory, lifetimes.

import { afterEach, describe, expect, test } from "vitest";

import { nativeTraversal } from "../../src/csr/index.ts";
import { describeCard, loadNative, openCard, type NativeAddon } from "../../src/native/index.ts";
import { EMULATED_DRIVER, hasEmulatedCard, openEmulatedCard } from "../support/emulated-card.ts";

const native = loadNative();
const isEmulated = await hasEmulatedCard();
const ALL = 0xffff_ffff;
const WISHES = "FERROGRAPH_EMULATED_CARD";

afterEach(() => {
    Reflect.deleteProperty(process.env, WISHES);
    if (native.ok) {
        native.addon.stopCard();
    }
});

/** A ring of nodes. */
function ringOf(addon: NativeAddon, nodeCount: number): ReturnType<NativeAddon["buildCsr"]> {
    const from = Uint32Array.from({ length: nodeCount }, (_, node) => node);
    const to = from.map((node) => (node + 1) % nodeCount);
    return addon.buildCsr(nodeCount, from, to, new Uint8Array(nodeCount));
}

const freeBytes = (addon: NativeAddon): number => addon.cardMemory()?.freeBytes ?? -1;

test("says that there is no addon, in the words of its loader", async () => {
    const state = await openCard({ ok: false, reason: "none is built" });
    expect(describeCard(state)).toBe("no addon: none is built");
});

describe.runIf(isEmulated)("the card", () => {
    test.each([
        ["", "libnothing-of-this-name.so.1", /^no driver: libnothing/u],
        ["", "libm.so.6", /^the driver has no cuInit$/u],
        ["no-init", EMULATED_DRIVER, /^cuInit: CUDA_ERROR_NO_DEVICE$/u],
        ["no-card", EMULATED_DRIVER, /^no card: the driver knows none$/u],
    ])("says why there is none: %s %s", async (wishes, library, reason) => {
        process.env[WISHES] = wishes;
        const state = await openCard(native, { library });
        expect(describeCard(state)).toMatch(reason);
    });

    test("is measured when it is opened, and described with what was found", async () => {
        const state = await openCard(native, { library: EMULATED_DRIVER });
        const size = "(not faster|from \\d+ edges)";
        expect(describeCard(state)).toMatch(
            new RegExp(`^emulated, sm_90, one search ${size}, 64 at once ${size}$`, "u"),
        );
    });

    test.each(["managed", "device", "host"] as const)("gives memory back: %s", async (memory) => {
        const { addon } = await openEmulatedCard();
        const state = await openCard(native, {
            library: EMULATED_DRIVER,
            measure: false,
            memory,
        });
        expect(state).toMatchObject({ card: { memory } });
        const before = freeBytes(addon);
        const { rowOffsets, columns, kinds } = ringOf(addon, 1000);
        const graph = new addon.Graph(rowOffsets, columns, kinds);
        expect(graph.bfsOnCard(Uint32Array.of(0), ALL, ALL)).toEqual(
            graph.bfs(Uint32Array.of(0), ALL, ALL),
        );
        expect(freeBytes(addon)).toBe(before - 1001 * 4 - 1000 * 5);
        graph.close();
        expect(freeBytes(addon)).toBe(before);
        const other = new addon.Graph(rowOffsets, columns, kinds);
        const pending = other.bfsManyOnCardAsync(Uint32Array.of(0, 3), ALL, ALL, 1000, false);
        other[Symbol.dispose]();
        expect(Array.from((await pending).counts)).toEqual([1000, 1000]);
        expect(() => other.bfsOnCard(Uint32Array.of(0), ALL, ALL)).toThrow(/closed/u);
        // The last to let go is the work that was under way.
        await new Promise((resolve) => setImmediate(resolve));
        expect(freeBytes(addon)).toBe(before);
    });

    test("hashes pages as the processor does", async () => {
        const { addon } = await openEmulatedCard();
        const pages = Uint8Array.from({ length: 20 * 4096 }, (_, at) => at % 251);
        expect(addon.hashPagesOnCard(pages, 4096, 20)).toEqual(
            addon.hashPages(pages, 4096, 20, ""),
        );
        expect(() => addon.hashPagesOnCard(pages, 4096, 21)).toThrow(/fewer bytes/u);
    });

    test("leaves to the processor what it has no memory for, and what it fails at", async () => {
        const { addon, card } = await openEmulatedCard();
        const csr = { nodeCount: 1000, edgeCount: 1000, ...ringOf(addon, 1000) };
        for (const wishes of ["free=0", "no-memory", "fail-at=9"]) {
            process.env[WISHES] = "fail-at=0";
            const before = freeBytes(addon);
            const { rowOffsets, columns, kinds } = csr;
            const graph = new addon.Graph(rowOffsets, columns, kinds);
            process.env[WISHES] = wishes;
            expect(() => graph.bfsOnCard(Uint32Array.of(0), ALL, ALL)).toThrow(
                expect.objectContaining({
                    code:
                        wishes === "fail-at=9" ? "ERR_CARD_FAILED" : "ERR_MEMORY_ALLOCATION_FAILED",
                }),
            );
            process.env[WISHES] = "fail-at=0";
            graph.close();
            expect(freeBytes(addon)).toBe(before);
            process.env[WISHES] = wishes;
            const traversal = nativeTraversal(addon, {
                edgesMin: 0,
                cardEdgesMin: 0,
                card: () => card,
            });
            expect(traversal.bfs({ ...csr }, 0, { kinds: ALL }).dist[999]).toBe(999);
            const many = traversal.bfsMany({ ...csr }, [0, 5], { kinds: ALL });
            expect(Array.from(many.depths)).toEqual([999, 999]);
        }
    });

    test("is refused to graphs that come after it was let go", async () => {
        const { addon } = await openEmulatedCard();
        const { rowOffsets, columns, kinds } = ringOf(addon, 10);
        const graph = new addon.Graph(rowOffsets, columns, kinds);
        addon.stopCard();
        expect(addon.cardMemory()).toBeUndefined();
        expect(() => graph.bfsOnCard(Uint32Array.of(0), ALL, ALL)).toThrow(/no card is open/u);
        expect(() => addon.hashPagesOnCard(new Uint8Array(1), 1, 1)).toThrow(/no card is open/u);
        const loose = addon as unknown as { startCard: (...args: unknown[]) => unknown };
        expect(() => loose.startCard(7, "managed", true)).toThrow();
        expect(() => loose.startCard("", "elsewhere", true)).toThrow(/managed, device or host/u);
    });
});
