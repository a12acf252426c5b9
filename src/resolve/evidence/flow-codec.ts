// Control flow as bytes: a shard for each compilation unit, beside the graph and outside its roots.
// Format: docs/formats/control-flow.md.

import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { bytesOf, packSections, unpackSections, viewAs } from "../section-file.ts";

/** Version of the stored form; raised with every change of it, or of what the numbers in it mean. */
export const FLOW_FORMAT = 1;

const LEVEL = 1;
const NEW_LINE = 10;

/** Which facts a shard was made from, and the files that it speaks of. */
export interface FlowHeader {
    readonly format: number;
    /** Names the unit in the fact store. */
    readonly key: string;
    readonly factsHash: string;
    readonly crateId: string;
    readonly configurations: readonly string[];
    readonly files: readonly {
        readonly path: string;
        readonly contentHash: string;
        /** Hashes of the file's segments as captured. */
        readonly segments: readonly string[];
    }[];
    /** What bodies are of their owners: `{closure#0}`; entry 0 is empty. */
    readonly parts: readonly string[];
}

/** The columns of a shard. Bodies are in order of owner and part. */
export interface FlowColumns {
    /** Id of the item that a body is part of. */
    readonly owner: BigUint64Array;
    /** Index into `parts`. */
    readonly part: Uint32Array;
    /** File, and the segment that holds the body. */
    readonly file: Uint32Array;
    readonly segment: Uint32Array;
    /** One more than bodies: those of body n begin at entry n. */
    readonly firstBlock: Uint32Array;
    readonly firstEdge: Uint32Array;
    /** Where a block's first statement stands: file + 1 (0 for nowhere), offset, segment, token there. */
    readonly blockFile: Uint32Array;
    readonly blockStart: Uint32Array;
    readonly blockSegment: Uint32Array;
    readonly blockOrdinal: Uint32Array;
    /** Edges: blocks of the body, by number. */
    readonly edgeFrom: Uint32Array;
    readonly edgeTo: Uint32Array;
}

/** A shard as it was stored. */
export interface StoredFlow {
    readonly header: FlowHeader;
    readonly columns: FlowColumns;
    /** SHA-256 of the stored bytes, hex. */
    readonly hash: string;
}

/** Encodes a shard. */
export function encodeFlowShard(header: FlowHeader, columns: FlowColumns): Uint8Array {
    const packed = packSections({
        header: new TextEncoder().encode(JSON.stringify(header)),
        ...Object.fromEntries(
            Object.entries(columns).map(([name, column]: [string, ArrayBufferView]) => [
                name,
                bytesOf(column),
            ]),
        ),
    });
    const body = deflateRawSync(packed, { level: LEVEL });
    return Buffer.concat([Buffer.from(`${hashOf(body)}\n`, "latin1"), body]);
}

/** Decodes a shard; undefined when it is damaged or of another version. */
export function decodeFlowShard(bytes: Uint8Array): StoredFlow | undefined {
    const end = bytes.indexOf(NEW_LINE);
    const hash = Buffer.from(bytes.subarray(0, Math.max(0, end))).toString("latin1");
    const body = bytes.subarray(end + 1);
    if (end === -1 || hashOf(body) !== hash) {
        return undefined;
    }
    // The hash was right, so that what is inside is what was written.
    const section = unpackSections(new Uint8Array(inflateRawSync(body)));
    const header = JSON.parse(new TextDecoder().decode(section("header"))) as FlowHeader;
    if (header.format !== FLOW_FORMAT) {
        return undefined;
    }
    const words = (name: string): Uint32Array => viewAs(section(name), Uint32Array);
    const columns: FlowColumns = {
        owner: viewAs(section("owner"), BigUint64Array),
        part: words("part"),
        file: words("file"),
        segment: words("segment"),
        firstBlock: words("firstBlock"),
        firstEdge: words("firstEdge"),
        blockFile: words("blockFile"),
        blockStart: words("blockStart"),
        blockSegment: words("blockSegment"),
        blockOrdinal: words("blockOrdinal"),
        edgeFrom: words("edgeFrom"),
        edgeTo: words("edgeTo"),
    };
    return { header, columns, hash };
}

function hashOf(bytes: Uint8Array): string {
    return createHash("sha256").update(bytes).digest("hex");
}
