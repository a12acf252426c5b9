// Deltas as bytes, in the layout of bincode 1.x, so that a Rust program with serde reads them.
// Format: docs/formats/graph-log.md. Reading without objects is in delta-cursor.ts.
// Invariants: one delta has one encoding; decoding accepts nothing that encoding does not write.

import { assert, OperatingError } from "../base/index.ts";
import { DeltaCursor } from "./delta-cursor.ts";
import { DELTA_TAG, HASH_BYTES, TEXT_BYTES_MAX } from "./delta-layout.ts";
import {
    EDGE_KINDS,
    SYMBOL_KINDS,
    type EdgeKind,
    type FileRecord,
    type GraphDelta,
    type GraphEdge,
    type GraphNode,
    type SymbolKind,
} from "./model.ts";

const SYMBOL_CODES = new Map(SYMBOL_KINDS.map((kind, code) => [kind, code]));
const EDGE_CODES = new Map(EDGE_KINDS.map((kind, code) => [kind, code]));

/** Returns the code of a symbol kind in every format. */
function symbolKindCode(kind: SymbolKind): number {
    const code = SYMBOL_CODES.get(kind);
    assert(code !== undefined, `"${kind}" is a symbol kind`);
    return code;
}

/** Returns the code of an edge kind in every format. */
export function edgeKindCode(kind: EdgeKind): number {
    const code = EDGE_CODES.get(kind);
    assert(code !== undefined, `"${kind}" is an edge kind`);
    return code;
}

/** Tag, two ids, kind. */
const EDGE_BYTES = 21;

/** An edge as plain numbers: low and high word of the ids of its ends, and its kind's code. */
export interface EdgeWords {
    sourceLow: number;
    sourceHigh: number;
    targetLow: number;
    targetHigh: number;
    kind: number;
}

/** Appends encoded deltas to one growing buffer. */
export class DeltaEncoder {
    #bytes: Buffer;
    #end = 0;

    constructor(capacity = 4096) {
        this.#bytes = Buffer.allocUnsafe(Math.max(64, capacity));
    }

    /** Bytes written so far. */
    get length(): number {
        return this.#end;
    }

    /** What was written; valid until the next write or reset. */
    bytes(): Uint8Array {
        return this.#bytes.subarray(0, this.#end);
    }

    /** Forgets what was written and keeps the buffer. */
    reset(): void {
        this.#end = 0;
    }

    /** Writes the length of a sequence, as bincode does before a `Vec`. */
    count(value: number): void {
        this.#u64(value);
    }

    /** Overwrites a length that was written before its elements were counted. */
    patchCount(at: number, value: number): void {
        assert(at + 8 <= this.#end, "a patched count has been written");
        this.#bytes.writeUInt32LE(value % 0x1_0000_0000, at);
        this.#bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
    }

    /** Writes one delta. */
    delta(delta: GraphDelta): void {
        switch (delta.kind) {
            case "add-node":
                this.#u32(DELTA_TAG.addNode);
                this.#node(delta.node);
                break;
            case "remove-node":
                this.#u32(DELTA_TAG.removeNode);
                this.#id(delta.id);
                break;
            case "add-edge":
                this.#u32(DELTA_TAG.addEdge);
                this.#edge(delta.edge);
                break;
            case "remove-edge":
                this.#u32(DELTA_TAG.removeEdge);
                this.#edge(delta.edge);
                break;
            case "put-file":
                this.#u32(DELTA_TAG.putFile);
                this.#file(delta.file);
                break;
            case "remove-file":
                this.#u32(DELTA_TAG.removeFile);
                this.#text(delta.path);
                break;
            case "rename":
                this.#u32(DELTA_TAG.rename);
                this.#id(delta.from);
                this.#node(delta.to);
                break;
        }
    }

    /** Writes the delta of an edge, without an object for it. */
    edge(tag: typeof DELTA_TAG.addEdge | typeof DELTA_TAG.removeEdge, edge: EdgeWords): void {
        this.#reserve(EDGE_BYTES);
        const { buffer, byteOffset } = this.#bytes;
        const view = new DataView(buffer, byteOffset + this.#end, EDGE_BYTES);
        view.setUint32(0, tag, true);
        view.setUint32(4, edge.sourceLow, true);
        view.setUint32(8, edge.sourceHigh, true);
        view.setUint32(12, edge.targetLow, true);
        view.setUint32(16, edge.targetHigh, true);
        view.setUint8(20, edge.kind);
        this.#end += EDGE_BYTES;
    }

    #node(node: GraphNode): void {
        this.#id(node.id);
        this.#u8(symbolKindCode(node.kind));
        this.#text(node.name);
        this.#text(node.path);
        this.#u32(node.flags);
    }

    #edge(edge: GraphEdge): void {
        this.#id(edge.source);
        this.#id(edge.target);
        this.#u8(edgeKindCode(edge.kind));
    }

