// Every check of a checkpoint by itself: files whose other checksums and hashes are right.

import { beforeAll, describe, expect, test } from "vitest";

import {
    decodeCheckpointHeader,
    decodeCheckpointTrailer,
} from "../../../../src/graphstore/durable/checkpoint-layout.ts";
import {
    openCheckpoint,
    verifyCheckpoint,
    type OpenedCheckpoint,
} from "../../../../src/graphstore/durable/read-checkpoint.ts";
import { PAGE_BYTES } from "../../../../src/merkle/index.ts";
import { storePaths } from "../../../../src/graphstore/index.ts";
import {
    CRAFTED_PATH,
    putCheckpoint,
    recraft,
    sha256,
    someRecords,
    type CheckpointParts,
} from "../../../support/crafted-checkpoint.ts";
import { SimDisk } from "../../../support/sim-disk.ts";
import { hold, openOn, stateText } from "../../../support/store-scenario.ts";

const PATHS = storePaths("store");
// So large that no commit here writes a checkpoint by itself.
const LARGE = { tlogCapacity: { initial: 1 << 20, max: 1 << 20 } };

let disk: SimDisk;
let opened: OpenedCheckpoint;

beforeAll(async () => {
    disk = new SimDisk();
    opened = await putCheckpoint(disk, someRecords());
    expect(opened.header.longBytes).toBeGreaterThan(0);
    expect(opened.header.pageCounts.every((count) => count > 1)).toBe(true);
});

/** What opening and verifying say of a checkpoint with changed parts; empty when nothing. */
async function verdictOf(change: (parts: CheckpointParts) => void): Promise<string> {
    const crafted = disk.copy();
    recraft(crafted, opened, change);
    try {
        await verifyCheckpoint(
            crafted,
            await openCheckpoint(crafted, CRAFTED_PATH),
            () => undefined,
        );
        return "";
    } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        return `${code ?? "no code"}: ${message}`;
    }
}

test("a checkpoint that is made anew of its own parts is good", async () => {
    expect(await verdictOf(() => undefined)).toBe("");
});

describe("the header", () => {
    const badHeader = "CHECKPOINT_DAMAGED: store/x.checkpoint is damaged at byte 0: its header";

    test("counts only whole, with its magic and kind, and with zeros behind it", async () => {
        const head = disk.content(CRAFTED_PATH).subarray(0, PAGE_BYTES);
        for (const size of [0, 16, 100, 512, PAGE_BYTES - 1]) {
            expect(() => decodeCheckpointHeader(head.subarray(0, size), "x")).toThrow(
                "its header is not good",
            );
        }
        const patched = (patch: (bytes: Buffer) => void): Promise<string> =>
            verdictOf((parts) => (parts.patchHeader = patch));
        expect(await patched((bytes) => (bytes[0] = 0))).toContain(badHeader);
        expect(await patched((bytes) => bytes.write("GRPH", 12))).toContain(badHeader);
        expect(await patched((bytes) => (bytes[2000] = 1))).toContain(badHeader);
    });

    test.each([
        ["format version", 8],
        ["schema version", 16],
        ["page size", 20],
    ])("of another %s is refused by name", async (what, at) => {
        const verdict = await verdictOf(
            (parts) => (parts.patchHeader = (bytes) => bytes.writeUInt32LE(77, at)),
        );
        expect(verdict).toBe(
            `LOG_VERSION: store/x.checkpoint has ${what} 77; this program reads ` +
                String({ 8: 1, 16: 1, 20: PAGE_BYTES }[at]),
        );
    });

    test("that speaks of absurd numbers of pages or bytes is refused before anything is read", async () => {
        for (const at of [280, 288, 296, 304]) {
            for (const value of [2n ** 63n, 2n ** 40n, 2n ** 64n - 1n]) {
                const verdict = await verdictOf(
                    (parts) => (parts.patchHeader = (bytes) => bytes.writeBigUInt64LE(value, at)),
                );
                expect(verdict).toMatch(/^CHECKPOINT_DAMAGED: .* it has \d+ bytes, not/u);
            }
        }
    });

    test("has the hash that the trailer knows", async () => {
        const verdict = await verdictOf(
            (parts) => (parts.patchTrailer = (bytes) => (bytes[20]! ^= 1)),
        );
        expect(verdict).toMatch(/^CHECKPOINT_DAMAGED: .* at byte 0: it has changed$/u);
    });

    test("leads to the recorded state root, and its roots to the pages", async () => {
        const other = "ab".repeat(32);
        expect(
            await verdictOf((parts) => {
                const { header } = parts;
                parts.header = { ...header, mark: { ...header.mark, stateRoot: other } };
            }),
        ).toMatch(/its roots do not lead to the recorded state root$/u);
        expect(
            await verdictOf((parts) => {
                const [, ...roots] = parts.header.roots;
                parts.header = { ...parts.header, roots: [Buffer.from(other, "hex"), ...roots] };
            }),
        ).toMatch(/its pages do not lead to the recorded root$/u);
        expect(
            await verdictOf((parts) => {
                const [nodes, ...counts] = parts.header.recordCounts;
                parts.header = { ...parts.header, recordCounts: [nodes! + 1, ...counts] };
            }),
        ).toMatch(/its pages do not lead to the recorded root$/u);
    });
});

