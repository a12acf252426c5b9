// What the compiler itself binds each name to, before and after: it prints what it knows of every crate that a
// change can matter to, HIR and THIR, where every name has the number of its definition, and MIR of every
// body. All of it must be equal but for the name. Of a dump before, only the hashes of its lines are kept.

import { join } from "node:path";

import { appendTo, required, type ProgressSink } from "../../../base/index.ts";
import {
    keepNewest,
    listFolder,
    makeFolder,
    readBytes,
    setModified,
    statFile,
    wallClockMs,
    writeFileAtomic,
} from "../../../platform/index.ts";
import type { CompilationRecord } from "../compilation-record.ts";
import type { DumpKind } from "../rustc-arguments.ts";
import { CompilerSlots } from "./compiler-slots.ts";
import type { CrateCopies } from "./crate-copies.ts";
import { DumpsAhead, type AheadCrates } from "./dumps-ahead.ts";
import { DumpComparison, LineHashes, type Renaming } from "./dump-comparison.ts";
import { DumpLines } from "./dump-lines.ts";
import { printDump } from "./print-dump.ts";
import type { SpanWatch } from "./span-watch.ts";

/** What is printed of each crate, what is longest as a rule first. */
export const COMPARED_DUMPS = ["hir-tree", "mir", "thir-flat"] as const satisfies DumpKind[];

/** What begins first of all that waits: what is longest as a rule, so that cores end at about the same time. */
const RANKS: Readonly<Record<DumpKind, number>> = { "hir-tree": 1, "thir-flat": 2, mir: 3 };

/** Of what several dumps wait for. */
const FIRST_RANK = 0;

/** What a comparison works with. */
export interface CompareParts {
    /** Where hashes are kept. */
    readonly folder: string;
    /** What each crate's dumps follow from, as a hash. */
    readonly stateOf: (record: CompilationRecord) => Promise<string>;
    /** Makes what a crate is compiled against, before it is printed. */
    readonly makeReady?: CrateCopies["makeReady"] | undefined;
    /** Compilers at a time. */
    readonly jobs: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** Where the first difference is. */
export interface CompilerDifference {
    readonly crate: string;
    readonly dump: DumpKind;
    /** The first line that differs, with some before it. */
    readonly lines: string;
}

/** What was compared. */
export interface CompilerComparison {
    readonly difference: CompilerDifference | undefined;
    /** Definitions that names are bound to. */
    readonly bindings: number;
    readonly bodies: number;
}

/** What is compared before all is ready for a comparison. */
export type EqualDumpsAhead = DumpsAhead<EqualDump>;

interface EqualDump {
    readonly bindings: number;
    readonly bodies: number;
}

/** How crates are compared. */
export interface CompareOptions {
    readonly watch?: SpanWatch | undefined;
    /** The crate as it was, where that has not been kept yet; the name of its record is the same. */
    readonly before?: ((record: CompilationRecord) => CompilationRecord) | undefined;
    /** What is compared ahead; nothing more of it is begun. */
    readonly ahead?: EqualDumpsAhead | undefined;
}

/** States of one crate that are kept: an edit, its undoing, and the next one. */
const KEPT_MAX = 4;

/** Compares dumps of a workspace's crates. */
export class CompilerJudge {
    readonly #parts: CompareParts;
    readonly #slots: CompilerSlots;
    /** Files of hashes, by crate and dump. */
    readonly #before = new Map<string, string>();

    constructor(parts: CompareParts) {
        this.#parts = parts;
        this.#slots = new CompilerSlots(parts.jobs);
    }