    #file(file: FileRecord): void {
        this.#text(file.path);
        this.#u64(file.owners.length);
        for (const owner of file.owners) {
            this.#text(owner);
        }
        this.#text(file.cfg);
        this.#hash(file.contentHash);
        this.#hash(file.tokenHash);
        this.#hash(file.factsHash);
    }

    #u8(value: number): void {
        this.#reserve(1);
        this.#bytes[this.#end] = value;
        this.#end += 1;
    }

    #u32(value: number): void {
        this.#reserve(4);
        this.#end = this.#bytes.writeUInt32LE(value, this.#end);
    }

    #u64(value: number): void {
        this.#reserve(8);
        this.#bytes.writeUInt32LE(value % 0x1_0000_0000, this.#end);
        this.#end = this.#bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), this.#end + 4);
    }

    #id(id: bigint): void {
        this.#reserve(8);
        this.#end = this.#bytes.writeBigUInt64LE(id, this.#end);
    }

    #text(text: string): void {
        // A UTF-16 unit takes three bytes at most: the length is known only after writing.
        this.#reserve(8 + text.length * 3);
        const length = this.#bytes.write(text, this.#end + 8, "utf8");
        assert(length <= TEXT_BYTES_MAX, `a text of ${length} bytes exceeds ${TEXT_BYTES_MAX}`);
        this.#u64(length);
        this.#end += length;
    }

    #hash(hex: string): void {
        this.#reserve(HASH_BYTES);
        const length = this.#bytes.write(hex, this.#end, "hex");
        assert(length === HASH_BYTES && hex.length === 2 * HASH_BYTES, "a hash has 64 hex digits");
        this.#end += HASH_BYTES;
    }

    #reserve(byteCount: number): void {
        const needed = this.#end + byteCount;
        if (needed > this.#bytes.length) {
            const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
            this.#bytes.copy(grown, 0, 0, this.#end);
            this.#bytes = grown;
        }
    }
}

/** Encodes one delta. */
export function encodeDelta(delta: GraphDelta): Uint8Array {
    const encoder = new DeltaEncoder(256);
    encoder.delta(delta);
    return Uint8Array.from(encoder.bytes());
}

/** Encodes a file record alone, as it stands in a put-file delta and in the state root. */
export function encodeFileRecord(file: FileRecord): Uint8Array {
    return encodeDelta({ kind: "put-file", file }).subarray(4);
}

/** Decodes one delta that fills the bytes; throws LOG_CORRUPT_RECORD for anything else. */
export function decodeDelta(bytes: Uint8Array): GraphDelta {
    const cursor = new DeltaCursor(bytes, 0);
    if (!cursor.next()) {
        throw new OperatingError("LOG_CORRUPT_RECORD", "a delta has no bytes");
    }
    const delta = deltaAt(cursor);
    if (cursor.offset !== bytes.length) {
        const extra = bytes.length - cursor.offset;
        throw new OperatingError("LOG_CORRUPT_RECORD", `${extra} bytes follow a delta`);
    }
    return delta;
}

/** Decodes a sequence (`Vec<GraphDelta>`) that fills the bytes; throws LOG_CORRUPT_RECORD otherwise. */
export function decodeDeltas(bytes: Uint8Array): GraphDelta[] {
    const cursor = DeltaCursor.ofSequence(bytes);
    const deltas: GraphDelta[] = [];
    while (cursor.next()) {
        deltas.push(deltaAt(cursor));
    }
    cursor.finish();
    return deltas;
}

/** Decodes a file record that fills the bytes. */
export function decodeFileRecord(bytes: Uint8Array): FileRecord {
    const cursor = new DeltaCursor(bytes, 0);
    cursor.readFile();
    if (cursor.offset !== bytes.length) {
        throw new OperatingError("LOG_CORRUPT_RECORD", "bytes follow a file record");
    }
    return fileAt(cursor);
}

function deltaAt(cursor: DeltaCursor): GraphDelta {
    switch (cursor.tag) {
        case DELTA_TAG.addNode:
            return { kind: "add-node", node: nodeAt(cursor) };
        case DELTA_TAG.removeNode:
            return { kind: "remove-node", id: cursor.id() };
        case DELTA_TAG.addEdge:
            return { kind: "add-edge", edge: edgeAt(cursor) };
        case DELTA_TAG.removeEdge:
            return { kind: "remove-edge", edge: edgeAt(cursor) };
        case DELTA_TAG.putFile:
            return { kind: "put-file", file: fileAt(cursor) };
        case DELTA_TAG.removeFile:
            return { kind: "remove-file", path: cursor.text(cursor.pathStart, cursor.pathEnd) };
        default:
            return {
                kind: "rename",
                from: cursor.id(),
                to: { ...nodeAt(cursor), id: cursor.target() },
            };
    }
}

function nodeAt(cursor: DeltaCursor): GraphNode {
    const kind = SYMBOL_KINDS[cursor.kind];
    assert(kind !== undefined, "the cursor has checked the kind");
    return {
        id: cursor.id(),
        kind,
        name: cursor.text(cursor.nameStart, cursor.nameEnd),
        path: cursor.text(cursor.pathStart, cursor.pathEnd),
        flags: cursor.flags,
    };
}

function edgeAt(cursor: DeltaCursor): GraphEdge {
    const kind = EDGE_KINDS[cursor.kind];
    assert(kind !== undefined, "the cursor has checked the kind");
    return { source: cursor.id(), target: cursor.target(), kind };
}

function fileAt(cursor: DeltaCursor): FileRecord {
    const [contentHash, tokenHash, factsHash] = cursor.fileHashes();
    return {
        path: cursor.text(cursor.pathStart, cursor.pathEnd),
        owners: cursor.fileOwners(),
        cfg: cursor.text(cursor.nameStart, cursor.nameEnd),
        contentHash,
        tokenHash,
        factsHash,
    };
}
