// Walks encoded deltas without making objects: the fields of the delta at hand are plain numbers,
// texts are ranges of the buffer. Replay of a log decodes through this straight into columns.
// Format: docs/formats/graph-log.md.
// Invariants: no length is used before it is checked against the end; unknown tags and kinds throw.

import { OperatingError } from "../base/index.ts";
import { DELTA_TAG, HASH_BYTES, TEXT_BYTES_MAX } from "./delta-layout.ts";
import { EDGE_KINDS, SYMBOL_KINDS, type NodeId } from "./model.ts";

const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A position in encoded deltas and the fields of the delta that was read last. */
export class DeltaCursor {
    readonly bytes: Uint8Array;
    /** First byte that is not read yet. */
    offset: number;
    /** Variant of the delta at hand, a DELTA_TAG. */
    tag = 0;
    /** Id of the node, source of the edge, or node that a rename begins at: upper and lower word. */
    idHigh = 0;
    idLow = 0;
    /** Target of the edge, or id that a rename leads to. */
    targetHigh = 0;
    targetLow = 0;
    /** Code of the node's or the edge's kind. */
    kind = 0;
    flags = 0;
    /** The node's name, or the file's cfg predicate. */
    nameStart = 0;
    nameEnd = 0;
    /** The node's or the file's path. */
    pathStart = 0;
    pathEnd = 0;
    /** A put-file delta's whole record. */
    recordStart = 0;
    recordEnd = 0;
    #remaining: number;
    #ownersStart = 0;
    #ownerCount = 0;

    /** Begins at an offset; without a count it goes on to the end of the bytes. */
    constructor(bytes: Uint8Array, offset: number, count = Number.POSITIVE_INFINITY) {
        this.bytes = bytes;
        this.offset = offset;
        this.#remaining = count;
    }

    /** Begins at a sequence's length (`Vec<GraphDelta>`). */
    static ofSequence(bytes: Uint8Array): DeltaCursor {
        const cursor = new DeltaCursor(bytes, 0);
        // The smallest delta, the removal of a node, has 12 bytes.
        cursor.#remaining = cursor.#length(Math.floor(bytes.length / 12));
        return cursor;
    }

    /** Reads the next delta; false when there is none. Throws LOG_CORRUPT_RECORD. */
    next(): boolean {
        if (this.#remaining === 0) {
            return false;
        }
        if (this.offset === this.bytes.length && this.#remaining === Number.POSITIVE_INFINITY) {
            return false;
        }
        this.#remaining -= 1;
        this.tag = this.#u32();
        switch (this.tag) {
            case DELTA_TAG.addNode:
                this.#readId();
                this.#readNode();
                break;
            case DELTA_TAG.removeNode:
                this.#readId();
                break;
            case DELTA_TAG.addEdge:
            case DELTA_TAG.removeEdge:
                this.#readId();
                this.#readTarget();
                this.kind = this.#kind(EDGE_KINDS.length);
                break;
            case DELTA_TAG.putFile:
                this.readFile();
                break;
            case DELTA_TAG.removeFile:
                this.#readPath();
                break;
            case DELTA_TAG.rename:
                this.#readId();
                this.#readTarget();
                this.#readNode();
                break;
            default:
                this.#corrupt(`unknown delta tag ${this.tag}`);
        }
        return true;
    }

    /** Throws LOG_CORRUPT_RECORD unless every byte was read. */
    finish(): void {
        if (this.#remaining > 0 || this.offset !== this.bytes.length) {
            this.#corrupt(`${this.bytes.length - this.offset} bytes follow the last delta`);
        }
    }

    /** The first id of the delta at hand. */
    id(): NodeId {
        return joinWords(this.idHigh, this.idLow);
    }

    /** The second id of the delta at hand. */
    target(): NodeId {
        return joinWords(this.targetHigh, this.targetLow);
    }

    /** Decodes a range as UTF-8; throws LOG_CORRUPT_RECORD where it is not. */
    text(start: number, end: number): string {
        try {
            return strictText.decode(this.bytes.subarray(start, end));
        } catch {
            return this.#corrupt("a text is not UTF-8");
        }
    }