describe("the rest of the file", () => {
    test("has the length that the header speaks of", async () => {
        const longer = disk.copy();
        longer.put(CRAFTED_PATH, Buffer.concat([disk.content(CRAFTED_PATH), Buffer.alloc(1)]));
        await expect(openCheckpoint(longer, CRAFTED_PATH)).rejects.toMatchObject({
            code: "CHECKPOINT_DAMAGED",
            message: expect.stringMatching(/it has \d+ bytes, not \d+/u) as string,
        });
    });

    test("ends with a trailer that is whole, of its kind and of this file", async () => {
        const bytes = disk.content(CRAFTED_PATH);
        const trailer = bytes.subarray(-128);
        expect(decodeCheckpointTrailer(trailer, bytes.length)).toBeDefined();
        expect(decodeCheckpointTrailer(trailer.subarray(0, 100), bytes.length)).toBeUndefined();
        expect(decodeCheckpointTrailer(new Uint8Array(), bytes.length)).toBeUndefined();
        expect(decodeCheckpointTrailer(trailer, bytes.length + 1)).toBeUndefined();
        const changed = Buffer.from(trailer);
        changed[60]! ^= 1;
        expect(decodeCheckpointTrailer(changed, bytes.length)).toBeUndefined();
        const verdict = await verdictOf(
            (parts) => (parts.patchTrailer = (all) => all.write("CKPTEXT", 0)),
        );
        expect(verdict).toMatch(/its trailer is not good$/u);
    });

    test("has the page table and the long values that the trailer knows", async () => {
        for (const at of [50, 90]) {
            const verdict = await verdictOf(
                (parts) => (parts.patchTrailer = (bytes) => (bytes[at]! ^= 1)),
            );
            expect(verdict).toMatch(/^CHECKPOINT_DAMAGED: .*: it has changed$/u);
        }
    });

    test("has pages that the table knows, that can be read, and that are in order", async () => {
        expect(await verdictOf(({ pages }) => (pages[PAGE_BYTES + 100]! ^= 1))).toMatch(
            /at byte 8192: a page has changed$/u,
        );
        // Not a page, though the table knows it.
        expect(
            await verdictOf(({ pages, table }) => {
                pages.fill(0xff, PAGE_BYTES, 2 * PAGE_BYTES);
                table.set(
                    sha256(
                        Buffer.concat([Buffer.of(0), pages.subarray(PAGE_BYTES, 2 * PAGE_BYTES)]),
                    ),
                    32,
                );
            }),
        ).toMatch(/at byte 8192: a page has changed$/u);
        // One page of edges twice: no trie has these.
        const first = opened.header.pageCounts[0]!;
        expect(
            await verdictOf(({ pages, table }) => {
                const at = first * PAGE_BYTES;
                pages.copy(pages, at + PAGE_BYTES, at, at + PAGE_BYTES);
                table.copy(table, (first + 1) * 32, first * 32, (first + 1) * 32);
            }),
        ).toMatch(/^CHECKPOINT_DAMAGED: .* its pages do not lead to the recorded root$/u);
    });

    test("has every long value, of its length and with its hash", async () => {
        const damaged = /^CHECKPOINT_DAMAGED: .*: a long value has changed$/u;
        expect(await verdictOf(({ long }) => (long[10]! ^= 1))).toMatch(damaged);
        expect(await verdictOf(({ long }) => (long[0]! ^= 1))).toMatch(damaged);
        expect(
            await verdictOf((parts) => {
                parts.header = { ...parts.header, longBytes: 0 };
                parts.long = Buffer.alloc(0);
            }),
        ).toMatch(damaged);
    });
});

