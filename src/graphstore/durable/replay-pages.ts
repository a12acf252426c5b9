// Replays page deltas upon a checkpoint and compares every page and root on the way: the write-ahead log
// and the checkpoint tell the same state as the history, or one of them is damaged.
// Invariants: shapes are computed from the set of records, never taken from a file.

import { OperatingError, required, takeTurns, type Pause } from "../../base/index.ts";
import {
    findPage,
    hashTrieInSteps,
    stateRootOf,
    updateTrieInSteps,
    countRecords,
    type RecordShape,
    type RecordSource,
    type Trie,
} from "../../merkle/index.ts";
import type { Disk } from "../../platform/index.ts";
import { decodePageDeltas, isGone, SHAPES, type PageDelta } from "./page-deltas.ts";
import { readCheckpoint, type OpenedCheckpoint, type StoredRecord } from "./read-checkpoint.ts";
import type { Transaction } from "./transactions.ts";

/** Replays transactions that follow a checkpoint; throws CHECKPOINT_DAMAGED, LOG_CORRUPT. */
export async function replayPages(
    disk: Disk,
    checkpoint: OpenedCheckpoint,
    transactions: readonly Transaction[],
    pause: Pause,
): Promise<void> {
    const tries = SHAPES.map((shape) => new PageTrie(shape));
    const take = (subTrie: number, record: StoredRecord): void => {
        tries[subTrie]?.add(record);
    };
    await readCheckpoint(disk, checkpoint, take, pause);
    for (const trie of tries) {
        await trie.settle(pause);
    }
    for (const { pages, mark } of transactions) {
        const deltas = pages.flatMap(decodePageDeltas);
        for (const [subTrie, trie] of tries.entries()) {
            await trie.replay(
                deltas.filter((delta) => delta.subTrie === subTrie),
                pause,
            );
        }
        if (rootOf(tries) !== mark.stateRoot) {
            throw wrong(`commit ${mark.commitCount} leads to another state root`);
        }
    }
}

function rootOf(tries: readonly PageTrie[]): string {
    const [nodes, edges, files] = tries;
    const root = stateRootOf({
        nodeRoot: nodes?.root ?? NO_ROOT,
        edgeRoot: edges?.root ?? NO_ROOT,
        fileRoot: files?.root ?? NO_ROOT,
        nodeCount: nodes?.count ?? 0,
        edgeCount: edges?.count ?? 0,
        fileCount: files?.count ?? 0,
    });
    return Buffer.from(root).toString("hex");
}

const NO_ROOT = new Uint8Array(32);

/** A sub-trie over records as bytes. */
class PageTrie implements RecordSource {
    readonly keyBytes: number;
    readonly hasValues: boolean;
    readonly #records: StoredRecord[] = [];
    readonly #rows = new Map<string, number>();
    #added: number[] = [];
    #trie: Trie;
    root: Uint8Array = NO_ROOT;

    constructor({ keyBytes, hasValues }: RecordShape) {
        this.keyBytes = keyBytes;
        this.hasValues = hasValues;
    }

    get count(): number {
        return countRecords(this.#trie);
    }

    add(record: StoredRecord): void {
        const row = this.#records.push(record) - 1;
        this.#rows.set(record.key.toString("latin1"), row);
        this.#added.push(row);
    }

    /** Brings the trie up to what was added. */
    settle(pause: Pause): Promise<void> {
        return this.#update([], pause);
    }

    /** Applies the deltas of a commit and compares the pages that they name. */
    async replay(deltas: readonly PageDelta[], pause: Pause): Promise<void> {
        const removed: number[] = [];
        for (const key of deltas.flatMap((delta) => delta.removed)) {
            const name = key.toString("latin1");
            const row = this.#rows.get(name);
            if (row === undefined) {
                throw wrong("a removed record is not there");
            }
            this.#rows.delete(name);
            removed.push(row);
        }
        for (const { key, value } of deltas.flatMap((delta) => delta.added)) {
            if (this.#rows.has(key.toString("latin1"))) {
                throw wrong("an added record is there already");
            }
            this.add({ key, value: value ?? NOTHING });
        }
        await this.#update(removed, pause);
        for (const delta of deltas) {
            this.#checkPage(delta);
        }
    }

    keyWord(record: number, word: number): number {
        const { key } = this.#record(record);
        let value = 0;
        for (let at = word * 4; at < word * 4 + 4; at++) {
            value = (value << 8) | (key[at] ?? 0);
        }
        return value >>> 0;
    }

    valueBytes(record: number): number {
        return this.#record(record).value.length;
    }

    writeValue(record: number, into: Buffer, at: number): number {
        const { value } = this.#record(record);
        into.set(value, at);
        return at + value.length;
    }

    async #update(removed: readonly number[], pause: Pause): Promise<void> {
        const change = {
            removed: Uint32Array.from(removed),
            added: Uint32Array.from(this.#added),
        };
        this.#added = [];
        this.#trie = await takeTurns(updateTrieInSteps(this, this.#trie, change), pause);
        this.root = await takeTurns(hashTrieInSteps(this, this.#trie), pause);
    }

    #checkPage(delta: PageDelta): void {
        // The prefix stands for a record that would be on the page.
        const sample = this.#records.push({ key: delta.prefix, value: NOTHING }) - 1;
        const page = findPage(this, this.#trie, sample);
        this.#records.pop();
        const isRight = isGone(delta)
            ? page === undefined
            : page?.prefixBits === delta.prefixBits && page.hash === delta.hash.toString("latin1");
        if (!isRight) {
            throw wrong("a page is not as its delta says");
        }
    }

    #record(row: number): StoredRecord {
        return required(this.#records[row], "a page has records that were added");
    }
}

const NOTHING: Buffer = Buffer.alloc(0);

function wrong(what: string): OperatingError {
    return new OperatingError("LOG_CORRUPT", `the write-ahead log is damaged: ${what}`);
}
