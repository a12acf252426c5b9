// Compares crates while Cargo still checks others: each as soon as all that it is compiled against is there. As a
// rule Cargo compiles one crate after the other then, so that a core is free.

import type { CompilationRecord } from "../compilation-record.ts";
import type { DumpKind } from "../rustc-arguments.ts";

/** How a dump is compared; undefined where it differs or cannot be made. */
export type AheadDump<Equal> = (
    record: CompilationRecord,
    dump: DumpKind,
) => Promise<Equal | undefined>;

/** What is compared ahead. */
export interface AheadCrates {
    /** The crates to compare. */
    readonly records: readonly CompilationRecord[];
    /** Names of the compilations that Cargo must have made before one of them can be printed. */
    readonly neededBy: (record: CompilationRecord) => Iterable<string>;
    readonly dumps: readonly DumpKind[];
    /** Dumps at a time. */
    readonly jobs: number;
}

/** Dumps that are compared, some at a time. What they are made from may yet turn out to have been another thing. */
export class DumpsAhead<Equal> {
    readonly #compare: AheadDump<Equal>;
    /** Crates that are not there yet, by each crate that waits for them. */
    readonly #waiting = new Map<CompilationRecord, Set<string>>();
    readonly #queue: { readonly record: CompilationRecord; readonly dump: DumpKind }[] = [];
    readonly #begun = new Map<string, Promise<Equal | undefined>>();
    readonly #dumps: readonly DumpKind[];
    #isClosed = false;
    readonly #jobs: number;
    #running = 0;

    constructor({ records, neededBy, dumps, jobs }: AheadCrates, compare: AheadDump<Equal>) {
        this.#compare = compare;
        this.#dumps = dumps;
        this.#jobs = jobs;
        for (const record of records) {
            this.#waiting.set(record, new Set(neededBy(record)));
        }
        this.#release();
    }

    /** Tells that Cargo has compiled a crate, or found it fresh. */
    compiled(name: string): void {
        for (const needed of this.#waiting.values()) {
            needed.delete(name);
        }
        this.#release();
    }

    /** Begins nothing more; what is under way goes on. */
    close(): void {
        this.#isClosed = true;
    }

    /** What a dump was found to be; undefined where it was not begun. */
    begun(record: CompilationRecord, dump: DumpKind): Promise<Equal | undefined> | undefined {
        return this.#begun.get(keyOf(record, dump));
    }

    /** Waits for what is under way. */
    async settled(): Promise<void> {
        await Promise.all(this.#begun.values());
    }

    #release(): void {
        for (const [record, needed] of this.#waiting) {
            if (needed.size === 0) {
                this.#waiting.delete(record);
                this.#queue.push(...this.#dumps.map((dump) => ({ record, dump })));
            }
        }
        this.#next();
    }

    #next(): void {
        while (!this.#isClosed && this.#running < this.#jobs) {
            const next = this.#queue.shift();
            if (next === undefined) {
                return;
            }
            this.#begin(next.record, next.dump);
        }
    }

    #begin(record: CompilationRecord, dump: DumpKind): void {
        this.#running += 1;
        const found = this.#compare(record, dump).catch(() => undefined);
        this.#begun.set(keyOf(record, dump), found);
        void found.then(() => {
            this.#running -= 1;
            this.#next();
        });
    }
}

function keyOf(record: CompilationRecord, dump: DumpKind): string {
    return `${record.name} ${dump}`;
}
