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
}

/** Dumps that are compared, those of a crate all at once. What they are made from may yet turn out to have been another thing. */
export class DumpsAhead<Equal> {
    readonly #compare: AheadDump<Equal>;
    /** Crates that are not there yet, by each crate that waits for them. */
    readonly #waiting = new Map<CompilationRecord, Set<string>>();
    readonly #begun = new Map<string, Promise<Equal | undefined>>();
    readonly #dumps: readonly DumpKind[];
    #isClosed = false;

    constructor({ records, neededBy, dumps }: AheadCrates, compare: AheadDump<Equal>) {
        this.#compare = compare;
        this.#dumps = dumps;
        for (const record of records) {
            this.#waiting.set(record, new Set(neededBy(record)));
        }
        this.#release();
    }

    /** Names of the compilations that something waits for. */
    get waitsFor(): ReadonlySet<string> {
        return new Set([...this.#waiting.values()].flatMap((needed) => [...needed]));
    }

    /** Tells that Cargo has compiled a crate, or found it fresh. */
    compiled(name: string): void {
        for (const needed of this.#waiting.values()) {
            needed.delete(name);
        }
        this.#release();
    }

    /** Begins nothing more; what is begun goes on. */
    close(): void {
        this.#isClosed = true;
    }

    /** What a dump was found to be; undefined where it was not begun. */
    begun(record: CompilationRecord, dump: DumpKind): Promise<Equal | undefined> | undefined {
        return this.#begun.get(keyOf(record, dump));
    }

    /** Waits for what is begun. */
    async settled(): Promise<void> {
        await Promise.all(this.#begun.values());
    }

    #release(): void {
        for (const [record, needed] of this.#isClosed ? [] : this.#waiting) {
            if (needed.size === 0) {
                this.#waiting.delete(record);
                for (const dump of this.#dumps) {
                    const found = this.#compare(record, dump).catch(() => undefined);
                    this.#begun.set(keyOf(record, dump), found);
                }
            }
        }
    }
}

function keyOf(record: CompilationRecord, dump: DumpKind): string {
    return `${record.name} ${dump}`;
}
