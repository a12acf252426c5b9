// From UTF-16 offsets to bytes of UTF-8: tables speak of bytes, the program of UTF-16 units.

/** Offsets of one text in bytes. */
export interface ByteOffsets {
    /** Length of the text in bytes. */
    readonly size: number;
    /** Byte at which a UTF-16 offset stands. */
    at(offset: number): number;
}

/** Prepares a text; one of ASCII alone costs nothing. */
export function byteOffsetsOf(text: string): ByteOffsets {
    const size = Buffer.byteLength(text);
    if (size === text.length) {
        return { size, at: (offset) => offset };
    }
    const bytes = new Uint32Array(text.length + 1);
    let count = 0;
    for (let offset = 0; offset < text.length; offset++) {
        bytes[offset] = count;
        const unit = text.charCodeAt(offset);
        const isLow = unit >= 0xdc00 && unit <= 0xdfff;
        // A pair is four bytes: three are counted at its first half, where a lone one has three too.
        count += unit < 0x80 ? 1 : unit < 0x800 ? 2 : isLow ? 1 : 3;
    }
    bytes[text.length] = count;
    return { size, at: (offset) => bytes[offset] ?? size };
}
