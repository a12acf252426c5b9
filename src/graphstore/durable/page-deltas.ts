// What a commit changes in the pages of the state, by page. Splits and merges are not said: the shape is
// a function of the set of records, and the hash of the page after shows that it is the same.
// Format: docs/formats/tlog.md.

import { assert, OperatingError, type Steps } from "../../base/index.ts";
import {
    findPage,
    PREFIX_BYTES,
    sortRecordsInSteps,
    writeKey,
    writePrefix,
    type Leaf,
    type RecordSource,
    type RecordShape,
    type Trie,
    type TrieChange,
} from "../../merkle/index.ts";

/** What the records of each sub-trie look like: nodes, edges, files. */
export const SHAPES: readonly RecordShape[] = [
    { keyBytes: 8, hasValues: true },
    { keyBytes: 17, hasValues: false },
    { keyBytes: 32, hasValues: true },
];

/** What a commit changed in one sub-trie. */
export interface SubTrieChange {
    readonly source: RecordSource;
    readonly change: TrieChange;
    /** The trie after it, hashed. */
    readonly after: Trie;
}

/** A page delta, decoded. */
export interface PageDelta {
    /** Position among the sub-tries. */
    readonly subTrie: number;
    readonly prefixBits: number;
    readonly prefix: Buffer;
    readonly removed: readonly Buffer[];
    readonly added: readonly { readonly key: Buffer; readonly value: Buffer | undefined }[];
    /** Hash of the page that owns the prefix afterwards; zeros when none does. */
    readonly hash: Buffer;
}

const HEAD_BYTES = 4 + PREFIX_BYTES + 32 + 8;
const PAYLOAD_BYTES_TARGET = 256 << 10;
const NO_PAGE = Buffer.alloc(32);

/** Encodes what a commit changed, as payloads of about 256 KiB. */
export function* encodePageDeltas(changes: readonly SubTrieChange[]): Steps<Uint8Array[]> {
    const payloads: Uint8Array[] = [];
    let parts: Buffer[] = [];
    let size = 0;
    const cut = (): void => {
        if (size > 0) {
            payloads.push(Buffer.concat(parts));
            parts = [];
            size = 0;
        }
    };
    for (const [subTrie, change] of changes.entries()) {
        for (const group of yield* groupByPage(change)) {
            const bytes = encodeGroup(subTrie, change.source, group);
            parts.push(bytes);
            size += bytes.length;
            if (size >= PAYLOAD_BYTES_TARGET) {
                cut();
                yield;
            }
        }
    }
    cut();
    return payloads;
}

/** Records of one page that were removed and added. */
interface Group {
    /** The page that owns them afterwards; undefined when there is none. */
    readonly page: Leaf | undefined;
    readonly removed: number[];
    readonly added: number[];
}

function* groupByPage({ source, change, after }: SubTrieChange): Steps<Iterable<Group>> {
    const groups = new Map<Leaf, Group>();
    const orphans: Group[] = [];
    const groupOf = (record: number): Group => {
        const page = findPage(source, after, record);
        if (page === undefined) {
            const orphan = { page, removed: [], added: [] };
            orphans.push(orphan);
            return orphan;
        }
        const group = groups.get(page) ?? { page, removed: [], added: [] };
        groups.set(page, group);
        return group;
    };
    for (const record of yield* sortRecordsInSteps(source, change.removed)) {
        groupOf(record).removed.push(record);
    }
    for (const record of yield* sortRecordsInSteps(source, change.added)) {
        groupOf(record).added.push(record);
    }
    return [...groups.values(), ...orphans];
}

function encodeGroup(subTrie: number, source: RecordSource, group: Group): Buffer {
    const { page, removed, added } = group;
    const { keyBytes, hasValues } = source;
    const values = hasValues ? added.reduce((sum, one) => sum + 4 + source.valueBytes(one), 0) : 0;
    const keys = (removed.length + added.length) * keyBytes;
    const bytes = Buffer.alloc(HEAD_BYTES + keys + values);
    const prefixBits = page?.prefixBits ?? keyBytes * 8;
    const sample = page?.records[0] ?? removed[0];
    assert(sample !== undefined, "a page delta has records");
    bytes.writeUInt8(subTrie, 0);
    bytes.writeUInt16LE(prefixBits, 2);
    writePrefix(source, sample, prefixBits, { into: bytes, at: 4 });
    bytes.write(page?.hash ?? "", 4 + PREFIX_BYTES, "latin1");
    bytes.writeUInt32LE(removed.length, 68);
    let at = bytes.writeUInt32LE(added.length, 72);
    for (const record of removed) {
        at = writeKey(source, record, bytes, at);
    }
    for (const record of added) {
        at = writeKey(source, record, bytes, at);
        if (hasValues) {
            at = bytes.writeUInt32LE(source.valueBytes(record), at);
            at = source.writeValue(record, bytes, at);
        }
    }
    assert(at === bytes.length, "a page delta has its length");
    return bytes;
}

/** Decodes the page deltas of a payload; throws LOG_CORRUPT_RECORD. */
export function decodePageDeltas(payload: Uint8Array): PageDelta[] {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    const reader = new Reader(bytes);
    const deltas: PageDelta[] = [];
    while (!reader.isAtEnd) {
        const head = reader.take(HEAD_BYTES);
        const subTrie = head.readUInt8(0);
        const shape = SHAPES[subTrie];
        if (shape === undefined) {
            throw new OperatingError("LOG_CORRUPT_RECORD", `there is no sub-trie ${subTrie}`);
        }
        const removed: Buffer[] = [];
        for (let count = head.readUInt32LE(68); count > 0; count--) {
            removed.push(reader.take(shape.keyBytes));
        }
        const added: { key: Buffer; value: Buffer | undefined }[] = [];
        for (let count = head.readUInt32LE(72); count > 0; count--) {
            const key = reader.take(shape.keyBytes);
            const value = shape.hasValues ? reader.take(reader.take(4).readUInt32LE(0)) : undefined;
            added.push({ key, value });
        }
        const prefix = head.subarray(4, 4 + PREFIX_BYTES);
        const hash = head.subarray(4 + PREFIX_BYTES, 68);
        deltas.push({ subTrie, prefixBits: head.readUInt16LE(2), prefix, removed, added, hash });
    }
    return deltas;
}

/** Whether a page delta says that no page owns its prefix afterwards. */
export function isGone(delta: PageDelta): boolean {
    return delta.hash.equals(NO_PAGE);
}

class Reader {
    readonly #bytes: Buffer;
    #at = 0;

    constructor(bytes: Buffer) {
        this.#bytes = bytes;
    }

    get isAtEnd(): boolean {
        return this.#at === this.#bytes.length;
    }

    take(byteCount: number): Buffer {
        if (byteCount > this.#bytes.length - this.#at) {
            throw new OperatingError("LOG_CORRUPT_RECORD", "page deltas end too early");
        }
        const taken = this.#bytes.subarray(this.#at, this.#at + byteCount);
        this.#at += byteCount;
        return taken;
    }
}
