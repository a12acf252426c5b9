// Byte layout of a `.tables`: a header that names the sections, then the sections.
// Format: docs/formats/columns.md.
// Invariants: the header has a checksum, and those of all sections; the file is derived, and whoever
// finds it wanting goes on without it.

import { assert } from "../../base/index.ts";
import { STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import { crc32c, LOG_MAGIC } from "../../wal/index.ts";
import { decodeLogMark, encodeLogMark, LOG_MARK_BYTES, type LogMark } from "../durable/log-mark.ts";

/** Version of images of tables. */
export const IMAGE_FORMAT_VERSION = 1;

/** Bytes of the header. */
export const IMAGE_HEADER_BYTES = 4096;

/** Texts are checked in pieces of this size. */
export const HEAP_PIECE_BYTES = 256 << 10;

/** Names of the sections, in order. */
export const SECTIONS = [
    "nodes.idHigh",
    "nodes.idLow",
    "nodes.latest",
    "nodes.slot",
    "nodes.kind",
    "nodes.flags",
    "nodes.textStart",
    "nodes.nameLength",
    "nodes.pathLength",
    "nodes.born",
    "nodes.died",
    "nodes.previous",
    "nodes.index",
    "nodes.ended",
    "edges.source",
    "edges.target",
    "edges.kind",
    "edges.born",
    "edges.died",
    "edges.ended",
    "files.start",
    "files.length",
    "files.born",
    "files.died",
    "files.previous",
    "files.ended",
    "moves.born",
    "moves.from",
    "moves.to",
    "commits",
    "heap.checksums",
    "heap",
] as const;

/** Name of a section. */
export type SectionName = (typeof SECTIONS)[number];

/** Where a section stands and what it is. */
export interface Section {
    readonly offset: number;
    readonly byteCount: number;
    /** Values, where it is a column. */
    readonly count: number;
    readonly encoding: number;
    /** CRC-32 (that of zlib) of its bytes; 0 for the texts, whose pieces have their own. */
    readonly checksum: number;
}

/** What the header of an image says. */
export interface ImageHeader {
    readonly storeUuid: Uint8Array;
    /** Where in the history the tables stand. */
    readonly mark: LogMark;
    /** Sequence number of the record after it. */
    readonly nextSequence: number;
    /** Number of commits that were archived; 0 when none was. */
    readonly archivedCommits: number;
    /** Used places of the index by id. */
    readonly indexUsed: number;
    readonly sections: Readonly<Record<SectionName, Section>>;
}

const CONTENT_KIND = "TBLS";
const MARK_AT = 40;
const NUMBERS_AT = MARK_AT + LOG_MARK_BYTES;
const SECTIONS_AT = NUMBERS_AT + 4 * 8;
const SECTION_BYTES = 32;

/** Encodes a header. */
export function encodeImageHeader(header: ImageHeader): Buffer {
    const bytes = Buffer.alloc(IMAGE_HEADER_BYTES);
    bytes.set(LOG_MAGIC, 0);
    bytes.writeUInt32LE(IMAGE_FORMAT_VERSION, 8);
    bytes.write(CONTENT_KIND, 12, "latin1");
    bytes.writeUInt32LE(STATE_SCHEMA_VERSION, 16);
    assert(header.storeUuid.length === 16, "a uuid has 16 bytes");
    bytes.set(header.storeUuid, 24);
    bytes.set(encodeLogMark(header.mark), MARK_AT);
    const { nextSequence, archivedCommits, indexUsed } = header;
    let at = NUMBERS_AT;
    for (const number of [nextSequence, archivedCommits, indexUsed, SECTIONS.length]) {
        at = bytes.writeBigUInt64LE(BigInt(number), at);
    }
    for (const name of SECTIONS) {
        const { offset, byteCount, count, encoding, checksum } = header.sections[name];
        at = bytes.writeBigUInt64LE(BigInt(offset), at);
        at = bytes.writeBigUInt64LE(BigInt(byteCount), at);
        at = bytes.writeBigUInt64LE(BigInt(count), at);
        at = bytes.writeUInt32LE(encoding, at);
        at = bytes.writeUInt32LE(checksum, at);
    }
    bytes.writeUInt32LE(crc32c(bytes, 0, IMAGE_HEADER_BYTES - 4), IMAGE_HEADER_BYTES - 4);
    return bytes;
}

/** Decodes a header; undefined when it is not a good one of this version. */
export function decodeImageHeader(from: Uint8Array): ImageHeader | undefined {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.length);
    const isHeader =
        bytes.length === IMAGE_HEADER_BYTES &&
        LOG_MAGIC.every((byte, at) => bytes[at] === byte) &&
        bytes.readUInt32LE(8) === IMAGE_FORMAT_VERSION &&
        bytes.toString("latin1", 12, 16) === CONTENT_KIND &&
        bytes.readUInt32LE(16) === STATE_SCHEMA_VERSION &&
        bytes.readUInt32LE(IMAGE_HEADER_BYTES - 4) === crc32c(bytes, 0, IMAGE_HEADER_BYTES - 4);
    const number = (at: number): number => Number(bytes.readBigUInt64LE(at));
    if (!isHeader || number(NUMBERS_AT + 24) !== SECTIONS.length) {
        return undefined;
    }
    const sections = SECTIONS.map((name, index): [SectionName, Section] => {
        const at = SECTIONS_AT + index * SECTION_BYTES;
        return [
            name,
            {
                offset: number(at),
                byteCount: number(at + 8),
                count: number(at + 16),
                encoding: bytes.readUInt32LE(at + 24),
                checksum: bytes.readUInt32LE(at + 28),
            },
        ];
    });
    return {
        storeUuid: Uint8Array.from(bytes.subarray(24, 40)),
        mark: decodeLogMark(bytes, MARK_AT),
        nextSequence: number(NUMBERS_AT),
        archivedCommits: number(NUMBERS_AT + 8),
        indexUsed: number(NUMBERS_AT + 16),
        sections: Object.fromEntries(sections) as Record<SectionName, Section>,
    };
}

/** Bytes of the whole file. */
export function imageBytes({ sections }: ImageHeader): number {
    const last = sections.heap;
    return last.offset + last.byteCount;
}
