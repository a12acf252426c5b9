// Constants of the delta encoding. Format: docs/formats/graph-log.md.

/** Variant tags of GraphDelta, in the order of the Rust enum. Append only. */
export const DELTA_TAG = {
    addNode: 0,
    removeNode: 1,
    addEdge: 2,
    removeEdge: 3,
    putFile: 4,
    removeFile: 5,
    rename: 6,
} as const;

/** Largest length of one text (a name, a path, a predicate) in UTF-8 bytes. */
export const TEXT_BYTES_MAX = 1 << 20;

/** Length of a SHA-256. */
export const HASH_BYTES = 32;
