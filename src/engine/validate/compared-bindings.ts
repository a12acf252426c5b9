// The compiler's own word on a rename that compiles: its bindings and its MIR before and after, and which of the
// places that nothing else decides it has compiled at all.

import { join } from "node:path";

import type {
    CompilationRecord,
    ComparedCrate,
    CompilerComparison,
    CompilerJudge,
    CrateStates,
    EqualDumpsAhead,
    ListedFiles,
    Renaming,
    SpanWatch,
} from "../../capture/index.ts";
import type { RenamePlan, UnprovedPlace } from "../../refactor/index.ts";
import type { View } from "../view.ts";

/** What is compared, and where. */
export interface BindingParts {
    readonly view: View;
    /** Root of the workspace in its worktree. */
    readonly root: string;
    /** Where hashes of dumps are kept. */
    readonly folder: string;
    /** `commit-hash` of the compiler. */
    readonly compiler: string;
    readonly oldName: string;
    readonly newName: string;
    /** No other crate can name what is renamed. */
    readonly isHidden: boolean;
    /** All files that any plan may come to edit. */
    readonly files: ReadonlySet<string>;
    readonly signal: AbortSignal | undefined;
    readonly report: (done: number, total: number) => void;
}

/** What was compared of a plan. */
export interface ComparedRename extends CompilerComparison {
    readonly crates: readonly string[];
    /** Doubtful tokens that the compiler has compiled. */
    readonly seen: SpanWatch;
}

/** A comparison that runs beside the check of the same edit. */
export interface ComparisonAhead {
    /** Tells that Cargo has compiled a crate. */
    compiled(crate: string): void;
    /** Ends it; what it has found counts for nothing. */
    stop(): Promise<void>;
    readonly dumps: EqualDumpsAhead;
    readonly seen: SpanWatch;
}

/** Bindings of one validation. */
export class ComparedBindings {
    readonly #parts: BindingParts;
    readonly #records: readonly CompilationRecord[];
    /** One compilation of each crate, or two. */
    readonly #crates: readonly ComparedCrate[];
    readonly #judge: CompilerJudge;
    readonly #states: { now: CrateStates };
    /** All compilations of crates that an edit can matter to. */
    readonly reachable: readonly ComparedCrate[];

    private constructor(
        parts: BindingParts,
        records: readonly CompilationRecord[],
        crates: Pick<ComparedBindings, "reachable"> & { readonly chosen: readonly ComparedCrate[] },
        made: { readonly judge: CompilerJudge; readonly states: { now: CrateStates } },
    ) {
        this.#parts = parts;
        this.#records = records;
        this.#crates = crates.chosen;
        this.reachable = crates.reachable;
        this.#judge = made.judge;
        this.#states = made.states;
    }

    /** Looks at how the unedited crates were compiled. */
    static async open(
        parts: BindingParts,
        records: readonly CompilationRecord[],
        listed?: ListedFiles,
    ): Promise<ComparedBindings> {
        const capture = await import("../../capture/index.ts");
        const { root, folder, compiler, signal, report } = parts;
        const states = { now: new capture.CrateStates(root, compiler, records, listed) };
        const judge = new capture.CompilerJudge({
            folder,
            stateOf: (record) => states.now.of(record),
            jobs: capture.jobsAtOnce(undefined),
            signal,
            onProgress: (_, done, total) => {
                report(done, total);
            },
        });
        const all = await capture.readCrates(records, listed);
        const { oldName, newName, isHidden, files } = parts;
        const touched = new Set([...files].map((file) => join(root, file)));
        const reachable = capture.affectedCrates(all, { touched, oldName, newName, isHidden });
        const chosen = capture.chooseCompilations(all);
        return new ComparedBindings(parts, records, { reachable, chosen }, { judge, states });
    }

    /** The state of a crate, as a hash. */
    stateOf(record: CompilationRecord): Promise<string> {
        return this.#states.now.of(record);
    }

    /** Keeps what the compiler says of the unedited crates; asks it anew where that is wanted. */
    async keep(isFresh: boolean): Promise<void> {
        const crates = await this.#affected(this.#parts.files);
        const records = crates.map(({ record }) => record);
        await this.#judge.keep(records, isFresh);
    }

    /** Whether what the compiler says of the unedited crates is known of an earlier time. */
    async isKept(): Promise<boolean> {
        const crates = await this.#affected(this.#parts.files);
        return this.#judge.isKept(crates.map(({ record }) => record));
    }

    /**
     * Begins to compare crates while Cargo checks the edit, each once all that it is compiled against is there.
     * What is found holds only if they turn out to have been compiled as before. Undefined where files move.
     */
    async compareAhead(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
    ): Promise<ComparisonAhead | undefined> {
        if (plan.moves.length > 0) {
            return undefined;
        }
        const capture = await import("../../capture/index.ts");
        const crates = await this.#affected(plan.fileHashes.keys());
        const seen = new capture.SpanWatch(await this.#watched(plan, doubts));
        const control = new AbortController();
        const { signal: outer } = this.#parts;
        const signal =
            outer === undefined ? control.signal : AbortSignal.any([control.signal, outer]);
        const dumps = this.#judge.compareAhead(
            { records: crates.map(({ record }) => record), members: this.#records },
            renamingOf(plan),
            { watch: seen, signal },
        );
        return {
            ...{ dumps, seen },
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

    /** Compares the edited crates; what was compared ahead is not compared again. */
    async compare(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
        ahead?: ComparisonAhead,
    ): Promise<ComparedRename> {
        const capture = await import("../../capture/index.ts");
        const { root, compiler } = this.#parts;
        this.#states.now = new capture.CrateStates(root, compiler, this.#records);
        const seen = ahead?.seen ?? new capture.SpanWatch(await this.#watched(plan, doubts));
        const crates = await this.#affected(plan.fileHashes.keys());
        const compared = await this.#judge.compare(
            crates.map(({ record }) => record),
            renamingOf(plan),
            { watch: seen, isKept: true, ahead: ahead?.dumps },
        );
        await this.#judge.sweep();
        const names = new Set(crates.map(({ record }) => record.name.replace(/-[0-9a-f]+$/u, "")));
        return { ...compared, crates: [...names].sort(), seen };
    }

    /** Crates, by any of their compilations. */
    async #affected(files: Iterable<string>): Promise<ComparedCrate[]> {
        const { affectedCrates } = await import("../../capture/index.ts");
        const { oldName, newName, isHidden } = this.#parts;
        const touched = this.#touched(files);
        return affectedCrates(this.#crates, { touched, oldName, newName, isHidden });
    }

    #touched(files: Iterable<string>): Set<string> {
        return new Set([...files].map((file) => join(this.#parts.root, file)));
    }

    /** Doubtful tokens where they are in the text after, as the compiler counts. */
    async #watched(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
    ): Promise<ConstructorParameters<typeof SpanWatch>[0]> {
        const { tokensAfter } = await import("../../refactor/index.ts");
        const { view } = this.#parts;
        const folders = new Set(this.#records.map(({ cwd }) => cwd));
        return tokensAfter({ textOf: (path) => view.text(path) }, plan, doubts).flatMap(
            ({ path, before, line, start, end }) =>
                [...folders].map((folder) => ({
                    file: relativeTo(folder, join(this.#parts.root, path)),
                    ...{ line, start, end },
                    key: `${before.path}:${before.span.start}`,
                })),
        );
    }
}

function renamingOf({ oldName, newName, moves }: RenamePlan): Renaming {
    return { oldName, newName, moves: moves.map(({ from, to }) => ({ from: to, to: from })) };
}

function relativeTo(folder: string, file: string): string {
    return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
