// The facts of one compilation as a file.
//
// Layout, little-endian: magic u32, version u32, header length u32, body length u32, flow length u32,
// header (JSON), body, flow (both deflated), SHA-256 of all that comes before. A header can be read alone.
// A body is a JSON text length u32, the JSON (all but the columns), then the columns of the uses: the
// differences of starts, and lengths instead of ends, which deflate far better.

import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";

import type { BodyFlow, FactUses, FlowShard, RustcFacts } from "./facts.ts";

/** Raised when the layout changes; files of other versions are ignored and made anew. */
export const FACT_FILE_VERSION = 1;

const MAGIC = 0x4652_4746;
const FIXED_BYTES = 20;
const HASH_BYTES = 32;
const DEFLATE_LEVEL = 4;

/** Length of a file's part that says how long its header is. */
export const FACT_FILE_FIXED_BYTES = FIXED_BYTES;

/** A file of facts in its parts. */
export interface FactFileParts {
    /** JSON. */
    readonly header: string;
    readonly facts: RustcFacts;
    readonly flow: FlowShard | undefined;
}

/** Lengths in the fixed part of a file. */
export interface FactFileLengths {
    readonly header: number;
    readonly body: number;
    readonly flow: number;
    readonly total: number;
}

/** Encodes a body; its hash is that of the facts. */
export function encodeFacts(facts: RustcFacts): Uint8Array {
    const { uses, ...rest } = facts;
    const json = Buffer.from(JSON.stringify(rest), "utf8");
    const rows = uses.file.length;
    const start = new Uint32Array(rows);
    const length = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
        const at = uses.start[row] ?? 0;
        start[row] = at - (row > 0 ? (uses.start[row - 1] ?? 0) : 0);
        length[row] = (uses.end[row] ?? 0) - at;
    }
    const size = Buffer.alloc(8);
    size.writeUInt32LE(json.length, 0);
    size.writeUInt32LE(rows, 4);
    const columns = [uses.file, start, length, uses.target, uses.receiver].map(bytesOf);
    return deflateSync(Buffer.concat([size, json, ...columns, uses.role, uses.flags]), {
        level: DEFLATE_LEVEL,
    });
}

/** Packs a file. */
export function packFactFile(header: string, body: Uint8Array, flow: Uint8Array): Uint8Array {
    const head = Buffer.from(header, "utf8");
    const fixed = Buffer.alloc(FIXED_BYTES);
    [MAGIC, FACT_FILE_VERSION, head.length, body.length, flow.length].forEach((value, index) => {
        fixed.writeUInt32LE(value, index * 4);
    });
    const content = Buffer.concat([fixed, head, body, flow]);
    return Buffer.concat([content, createHash("sha256").update(content).digest()]);
}

/** Lengths that a file's fixed part gives; undefined when it is not one of this version. */
export function readFactFileLengths(bytes: Uint8Array): FactFileLengths | undefined {
    const fixed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (
        fixed.length < FIXED_BYTES ||
        fixed.readUInt32LE(0) !== MAGIC ||
        fixed.readUInt32LE(4) !== FACT_FILE_VERSION
    ) {
        return undefined;
    }
    const [header, body, flow] = [8, 12, 16].map((at) => fixed.readUInt32LE(at));
    if (header === undefined || body === undefined || flow === undefined) {
        return undefined;
    }
    return { header, body, flow, total: FIXED_BYTES + header + body + flow + HASH_BYTES };
}

/** Decodes a whole file; undefined when it is damaged or of another version. */
export function unpackFactFile(bytes: Uint8Array): FactFileParts | undefined {
    const lengths = readFactFileLengths(bytes);
    if (lengths?.total !== bytes.length) {
        return undefined;
    }
    const end = bytes.length - HASH_BYTES;
    const hash = createHash("sha256").update(bytes.subarray(0, end)).digest();
    if (!hash.equals(bytes.subarray(end))) {
        return undefined;
    }
    const body = FIXED_BYTES + lengths.header;
    const flow = body + lengths.body;
    return {
        header: Buffer.from(bytes.subarray(FIXED_BYTES, body)).toString("utf8"),
        facts: decodeFacts(bytes.subarray(body, flow)),
        flow: lengths.flow === 0 ? undefined : decodeFlow(bytes.subarray(flow, end)),
    };
}

function decodeFacts(body: Uint8Array): RustcFacts {
    const bytes = inflateSync(body);
    const jsonLength = bytes.readUInt32LE(0);
    const rows = bytes.readUInt32LE(4);
    const rest = JSON.parse(bytes.toString("utf8", 8, 8 + jsonLength)) as Omit<RustcFacts, "uses">;
    let at = 8 + jsonLength;
    const octets = (size: number): Uint8Array => {
        at += size;
        return new Uint8Array(bytes.subarray(at - size, at));
    };
    // Copied, because a column begins anywhere and typed arrays must be aligned.
    const words = (): Uint32Array => new Uint32Array(octets(rows * 4).buffer);
    const [file, start, length, target, receiver] = [words(), words(), words(), words(), words()];
    const end = length;
    for (let row = 0; row < rows; row++) {
        start[row] = (start[row] ?? 0) + (row > 0 ? (start[row - 1] ?? 0) : 0);
        end[row] = (start[row] ?? 0) + (length[row] ?? 0);
    }
    const uses: FactUses = {
        file,
        start,
        end,
        role: octets(rows),
        flags: octets(rows),
        target,
        receiver,
    };
    return { ...rest, uses };
}

/** Encodes control flow. */
export function encodeFlow(flow: FlowShard): Uint8Array {
    const bodies = flow.bodies.map((body) => [
        body.owner,
        [...body.blockFile],
        [...body.blockSpan],
        [...body.edges],
    ]);
    return deflateSync(Buffer.from(JSON.stringify({ ...flow, bodies }), "utf8"), {
        level: DEFLATE_LEVEL,
    });
}

function decodeFlow(bytes: Uint8Array): FlowShard {
    const value = JSON.parse(inflateSync(bytes).toString("utf8")) as Omit<FlowShard, "bodies"> & {
        readonly bodies: readonly [string, number[], number[], number[]][];
    };
    return {
        ...value,
        bodies: value.bodies.map(([owner, blockFile, blockSpan, edges]): BodyFlow => ({
            owner,
            blockFile: Int32Array.from(blockFile),
            blockSpan: Uint32Array.from(blockSpan),
            edges: Uint32Array.from(edges),
        })),
    };
}

function bytesOf(column: Uint32Array): Uint8Array {
    return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
