// Writes a state as a checkpoint: beside the old one, synced, read again and verified, then renamed over
// it, the old one kept. Format: docs/formats/checkpoint.md.
// Invariants: the state is immutable while this runs; at every moment a whole checkpoint has one of the
// two names, if one ever had.

import { createHash } from "node:crypto";
import { dirname } from "node:path";

import { assert, type Pause } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import {
    countRecords,
    isLong,
    PAGE_BYTES,
    pagesOf,
    writePage,
    type RecordSource,
    type Trie,
} from "../../merkle/index.ts";
import type { LogPort } from "../../wal/index.ts";
import {
    CHECKPOINT_HEADER_BYTES,
    checkpointIdOf,
    encodeCheckpointHeader,
    encodeCheckpointTrailer,
    HASH_BYTES,
    placesOf,
    type CheckpointHeader,
} from "./checkpoint-layout.ts";
import type { LogMark } from "./log-mark.ts";
import { openCheckpoint, verifyCheckpoint } from "./read-checkpoint.ts";

/** An immutable state to be written. */
export interface CheckpointState {
    readonly storeUuid: Uint8Array;
    readonly mark: LogMark;
    /** By sub-trie: records, hashed trie, root. */
    readonly subTries: readonly {
        readonly source: RecordSource;
        readonly trie: Trie;
        readonly root: Uint8Array;
    }[];
}

/** Where a checkpoint goes. */
export interface CheckpointPaths {
    readonly path: string;
    /** Name while it is written. */
    readonly temporary: string;
    /** Name of the one before; undefined where none is kept. */
    readonly previous: string | undefined;
}

const BATCH_PAGES = 64;

/** Writes a checkpoint, durable when the promise resolves; returns its id. */
export async function writeCheckpoint(
    disk: Disk,
    paths: CheckpointPaths,
    state: CheckpointState,
    pause: Pause,
): Promise<Uint8Array> {
    await disk.remove(paths.temporary);
    const file = await disk.openFile(paths.temporary, "create");
    let id: Uint8Array;
    try {
        id = await new CheckpointFile(file, pause).write(state);
    } finally {
        await file.close();
    }
    const written = await openCheckpoint(disk, paths.temporary);
    await verifyCheckpoint(disk, written, pause);
    if (paths.previous !== undefined && (await disk.fileSize(paths.path)) !== undefined) {
        await disk.rename(paths.path, paths.previous);
    }
    await disk.rename(paths.temporary, paths.path);
    await disk.syncFolder(dirname(paths.path));
    return id;
}

class CheckpointFile {
    readonly #file: LogPort;
    readonly #pause: Pause;
    readonly #table: Buffer[] = [];
    readonly #pages = Buffer.alloc(BATCH_PAGES * PAGE_BYTES);
    #pending = 0;
    #at = CHECKPOINT_HEADER_BYTES;

    constructor(file: LogPort, pause: Pause) {
        this.#file = file;
        this.#pause = pause;
    }

    /** Writes and syncs the whole file; returns the checkpoint's id. */
    async write(state: CheckpointState): Promise<Uint8Array> {
        // Pages come after the header, which says how many there are: room is made for it first.
        await this.#file.writeAt(0, Buffer.alloc(CHECKPOINT_HEADER_BYTES));
        const pageCounts: number[] = [];
        for (const { source, trie } of state.subTries) {
            pageCounts.push(await this.#writePages(source, trie));
        }
        const longHash = createHash("sha256");
        const longAt = this.#at;
        for (const { source, trie } of state.subTries) {
            await this.#writeLongValues(source, trie, longHash);
        }
        const header: CheckpointHeader = {
            storeUuid: state.storeUuid,
            mark: state.mark,
            roots: state.subTries.map(({ root }) => root),
            recordCounts: state.subTries.map(({ trie }) => countRecords(trie)),
            pageCounts,
            longBytes: this.#at - longAt,
        };
        const places = placesOf(header);
        assert(this.#at === places.tableAt, "the page table follows what was written");
        const table = Buffer.concat(this.#table);
        const headerBytes = encodeCheckpointHeader(header);
        const trailer = encodeCheckpointTrailer(places.fileBytes, {
            header: createHash("sha256").update(headerBytes).digest(),
            long: longHash.digest(),
            table: createHash("sha256").update(table).digest(),
        });
        await this.#file.writeAt(places.tableAt, Buffer.concat([table, trailer]));
        await this.#file.writeAt(0, headerBytes);
        await this.#file.datasync();
        return checkpointIdOf(trailer);
    }

    async #writePages(source: RecordSource, trie: Trie): Promise<number> {
        let count = 0;
        for (const page of pagesOf(trie)) {
            writePage(source, page, this.#pages, this.#pending * PAGE_BYTES);
            assert(page.hash?.length === HASH_BYTES, "a written page is hashed");
            this.#table.push(Buffer.from(page.hash, "latin1"));
            this.#pending += 1;
            count += 1;
            if (this.#pending === BATCH_PAGES) {
                await this.#flushPages();
            }
        }
        await this.#flushPages();
        return count;
    }

    async #flushPages(): Promise<void> {
        await this.#append(this.#pages.subarray(0, this.#pending * PAGE_BYTES));
        this.#pending = 0;
    }

    async #writeLongValues(
        source: RecordSource,
        trie: Trie,
        digest: { update(bytes: Uint8Array): unknown },
    ): Promise<void> {
        for (const page of pagesOf(trie)) {
            for (const record of page.records) {
                if (isLong(source, record)) {
                    const value = Buffer.alloc(4 + source.valueBytes(record));
                    value.writeUInt32LE(value.length - 4, 0);
                    source.writeValue(record, value, 4);
                    digest.update(value);
                    await this.#append(value);
                }
            }
        }
    }

    async #append(bytes: Uint8Array): Promise<void> {
        if (bytes.length > 0) {
            await this.#file.writeAt(this.#at, bytes);
            this.#at += bytes.length;
            await this.#pause();
        }
    }
}
