// Compares what the compiler makes of a workspace before and after a change of names: in copies of the crates that the change
// can matter to, without the bodies that it cannot (docs/decisions/bodies-that-hold-no-name.md).

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { OperatingError, required, type ProgressSink } from "../../../base/index.ts";
import { monotonicMs, readBytesIfThere, removeFolder } from "../../../platform/index.ts";
import { jobsAtOnce } from "../capture-pool.ts";
import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
import { readCommand } from "../rustc-arguments.ts";
import {
    CompilerJudge,
    type CompilerComparison,
    type EqualDumpsAhead,
} from "./compare-compiler.ts";
import { wordsAtCompileTime } from "./compile-time-words.ts";
import { affectedCrates, chooseCompilations, type ComparedCrate } from "./compared-crates.ts";
import { CrateCopies } from "./crate-copies.ts";
import { CrateStates } from "./crate-states.ts";
import { wordsOfConstants } from "./derived-impls.ts";
import type { Renaming } from "./dump-comparison.ts";
import { PlainMacros } from "./plain-macros.ts";
import { reduceSource, type ReducedSource } from "./reduced-source.ts";
import type { SpanWatch } from "./span-watch.ts";
import { mayMoveTraits } from "./trait-scopes.ts";

/** The old and the new name of something. */
export interface NamePair {
    readonly oldName: string;
    readonly newName: string;
}

/** What is compared, and where. */
export interface ComparisonParts {
    /** Root of the workspace, in which changes are made. */
    readonly root: string;
    /** Our own folder, for copies and hashes of dumps. */
    readonly folder: string;
    /** Commit of the compiler. */
    readonly compiler: string;
    /** All that was compiled of the workspace, with its texts before any change. */
    readonly crates: readonly ComparedCrate[];
    /** All names that any change is about. */
    readonly names: readonly NamePair[];
    /** No other crate can name what is changed. */
    readonly isHidden?: boolean;
    /** All files that any change may come to touch; absolute, as they lay before. */
    readonly files: ReadonlySet<string>;
    /** Nothing that is known of an earlier time is taken. */
    readonly isFresh?: boolean;
    /** Nothing is left out: what the comparison without it is tested by. */
    readonly isWhole?: boolean;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** A change that is made in the workspace now. */
export interface MadeChange {
    /** Files that it edits or moves; absolute, as they lay before. */
    readonly touched: ReadonlySet<string>;
    readonly renaming: Renaming;
    readonly watch?: SpanWatch | undefined;
}

/** What was compared. */
export interface ComparedChange extends CompilerComparison {
    /** Names of crates, sorted. */
    readonly crates: readonly string[];
    /** Bodies that hold none of the names, and were left out. */
    readonly left: number;
}

/** A comparison that runs beside Cargo's check of the same change. */
export interface ChangeAhead {
    /** Names of the records of crates that something waits for. */
    readonly waitsFor: ReadonlySet<string>;
    /** Tells that what Cargo makes of a crate is there, by the name of its record. */
    compiled(crate: string): void;
    /** Ends it; what it has found counts for nothing. */
    stop(): Promise<void>;
    readonly dumps: EqualDumpsAhead;
    readonly after: CopiedState;
}

/** Crates as they are at one time. */
interface CopiedState {
    readonly copies: CrateCopies;
    readonly states: CrateStates;
    readonly left: number;
}

/** The names of a change, and what can write them. */
interface NamesToKeep {
    readonly words: readonly string[];
    readonly macros: PlainMacros;
    readonly inConstants: ReadonlySet<string>;
    readonly atCompileTime: ReadonlySet<string>;
}

/** How long sources are read in one piece. */
const SLICE_MS = 15;

/** Compares changes of one workspace. */
export class ChangeComparison {
    readonly #parts: ComparisonParts;
    /** One compilation of each crate, or two. */
    readonly #chosen: readonly ComparedCrate[];
    /** All compilations of crates that a change can matter to. */
    readonly reachable: readonly ComparedCrate[];
    readonly #byName: ReadonlyMap<string, ComparedCrate>;
    /** Crates that hold something that a change may touch, or are compiled against one. */
    readonly #moving = new Map<string, boolean>();
    readonly #judge: CompilerJudge;
    #before: Promise<CopiedState> | undefined;
    readonly #stateOf = new WeakMap<CompilationRecord, CopiedState>();
    /** Bodies are left out. */
    #isReduced = true;
    /** Files as they were, which most are afterwards. */
    readonly #reduced = new Map<string, ReducedSource>();
    #names: NamesToKeep | undefined;

