// The commits of a history in order, with their root headers and the log over these. Of commits that are
// archived only the last is known. Format: docs/formats/root-header.md.

import { assert, OperatingError, required } from "../../base/index.ts";
import { HeaderLog, NO_HEADER } from "../../merkle/index.ts";
import {
    COMMIT_BYTES,
    commitHeaderHash,
    decodeCommit,
    encodeCommit,
    encodeCommitHeader,
    type CommitRecord,
} from "../commit-record.ts";

/** A commit as the history has it. */
export interface CommitEntry {
    readonly record: CommitRecord;
    /** Where its record begins in the log. */
    readonly offset: number;
    /** Its root header, encoded. */
    readonly header: Uint8Array;
}

/** Where a delta number stands among the commits. */
export interface HistoryPosition {
    /** The commit that the delta belongs to; undefined for 0, the empty graph. */
    readonly commit: CommitEntry | undefined;
    /** The number lies inside of that commit: the state was never one by itself. */
    readonly isInside: boolean;
}

/** The last commit that is archived, and what goes on from it. */
export interface ArchivedCommits {
    readonly last: CommitRecord;
    /** Hashes that stand for the root headers of all commits before it. */
    readonly frontier: readonly Uint8Array[];
}

/** Commits by number. */
export class CommitIndex {
    readonly archived: ArchivedCommits | undefined;
    /** Number of the commit before the first that is here. */
    readonly #before: number;
    readonly #records: CommitRecord[] = [];
    #stored: { readonly count: number; readonly fetch: () => Uint8Array } | undefined;
    #previous: Uint8Array | undefined;
    readonly #log: HeaderLog;

    constructor(archived?: ArchivedCommits) {
        this.archived = archived;
        this.#before = archived === undefined ? 0 : archived.last.commitCount - 1;
        this.#log =
            archived === undefined
                ? new HeaderLog()
                : HeaderLog.resumed(archived.last.commitCount - 1, archived.frontier);
        if (archived !== undefined) {
            this.#records.push(archived.last);
        }
    }

    /** An index whose first commits are kept elsewhere, encoded, until they are needed. */
    static stored(
        archived: ArchivedCommits | undefined,
        count: number,
        fetch: () => Uint8Array,
    ): CommitIndex {
        const index = new CommitIndex(archived);
        index.#stored = { count, fetch };
        return index;
    }

    /** Number of the last commit. */
    get size(): number {
        return this.#before + this.#records.length + (this.#stored?.count ?? 0);
    }

    /** Number of the last delta that is archived; 0 when none is. */
    get archivedDeltas(): number {
        return this.archived?.last.deltaCount ?? 0;
    }

    /** The log over all root headers. */
    get log(): HeaderLog {
        this.#fetch();
        for (let commit = this.#log.size + 1; commit <= this.size; commit++) {
            this.#log.append(commitHeaderHash(this.entry(commit).record));
        }
        return this.#log;
    }

    /** Adds the next commit. */
    add(record: CommitRecord): void {
        assert(record.commitCount === this.size + 1, "commits follow one another");
        const last = this.#records.at(-1);
        this.#previous ??=
            this.#stored !== undefined
                ? undefined
                : last === undefined
                  ? NO_HEADER
                  : commitHeaderHash(last);
        const continues =
            this.#previous === undefined || Buffer.compare(record.previous, this.#previous) === 0;
        assert(continues, "a commit names the header before it");
        this.#previous = commitHeaderHash(record);
        if (this.#stored === undefined) {
            this.#records.push(record);
        } else {
            this.#fetch();
            this.#records.push(record);
        }
    }

    /** A commit by its number, from 1; throws HISTORY_ARCHIVED. */
    entry(commitCount: number): CommitEntry {
        this.#fetch();
        if (commitCount <= this.#before) {
            throw archivedError(`commit ${commitCount} is archived`, this.archived);
        }
        const record = required(
            this.#records[commitCount - 1 - this.#before],
            "the commit is one of the history",
        );
        return { record, offset: record.logOffset, header: encodeCommitHeader(record) };
    }

    /** Where a delta number stands; undefined when the history has fewer. Throws HISTORY_ARCHIVED. */
    position(k: number): HistoryPosition | undefined {
        if (k < this.archivedDeltas) {
            throw archivedError(`delta ${k} is archived`, this.archived);
        }
        if (k === 0) {
            return { commit: undefined, isInside: false };
        }
        let [low, high] = [this.#before, this.size];
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.entry(middle + 1).record.deltaCount < k) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low === this.size) {
            return undefined;
        }
        const commit = this.entry(low + 1);
        return { commit, isInside: commit.record.deltaCount !== k };
    }

    /** Delta numbers between two at which commits end, both left out. */
    *endsBetween(j: number, k: number): Generator<number, undefined, undefined> {
        const start = this.position(j)?.commit;
        for (let c = start?.record.commitCount ?? 1; c <= this.size; c++) {
            const { deltaCount } = this.entry(c).record;
            if (deltaCount >= k) {
                return undefined;
            }
            if (deltaCount > j) {
                yield deltaCount;
            }
        }
        return undefined;
    }

    /** The commits up to a number that are not archived, encoded one after the other. */
    encodedUpTo(commitCount: number): Buffer {
        this.#fetch();
        const skipped = this.archived === undefined ? 0 : 1;
        const records = this.#records.slice(skipped, commitCount - this.#before);
        return Buffer.concat(records.map(encodeCommit));
    }

    #fetch(): void {
        const stored = this.#stored;
        if (stored === undefined) {
            return;
        }
        this.#stored = undefined;
        const bytes = stored.fetch();
        for (let at = 0; at < bytes.length; at += COMMIT_BYTES) {
            this.#records.push(decodeCommit(bytes.subarray(at, at + COMMIT_BYTES)));
        }
        assert(
            bytes.length === stored.count * COMMIT_BYTES,
            "all commits of a history are kept with it",
        );
    }
}

function archivedError(what: string, archived: ArchivedCommits | undefined): OperatingError {
    const { deltaCount, commitCount } = required(archived, "something is archived").last;
    return new OperatingError(
        "HISTORY_ARCHIVED",
        `${what}: the history begins after commit ${commitCount}, delta ${deltaCount}`,
        { advice: `what is before delta ${deltaCount} is in the store's \`.archive\` files` },
    );
}
