// CRC-32C (Castagnoli), eight bytes at a time by tables. Format: docs/formats/graph-log.md.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is below 256 or below `end`,
   and this loop runs over every byte of a log at start-up */

const POLYNOMIAL = 0x82f63b78;

const TABLES = buildTables();

/** Computes the CRC-32C of a range; `seed` is the CRC of what goes before, 0 for nothing. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
    const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
    let crc = ~seed;
    let at = start;
    for (; at + 8 <= end; at += 8) {
        const low =
            crc ^
            (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
        crc =
            t7[low & 0xff]! ^
            t6[(low >>> 8) & 0xff]! ^
            t5[(low >>> 16) & 0xff]! ^
            t4[low >>> 24]! ^
            t3[bytes[at + 4]!]! ^
            t2[bytes[at + 5]!]! ^
            t1[bytes[at + 6]!]! ^
            t0[bytes[at + 7]!]!;
    }
    for (; at < end; at++) {
        crc = t0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
    }
    return ~crc >>> 0;
}

type Table = Int32Array;
type Tables = readonly [Table, Table, Table, Table, Table, Table, Table, Table];

function buildTables(): Tables {
    const first = new Int32Array(256);
    for (let byte = 0; byte < 256; byte++) {
        let crc = byte;
        for (let bit = 0; bit < 8; bit++) {
            crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
        }
        first[byte] = crc;
    }
    const after = (table: Table): Table =>
        table.map((crc) => (first[crc & 0xff] ?? 0) ^ (crc >>> 8));
    const t1 = after(first);
    const t2 = after(t1);
    const t3 = after(t2);
    const t4 = after(t3);
    const t5 = after(t4);
    const t6 = after(t5);
    return [first, t1, t2, t3, t4, t5, t6, after(t6)];
}