    constructor(parts: ComparisonParts) {
        this.#parts = parts;
        this.#chosen = chooseCompilations(parts.crates);
        this.#byName = new Map(parts.crates.map((crate) => [crate.record.name, crate]));
        this.reachable = this.#affected(parts.crates, parts.files);
        const { signal, onProgress } = parts;
        const stateOf = (record: CompilationRecord): CopiedState =>
            required(this.#stateOf.get(record), "what is compared was copied");
        this.#judge = new CompilerJudge({
            folder: join(parts.folder, "dumps"),
            stateOf: (record) => stateOf(record).states.of(record),
            makeReady: (record, ...by) => stateOf(record).copies.makeReady(record, ...by),
            jobs: jobsAtOnce(undefined),
            ...{ signal, onProgress },
        });
    }

    /** Root of the copies as they are now, in which places are told. */
    get copiedRoot(): string {
        return join(this.#folderOf("after"), "sources");
    }

    /** Begins to compare while Cargo checks the change: each crate once all that it is compiled against is there. */
    async ahead(change: MadeChange): Promise<ChangeAhead> {
        const control = new AbortController();
        const { signal: outer } = this.#parts;
        const signal =
            outer === undefined ? control.signal : AbortSignal.any([control.signal, outer]);
        const before = await this.#lookBefore();
        const after = await this.#copy("after", change);
        const dumps = this.#judge.compareAhead(
            {
                records: this.#recordsOf(change, after),
                neededBy: (record) => this.#neededBy(record, new Set()),
            },
            this.#renamingOf(change, after, before),
            { watch: change.watch, signal, before: (record) => before.copies.of(record) },
        );
        return {
            ...{ dumps, after, waitsFor: dumps.waitsFor },
            compiled: (crate) => {
                dumps.compiled(crate);
            },
            stop: async () => {
                dumps.close();
                control.abort();
                await dumps.settled();
            },
        };
    }

    /**
     * Compares a change that compiles; what was compared ahead is not compared again. Throws VALIDATE_NOT_COMPARED where a
     * crate from outside of the workspace, of which there are no copies, is compiled against one that changes.
     */
    async compare(change: MadeChange, ahead?: ChangeAhead): Promise<ComparedChange> {
        try {
            return await this.#compareReduced(change, ahead);
        } catch (thrown) {
            const crate = metTwice(thrown);
            if (crate === undefined) {
                throw thrown;
            }
            throw new OperatingError(
                "VALIDATE_NOT_COMPARED",
                `a crate from outside of the workspace is compiled against ${crate}, so that what is compiled against both cannot be compared in copies`,
                {
                    cause: thrown,
                    advice: "Accept it: bindings-not-compared. It is then only known that it compiles.",
                },
            );
        }
    }

