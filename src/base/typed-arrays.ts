// Typed arrays that grow.

/** A copy with room for twice as many values: those that it has stand at its beginning. */
export function doubled(words: Uint32Array): Uint32Array<ArrayBuffer>;
export function doubled(words: Int32Array): Int32Array<ArrayBuffer>;
export function doubled(words: Int32Array | Uint32Array): Int32Array | Uint32Array {
    const size = words.length * 2;
    const made = words instanceof Int32Array ? new Int32Array(size) : new Uint32Array(size);
    made.set(words);
    return made;
}
