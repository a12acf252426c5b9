// Tables over a `workspace.columns`: each column is read at its first use, texts in pieces. Format: docs/formats/columns.md.
// Invariants: nothing is used before its checksum is right.

import { crc32 } from "node:zlib";

import { assert, OperatingError } from "../../base/index.ts";
import type { DirectFile, Disk } from "../../platform/index.ts";
import { ByteHeap, WordColumn } from "../columns.ts";
import { EDGE_COLUMNS, EdgeTable, type EdgeColumns } from "../edge-table.ts";
import { FILE_COLUMNS, FileTable, type FileColumns } from "../file-table.ts";
import { GraphTables } from "../graph-tables.ts";
import { CommitIndex, type ArchivedCommits } from "../history/commit-index.ts";
import { COMMIT_BYTES, type CommitRecord } from "../commit-record.ts";
import { MoveList } from "../move-list.ts";
import { NODE_COLUMNS, NodeTable, type NodeColumns } from "../node-table.ts";
import { decodeColumn, ENCODING } from "./column-codec.ts";
import {
    decodeImageHeader,
    HEAP_PIECE_BYTES,
    IMAGE_HEADER_BYTES,
    imageBytes,
    type ImageHeader,
    type SectionName,
} from "./image-layout.ts";

/** An image whose header is good. */
export interface OpenedImage {
    readonly header: ImageHeader;
    readonly file: DirectFile;
}

/** Opens an image; undefined when there is none, or it is not good. */
export function openImage(disk: Disk, path: string): OpenedImage | undefined {
    let file: DirectFile;
    try {
        file = disk.openDirect(path);
    } catch (error) {
        if (error instanceof OperatingError && error.code === "FILE_NOT_FOUND") {
            return undefined;
        }
        throw error;
    }
    if (file.size >= IMAGE_HEADER_BYTES) {
        const head = new Uint8Array(IMAGE_HEADER_BYTES);
        file.readInto(0, head);
        const header = decodeImageHeader(head);
        if (header !== undefined && imageBytes(header) === file.size) {
            return { header, file };
        }
    }
    file.close();
    return undefined;
}

/** The tables and commits of an image; `last` is its last commit. */
export function tablesOfImage(
    image: OpenedImage,
    last: CommitRecord,
    archived: ArchivedCommits | undefined,
): { readonly tables: GraphTables; readonly commits: CommitIndex } {
    const reader = new ImageReader(image);
    const { mark, indexUsed, sections } = image.header;
    const column = (name: SectionName): WordColumn => reader.column(name);
    const heap = reader.heap();
    const nodes = NodeTable.of(
        heap,
        Object.fromEntries(
            NODE_COLUMNS.map((name) => [name, column(`nodes.${name}`)]),
        ) as unknown as NodeColumns,
        {
            ended: column("nodes.ended"),
            liveCount: last.nodeCount,
            index: { used: indexUsed, fetch: () => reader.values("nodes.index") },
        },
    );
    const edges = EdgeTable.of(
        Object.fromEntries(
            EDGE_COLUMNS.map((name) => [name, column(`edges.${name}`)]),
        ) as unknown as EdgeColumns,
        { ended: column("edges.ended"), liveCount: last.edgeCount },
    );
    const files = FileTable.of(
        heap,
        Object.fromEntries(
            FILE_COLUMNS.map((name) => [name, reader.values(`files.${name}`)]),
        ) as unknown as FileColumns,
        column("files.ended"),
    );
    const moves = new MoveList(column("moves.born"), column("moves.from"), column("moves.to"));
    const parts = { heap, nodes, edges, files, moves, deltaCount: mark.deltaCount };
    const commits = CommitIndex.stored(archived, sections.commits.byteCount / COMMIT_BYTES, () =>
        reader.bytes("commits"),
    );
    return { tables: GraphTables.of(parts), commits };
}

class ImageReader {
    readonly #image: OpenedImage;

    constructor(image: OpenedImage) {
        this.#image = image;
    }

    column(name: SectionName): WordColumn {
        const { count } = this.#image.header.sections[name];
        return WordColumn.stored(count, () => this.values(name, 1024));
    }

    values(name: SectionName, room = 0): Uint32Array {
        const { encoding, count, offset, byteCount, checksum } = this.#image.header.sections[name];
        if (encoding !== ENCODING.words || byteCount !== count * 4) {
            return decodeColumn(encoding, this.bytes(name), count, room);
        }
        const values = new Uint32Array(count + room);
        const bytes = new Uint8Array(values.buffer, 0, byteCount);
        this.#image.file.readInto(offset, bytes);
        this.#check(crc32(bytes) === checksum, offset);
        return values;
    }

    bytes(name: SectionName): Uint8Array {
        const { offset, byteCount, checksum } = this.#image.header.sections[name];
        const bytes = Buffer.allocUnsafeSlow(byteCount);
        this.#image.file.readInto(offset, bytes);
        this.#check(crc32(bytes) === checksum, offset);
        return bytes;
    }

    heap(): ByteHeap {
        const { file, header } = this.#image;
        const { offset, byteCount } = header.sections.heap;
        let checksums: Uint32Array | undefined;
        const isHere = new Uint8Array(Math.ceil(byteCount / HEAP_PIECE_BYTES));
        return ByteHeap.stored(byteCount, {
            fetch: (into, start, end) => {
                checksums ??= wordsOf(this.bytes("heap.checksums"));
                for (
                    let piece = Math.floor(start / HEAP_PIECE_BYTES);
                    piece * HEAP_PIECE_BYTES < end;
                    piece++
                ) {
                    if (isHere[piece] === 1) {
                        continue;
                    }
                    const at = piece * HEAP_PIECE_BYTES;
                    const part = into.subarray(at, Math.min(byteCount, at + HEAP_PIECE_BYTES));
                    file.readInto(offset + at, part);
                    this.#check(crc32(part) === checksums[piece], offset + at);
                    isHere[piece] = 1;
                }
            },
        });
    }

    #check(holds: boolean, offset: number): void {
        if (!holds) {
            const { path } = this.#image.file;
            throw new OperatingError("TABLES_DAMAGED", `${path} is damaged at byte ${offset}`, {
                advice: "remove the file; it is made again from the history",
            });
        }
    }
}

function wordsOf(bytes: Uint8Array): Uint32Array {
    assert(bytes.length % 4 === 0, "checksums are words");
    return new Uint32Array(Uint8Array.from(bytes).buffer);
}