    async #compareReduced(change: MadeChange, ahead?: ChangeAhead): Promise<ComparedChange> {
        try {
            return await this.#compare(change, ahead);
        } catch (thrown) {
            if (!this.#isReduced || !isOfDump(thrown) || metTwice(thrown) !== undefined) {
                throw thrown;
            }
            // Something needs a body or a table after all.
            this.#isReduced = false;
            this.#reduced.clear();
            this.#before = undefined;
            return this.#compare(change, undefined);
        }
    }

    async #compare(change: MadeChange, ahead: ChangeAhead | undefined): Promise<ComparedChange> {
        const before = await this.#lookBefore();
        const after = ahead?.after ?? (await this.#copy("after", change));
        const records = this.#recordsOf(change, after);
        const renaming = this.#renamingOf(change, after, before);
        const compared = await this.#judge.compare(records, renaming, {
            watch: change.watch,
            before: (record) => before.copies.of(record),
            ahead: ahead?.dumps,
        });
        await this.#judge.sweep();
        const crates = new Set(records.map(({ name }) => name.replace(/-[0-9a-f]+$/u, "")));
        return { ...compared, crates: [...crates].sort(), left: after.left };
    }

    #affected(crates: readonly ComparedCrate[], touched: ReadonlySet<string>): ComparedCrate[] {
        const { names, isHidden = false } = this.#parts;
        const all = names.flatMap((pair) => affectedCrates(crates, { touched, isHidden, ...pair }));
        return [...new Set(all)];
    }

    #recordsOf({ touched }: MadeChange, { copies }: CopiedState): CompilationRecord[] {
        return this.#affected(this.#chosen, touched).map(({ record }) => copies.of(record));
    }

    /** Places are told in the copies, which lie in two folders. */
    #renamingOf({ renaming }: MadeChange, after: CopiedState, before: CopiedState): Renaming {
        const moves = [...renaming.moves, { from: after.copies.root, to: before.copies.root }];
        return { ...renaming, moves };
    }

    async #lookBefore(): Promise<CopiedState> {
        if (this.#before === undefined && this.#parts.isFresh === true) {
            await removeFolder(join(this.#parts.folder, "dumps"));
        }
        this.#before ??= this.#copy("before", undefined);
        return this.#before;
    }

    #folderOf(when: "after" | "before"): string {
        return join(this.#parts.folder, "copies", when);
    }

    /** Copies all crates that any change can matter to, and those that they are compiled against and that may change. */
    async #copy(when: "after" | "before", change: MadeChange | undefined): Promise<CopiedState> {
        const { root, compiler, crates } = this.#parts;
        const affected = this.#affected(this.#chosen, this.#parts.files);
        const linked = new Set<string>();
        for (const { record } of affected) {
            this.#addLinked(record, linked);
        }
        const copied = [
            ...affected,
            ...crates.filter(
                ({ record }) =>
                    linked.has(record.name) && !affected.some((one) => one.record === record),
            ),
        ];
        const { texts, left } = await this.#textsOf(copied, linked, change);
        const records = copied.map(({ record }) => record);
        const copies = await CrateCopies.make({
            ...{ root, records, linked, texts },
            folder: this.#folderOf(when),
        });
        const names = new Set(records.map(({ name }) => name));
        const listed = new Map(
            crates.map(({ record, files }) => [
                record.name,
                names.has(record.name)
                    ? files.map((file) => copies.pathOf(this.#pathNow(file, change)))
                    : files,
            ]),
        );
        const all = crates.map(({ record }) =>
            names.has(record.name) ? copies.of(record) : record,
        );
        const states = new CrateStates(copies.root, compiler, all, listed);
        const state = { copies, states, left };
        for (const record of records) {
            this.#stateOf.set(copies.of(record), state);
        }
        return state;
    }

    /** Texts of the files of some crates, by their paths in the workspace, without what no change can matter to. */
    async #textsOf(
        copied: readonly ComparedCrate[],
        linked: ReadonlySet<string>,
        change: MadeChange | undefined,
    ): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly left: number }> {
        const { root } = this.#parts;
        const reduction = this.#lookAtNames(copied);
        const texts = new Map<string, string>();
        let left = 0;
        let since = monotonicMs();
        for (const [file, { text, holders }] of filesOf(copied)) {
            if (monotonicMs() - since > SLICE_MS) {
                // Cargo waits for whoever reads what it says.
                await nextTurn();
                since = monotonicMs();
            }
            const isTouched = change?.touched.has(file) === true;
            // What a change may touch is as it was read before: it may lie there otherwise by now.
            const isOwn = file.endsWith(".rs") || this.#parts.files.has(file);
            if (!file.startsWith(`${root}/`) || !isOwn) {
                continue;
            }
            const now = this.#pathNow(file, change);
            const bytes = isTouched ? await readBytesIfThere(now) : undefined;
            const whole = bytes === undefined ? text : Buffer.from(bytes).toString("utf8");
            // What runs at compile time must do what it does.
            const isRun = holders.some(
                ({ record }) =>
                    linked.has(record.name) && readCommand(record.args).emits.includes("link"),
            );
            const isKept = isRun || !this.#isReduced || !file.endsWith(".rs");
            const known = isTouched ? undefined : this.#reduced.get(file);
            const reduced =
                known ?? (isKept ? { text: whole, bodies: 0 } : reduce(whole, holders, reduction));
            if (!isTouched) {
                this.#reduced.set(file, reduced);
            }
            texts.set(now.slice(root.length + 1), reduced.text);
            left += reduced.bodies;
        }
        return { texts, left };
    }

    /** What the names ask for; sees once, by crates as they were, whether bodies can be left out at all. */
    #lookAtNames(copied: readonly ComparedCrate[]): NamesToKeep {
        if (this.#names === undefined) {
            const { crates, names } = this.#parts;
            const words = [...new Set(names.flatMap(({ oldName, newName }) => [oldName, newName]))];
            const macros = new PlainMacros(crates, words);
            const texts = new Set(crates.flatMap((crate) => crate.texts));
            this.#isReduced &&=
                this.#parts.isWhole !== true && !mayMoveTraits(crates, names, macros);
            const sources = this.#isReduced ? [...filesOf(copied)] : [];
            const tokens = sources
                .filter(([file]) => file.endsWith(".rs"))
                .map(([, { text }]) => macros.tokensOf(text));
            const atCompileTime = wordsAtCompileTime(tokens, names);
            const inConstants = wordsOfConstants([...texts]);
            this.#names = { words, macros, inConstants, atCompileTime };
        }
        return this.#names;
    }

    /** Where a file of before is now. */
    #pathNow(file: string, change: MadeChange | undefined): string {
        const { root } = this.#parts;
        const moved = change?.renaming.moves.find(({ to }) => join(root, to) === file);
        return moved === undefined ? file : join(root, moved.from);
    }

    /** Adds what a crate is compiled against and may change. */
    #addLinked(record: CompilationRecord, linked: Set<string>): void {
        for (const { record: other } of this.#externsOf(record)) {
            if (this.#isMoving(other) && !linked.has(other.name)) {
                linked.add(other.name);
                this.#addLinked(other, linked);
            }
        }
    }

    /** Whether a crate holds something that a change may touch, or is compiled against one that does. */
    #isMoving(record: CompilationRecord): boolean {
        const known = this.#moving.get(record.name);
        if (known !== undefined) {
            return known;
        }
        const files = this.#byName.get(record.name)?.files ?? [];
        const isMoving =
            files.some((file) => this.#parts.files.has(file)) ||
            this.#externsOf(record).some((other) => this.#isMoving(other.record));
        this.#moving.set(record.name, isMoving);
        return isMoving;
    }

    /** Compilations that Cargo must have made before the copy of a crate can be compiled. */
    #neededBy(record: Pick<CompilationRecord, "name">, needed: Set<string>): Set<string> {
        const own = this.#byName.get(record.name)?.record;
        for (const { record: other } of own === undefined ? [] : this.#externsOf(own)) {
            if (this.#isMoving(other)) {
                this.#neededBy(other, needed);
            } else {
                needed.add(other.name);
            }
        }
        return needed;
    }

    #externsOf(record: CompilationRecord): ComparedCrate[] {
        return [...readCommand(record.args).externs.values()].flatMap((path) => {
            const name = recordNameOf(path);
            const crate = name === record.name ? undefined : this.#byName.get(name);
            return crate === undefined ? [] : [crate];
        });
    }
}

