import fc from "fast-check";
import { expect, test } from "vitest";

import { crc32c } from "../../../src/wal/index.ts";

const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);

// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
test.each([
    ["123456789", Buffer.from("123456789"), 0xe3069283],
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["ascending", ascending, 0x46dd794e],
    ["descending", ascending.toReversed(), 0x113fdb5c],
    ["nothing", new Uint8Array(0), 0],
])("crc32c of %s", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
});

test("continues from a seed, at every split and alignment", () => {
    fc.assert(
        fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(70), (bytes, at) => {
            const split = Math.min(at, bytes.length);
            const whole = crc32c(bytes);
            expect(crc32c(bytes, split, bytes.length, crc32c(bytes, 0, split))).toBe(whole);
            expect(naive(bytes)).toBe(whole);
        }),
    );
});

function naive(bytes: Uint8Array): number {
    let crc = 0xffffffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) {
            crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
        }
    }
    return ~crc >>> 0;
}