    /** The three hashes of the file record at hand, as hex: content, tokens, facts. */
    fileHashes(): [string, string, string] {
        const at = this.recordEnd - 3 * HASH_BYTES;
        const hex = Buffer.from(
            this.bytes.buffer,
            this.bytes.byteOffset + at,
            3 * HASH_BYTES,
        ).toString("hex");
        return [hex.slice(0, 64), hex.slice(64, 128), hex.slice(128)];
    }

    /** The owners of the file record at hand. */
    fileOwners(): string[] {
        const resume = this.offset;
        this.offset = this.#ownersStart;
        const owners: string[] = [];
        for (let i = 0; i < this.#ownerCount; i++) {
            const length = this.#length(TEXT_BYTES_MAX);
            owners.push(this.text(this.offset, this.offset + length));
            this.offset += length;
        }
        this.offset = resume;
        return owners;
    }

    /** Reads a file record that stands alone. */
    readFile(): void {
        this.recordStart = this.offset;
        this.#readPath();
        this.#ownerCount = this.#length(Math.floor((this.bytes.length - this.offset) / 8));
        this.#ownersStart = this.offset;
        for (let i = 0; i < this.#ownerCount; i++) {
            this.#skip(this.#length(TEXT_BYTES_MAX));
        }
        const cfgLength = this.#length(TEXT_BYTES_MAX);
        this.nameStart = this.offset;
        this.#skip(cfgLength);
        this.nameEnd = this.offset;
        this.#skip(3 * HASH_BYTES);
        this.recordEnd = this.offset;
    }

    #readId(): void {
        this.idLow = this.#u32();
        this.idHigh = this.#u32();
    }

    #readTarget(): void {
        this.targetLow = this.#u32();
        this.targetHigh = this.#u32();
    }

    // The id stands before; a rename's `to` has its id as the target.
    #readNode(): void {
        this.kind = this.#kind(SYMBOL_KINDS.length);
        const length = this.#length(TEXT_BYTES_MAX);
        this.nameStart = this.offset;
        this.#skip(length);
        this.nameEnd = this.offset;
        this.#readPath();
        this.flags = this.#u32();
    }

    #readPath(): void {
        const length = this.#length(TEXT_BYTES_MAX);
        this.pathStart = this.offset;
        this.#skip(length);
        this.pathEnd = this.offset;
    }

    #kind(count: number): number {
        const at = this.offset;
        this.#skip(1);
        const code = this.bytes[at] ?? 0;
        if (code >= count) {
            this.#corrupt(`unknown kind ${code}`);
        }
        return code;
    }

    #u32(): number {
        const at = this.offset;
        this.#skip(4);
        const bytes = this.bytes;
        // Byte reads: the offset need not be aligned, and no view is made.
        return (
            ((bytes[at] ?? 0) |
                ((bytes[at + 1] ?? 0) << 8) |
                ((bytes[at + 2] ?? 0) << 16) |
                ((bytes[at + 3] ?? 0) << 24)) >>>
            0
        );
    }

    #length(max: number): number {
        const low = this.#u32();
        const high = this.#u32();
        if (high !== 0 || low > max) {
            return this.#corrupt(`a length of ${high * 0x1_0000_0000 + low} exceeds ${max}`);
        }
        return low;
    }

    #skip(byteCount: number): void {
        const end = this.offset + byteCount;
        if (end > this.bytes.length) {
            this.#corrupt(`${byteCount} bytes at ${this.offset} go beyond the end`);
        }
        this.offset = end;
    }

    #corrupt(what: string): never {
        throw new OperatingError("LOG_CORRUPT_RECORD", `delta before byte ${this.offset}: ${what}`);
    }
}

/** Joins the two words of an id. */
export function joinWords(high: number, low: number): NodeId {
    return ((BigInt(high) << 32n) | BigInt(low)) as NodeId;
}
