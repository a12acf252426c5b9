// The durable graph: a history of deltas, the state that it leads to, snapshots of it.
// Formats: docs/formats/graph-log.md, tlog.md, checkpoint.md.
// Invariants: one process writes; a commit is visible only when it is durable; commits are applied one
// after the other and written in groups, with one sync each; after a failed write or sync nothing is
// written any more; nothing acknowledged is ever cut.

import { setImmediate as nextTurn } from "node:timers/promises";

import {
    assert,
    CancelledError,
    finishSteps,
    OperatingError,
    required,
    takeTurns,
    type Pause,
    type Steps,
} from "../base/index.ts";
import type { GraphDelta } from "../graph/index.ts";
import { frameSeed } from "../wal/index.ts";
import { startOfBase } from "./durable/history-start.ts";
import type { RecoveryReport, TornTail } from "./durable/recover-store.ts";
import type { StoreLog } from "./durable/store-log.ts";
import { archiveHistory, type ArchiveReport } from "./durable/archive-store.ts";
import { checkEarlier } from "./durable/earlier-history.ts";
import { verifyFiles, type FilesCheck } from "./durable/verify-files.ts";
import { writeCheckpoint, type CheckpointState } from "./durable/write-checkpoint.ts";
import { encodeDeltas, type EncodedDeltas } from "./encoded-deltas.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import type { GraphStoreParts } from "./graph-store-parts.ts";
import type { GraphTables } from "./graph-tables.ts";
import { GroupWriter } from "./group-writer.ts";
import type { LogMark } from "./durable/log-mark.ts";
import { triesAt } from "./history/past-snapshot.ts";
import { GraphHistory } from "./history/graph-history.ts";
import { writeImage } from "./image/write-image.ts";
import { applyDeltas, snapshotOf } from "./overlay.ts";
import {
    checkpointStateOf,
    encodeHistory,
    encodePages,
    groupSize,
    type PreparedCommit,
    type ReachedState,
} from "./prepared-commit.ts";
import { markOf } from "./replay-log.ts";
import {
    buildTries,
    changedSince,
    markTables,
    updateTries,
    type StateTries,
    type TablesChange,
} from "./state-tries.ts";

/** What a commit led to. */
export interface CommitResult {
    /** Number of deltas after it (k). */
    readonly k: number;
    /** Number of commits after it (c). */
    readonly c: number;
    /** State root, hex. */
    readonly stateRoot: string;
}

/** Prepared commits may wait for the disk until they are so many bytes of frames, however many they are. */
const WAITING_BYTES_MAX = 4 << 20;

/** So many prepared commits, and the disk and others get a turn: it works while the next are prepared. */
const COMMITS_PER_TURN = 16;

/** The tables are written at closing when those on disk lack as many deltas. */
const KEPT_DELTAS_MIN = 1000;

/** A workspace's graph on disk. */
export class GraphStore {
    readonly path: string;
    /** What opening found and did. */
    readonly recovery: RecoveryReport;
    /** What the store can say of its past. */
    readonly history: GraphHistory;
    readonly #tables: GraphTables;
    readonly #parts: GraphStoreParts;
    readonly #writer: GroupWriter<PreparedCommit>;
    readonly #storeUuid: Uint8Array;
    readonly #seed: number;
    /** The newest state that is durable, and the newest that is applied. */
    #durable: ReachedState;
    #applied: ReachedState;
    #preparing: Promise<unknown> = Promise.resolve();
    /** Commits that were asked for and are not prepared. */
    #callers = 0;
    /** The checkpoint that is being written beside commits, and the new epoch that follows it. */
    #checkpointing: Promise<void> | undefined;
    #compacting: Promise<void> | undefined;
    #verifying: Promise<FilesCheck> | undefined;
    #closed = false;
    /** The history was replaced by a shorter one, or may have been. */
    #isArchived = false;
    #damage: OperatingError | undefined;
    /** The delta that the tables on disk are of, and those that are being written. */
    #kept: number;
    #keeping: Promise<void> | undefined;
    /** The check of what opening took on trust. */
    readonly #checking: Promise<void>;

