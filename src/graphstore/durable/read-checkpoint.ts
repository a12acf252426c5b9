// Opens checkpoints: header and trailer at once, pages when asked for. Format: docs/formats/checkpoint.md.
// Invariants: nothing of a page is used before its hash is that of the page table; nothing is written.

import { createHash, hash } from "node:crypto";

import type { Pause } from "../../base/index.ts";
import {
    decodePage,
    hashPagesByCrypto,
    PAGE_BYTES,
    rootOfPages,
    stateRootOf,
    type DecodedPage,
    type HashedPage,
    type RecordShape,
} from "../../merkle/index.ts";
import type { Disk } from "../../platform/index.ts";
import type { LogPort } from "../../wal/index.ts";
import {
    CHECKPOINT_HEADER_BYTES,
    CHECKPOINT_TRAILER_BYTES,
    checkpointIdOf,
    damagedCheckpoint,
    decodeCheckpointHeader,
    decodeCheckpointTrailer,
    HASH_BYTES,
    placesOf,
    type CheckpointHashes,
    type CheckpointHeader,
} from "./checkpoint-layout.ts";
import { SHAPES } from "./page-deltas.ts";

/** A checkpoint whose header and trailer are good. */
export interface OpenedCheckpoint {
    readonly path: string;
    readonly header: CheckpointHeader;
    readonly hashes: CheckpointHashes;
    readonly id: Uint8Array;
}

/** A record of a checkpoint. */
export interface StoredRecord {
    readonly key: Buffer;
    /** Empty where records have no value. */
    readonly value: Buffer;
}

const BATCH_PAGES = 64;
const NO_VALUE = Buffer.alloc(0);

/** Reads header and trailer; throws FILE_NOT_FOUND, CHECKPOINT_DAMAGED, LOG_VERSION. */
export async function openCheckpoint(disk: Disk, path: string): Promise<OpenedCheckpoint> {
    const file = await disk.openFile(path, "read-only");
    try {
        const header = decodeCheckpointHeader(await file.readAt(0, CHECKPOINT_HEADER_BYTES), path);
        const { trailerAt, fileBytes } = placesOf(header);
        if (file.size !== fileBytes) {
            throw damagedCheckpoint(path, file.size, `it has ${file.size} bytes, not ${fileBytes}`);
        }
        const trailer = await file.readAt(trailerAt, CHECKPOINT_TRAILER_BYTES);
        const hashes = decodeCheckpointTrailer(trailer, fileBytes);
        if (hashes === undefined) {
            throw damagedCheckpoint(path, trailerAt, "its trailer is not good");
        }
        return { path, header, hashes, id: checkpointIdOf(trailer) };
    } finally {
        await file.close();
    }
}

/** Checks every byte of a checkpoint against its hashes and its state root; throws CHECKPOINT_DAMAGED. */
export async function verifyCheckpoint(
    disk: Disk,
    opened: OpenedCheckpoint,
    pause: Pause,
): Promise<void> {
    await readCheckpoint(disk, opened, () => undefined, pause);
}

/** Reads all records by sub-trie and key, and checks everything on the way; throws CHECKPOINT_DAMAGED. */
export async function readCheckpoint(
    disk: Disk,
    opened: OpenedCheckpoint,
    onRecord: (subTrie: number, record: StoredRecord) => void,
    pause: Pause,
): Promise<void> {
    const { path, header, hashes } = opened;
    const file = await disk.openFile(path, "read-only");
    try {
        const { longAt, tableAt, trailerAt } = placesOf(header);
        const head = await file.readAt(0, CHECKPOINT_HEADER_BYTES);
        checkHash(path, 0, hash("sha256", head, "buffer"), hashes.header);
        const table = Buffer.from(await file.readAt(tableAt, trailerAt - tableAt));
        checkHash(path, tableAt, hash("sha256", table, "buffer"), hashes.table);
        const long = new LongValues(file, longAt, tableAt);
        let number = 0;
        for (const [subTrie, shape] of SHAPES.entries()) {
            const pages: HashedPage[] = [];
            let records = 0;
            const end = number + (header.pageCounts[subTrie] ?? 0);
            for (; number < end; number += BATCH_PAGES) {
                const count = Math.min(BATCH_PAGES, end - number);
                const batch = await readPages(file, { number, count, shape, table });
                for (const { page, hashed } of batch) {
                    pages.push(hashed);
                    records += page.records.length;
                    for (const { key, value, long: place } of page.records) {
                        const whole = place === undefined ? value : await long.next(place, path);
                        onRecord(subTrie, { key, value: whole ?? NO_VALUE });
                    }
                }
                await pause();
            }
            number = end;
            const root = rootOfPages(pages);
            const isRoot =
                root !== undefined && Buffer.compare(root, header.roots[subTrie] ?? root) === 0;
            if (!isRoot || records !== header.recordCounts[subTrie]) {
                const where = CHECKPOINT_HEADER_BYTES + (number - pages.length) * PAGE_BYTES;
                throw damagedCheckpoint(path, where, "its pages do not lead to the recorded root");
            }
        }
        checkHash(path, longAt, long.digest(), hashes.long);
        checkStateRoot(path, header);
    } finally {
        await file.close();
    }
}

