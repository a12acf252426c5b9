// Makes commits durable: frames in the `.tlog` with one sync for a group, the history beside it, bulk
// commits around it, checkpoints, new epochs. Formats: docs/formats/tlog.md, checkpoint.md.
// Invariants: the history is written after the `.tlog` is durable, or is durable itself before a frame
// speaks of it; an epoch ends only when the history is durable through its last commit; after the first
// failed change nothing is written any more.

import { assert, type Pause } from "../../base/index.ts";
import type { Disk } from "../../platform/index.ts";
import { framesBytes, WriteGuard, type EpochWriter, type LogPort } from "../../wal/index.ts";
import { epochHeader, nextCapacity, type EpochBase, type TlogCapacity } from "./epoch-base.ts";
import type { LogMark } from "./log-mark.ts";
import type { StorePaths } from "./store-paths.ts";
import { encodeTransaction, type Transaction } from "./transactions.ts";
import { writeCheckpoint, type CheckpointState } from "./write-checkpoint.ts";

/** A commit that takes more than this part of the log goes around it. */
const BULK_SHARE = 1 / 4;

/** A checkpoint begins when this part of the log is used. */
const CHECKPOINT_SHARE = 1 / 2;

/** What a store log writes to. */
export interface StoreLogParts {
    readonly disk: Disk;
    readonly paths: StorePaths;
    readonly tlogPort: LogPort;
    readonly historyPort: LogPort;
    readonly tlog: EpochWriter;
    /** The last commit. */
    readonly mark: LogMark;
    /** Id of the newest checkpoint. */
    readonly checkpointId: Uint8Array;
    readonly capacity: TlogCapacity;
    readonly randomBytes: (count: number) => Uint8Array;
}

/** The files of a store that is open for writing. */
export class StoreLog {
    readonly #parts: StoreLogParts;
    readonly #guard: WriteGuard;
    #mark: LogMark;
    #checkpointId: Uint8Array;

    constructor(parts: StoreLogParts) {
        this.#parts = parts;
        this.#guard = new WriteGuard(parts.paths.folder);
        this.#mark = parts.mark;
        this.#checkpointId = parts.checkpointId;
    }

    /** The first error of a write or sync; undefined while all is sound. */
    get failure(): unknown {
        return this.#guard.failure;
    }

    /** Number of the epoch. */
    get epoch(): number {
        return this.#parts.tlog.header.epoch;
    }

    /** Bytes that the `.tlog` has room for in this epoch. */
    get freeBytes(): number {
        return this.#parts.tlog.roomBytes - this.#parts.tlog.usedBytes;
    }

    /** Whether it is time for a checkpoint. */
    get wantsCheckpoint(): boolean {
        return this.#parts.tlog.usedBytes > this.#parts.tlog.roomBytes * CHECKPOINT_SHARE;
    }

    /** Throws LOG_POISONED when an earlier change has failed. */
    assertSound(): void {
        this.#guard.assertSound();
    }

    /** Whether so many bytes of frames are too many for the `.tlog`. */
    isBulk(bytes: number): boolean {
        return bytes > this.#parts.tlog.roomBytes * BULK_SHARE;
    }

    /** Bytes that a transaction takes in the `.tlog`. */
    bytesOf(transaction: Transaction): number {
        return framesBytes(encodeTransaction(transaction));
    }

    /** Writes transactions that fit, in order; durable when the promise resolves. */
    async append(transactions: readonly Transaction[]): Promise<void> {
        const [first, last] = [transactions[0], transactions.at(-1)];
        assert(first?.logStart === this.#mark.logEnd, "commits follow one another");
        const records = transactions.flatMap(encodeTransaction);
        const history = Buffer.concat(transactions.map(({ logBytes }) => logBytes ?? NOTHING));
        await this.#guard.run(async () => {
            await this.#parts.tlog.append(records);
            await this.#parts.historyPort.writeAt(first.logStart, history);
        });
        this.#mark = last?.mark ?? this.#mark;
    }

    /** Writes a large commit around the log: its history, a checkpoint of the state after it, one frame. */
    async appendBulk(
        transaction: Transaction,
        state: CheckpointState,
        pause: Pause,
    ): Promise<void> {
        const { logStart, logBytes, mark } = transaction;
        assert(logStart === this.#mark.logEnd, "commits follow one another");
        assert(logBytes !== undefined, "a commit has its records");
        await this.#guard.run(async () => {
            const { historyPort, tlog } = this.#parts;
            await historyPort.writeAt(logStart, logBytes);
            await historyPort.datasync();
            this.#checkpointId = await this.#writeCheckpoint(state, pause);
            const frame = { ...transaction, logBytes: undefined, pages: [] };
            await tlog.append(encodeTransaction({ ...frame, checkpointId: this.#checkpointId }));
            this.#mark = mark;
            await this.#beginEpoch();
        });
    }

    /** Writes a checkpoint; commits may go on meanwhile. */
    async checkpoint(state: CheckpointState, pause: Pause): Promise<void> {
        await this.#guard.run(async () => {
            // Nothing may stand in a checkpoint that the history could lose.
            await this.#parts.historyPort.datasync();
            this.#checkpointId = await this.#writeCheckpoint(state, pause);
        });
    }

    /** Begins a new epoch: what the `.tlog` holds is in the durable history from then on. */
    async reset(): Promise<void> {
        await this.#guard.run(() => this.#beginEpoch());
    }

    /** Makes the history durable. */
    async syncHistory(): Promise<void> {
        await this.#guard.run(() => this.#parts.historyPort.datasync());
    }

    /** Makes the history durable, if all is sound, and gives the files back. */
    async close(): Promise<void> {
        const { tlogPort, historyPort } = this.#parts;
        try {
            if (this.failure === undefined) {
                await this.#guard.run(() => historyPort.datasync());
            }
        } finally {
            await tlogPort.close();
            await historyPort.close();
        }
    }

    #writeCheckpoint(state: CheckpointState, pause: Pause): Promise<Uint8Array> {
        const { disk, paths } = this.#parts;
        const { checkpoint, temporaryCheckpoint, previousCheckpoint } = paths;
        return writeCheckpoint(
            disk,
            { path: checkpoint, temporary: temporaryCheckpoint, previous: previousCheckpoint },
            state,
            pause,
        );
    }

    async #beginEpoch(): Promise<void> {
        const { tlog, historyPort, capacity, randomBytes } = this.#parts;
        await historyPort.datasync();
        const base: EpochBase = { mark: this.#mark, checkpointId: this.#checkpointId };
        await tlog.begin(
            epochHeader(base, {
                epoch: tlog.header.epoch + 1,
                capacity: nextCapacity(capacity, tlog.header.capacity, this.#mark.logEnd),
                firstSequence: tlog.nextSequence,
                salt: randomBytes(16),
                storeUuid: tlog.header.storeUuid,
            }),
        );
    }
}

const NOTHING = new Uint8Array();