    /** Has crates printed as they are, where that is not known; tells how many dumps were made. */
    async keep(records: readonly CompilationRecord[]): Promise<number> {
        let made = 0;
        await this.#eachDump(records, async (record, dump, signal) => {
            const isMade = await this.#keepDump(record, dump, signal);
            made += isMade ? 1 : 0;
        });
        return made;
    }

    /** Compares crates as they are now with what was kept of them. */
    async compare(
        records: readonly CompilationRecord[],
        renaming: Renaming,
        { watch, before, ahead }: CompareOptions = {},
    ): Promise<CompilerComparison> {
        let difference: CompilerDifference | undefined;
        let bindings = 0;
        let bodies = 0;
        ahead?.close();
        this.#slots.allow(this.#parts.jobs);
        await this.#eachDump(records, async (record, dump, signal) => {
            const found =
                (await ahead?.begun(record, dump)) ??
                (await this.#compareDump(record, dump, renaming, { watch, before, signal }));
            if ("lines" in found) {
                difference ??= found;
                return;
            }
            bindings += found.bindings;
            bodies += found.bodies;
        });
        return { difference, bindings, bodies };
    }

    /**
     * Compares crates in the background, while Cargo compiles them: a core stays Cargo's.
     * A dump that differs, or cannot be made, is left out: what it is made from may not be all there yet.
     */
    compareAhead(
        crates: Pick<AheadCrates, "neededBy" | "records">,
        renaming: Renaming,
        options: Pick<CompareOptions, "before" | "watch"> & { readonly signal: AbortSignal },
    ): EqualDumpsAhead {
        this.#slots.allow(Math.max(1, this.#parts.jobs - 1));
        return new DumpsAhead({ ...crates, dumps: COMPARED_DUMPS }, async (record, dump) => {
            const found = await this.#compareDump(record, dump, renaming, options);
            return "lines" in found ? undefined : found;
        });
    }

    async #compareDump(
        record: CompilationRecord,
        dump: DumpKind,
        renaming: Renaming,
        {
            watch,
            before,
            signal,
        }: Pick<CompareOptions, "before" | "watch"> & { readonly signal: AbortSignal | undefined },
    ): Promise<CompilerDifference | EqualDump> {
        if (before !== undefined) {
            await this.#keepDump(before(record), dump, signal);
        }
        const comparison = new DumpComparison(await this.#hashesBefore(record, dump), renaming);
        const seen = dump === "mir" ? undefined : watch?.read;
        await this.#print(record, dump, new DumpLines(comparison.add, seen), signal);
        return comparison.finish()
            ? { bindings: comparison.bindings, bodies: comparison.bodies }
            : { crate: record.name, dump, lines: comparison.difference };
    }

    /** Has a crate printed unless it is known how; tells whether it was. */
    async #keepDump(
        record: CompilationRecord,
        dump: DumpKind,
        signal: AbortSignal | undefined,
    ): Promise<boolean> {
        const file = await this.#fileOf(record, dump);
        this.#before.set(`${record.name} ${dump}`, file);
        if ((await statFile(file)) !== undefined) {
            // What is used stays, whatever is kept after it.
            await setModified(file, wallClockMs());
            return false;
        }
        const hashes = new LineHashes();
        await this.#print(record, dump, new DumpLines(hashes.add), signal);
        await makeFolder(this.#parts.folder);
        await writeFileAtomic(file, new Uint8Array(hashes.finish().buffer));
        return true;
    }

    /** Removes what was kept of states that are long gone. */
    async sweep(): Promise<void> {
        const { folder } = this.#parts;
        const groups = new Map<string, string[]>();
        for (const name of await listFolder(folder)) {
            appendTo(groups, name.replace(/\.[0-9a-f]+$/u, ""), join(folder, name));
        }
        for (const group of groups.values()) {
            await keepNewest(group, KEPT_MAX);
        }
    }

    async #hashesBefore(record: CompilationRecord, dump: DumpKind): Promise<Uint32Array> {
        const file = required(
            this.#before.get(`${record.name} ${dump}`),
            "what is compared was kept before",
        );
        const bytes = await readBytes(file);
        return new Uint32Array(Uint8Array.from(bytes).buffer);
    }

    /**
     * Does something with each dump. Where one fails, what is left is cancelled; not where one differs, since another that
     * cannot be made says more: that such copies are no world to compare in.
     */
    async #eachDump(
        records: readonly CompilationRecord[],
        work: (record: CompilationRecord, dump: DumpKind, signal: AbortSignal) => Promise<void>,
    ): Promise<void> {
        const control = new AbortController();
        const { signal: outer, onProgress } = this.#parts;
        const signal =
            outer === undefined ? control.signal : AbortSignal.any([control.signal, outer]);
        const queue = await this.#longestFirst(records);
        let done = 0;
        let failed: { readonly why: unknown } | undefined;
        const each = queue.map(async ({ record, dump }) => {
            try {
                await work(record, dump, signal);
            } catch (why) {
                failed ??= { why };
                control.abort();
            }
            done += 1;
            onProgress?.("", done, queue.length);
        });
        // All have ended before an error is told: nothing goes on behind it.
        await Promise.all(each);
        if (failed !== undefined) {
            throw failed.why;
        }
    }

    /** Dumps in such an order that cores end at about the same time, by their lines of before where these are known. */
    async #longestFirst(
        records: readonly CompilationRecord[],
    ): Promise<{ readonly record: CompilationRecord; readonly dump: DumpKind }[]> {
        const weighed = await Promise.all(
            COMPARED_DUMPS.flatMap((dump) =>
                records.map(async (record) => {
                    const file = this.#before.get(`${record.name} ${dump}`);
                    const size = file === undefined ? 0 : ((await statFile(file))?.size ?? 0);
                    return { record, dump, size };
                }),
            ),
        );
        return weighed.sort((a, b) => b.size - a.size);
    }

    async #fileOf(record: CompilationRecord, dump: DumpKind): Promise<string> {
        const state = await this.#parts.stateOf(record);
        return join(this.#parts.folder, `${record.name}.${dump}.${state}`);
    }

    async #print(
        record: CompilationRecord,
        dump: DumpKind,
        lines: DumpLines,
        signal: AbortSignal | undefined,
    ): Promise<void> {
        const take = (bytes: Buffer): void => {
            lines.write(bytes);
        };
        await this.#parts.makeReady?.(record, signal, (work) => this.#slots.use(FIRST_RANK, work));
        await this.#slots.use(RANKS[dump], () => printDump(record, dump, take, signal));
        lines.end();
    }
}
