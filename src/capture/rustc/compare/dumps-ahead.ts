// Compares crates while Cargo still checks others: each as soon as all that it is compiled against is there. As a
// rule Cargo compiles one crate after the other then, so that a core is free.

import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
import { readCommand, type DumpKind } from "../rustc-arguments.ts";

/** How a dump is compared; undefined where it differs or cannot be made. */
export type AheadDump<Equal> = (
    record: CompilationRecord,
    dump: DumpKind,
) => Promise<Equal | undefined>;

/** What is compared ahead. */
export interface AheadCrates {
    /** The crates to compare. */
    readonly records: readonly CompilationRecord[];
    /** All crates of the workspace: those that one of the others may have to wait for. */
    readonly members: readonly CompilationRecord[];
    readonly dumps: readonly DumpKind[];
}

/** Dumps that are compared one after the other. What they are made from may yet turn out to have been another thing. */
export class DumpsAhead<Equal> {
    readonly #compare: AheadDump<Equal>;
    /** Crates that are not there yet, by each crate that waits for them. */
    readonly #waiting = new Map<CompilationRecord, Set<string>>();
    readonly #queue: { readonly record: CompilationRecord; readonly dump: DumpKind }[] = [];
    readonly #begun = new Map<string, Promise<Equal | undefined>>();
    readonly #dumps: readonly DumpKind[];
    #isClosed = false;
    #isBusy = false;

    constructor({ records, members, dumps }: AheadCrates, compare: AheadDump<Equal>) {
        this.#compare = compare;
        this.#dumps = dumps;
        const names = new Set(members.map(({ name }) => name));
        for (const record of records) {
            const needed = new Set(externNames(record).filter((name) => names.has(name)));
            needed.delete(record.name);
            this.#waiting.set(record, needed);
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
        const next = this.#isBusy || this.#isClosed ? undefined : this.#queue.shift();
        if (next === undefined) {
            return;
        }
        this.#isBusy = true;
        const { record, dump } = next;
        const found = this.#compare(record, dump).catch(() => undefined);
        this.#begun.set(keyOf(record, dump), found);
        void found.then(() => {
            this.#isBusy = false;
            this.#next();
        });
    }
}

function keyOf(record: CompilationRecord, dump: DumpKind): string {
    return `${record.name} ${dump}`;
}

/** Names of records that a crate is compiled against. */
function externNames({ args }: CompilationRecord): string[] {
    return [...readCommand(args).externs.values()].map(recordNameOf);
}