describe("a checkpoint that is being written", () => {
    test("is read again before it takes the place of another", async () => {
        const lying = new SimDisk();
        const store = await openOn(lying, LARGE);
        await hold(store, 1);
        await store.compact();
        const before = lying.content(PATHS.checkpoint);
        await hold(store, 2);
        let writes = 0;
        lying.corrupts = (path, bytes) => {
            // Room for the header is the first, pages are the second.
            if (path === PATHS.temporaryCheckpoint && writes++ === 1) {
                bytes[PAGE_BYTES - 1]! ^= 1;
            }
        };
        const text = stateText(store);
        await expect(store.compact()).rejects.toMatchObject({
            code: "LOG_POISONED",
            cause: { code: "CHECKPOINT_DAMAGED" },
        });
        expect(lying.content(PATHS.checkpoint).equals(before)).toBe(true);
        expect(stateText(store)).toBe(text);
        await store.close();
        lying.corrupts = undefined;
        const again = await openOn(lying, LARGE);
        expect(stateText(again)).toBe(text);
        await again.close();
    });

    test("begins with none of what was left of another", async () => {
        const left = new SimDisk();
        const store = await openOn(left, LARGE);
        await hold(store, 1);
        left.put("store/copy.tmp", Buffer.alloc(90_000, 3));
        await store.compact({ checkpointPath: "store/copy" });
        expect(left.content("store/copy").equals(left.content(PATHS.checkpoint))).toBe(true);
        expect(left.paths()).not.toContain("store/copy.tmp");
        await store.close();
    });

    test("keeps the one before under its other name", async () => {
        const two = new SimDisk();
        const store = await openOn(two, LARGE);
        await hold(store, 1);
        await store.compact();
        const first = two.content(PATHS.checkpoint);
        await hold(store, 2);
        await store.compact();
        expect(two.content(PATHS.previousCheckpoint).equals(first)).toBe(true);
        expect(two.content(PATHS.checkpoint).equals(first)).toBe(false);
        await store.close();
    });

    test("is verified too when no commit follows it", async () => {
        const last = new SimDisk();
        const store = await openOn(last, LARGE);
        await hold(store, 1);
        await store.compact();
        expect(await store.verifyAll()).toEqual({ checkpointOf: 1, commitsReplayed: 0 });
        const bytes = last.content(PATHS.checkpoint);
        bytes[PAGE_BYTES + 9]! ^= 1;
        last.put(PATHS.checkpoint, bytes);
        await expect(store.verifyAll()).rejects.toMatchObject({ code: "CHECKPOINT_DAMAGED" });
        await store.close();
    });

    test("is the same for the same state", async () => {
        const again = new SimDisk();
        await putCheckpoint(again, someRecords());
        expect(again.content(CRAFTED_PATH).equals(disk.content(CRAFTED_PATH))).toBe(true);
    });
});
