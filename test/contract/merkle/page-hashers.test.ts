// Every way of hashing pages gives SHA-256(0x00 ‖ page), whatever their number. Those of the addon do not run where
// it is not built: `npm run build:native`.

import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";

import {
    buildTrie,
    hashPagesByCrypto,
    hashTrie,
    nativePageHasher,
    PAGE_BYTES,
    updateTrie,
    type PageHasher,
} from "../../../src/merkle/index.ts";
import { NEVER_FASTER } from "../../../src/native/binding.ts";
import { loadNative } from "../../../src/native/index.ts";
import { hasEmulatedCard, openEmulatedCard } from "../../support/emulated-card.ts";
import { byteSource, makeRecords, seededNumbers } from "../../support/trie-records.ts";

const native = loadNative();
const isEmulated = await hasEmulatedCard();
const levels = native.ok ? ["", ...native.addon.shaLevels()] : ["the addon's"];

function pagesOf(count: number): Uint8Array {
    const random = seededNumbers(count);
    return Uint8Array.from({ length: count * PAGE_BYTES }, () => Math.floor(random() * 256));
}

function checkHasher(hashPages: PageHasher, counts: readonly number[]): void {
    for (const count of counts) {
        const pages = pagesOf(count);
        const hashes = hashPages(pages, count);
        expect(hashes).toHaveLength(count * 32);
        for (let page = 0; page < count; page++) {
            const expected = createHash("sha256")
                .update(Uint8Array.of(0))
                .update(pages.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
                .digest("hex");
            const found = Buffer.from(hashes.subarray(page * 32, (page + 1) * 32)).toString("hex");
            expect(found).toBe(expected);
        }
    }
}

const COUNTS = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64];

test("node:crypto", () => {
    checkHasher(hashPagesByCrypto, COUNTS);
});

/** A trie of many pages, its root by one hasher after the other: whole, and after changes. */
function checkRoots(hasher: PageHasher): void {
    const records = makeRecords(9000, 11, 8);
    const source = byteSource(records, 8, true);
    const all = Uint32Array.from(records, (_, row) => row);
    const rootsBy = (by: PageHasher): string[] => {
        let trie = buildTrie(source, all.subarray(0, 8000));
        const roots = [hashTrie(source, trie, by)];
        for (const [removed, added] of [
            [all.subarray(0, 1), all.subarray(8000, 8001)],
            [all.subarray(1, 3000), all.subarray(8001)],
        ] as const) {
            trie = updateTrie(source, trie, { removed, added });
            roots.push(hashTrie(source, trie, by));
        }
        return roots.map((root) => Buffer.from(root).toString("hex"));
    };
    expect(rootsBy(hasher)).toEqual(rootsBy(hashPagesByCrypto));
}

describe.runIf(isEmulated)("the card, emulated", () => {
    afterEach(() => {
        if (native.ok) {
            native.addon.stopCard();
        }
    });

    test("hashes pages, large batches too, and gives the same roots", async () => {
        const { addon, card } = await openEmulatedCard();
        let asked = 0;
        const hasher = nativePageHasher(addon, {
            card: () => {
                asked += 1;
                return card;
            },
            cardPagesMin: 0,
        });
        expect([
            hasher.batchPages?.(3),
            hasher.batchPages?.(200),
            hasher.batchPages?.(1e6),
        ]).toEqual([64, 200, 4096]);
        checkHasher(hasher, [0, 1, 2, 33]);
        checkRoots(hasher);
        expect(asked).toBeGreaterThan(10);
    });

    test("that fails is not asked again; the processor goes on", async () => {
        const { addon, card } = await openEmulatedCard();
        const hasher = nativePageHasher(addon, { card: () => card, cardPagesMin: 0 });
        addon.stopCard();
        checkHasher(hasher, [1, 17]);
        expect(hasher.batchPages?.(1e6)).toBe(64);
    });

    test("that is slower for so few pages is left alone", async () => {
        const { addon, card } = await openEmulatedCard();
        const slow = { ...card, pagesMin: NEVER_FASTER };
        const hasher = nativePageHasher(addon, { card: () => slow, cardPagesMin: 0 });
        expect(hasher.batchPages?.(1e6)).toBe(64);
        checkHasher(hasher, [20]);
    });
});

test("roots by the one hasher are those by the other", () => {
    checkRoots(
        native.ok
            ? nativePageHasher(native.addon)
            : Object.assign((...args: Parameters<PageHasher>) => hashPagesByCrypto(...args), {
                  hashMessages: hashOneByOne,
              }),
    );
});

function hashOneByOne(messages: Uint8Array, messageCount: number): Uint8Array {
    const length = messages.length / messageCount;
    return Buffer.concat(
        Array.from({ length: messageCount }, (_, at) =>
            createHash("sha256")
                .update(messages.subarray(at * length, (at + 1) * length))
                .digest(),
        ),
    );
}

describe.runIf(native.ok)("the addon", () => {
    test.each(levels)("level `%s`", (level) => {
        if (native.ok) {
            checkHasher(nativePageHasher(native.addon, { level }), COUNTS);
        }
        expect(native.ok).toBe(true);
    });

    test("reads no more pages than asked, from the middle of a buffer", () => {
        const whole = pagesOf(3);
        const hasher = native.ok ? nativePageHasher(native.addon) : hashPagesByCrypto;
        expect(Buffer.from(hasher(whole.subarray(PAGE_BYTES), 1))).toEqual(
            Buffer.from(hashPagesByCrypto(whole, 3).subarray(32, 64)),
        );
    });
});
