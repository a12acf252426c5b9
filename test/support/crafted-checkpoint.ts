// Checkpoints made by hand: one of any records, and one whose parts are changed and whose checksums and
// hashes are made right again, so that a single check is left to notice.

import { createHash } from "node:crypto";

import { writeCheckpoint } from "../../src/graphstore/durable/write-checkpoint.ts";
import {
    openCheckpoint,
    type OpenedCheckpoint,
} from "../../src/graphstore/durable/read-checkpoint.ts";
import {
    encodeCheckpointHeader,
    placesOf,
    type CheckpointHeader,
} from "../../src/graphstore/durable/checkpoint-layout.ts";
import type { LogMark } from "../../src/graphstore/durable/log-mark.ts";
import {
    buildTrie,
    countRecords,
    hashTrie,
    PAGE_BYTES,
    stateRootOf,
} from "../../src/merkle/index.ts";
import { crc32c } from "../../src/wal/index.ts";
import type { SimDisk } from "./sim-disk.ts";
import { byteSource, makeRecords, type ByteRecord } from "./trie-records.ts";

/** Where crafted checkpoints are. */
export const CRAFTED_PATH = "store/x.checkpoint";

/** Nodes, edges and files as bytes. */
export type CraftedRecords = readonly [
    readonly ByteRecord[],
    readonly ByteRecord[],
    readonly ByteRecord[],
];

/** Records of several pages, some of them with long values. */
export function someRecords(): CraftedRecords {
    return [makeRecords(300, 3, 8), makeRecords(400, 4, 17), makeRecords(90, 5, 32)];
}

const NO_MARK: Omit<LogMark, "stateRoot"> = {
    commitCount: 1,
    deltaCount: 1,
    logEnd: 64,
    logHash: new Uint8Array(32),
    headerHash: new Uint8Array(32),
};

/** Writes records as a checkpoint. */
export async function putCheckpoint(
    disk: SimDisk,
    records: CraftedRecords,
    mark: Partial<LogMark> = {},
    storeUuid: Uint8Array = new Uint8Array(16),
): Promise<OpenedCheckpoint> {
    const shapes = [
        [8, true],
        [17, false],
        [32, true],
    ] as const;
    const subTries = shapes.map(([keyBytes, hasValues], index) => {
        const source = byteSource(records[index] ?? [], keyBytes, hasValues);
        const rows = Uint32Array.from((records[index] ?? []).keys());
        const trie = buildTrie(source, rows);
        return { source, trie, root: hashTrie(source, trie) };
    });
    const [nodes, edges, files] = subTries;
    const root = stateRootOf({
        nodeRoot: nodes!.root,
        edgeRoot: edges!.root,
        fileRoot: files!.root,
        nodeCount: countRecords(nodes!.trie),
        edgeCount: countRecords(edges!.trie),
        fileCount: countRecords(files!.trie),
    });
    const stateRoot = Buffer.from(root).toString("hex");
    const state = { storeUuid, mark: { ...NO_MARK, stateRoot, ...mark }, subTries };
    const paths = { path: CRAFTED_PATH, temporary: `${CRAFTED_PATH}.tmp`, previous: undefined };
    await writeCheckpoint(disk, paths, state, () => undefined);
    return openCheckpoint(disk, CRAFTED_PATH);
}

/** The parts of a checkpoint, to be changed in place. */
export interface CheckpointParts {
    /** The header's fields. */
    header: CheckpointHeader;
    /** Changes the header's bytes, before its checksum is made. */
    patchHeader: (bytes: Buffer) => void;
    pages: Buffer;
    long: Buffer;
    table: Buffer;
    /** Changes the trailer, before its checksum is made. */
    patchTrailer: (bytes: Buffer) => void;
}

/** Changes parts of the checkpoint on a disk, and makes every checksum and hash right again. */
export function recraft(
    disk: SimDisk,
    opened: OpenedCheckpoint,
    change: (parts: CheckpointParts) => void,
): void {
    const bytes = disk.content(CRAFTED_PATH);
    const { longAt, tableAt, trailerAt } = placesOf(opened.header);
    const parts: CheckpointParts = {
        header: opened.header,
        patchHeader: () => undefined,
        pages: bytes.subarray(PAGE_BYTES, longAt),
        long: bytes.subarray(longAt, tableAt),
        table: bytes.subarray(tableAt, trailerAt),
        patchTrailer: () => undefined,
    };
    change(parts);
    const header = encodeCheckpointHeader(parts.header);
    parts.patchHeader(header);
    header.writeUInt32LE(crc32c(header, 0, 508), 508);
    const trailer = Buffer.from(bytes.subarray(trailerAt));
    const body = Buffer.concat([header, parts.pages, parts.long, parts.table]);
    trailer.writeBigUInt64LE(BigInt(body.length + trailer.length), 8);
    trailer.set(sha256(header), 16);
    trailer.set(sha256(parts.long), 48);
    trailer.set(sha256(parts.table), 80);
    parts.patchTrailer(trailer);
    trailer.writeUInt32LE(crc32c(trailer, 0, 124), 124);
    disk.put(CRAFTED_PATH, Buffer.concat([body, trailer]));
}

/** SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Buffer {
    return createHash("sha256").update(bytes).digest();
}
