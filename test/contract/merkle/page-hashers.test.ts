// Every way of hashing pages gives SHA-256(0x00 ‖ page), whatever their number. Those of the addon do not run where
// it is not built: `npm run build:native`.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";

import {
    hashPagesByCrypto,
    nativePageHasher,
    PAGE_BYTES,
    type PageHasher,
} from "../../../src/merkle/index.ts";
import { loadNative } from "../../../src/native/index.ts";
import { seededNumbers } from "../../support/trie-records.ts";

const native = loadNative();
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

describe.runIf(native.ok)("the addon", () => {
    test.each(levels)("level `%s`", (level) => {
        if (native.ok) {
            checkHasher(nativePageHasher(native.addon, level), COUNTS);
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
