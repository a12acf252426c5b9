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
import { DumpsAhead, type AheadCrates } from "./dumps-ahead.ts";
import { DumpComparison, LineHashes, type Renaming } from "./dump-comparison.ts";
import { DumpLines } from "./dump-lines.ts";
import { printDump } from "./print-dump.ts";
import type { SpanWatch } from "./span-watch.ts";

/** What is printed of each crate, what is longest as a rule first. */
export const COMPARED_DUMPS = ["hir-tree", "mir", "thir-flat"] as const satisfies DumpKind[];

/** What a comparison works with. */
export interface CompareParts {
    /** Where hashes are kept. */
    readonly folder: string;
    /** What each crate's dumps follow from, as a hash. */
    readonly stateOf: (record: CompilationRecord) => Promise<string>;
    /** Makes what a crate is compiled against, before it is printed. */
    readonly makeReady?:
        ((record: CompilationRecord, signal: AbortSignal | undefined) => Promise<void>) | undefined;
    /** Dumps at a time. */
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
    /** Files of hashes, by crate and dump. */
    readonly #before = new Map<string, string>();

    constructor(parts: CompareParts) {
        this.#parts = parts;
    }

    /** Has crates printed as they are, where that is not known; tells how many dumps were made. */
    async keep(records: readonly CompilationRecord[]): Promise<number> {
        let made = 0;
        await this.#eachDump(records, async (record, dump) => {
            made += (await this.#keepDump(record, dump, this.#parts.signal)) ? 1 : 0;
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
        await this.#eachDump(records, async (record, dump) => {
            if (difference !== undefined) {
                return;
            }
            const found =
                (await ahead?.begun(record, dump)) ??
                (await this.#compareDump(record, dump, renaming, { watch, before }));
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
        const jobs = Math.max(1, this.#parts.jobs - 1);
        return new DumpsAhead({ ...crates, dumps: COMPARED_DUMPS, jobs }, async (record, dump) => {
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
            signal = this.#parts.signal,
        }: Pick<CompareOptions, "before" | "watch"> & { readonly signal?: AbortSignal | undefined },
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

    async #eachDump(
        records: readonly CompilationRecord[],
        work: (record: CompilationRecord, dump: DumpKind) => Promise<void>,
    ): Promise<void> {
        const queue = await this.#longestFirst(records);
        const total = queue.length;
        let done = 0;
        const worker = async (): Promise<void> => {
            for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
                await work(next.record, next.dump);
                done += 1;
                this.#parts.onProgress?.("", done, total);
            }
        };
        // All have ended before an error is told: nothing goes on behind it.
        const ends = await Promise.allSettled(Array.from({ length: this.#parts.jobs }, worker));
        const failed = ends.find((end) => end.status === "rejected");
        if (failed !== undefined) {
            throw failed.reason;
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
        await this.#parts.makeReady?.(record, signal);
        await printDump(record, dump, take, signal);
        lines.end();
    }
}