/** Name of the crate that rustc met twice, in a copy and in what a crate from outside was compiled against. */
function metTwice(thrown: unknown): string | undefined {
    return isOfDump(thrown) ? COLLIDING.exec(thrown.message)?.[1] : undefined;
}

const COLLIDING = /found crates \(`(\w+)` and `\w+`\) with colliding StableCrateId/u;

function isOfDump(thrown: unknown): thrown is OperatingError {
    return thrown instanceof OperatingError && thrown.code === "COMPILER_DUMP_FAILED";
}

function reduce(
    text: string,
    holders: readonly ComparedCrate[],
    { words, macros, inConstants, atCompileTime }: NamesToKeep,
): ReducedSource {
    return reduceSource(macros.tokensOf(text), {
        ...{ words, inConstants, atCompileTime },
        isPlain: (macro) => holders.every((one) => macros.isPlain(one, macro)),
        makesTests: (macro) => holders.every((one) => macros.makesTests(one, macro)),
        derivesOfStd: (trait) => holders.every((one) => macros.derivesOfStd(one, trait)),
    });
}

/** Files with their texts, and the crates that hold them. */
function filesOf(
    crates: readonly ComparedCrate[],
): Map<string, { readonly text: string; readonly holders: ComparedCrate[] }> {
    const found = new Map<string, { readonly text: string; readonly holders: ComparedCrate[] }>();
    for (const crate of crates) {
        crate.files.forEach((file, at) => {
            const known = found.get(file) ?? { text: crate.texts[at] ?? "", holders: [] };
            known.holders.push(crate);
            found.set(file, known);
        });
    }
    return found;
}
