// A small container for derived data: named sections of bytes behind one checksum-free header. It is only
// ever read back by the version that wrote it; the engine keeps its hash and throws away what does not match.
//
// Layout, little-endian: magic u32, header length u32, header (JSON: name → [offset, length]), sections,
// each 8-aligned and counted from the end of the header.

import { OperatingError } from "../base/index.ts";

const MAGIC = 0xfe52_4753;
const ALIGNMENT = 8;

/** Sections by name. */
export type Sections = Record<string, Uint8Array>;

/** Packs sections into one array. */
export function packSections(sections: Sections): Uint8Array {
    const places: Record<string, [number, number]> = {};
    let offset = 0;
    for (const [name, bytes] of Object.entries(sections)) {
        places[name] = [offset, bytes.length];
        offset = align(offset + bytes.length);
    }
    const header = new TextEncoder().encode(JSON.stringify(places));
    const body = align(8 + header.length);
    const packed = new Uint8Array(body + offset);
    const view = new DataView(packed.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, header.length, true);
    packed.set(header, 8);
    for (const [name, bytes] of Object.entries(sections)) {
        packed.set(bytes, body + (places[name]?.[0] ?? 0));
    }
    return packed;
}

/** Finds the sections of a packed array; they are views of it where alignment allows. */
export function unpackSections(packed: Uint8Array): (name: string) => Uint8Array {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    if (packed.length < 8 || view.getUint32(0, true) !== MAGIC) {
        throw damaged("it does not begin as expected");
    }
    const length = view.getUint32(4, true);
    if (8 + length > packed.length) {
        throw damaged("its header is cut off");
    }
    const places = parseHeader(packed.subarray(8, 8 + length));
    const body = align(8 + length);
    return (name) => {
        const place = places[name];
        if (place === undefined || body + place[0] + place[1] > packed.length) {
            throw damaged(`section ${name} is missing or cut off`);
        }
        return packed.subarray(body + place[0], body + place[0] + place[1]);
    };
}

function parseHeader(bytes: Uint8Array): Record<string, [number, number]> {
    try {
        return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, [number, number]>;
    } catch (cause) {
        throw damaged("its header is not readable", cause);
    }
}

function damaged(what: string, cause?: unknown): OperatingError {
    return new OperatingError(
        "RESOLUTION_CACHE_DAMAGED",
        `a stored resolution cannot be read: ${what}`,
        {
            cause,
            advice: "it is derived data and is rebuilt by capturing again",
        },
    );
}

function align(offset: number): number {
    return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/** Makes a typed array over a buffer. */
type ViewMaker<T> = new (buffer: ArrayBufferLike, offset?: number, length?: number) => T;

/** A typed array over bytes, copied when they are not aligned for it. */
export function viewAs<T extends { readonly length: number }>(
    bytes: Uint8Array,
    type: ViewMaker<T>,
): T {
    // Elements are at most 8 bytes, and sections begin at multiples of 8 of an aligned buffer.
    const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
    const size = ELEMENT_BYTES.get(type) ?? 1;
    return new type(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}

const ELEMENT_BYTES = new Map<unknown, number>([
    [Uint8Array, 1],
    [Uint16Array, 2],
    [Uint32Array, 4],
    [BigUint64Array, 8],
]);

/** The bytes of a typed array. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
    return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Collects distinct strings; index 0 is the empty one. */
export class StringPool {
    readonly #index = new Map<string, number>([["", 0]]);

    add(text: string): number {
        const known = this.#index.get(text);
        if (known !== undefined) {
            return known;
        }
        const index = this.#index.size;
        this.#index.set(text, index);
        return index;
    }

    /** Offsets (one more than strings) and UTF-8 text. */
    encode(): { offsets: Uint8Array; text: Uint8Array } {
        const encoder = new TextEncoder();
        const parts = [...this.#index.keys()].map((text) => encoder.encode(text));
        const offsets = new Uint32Array(parts.length + 1);
        let total = 0;
        parts.forEach((part, i) => {
            offsets[i] = total;
            total += part.length;
        });
        offsets[parts.length] = total;
        const text = new Uint8Array(total);
        parts.forEach((part, i) => {
            text.set(part, offsets[i] ?? 0);
        });
        return { offsets: bytesOf(offsets), text };
    }
}

/** Reads strings of an encoded pool one at a time. */
export class StoredStrings {
    readonly #offsets: Uint32Array;
    readonly #text: Uint8Array;
    readonly #decoder = new TextDecoder();

    constructor(offsets: Uint8Array, text: Uint8Array) {
        this.#offsets = viewAs(offsets, Uint32Array);
        this.#text = text;
    }

    at(index: number): string {
        const start = this.#offsets[index] ?? 0;
        const end = this.#offsets[index + 1] ?? start;
        return start === end ? "" : this.#decoder.decode(this.#text.subarray(start, end));
    }
}
