// Writes the tables as they are after a commit to a `.tables`, so that opening needs no replay.
// Format: docs/formats/columns.md.
// Invariants: commits may go on meanwhile: rows only grow, and what ended later is written as alive.

import { dirname } from "node:path";
import { crc32 } from "node:zlib";

import type { Pause } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import type { LogPort } from "../../wal/index.ts";
import type { WordColumn } from "../columns.ts";
import type { LogMark } from "../durable/log-mark.ts";
import { EDGE_COLUMNS } from "../edge-table.ts";
import { countUpTo } from "../end-list.ts";
import { FILE_COLUMNS } from "../file-table.ts";
import type { GraphTables } from "../graph-tables.ts";
import type { CommitIndex } from "../history/commit-index.ts";
import { ALIVE, NO_ROW, NODE_COLUMNS } from "../node-table.ts";
import { encodeColumn } from "./column-codec.ts";
import {
    encodeImageHeader,
    HEAP_PIECE_BYTES,
    IMAGE_HEADER_BYTES,
    type ImageHeader,
    type Section,
    type SectionName,
} from "./image-layout.ts";

/** What an image is made of. */
export interface ImageSource {
    readonly storeUuid: Uint8Array;
    readonly tables: GraphTables;
    readonly commits: CommitIndex;
    /** A durable commit. */
    readonly mark: LogMark;
    readonly nextSequence: number;
}

/** Writes an image to a place, durable when the promise resolves. */
export async function writeImage(
    disk: Disk,
    paths: { readonly path: string; readonly temporary: string },
    source: ImageSource,
    pause: Pause,
): Promise<void> {
    await disk.remove(paths.temporary);
    const file = await disk.openFile(paths.temporary, "create");
    try {
        await new ImageFile(file, pause).write(source);
        await file.datasync();
    } finally {
        await file.close();
    }
    await disk.rename(paths.temporary, paths.path);
    await disk.syncFolder(dirname(paths.path));
}

class ImageFile {
    readonly #file: LogPort;
    readonly #pause: Pause;
    readonly #sections: Partial<Record<SectionName, Section>> = {};
    #at = IMAGE_HEADER_BYTES;

    constructor(file: LogPort, pause: Pause) {
        this.#file = file;
        this.#pause = pause;
    }

    async write({ tables, commits, mark, ...numbers }: ImageSource): Promise<void> {
        await this.#file.writeAt(0, Buffer.alloc(IMAGE_HEADER_BYTES));
        // Taken at once: slots and their index grow together.
        const slots = tables.nodes.latest.length;
        const index = tables.nodes.copyIndex();
        const heapBytes = tables.heap.length;
        await this.#writeNodes(tables, mark.deltaCount, slots);
        await this.#column("nodes.index", index.slots);
        await this.#column("nodes.ended", tables.nodes.ended.upTo(mark.deltaCount));
        await this.#writeEdges(tables, mark.deltaCount);
        await this.#writeRest(tables, mark.deltaCount);
        await this.#section("commits", commits.encodedUpTo(mark.commitCount));
        await this.#writeHeap(tables, heapBytes);
        const header: ImageHeader = {
            ...numbers,
            mark,
            archivedCommits: commits.archived?.last.commitCount ?? 0,
            indexUsed: index.used,
            sections: this.#sections as Record<SectionName, Section>,
        };
        await this.#file.writeAt(0, encodeImageHeader(header));
    }

    async #writeNodes({ nodes }: GraphTables, k: number, slots: number): Promise<void> {
        const versions = countUpTo(nodes.born.length, k, (row) => nodes.born.at(row));
        for (const name of NODE_COLUMNS) {
            const values =
                name === "idHigh" || name === "idLow"
                    ? nodes[name].data.slice(0, slots)
                    : name === "latest"
                      ? Uint32Array.from({ length: slots }, (_, slot) => {
                            let version = nodes.latest.at(slot);
                            while (version !== NO_ROW && version >= versions) {
                                version = nodes.previous.at(version);
                            }
                            return version;
                        })
                      : columnAt(nodes[name], versions, name === "died" ? k : undefined);
            await this.#column(`nodes.${name}`, values);
        }
    }

    async #writeEdges({ edges }: GraphTables, k: number): Promise<void> {
        const rows = countUpTo(edges.born.length, k, (row) => edges.born.at(row));
        for (const name of EDGE_COLUMNS) {
            const values = columnAt(edges[name], rows, name === "died" ? k : undefined);
            await this.#column(`edges.${name}`, values);
        }
        await this.#column("edges.ended", edges.ended.upTo(k));
    }

    async #writeRest({ files, moves }: GraphTables, k: number): Promise<void> {
        const columns = files.columnsAt(k);
        const moved = moves.columnsUpTo(k);
        const ended = files.ended.upTo(k);
        for (const name of FILE_COLUMNS) {
            await this.#column(`files.${name}`, columns[name]);
        }
        await this.#column("files.ended", ended);
        for (const [index, name] of (["born", "from", "to"] as const).entries()) {
            await this.#column(`moves.${name}`, moved[index] ?? new Uint32Array());
        }
    }

    async #writeHeap({ heap }: GraphTables, byteCount: number): Promise<void> {
        const pieces = Math.ceil(byteCount / HEAP_PIECE_BYTES);
        const checksums = new Uint32Array(pieces);
        const start = this.#at + 4 * pieces;
        const piece = (number: number): Uint8Array => {
            const at = number * HEAP_PIECE_BYTES;
            return heap.view(at, Math.min(HEAP_PIECE_BYTES, byteCount - at));
        };
        for (let number = 0; number < pieces; number++) {
            checksums[number] = crc32(piece(number));
            await this.#pause();
        }
        await this.#section("heap.checksums", new Uint8Array(checksums.buffer));
        for (let number = 0; number < pieces; number++) {
            await this.#append(piece(number));
        }
        const place = { offset: start, byteCount, count: byteCount };
        this.#sections.heap = { ...place, encoding: 0, checksum: 0 };
    }

    async #column(name: SectionName, values: Uint32Array): Promise<void> {
        const { encoding, bytes } = encodeColumn(values);
        await this.#section(name, bytes, { count: values.length, encoding });
    }

    async #section(
        name: SectionName,
        bytes: Uint8Array,
        as: { readonly count: number; readonly encoding: number } = {
            count: bytes.length,
            encoding: 0,
        },
    ): Promise<void> {
        const place = { offset: this.#at, byteCount: bytes.length };
        this.#sections[name] = { ...place, ...as, checksum: crc32(bytes) };
        await this.#append(bytes);
    }

    async #append(bytes: Uint8Array): Promise<void> {
        if (bytes.length > 0) {
            await this.#file.writeAt(this.#at, bytes);
            this.#at += bytes.length;
        }
        await this.#pause();
    }
}

/** The first values of a column; those above k, where it tells of ends, as none. */
function columnAt(column: WordColumn, count: number, endsAfter: number | undefined): Uint32Array {
    const values = column.data.slice(0, count);
    if (endsAfter !== undefined) {
        for (let row = 0; row < count; row++) {
            if ((values[row] ?? ALIVE) > endsAfter) {
                values[row] = ALIVE;
            }
        }
    }
    return values;
}
