// The compiler's own word on a rename that compiles: its bindings and its MIR before and after, and which of the
// places that nothing else decides it has compiled at all.

import { join } from "node:path";

import type {
    ChangeAhead,
    ChangeComparison,
    ComparedChange,
    ComparedCrate,
    CompilationRecord,
    CrateStates,
    ListedFiles,
    MadeChange,
    SpanWatch,
} from "../../capture/index.ts";
import type { RenamePlan, UnprovedPlace } from "../../refactor/index.ts";
import type { View } from "../view.ts";

/** What is compared, and where. */
export interface BindingParts {
    readonly view: View;
    /** Root of the workspace in its worktree. */
    readonly root: string;
    /** Where copies of crates and hashes of dumps lie. */
    readonly folder: string;
    /** `commit-hash` of the compiler. */
    readonly compiler: string;
    readonly oldName: string;
    readonly newName: string;
    /** No other crate can name what is renamed. */
    readonly isHidden: boolean;
    /** All files that any plan may come to edit. */
    readonly files: ReadonlySet<string>;
    /** The compiler is asked for everything anew. */
    readonly isFresh: boolean;
    readonly signal: AbortSignal | undefined;
    readonly report: (done: number, total: number) => void;
}

/** What was compared of a plan. */
export interface ComparedRename extends ComparedChange {
    /** Doubtful tokens that the compiler has compiled. */
    readonly seen: SpanWatch;
}

/** A comparison that runs beside the check of the same edit. */
export interface ComparisonAhead extends ChangeAhead {
    readonly seen: SpanWatch;
}

/** Bindings of one validation. */
export class ComparedBindings {
    readonly #parts: BindingParts;
    readonly #records: readonly CompilationRecord[];
    readonly #comparison: ChangeComparison;
    readonly #states: CrateStates;

    private constructor(
        parts: BindingParts,
        records: readonly CompilationRecord[],
        comparison: ChangeComparison,
        states: CrateStates,
    ) {
        this.#parts = parts;
        this.#records = records;
        this.#comparison = comparison;
        this.#states = states;
    }

    /** Looks at how the unedited crates were compiled. */
    static async open(
        parts: BindingParts,
        records: readonly CompilationRecord[],
        listed?: ListedFiles,
    ): Promise<ComparedBindings> {
        const capture = await import("../../capture/index.ts");
        const { root, folder, compiler, oldName, newName, report } = parts;
        const { isHidden, isFresh, signal } = parts;
        const comparison = new capture.ChangeComparison({
            ...{ root, folder, compiler, isHidden, isFresh, signal },
            crates: await capture.readCrates(records, listed),
            names: [{ oldName, newName }],
            files: absolute(root, parts.files),
            onProgress: (_, done, total) => {
                report(done, total);
            },
        });
        const states = new capture.CrateStates(root, compiler, records, listed);
        return new ComparedBindings(parts, records, comparison, states);
    }

    /** All compilations of crates that an edit can matter to. */
    get reachable(): readonly ComparedCrate[] {
        return this.#comparison.reachable;
    }

    /** The state of an unedited crate, as a hash. */
    stateOf(record: CompilationRecord): Promise<string> {
        return this.#states.of(record);
    }

    /**
     * Begins to compare crates while Cargo checks the edit, each once all that it is compiled against is there.
     * What is found holds only if they turn out to have been compiled as before.
     */
    async compareAhead(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
    ): Promise<ComparisonAhead> {
        const { change, seen } = await this.#changeOf(plan, doubts);
        return { ...(await this.#comparison.ahead(change)), seen };
    }

    /** Compares the edited crates; what was compared ahead is not compared again. */
    async compare(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
        ahead?: ComparisonAhead,
    ): Promise<ComparedRename> {
        const { change, seen } = await this.#changeOf(plan, doubts, ahead?.seen);
        return { ...(await this.#comparison.compare(change, ahead)), seen };
    }

    async #changeOf(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
        known?: SpanWatch,
    ): Promise<{ readonly change: MadeChange; readonly seen: SpanWatch }> {
        const capture = await import("../../capture/index.ts");
        const seen = known ?? new capture.SpanWatch(await this.#watched(plan, doubts));
        const { oldName, newName, moves } = plan;
        const touched = absolute(this.#parts.root, plan.fileHashes.keys());
        const renaming = {
            ...{ oldName, newName },
            moves: moves.map(({ from, to }) => ({ from: to, to: from })),
        };
        return { change: { touched, renaming, watch: seen }, seen };
    }

    /** Doubtful tokens where they are in the text after, as the compiler counts. */
    async #watched(
        plan: RenamePlan,
        doubts: readonly UnprovedPlace[],
    ): Promise<ConstructorParameters<typeof SpanWatch>[0]> {
        const { tokensAfter } = await import("../../refactor/index.ts");
        const { view, root } = this.#parts;
        const { copiedRoot } = this.#comparison;
        const folders = new Set(
            this.#records.map(({ cwd }) => copiedRoot + cwd.slice(root.length)),
        );
        return tokensAfter({ textOf: (path) => view.text(path) }, plan, doubts).flatMap(
            ({ path, before, line, start, end }) =>
                [...folders].map((folder) => ({
                    file: relativeTo(folder, join(copiedRoot, path)),
                    ...{ line, start, end },
                    key: `${before.path}:${before.span.start}`,
                })),
        );
    }
}

function absolute(root: string, paths: Iterable<string>): Set<string> {
    return new Set([...paths].map((path) => join(root, path)));
}

function relativeTo(folder: string, file: string): string {
    return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
