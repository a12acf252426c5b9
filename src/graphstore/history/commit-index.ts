// All commits of a history in order, with their root headers and the log over these.
// Format: docs/formats/root-header.md.

import { assert, required } from "../../base/index.ts";
import { HeaderLog, NO_HEADER, rootHeaderHash, type HeaderLog as Log } from "../../merkle/index.ts";
import { encodeCommitHeader, type CommitRecord } from "../commit-record.ts";

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

/** Commits by number. */
export class CommitIndex {
    readonly #entries: CommitEntry[] = [];
    readonly #log = new HeaderLog();
    #previous: Uint8Array = NO_HEADER;

    /** Number of commits. */
    get size(): number {
        return this.#entries.length;
    }

    /** The log over all root headers. */
    get log(): Log {
        return this.#log;
    }

    /** Adds the next commit. */
    add(record: CommitRecord, offset: number): void {
        assert(record.commitCount === this.size + 1, "commits follow one another");
        assert(record.logOffset === offset, "a commit says where it stands");
        const continues = Buffer.compare(record.previous, this.#previous) === 0;
        assert(continues, "a commit names the header before it");
        const header = encodeCommitHeader(record);
        this.#previous = rootHeaderHash(header);
        this.#log.append(this.#previous);
        this.#entries.push({ record, offset, header });
    }

    /** A commit by its number, from 1. */
    entry(commitCount: number): CommitEntry {
        return required(this.#entries[commitCount - 1], "the commit is one of the history");
    }

    /** Where a delta number stands; undefined when the history has fewer deltas. */
    position(k: number): HistoryPosition | undefined {
        if (k === 0) {
            return { commit: undefined, isInside: false };
        }
        let [low, high] = [0, this.size];
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.entry(middle + 1).record.deltaCount < k) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        const commit = this.#entries[low];
        return commit === undefined
            ? undefined
            : { commit, isInside: commit.record.deltaCount !== k };
    }
}