interface PageRange {
    readonly number: number;
    readonly count: number;
    readonly shape: RecordShape;
    readonly table: Buffer;
}

async function readPages(
    file: LogPort,
    { number, count, shape, table }: PageRange,
): Promise<{ readonly page: DecodedPage; readonly hashed: HashedPage }[]> {
    const start = CHECKPOINT_HEADER_BYTES + number * PAGE_BYTES;
    const bytes = await file.readAt(start, count * PAGE_BYTES);
    const found = Buffer.from(hashPagesByCrypto(bytes, count));
    return Array.from({ length: count }, (_, index) => {
        const hashed = found.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
        const at = (number + index) * HASH_BYTES;
        const isKnown = hashed.equals(table.subarray(at, at + HASH_BYTES));
        const raw = bytes.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES);
        const page = isKnown ? decodePage(raw, shape) : undefined;
        if (page === undefined) {
            throw damagedCheckpoint(file.path, start + index * PAGE_BYTES, "a page has changed");
        }
        const { prefixBits, prefix } = page;
        return { page, hashed: { prefixBits, prefix, hash: hashed } };
    });
}

/** Values that do not fit their page, in the order of their records. */
class LongValues {
    readonly #file: LogPort;
    readonly #end: number;
    readonly #digest = createHash("sha256");
    #at: number;

    constructor(file: LogPort, start: number, end: number) {
        this.#file = file;
        this.#at = start;
        this.#end = end;
    }

    async next(
        expected: { readonly length: number; readonly hash: Buffer },
        path: string,
    ): Promise<Buffer> {
        const start = this.#at;
        const size = 4 + expected.length;
        const read = size <= this.#end - start ? await this.#file.readAt(start, size) : NO_VALUE;
        const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
        const isGood = bytes.length === size && bytes.readUInt32LE(0) === expected.length;
        if (!isGood || !hash("sha256", bytes.subarray(4), "buffer").equals(expected.hash)) {
            throw damagedCheckpoint(path, start, "a long value has changed");
        }
        this.#digest.update(bytes);
        this.#at += size;
        return bytes.subarray(4);
    }

    digest(): Uint8Array {
        return this.#digest.digest();
    }
}

function checkHash(path: string, offset: number, found: Uint8Array, expected: Uint8Array): void {
    if (Buffer.compare(found, expected) !== 0) {
        throw damagedCheckpoint(path, offset, "it has changed");
    }
}

function checkStateRoot(path: string, { roots, recordCounts, mark }: CheckpointHeader): void {
    const [nodeRoot, edgeRoot, fileRoot] = roots;
    const [nodeCount, edgeCount, fileCount] = recordCounts;
    const none = new Uint8Array(32);
    const root = stateRootOf({
        nodeRoot: nodeRoot ?? none,
        edgeRoot: edgeRoot ?? none,
        fileRoot: fileRoot ?? none,
        nodeCount: nodeCount ?? 0,
        edgeCount: edgeCount ?? 0,
        fileCount: fileCount ?? 0,
    });
    if (Buffer.from(root).toString("hex") !== mark.stateRoot) {
        throw damagedCheckpoint(path, 0, "its roots do not lead to the recorded state root");
    }
}
