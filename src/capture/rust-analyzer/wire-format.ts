// Reads the wire format of Protocol Buffers: enough for messages whose field numbers are known.

import { assert } from "../../base/index.ts";

/** Number on the wire that says how a field is encoded. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** One field of a message: a number, or the bytes of a string, message or packed list. */
export interface WireField {
    readonly number: number;
    readonly value: number | Uint8Array;
}

/** Lists the fields of a message in their order; throws RangeError when the bytes are damaged. */
export function* readMessage(bytes: Uint8Array): Generator<WireField> {
    const reader = new WireReader(bytes);
    while (!reader.atEnd) {
        yield reader.field();
    }
}

/**
 * The field at an offset, and where it ends; undefined where the bytes end inside of it. Throws RangeError when
 * they are damaged.
 */
export function fieldAt(
    bytes: Uint8Array,
    offset: number,
): { readonly field: WireField; readonly end: number } | undefined {
    const reader = new WireReader(bytes);
    reader.offset = offset;
    try {
        const field = reader.field();
        return { field, end: reader.offset };
    } catch (thrown) {
        if (thrown instanceof CutOff) {
            return undefined;
        }
        throw thrown;
    }
}

/** Reads a packed list of non-negative numbers. */
export function readPacked(bytes: Uint8Array): number[] {
    const reader = new WireReader(bytes);
    const numbers: number[] = [];
    while (!reader.atEnd) {
        numbers.push(reader.varint());
    }
    return numbers;
}

/** The bytes end too early. */
class CutOff extends RangeError {
    override readonly name = "CutOff";
}

class WireReader {
    readonly #bytes: Uint8Array;
    offset = 0;

    constructor(bytes: Uint8Array) {
        this.#bytes = bytes;
    }

    get atEnd(): boolean {
        return this.offset >= this.#bytes.length;
    }

    field(): WireField {
        const key = this.varint();
        const number = Math.floor(key / 8);
        switch (key % 8) {
            case WIRE.varint:
                return { number, value: this.varint() };
            case WIRE.bytes:
                return { number, value: this.take(this.varint()) };
            case WIRE.fixed64:
                return { number, value: this.take(8) };
            case WIRE.fixed32:
                return { number, value: this.take(4) };
            default:
                throw new RangeError(`unknown wire type ${key % 8} before byte ${this.offset}`);
        }
    }

    varint(): number {
        let value = 0;
        // A number of more than 53 bits cannot be a line, a column, a role or a length.
        for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
            const byte = this.#bytes[this.offset++];
            if (byte === undefined) {
                throw new CutOff(`number cut off at byte ${this.offset - 1}`);
            }
            value += (byte & 0x7f) * scale;
            if (byte < 0x80) {
                assert(Number.isSafeInteger(value), "a varint of at most 53 bits");
                return value;
            }
        }
        throw new RangeError(`number too long before byte ${this.offset}`);
    }

    take(length: number): Uint8Array {
        const end = this.offset + length;
        if (end > this.#bytes.length) {
            throw new CutOff(`field of ${length} bytes cut off at byte ${this.#bytes.length}`);
        }
        const taken = this.#bytes.subarray(this.offset, end);
        this.offset = end;
        return taken;
    }
}
