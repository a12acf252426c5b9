// The durable graph: a log of deltas, the state that it leads to, snapshots of it.
// Format: docs/formats/graph-log.md.
// Invariants: one process writes; a commit is one write and one sync, and visible only after both;
// after a failed write or sync nothing is written any more; nothing acknowledged is ever cut.

import {
    assert,
    finishSteps,
    OperatingError,
    takeTurns,
    type Pause,
    type Steps,
} from "../base/index.ts";
import type { GraphDelta } from "../graph/index.ts";
import type { EncodedBatch, LogPort, LogRecord, LogWriter } from "../wal/index.ts";
import { commitHeaderHash, encodeCommit, RECORD_KIND, type CommitRecord } from "./commit-record.ts";
import { encodeDeltas, type EncodedDeltas } from "./encoded-deltas.ts";
import { GraphHistory } from "./history/graph-history.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import type { GraphTables } from "./graph-tables.ts";
import { applyDeltas, snapshotOf } from "./overlay.ts";
import { extendLogHash, previousOf, type ReplayedLog } from "./replay-log.ts";
import {
    buildTries,
    markTables,
    updateTries,
    type StateTries,
    type TablesMark,
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

/** An interrupted commit that was found at opening and cut off. */
export interface TornTail {
    readonly offset: number;
    readonly byteCount: number;
    /** File that the cut bytes are kept in; empty where nothing could be written. */
    readonly keptIn: string;
}

/** A commit as it is written, and the hashes that the next one begins from. */
interface EncodedCommit {
    readonly batches: readonly EncodedBatch[];
    readonly logHash: Uint8Array;
    readonly headerHash: Uint8Array;
}

/** The parts that opening put together. */
export interface GraphStoreParts {
    readonly path: string;
    readonly replayed: ReplayedLog;
    readonly snapshot: GraphSnapshot;
    /** Undefined in a store that cannot be written. */
    readonly writer: LogWriter | undefined;
    readonly port: LogPort | undefined;
    /** Opens the log a second time, to read. */
    readonly openToRead: () => Promise<LogPort>;
    readonly readOnlyReason: string;
    readonly tornTail: TornTail | undefined;
    readonly clock: () => number;
    readonly release: () => void;
}

/** A workspace's graph on disk. */
export class GraphStore {
    readonly path: string;
    /** What was cut off at opening; undefined when the log ended cleanly. */
    readonly tornTail: TornTail | undefined;
    /** Why the log's content is damaged, in a store that was opened to read nevertheless. */
    readonly damage: OperatingError | undefined;
    /** What the store can say of its past. */
    readonly history: GraphHistory;
    readonly #tables: GraphTables;
    readonly #parts: GraphStoreParts;
    #snapshot: GraphSnapshot;
    #tries: StateTries | undefined;
    #logHash: Uint8Array;
    #headerHash: Uint8Array;
    #queue: Promise<unknown> = Promise.resolve();
    #closed = false;

    constructor(parts: GraphStoreParts) {
        this.path = parts.path;
        this.tornTail = parts.tornTail;
        this.damage = parts.replayed.damage;
        this.#parts = parts;
        this.#tables = parts.replayed.tables;
        this.#logHash = parts.replayed.logHash;
        this.#headerHash = previousOf(parts.replayed.lastCommit);
        this.#snapshot = parts.snapshot;
        this.history = new GraphHistory({
            current: () => this.#snapshot,
            logBytes: () => this.logBytes,
            openLog: parts.openToRead,
        });
    }

    /** Number of deltas (k). */
    get deltaCount(): number {
        return this.#snapshot.deltaCount;
    }

    /** Number of commits (c). */
    get commitCount(): number {
        return this.#snapshot.commitCount;
    }

    /** State root of the newest commit, hex. */
    get rootHash(): string {
        return this.#snapshot.stateRoot;
    }

    /** Bytes of the log. */
    get logBytes(): number {
        return this.#parts.writer?.end ?? this.#parts.replayed.end;
    }

    /** Why nothing can be written; empty when it can. */
    get readOnlyReason(): string {
        const failure = this.#parts.writer?.failure;
        if (failure !== undefined) {
            return failure instanceof Error ? failure.message : "a write failed";
        }
        return this.#parts.readOnlyReason;
    }

    /** The newest committed state. */
    snapshot(): GraphSnapshot {
        return this.#snapshot;
    }

    /**
     * Makes deltas one commit; durable when the promise resolves. Commits follow one another in the order
     * of the calls; others get turns in `pause`. Throws GRAPH_BAD_DELTA (nothing has happened), STORE_READ_ONLY, LOG_POISONED.
     */
    commitGraphDeltas(
        deltas: readonly GraphDelta[] | EncodedDeltas,
        pause: Pause = () => undefined,
    ): Promise<CommitResult> {
        const done = this.#queue.then(() => this.#commit(encodeDeltas(deltas), pause));
        this.#queue = done.catch(() => undefined);
        return done;
    }

    /** Computes the root from nothing and compares; throws STORE_DAMAGED when it is another. */
    verify(): void {
        const { roots } = finishSteps(buildTries(this.#tables));
        this.#checkRoot(roots.stateRoot);
    }

    /** Waits for commits under way and gives file and lock back. */
    async close(): Promise<void> {
        if (this.#closed) {
            return;
        }
        this.#closed = true;
        await this.#queue;
        await this.#parts.port?.close();
        this.#parts.release();
    }

    async #commit(deltas: EncodedDeltas, pause: Pause): Promise<CommitResult> {
        const writer = this.#writable();
        if (deltas.count === 0) {
            return this.#result();
        }
        const tries = await takeTurns(this.#currentTries(), pause);
        const before = markTables(this.#tables);
        try {
            const next = await takeTurns(this.#apply(deltas, tries, before), pause);
            const snapshot = snapshotOf(this.#tables, this.commitCount + 1, next.roots);
            const encoding = this.#encode(writer, deltas, snapshot);
            const { batches, logHash, headerHash } = await takeTurns(encoding, pause);
            await writer.append(batches);
            this.#tries = next;
            this.#logHash = logHash;
            this.#headerHash = headerHash;
            this.#snapshot = snapshot;
            return this.#result();
        } catch (cause) {
            this.#tables.rollback(before.deltaCount);
            throw cause;
        }
    }

    *#apply(deltas: EncodedDeltas, tries: StateTries, before: TablesMark): Steps<StateTries> {
        for (const payload of deltas.payloads) {
            applyDeltas(this.#tables, payload);
            yield;
        }
        const ended = this.#tables.takeEnded();
        return yield* updateTries(this.#tables, tries, before, ended);
    }

    *#encode(writer: LogWriter, deltas: EncodedDeltas, after: GraphSnapshot): Steps<EncodedCommit> {
        const batches: EncodedBatch[] = [];
        let logHash = this.#logHash;
        const add = (record: LogRecord): void => {
            const batch = writer.encode([record], batches);
            logHash = extendLogHash(logHash, batch.bytes);
            batches.push(batch);
        };
        for (const payload of deltas.payloads) {
            add({ kind: RECORD_KIND.deltas, payload });
            yield;
        }
        const written = batches.reduce((sum, batch) => sum + batch.bytes.length, 0);
        const commit: CommitRecord = {
            commitCount: after.commitCount,
            deltaCount: after.deltaCount,
            deltas: deltas.count,
            timeMs: Math.max(0, Math.floor(this.#parts.clock())),
            nodeCount: after.nodeCount,
            edgeCount: after.edgeCount,
            fileCount: after.fileCount,
            roots: after.roots,
            previous: this.#headerHash,
            logOffset: writer.end + written,
            logHash,
        };
        add({ kind: RECORD_KIND.commit, payload: encodeCommit(commit) });
        return { batches, logHash, headerHash: commitHeaderHash(commit) };
    }

    #writable(): LogWriter {
        const { writer, readOnlyReason } = this.#parts;
        if (writer === undefined) {
            throw new OperatingError("STORE_READ_ONLY", `${this.path}: ${readOnlyReason}`, {
                advice: "open it where it can be written",
            });
        }
        writer.assertSound();
        assert(!this.#closed, "a closed store is not written");
        return writer;
    }

    // Built at the first commit only, so that opening to read costs no hashing. What was replayed must
    // have the root that was recorded.
    *#currentTries(): Steps<StateTries> {
        if (this.#tries === undefined) {
            const tries = yield* buildTries(this.#tables);
            this.#checkRoot(tries.roots.stateRoot);
            this.#tables.edges.buildIndex();
            this.#tries = tries;
        }
        return this.#tries;
    }

    #checkRoot(found: string): void {
        if (found !== this.rootHash) {
            const message = `${this.path} leads to state root ${found}, recorded is ${this.rootHash}`;
            throw new OperatingError("STORE_DAMAGED", message, { advice: DAMAGE_ADVICE });
        }
    }

    #result(): CommitResult {
        return { k: this.deltaCount, c: this.commitCount, stateRoot: this.rootHash };
    }
}

/** What to do about a damaged store. */
export const DAMAGE_ADVICE =
    "move the store's folder away, so that nothing of it is lost, and run `ferrograph capture --full`";