    constructor(parts: GraphStoreParts) {
        const { replayed, snapshot } = parts;
        const { header } = replayed;
        this.path = parts.path;
        this.recovery = parts.report;
        this.#damage = replayed.damage;
        this.#kept = parts.image?.header.mark.deltaCount ?? 0;
        this.#parts = parts;
        this.#tables = replayed.tables;
        this.#storeUuid = header.storeUuid;
        this.#seed = frameSeed(header);
        this.#durable = {
            snapshot,
            tries: undefined,
            mark: markOf(replayed.lastCommit, replayed.end, replayed.logHash),
            nextSequence: replayed.nextSequence,
        };
        this.#applied = this.#durable;
        this.#writer = new GroupWriter({
            bytesOf: ({ frameBytes }) => frameBytes,
            countOf: (waiting) => groupSize(waiting, this.#parts.log?.freeBytes ?? 0),
            areMoreComing: () => this.#callers > 0,
            write: (group) => this.#writeGroup(group),
        });
        this.history = new GraphHistory({
            current: () => this.snapshot(),
            commits: replayed.commits,
            logBytes: () => this.logBytes,
            openLog: parts.openToRead,
            startOf: (history, pause) => {
                const { disk, paths } = parts.context;
                return startOfBase(disk, paths, history, pause);
            },
            verifyFiles: (pause) => this.#verifyFiles(pause),
        });
        this.#checking = parts.image === undefined ? Promise.resolve() : this.#checkEarlier();
    }

    /** Why the history is damaged: found at opening to read, or afterwards. */
    get damage(): OperatingError | undefined {
        return this.#damage;
    }

    /** Number of deltas (k). */
    get deltaCount(): number {
        return this.snapshot().deltaCount;
    }

    /** Number of commits (c). */
    get commitCount(): number {
        return this.snapshot().commitCount;
    }

    /** State root of the newest commit, hex. */
    get rootHash(): string {
        return this.snapshot().stateRoot;
    }

    /** Bytes of the history that are committed. */
    get logBytes(): number {
        return this.#durable.mark.logEnd;
    }

    /** What was cut off at opening; undefined when the logs ended cleanly. */
    get tornTail(): TornTail | undefined {
        return this.recovery.tornTail;
    }

    /** Why nothing can be written; empty when it can. */
    get readOnlyReason(): string {
        const failure = this.#parts.log?.failure;
        if (this.#damage !== undefined && failure === undefined) {
            return this.#damage.message;
        }
        if (failure !== undefined) {
            return failure instanceof Error ? failure.message : "a write failed";
        }
        return this.#parts.readOnlyReason;
    }

    /** The newest committed state. */
    snapshot(): GraphSnapshot {
        return this.#durable.snapshot;
    }

    /**
     * Makes deltas one commit; durable when the promise resolves. Commits follow one another in the order
     * of the calls, and those that wait share one sync; others get turns in `pause`. Throws
     * GRAPH_BAD_DELTA (nothing has happened), STORE_READ_ONLY, LOG_POISONED.
     */
    async commitGraphDeltas(
        deltas: readonly GraphDelta[] | EncodedDeltas,
        pause: Pause = () => undefined,
    ): Promise<CommitResult> {
        const encoded = encodeDeltas(deltas);
        this.#callers += 1;
        const { written, reached } = await this.#inTurn(async () => {
            const prepared = await this.#prepare(encoded, pause).finally(() => {
                this.#callers -= 1;
            });
            // Wrapped, so that the next one is prepared while this one is written.
            return prepared === undefined
                ? { written: this.#writer.settled(), reached: this.#durable }
                : { written: this.#writer.add(prepared), reached: prepared.after };
        });
        await written;
        const { deltaCount, commitCount, stateRoot } = reached.snapshot;
        return { k: deltaCount, c: commitCount, stateRoot };
    }

    /**
     * Writes a checkpoint and begins the write-ahead log anew; no delta number is lost. With a path, the
     * checkpoint is written there too. Throws STORE_READ_ONLY, LOG_POISONED.
     */
    async compact(
        options: { readonly checkpointPath?: string } = {},
        pause: Pause = () => undefined,
    ): Promise<void> {
        const log = this.#writable();
        await this.#inTurn(() => takeTurns(this.#currentTries(), pause));
        for (let other; (other = this.#compacting ?? this.#verifying) !== undefined;) {
            await other.catch(() => undefined);
        }
        const reached = this.#durable;
        const state = this.#stateAt(reached);
        await this.#compact(log, reached, pause);
        const { checkpointPath } = options;
        if (checkpointPath !== undefined) {
            const temporary = `${checkpointPath}.tmp`;
            const paths = { path: checkpointPath, temporary, previous: undefined };
            await writeCheckpoint(this.#parts.context.disk, paths, state, pause);
        }
    }

    /**
     * Verifies the whole history and moves what is before delta `before` out of it, as far as it is whole
     * commits; undefined when none is there. The store must be closed and opened again afterwards. Throws
     * HISTORY_NO_DELTA, HISTORY_ARCHIVED, STORE_DAMAGED, STORE_READ_ONLY, LOG_POISONED.
     */
    async archive(
        before: number,
        onProgress: (bytesDone: number, bytesTotal: number) => void = () => undefined,
        pause: Pause = () => undefined,
    ): Promise<ArchiveReport | undefined> {
        this.#writable();
        const { commits } = this.#parts.replayed;
        const { commit, isInside } = await this.history.positionOf(before);
        const last = (commit?.record.commitCount ?? 0) - (isInside ? 1 : 0);
        if (last <= (commits.archived?.last.commitCount ?? 0)) {
            return undefined;
        }
        await this.history.verify(onProgress, pause);
        await this.compact({}, pause);
        return this.#inTurn(() =>
            this.#writer.exclusive(() => {
                const { disk, paths } = this.#parts.context;
                const task = {
                    last: commits.entry(last).record,
                    frontier: commits.log.frontier(last - 1),
                    newest: this.#durable.mark,
                    stateAt: async (mark: LogMark) => {
                        const tries = await takeTurns(
                            triesAt(this.#tables, mark.deltaCount),
                            pause,
                        );
                        return checkpointStateOf(this.#tables, { mark, tries }, this.#storeUuid);
                    },
                };
                this.#isArchived = true;
                return archiveHistory(disk, paths, task, pause);
            }),
        );
    }

    /** Computes the root from nothing and compares; throws STORE_DAMAGED when it is another. */
    verify(): void {
        const { roots } = finishSteps(buildTries(this.#tables));
        this.#checkRoot(roots.stateRoot);
    }

    /**
     * Verifies what opening takes on trust: that all records lead to the recorded root, every page of the
     * checkpoint, and the write-ahead log upon it. Throws STORE_DAMAGED, CHECKPOINT_DAMAGED, LOG_CORRUPT.
     */
    async verifyAll(pause: Pause = () => undefined): Promise<FilesCheck> {
        await this.#inTurn(() => takeTurns(this.#currentTries(), pause));
        await this.#checking;
        if (this.#damage !== undefined) {
            throw this.#damage;
        }
        return this.#verifyFiles(pause);
    }

    /** Resolves when what opening took on trust is checked; what was found is in `damage`. */
    checked(): Promise<void> {
        return this.#checking;
    }

    /** Waits for what is under way and gives files and lock back. */
    async close(): Promise<void> {
        if (this.#closed) {
            return;
        }
        this.#closed = true;
        await this.#preparing;
        await this.#writer.settled();
        await this.#compacting?.catch(() => undefined);
        await this.#checking;
        try {
            await this.#keepAtClose().finally(() => this.#parts.log?.close());
        } finally {
            this.#parts.image?.file.close();
            this.#parts.release();
        }
    }

    /** Keeps the tables where replaying what they lack would take a while. */
    async #keepAtClose(): Promise<void> {
        const { log } = this.#parts;
        await this.#keeping;
        const missing = this.#durable.snapshot.deltaCount - this.#kept;
        const isSound = log !== undefined && log.failure === undefined && !this.#isArchived;
        if (!isSound || missing < KEPT_DELTAS_MIN) {
            return;
        }
        await log.syncHistory();
        await this.#keepTables(this.#durable);
    }

    /** Writes the tables as of a state whose history is durable; a failure leaves the ones before. */
    async #keepTables({ mark, nextSequence }: ReachedState): Promise<void> {
        const { context, replayed } = this.#parts;
        const { disk, paths, tablesMinBytes } = context;
        if (this.#keeping !== undefined || mark.logEnd < tablesMinBytes || mark.commitCount === 0) {
            return;
        }
        const { commits } = replayed;
        const source = {
            storeUuid: this.#storeUuid,
            tables: this.#tables,
            commits,
            mark,
            nextSequence,
        };
        const place = { path: paths.columns, temporary: paths.temporaryColumns };
        this.#keeping = writeImage(disk, place, source, () => context.pause()).then(
            () => {
                this.#kept = mark.deltaCount;
            },
            () => disk.remove(paths.temporaryColumns).catch(() => undefined),
        );
        await this.#keeping;
        this.#keeping = undefined;
    }

    async #checkEarlier(): Promise<void> {
        const { image, openToRead } = this.#parts;
        const pause: Pause = () => {
            if (this.#closed) {
                throw new CancelledError();
            }
            return nextTurn();
        };
        const mark = required(image, "there is an image").header.mark;
        try {
            const history = await openToRead();
            try {
                await checkEarlier(history, mark, pause);
            } finally {
                await history.port.close();
            }
        } catch (cause) {
            if (cause instanceof CancelledError) {
                return;
            }
            const what = cause instanceof Error ? cause.message : String(cause);
            this.#damage ??= new OperatingError("STORE_DAMAGED", what, {
                cause,
                advice: DAMAGE_ADVICE,
            });
        }
    }

    async #verifyFiles(pause: Pause): Promise<FilesCheck> {
        for (;;) {
            await this.#compacting?.catch(() => undefined);
            // Between two groups: no epoch begins and no checkpoint gets its name meanwhile.
            const found = await this.#writer.exclusive(async () => {
                if (this.#compacting !== undefined) {
                    return undefined; // It began while this waited for its turn.
                }
                this.#verifying = verifyFiles(this.#parts.context, pause);
                try {
                    return await this.#verifying;
                } finally {
                    this.#verifying = undefined;
                }
            });
            if (found !== undefined) {
                return found;
            }
        }
    }

    /** Does something between the preparation of two commits. */
    #inTurn<T>(work: () => Promise<T>): Promise<T> {
        const done = this.#preparing.then(work);
        this.#preparing = done.catch(() => undefined);
        return done;
    }

    async #prepare(deltas: EncodedDeltas, pause: Pause): Promise<PreparedCommit | undefined> {
        const log = this.#writable();
        if (deltas.count === 0) {
            return undefined;
        }
        if (this.#writer.waitingBytes >= WAITING_BYTES_MAX) {
            await this.#writer.settled();
        } else if (this.#writer.length % COMMITS_PER_TURN === COMMITS_PER_TURN - 1) {
            await nextTurn();
        }
        const tries = await takeTurns(this.#currentTries(), pause);
        const before = this.#applied;
        try {
            const prepared = await takeTurns(this.#applyAndEncode(deltas, tries, log), pause);
            this.#applied = prepared.after;
            return prepared;
        } catch (cause) {
            this.#tables.rollback(before.snapshot.deltaCount);
            throw cause;
        }
    }

    *#applyAndEncode(
        deltas: EncodedDeltas,
        tries: StateTries,
        log: StoreLog,
    ): Steps<PreparedCommit> {
        const before = this.#applied;
        const { next, change } = yield* this.#apply(deltas, tries);
        const commitCount = before.snapshot.commitCount + 1;
        const snapshot = snapshotOf(this.#tables, commitCount, next.roots);
        const place = {
            seed: this.#seed,
            syncedUpTo: this.#durable.mark.logEnd,
            timeMs: Math.max(0, Math.floor(this.#parts.clock())),
        };
        const after = { snapshot, tries: next };
        const { logBytes, commit, reached } = yield* encodeHistory(deltas, before, after, place);
        const start = { mark: reached.mark, logStart: before.mark.logEnd, logBytes };
        const isLarge = log.isBulk(logBytes.length);
        const pages = isLarge ? [] : yield* encodePages(this.#tables, next, change);
        const transaction = { ...start, checkpointId: undefined, pages };
        const frameBytes = log.bytesOf(transaction);
        return { transaction, commit, after: reached, isBulk: log.isBulk(frameBytes), frameBytes };
    }

    *#apply(
        deltas: EncodedDeltas,
        tries: StateTries,
    ): Steps<{ readonly next: StateTries; readonly change: TablesChange }> {
        const before = markTables(this.#tables);
        for (const payload of deltas.payloads) {
            applyDeltas(this.#tables, payload);
            yield;
        }
        const ended = this.#tables.takeEnded();
        const change = changedSince(this.#tables, before, ended);
        return { next: yield* updateTries(this.#tables, tries, before, ended), change };
    }

    async #writeGroup(group: readonly PreparedCommit[]): Promise<void> {
        // One that has failed meanwhile says so itself, below, where what was prepared is undone.
        const log = required(this.#parts.log, "only what can be written has commits that wait");
        const [first, last] = [group[0], group.at(-1)];
        assert(first !== undefined && last !== undefined, "a group has commits");
        const pause: Pause = () => this.#parts.context.pause();
        try {
            if (first.isBulk) {
                await this.#checkpointing;
                await log.appendBulk(first.transaction, this.#stateAt(first.after), pause);
            } else {
                if (first.frameBytes > log.freeBytes) {
                    await this.#makeRoom(log, pause);
                }
                await log.append(group.map(({ transaction }) => transaction));
            }
        } catch (cause) {
            // What was prepared after this one fails as well: nothing of it may stay in the tables.
            void this.#inTurn(async () => {
                await Promise.resolve();
                this.#tables.rollback(this.#durable.snapshot.deltaCount);
                this.#applied = this.#durable;
            });
            throw cause;
        }
        this.#durable = last.after;
        group.forEach(({ commit }) => {
            this.#parts.replayed.commits.add(commit);
        });
        if (log.wantsCheckpoint && this.#compacting === undefined) {
            // The log keeps an error of this, and refuses every later write with it.
            this.#compact(log, this.#durable, pause).catch(() => undefined);
        }
    }

    /** The log is full: a checkpoint that is under way is waited for, else one is written. */
    async #makeRoom(log: StoreLog, pause: Pause): Promise<void> {
        await (this.#checkpointing ?? log.checkpoint(this.#durableState(), pause));
        await log.reset();
    }

    /** Writes a checkpoint while commits go on, then begins a new epoch, unless one began meanwhile. */
    #compact(log: StoreLog, reached: ReachedState, pause: Pause): Promise<void> {
        assert(this.#compacting === undefined, "one checkpoint is written at a time");
        const { epoch } = log;
        const writing = log.checkpoint(this.#stateAt(reached), pause);
        this.#checkpointing = writing;
        const reset = async (): Promise<void> => {
            await (log.epoch === epoch ? log.reset() : undefined);
        };
        const compacting = writing
            .finally(() => (this.#checkpointing = undefined))
            .then(() => this.#writer.exclusive(reset))
            .then(() => this.#keepTables(reached))
            .finally(() => (this.#compacting = undefined));
        this.#compacting = compacting;
        return compacting;
    }

    #durableState(): CheckpointState {
        return this.#stateAt(this.#durable);
    }

    #stateAt({ mark, tries }: ReachedState): CheckpointState {
        const hashed = required(tries, "what is committed is hashed");
        return checkpointStateOf(this.#tables, { mark, tries: hashed }, this.#storeUuid);
    }

    #writable(): StoreLog {
        const { log, readOnlyReason } = this.#parts;
        if (log === undefined) {
            throw new OperatingError("STORE_READ_ONLY", `${this.path}: ${readOnlyReason}`, {
                advice: "open it where it can be written",
            });
        }
        log.assertSound();
        if (this.#damage !== undefined) {
            throw this.#damage;
        }
        if (this.#isArchived) {
            throw new OperatingError("STORE_READ_ONLY", `${this.path} was replaced by archiving`, {
                advice: "open the store again",
            });
        }
        return log;
    }

    // Built at the first commit only, so that opening to read costs no hashing. What was replayed must
    // have the root that was recorded.
    // None is in flight then, so that what is applied is durable.
    *#currentTries(): Steps<StateTries> {
        const { tries } = this.#applied;
        if (tries !== undefined) {
            return tries;
        }
        assert(this.#applied === this.#durable, "the first commit comes after none");
        const built = yield* buildTries(this.#tables);
        this.#checkRoot(built.roots.stateRoot);
        this.#tables.edges.buildIndex();
        this.#applied = { ...this.#applied, tries: built };
        this.#durable = this.#applied;
        return built;
    }

    #checkRoot(found: string): void {
        if (found !== this.rootHash) {
            const message = `${this.path} leads to state root ${found}, recorded is ${this.rootHash}`;
            throw new OperatingError("STORE_DAMAGED", message, { advice: DAMAGE_ADVICE });
        }
    }
}

/** What to do about a damaged store. */
export const DAMAGE_ADVICE =
    "move the store's folder away, so that nothing of it is lost, and run `ferrograph capture --full`";
