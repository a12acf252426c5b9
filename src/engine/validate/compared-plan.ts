// A plan of renames that the compiler compares, at the level `deep`: what it binds names to, and the MIR of every body,
// before and after, must be equal but for the names.

import { join } from "node:path";

import type {
    ComparedCrate,
    CompilationRecord,
    CompilerJudge,
    CrateStates,
    WorkspaceChecker,
} from "../../capture/index.ts";
import type { ComparedChange, ComparePlace, Comparison } from "../../executor/index.ts";
import { movesOf, renamesOf, type NamePair, type PatchPlan } from "../../patch/index.ts";
import { CheckedConfigurations } from "./checked-configurations.ts";

/** What is known of the unedited files. */
interface Kept {
    readonly configurations: CheckedConfigurations;
    readonly records: readonly CompilationRecord[];
    readonly crates: readonly ComparedCrate[];
    readonly judge: CompilerJudge;
    readonly states: { now: CrateStates };
    readonly commit: string;
}

/** The comparison of one plan. */
export class ComparedPlan implements Comparison {
    readonly title = "bindings and MIR";
    readonly #plan: PatchPlan;
    readonly #cargoFolders: readonly string[];
    #kept: Kept | undefined;

    constructor(plan: PatchPlan, cargoFolders: readonly string[]) {
        this.#plan = plan;
        this.#cargoFolders = cargoFolders;
    }

    async before(place: ComparePlace): Promise<string | undefined> {
        const names = renamesOf(this.#plan);
        if (names === undefined) {
            return "the plan does more than to rename items";
        }
        if (movesLines(this.#plan)) {
            return "formatting moves what is compared to other lines";
        }
        const checker = await this.#openChecker(place);
        const { compiler, state } = checker.guarded;
        if (compiler === undefined) {
            return state.message;
        }
        const configurations = new CheckedConfigurations(checker);
        const refusal = await configurations.begin(place.folder);
        if (refusal !== undefined) {
            return [refusal.message, ...refusal.candidates].join("; ");
        }
        const kept = await this.#open(place, configurations, compiler.commitHash);
        await kept.judge.keep(await this.#affected(kept, place, names));
        this.#kept = kept;
        return undefined;
    }

    async after(place: ComparePlace): Promise<ComparedChange> {
        const names = renamesOf(this.#plan) ?? [];
        const [first, ...others] = names;
        const kept = this.#kept;
        if (kept === undefined || first === undefined) {
            return { wrong: [], told: [], aside: "nothing is renamed" };
        }
        const { configurations, judge, states, records, commit } = kept;
        const problems = await configurations.judge();
        if (problems !== undefined) {
            return { wrong: [`${problems.configuration}: ${problems.first.trim()}`], told: [] };
        }
        const capture = await import("../../capture/index.ts");
        states.now = new capture.CrateStates(place.folder, commit, records);
        const affected = await this.#affected(kept, place, names);
        try {
            const { difference, bindings, bodies } = await judge.compare(affected, {
                ...first,
                others,
                moves: movesOf(this.#plan).map(({ from, to }) => ({ from: to, to: from })),
            });
            return difference === undefined
                ? { wrong: [], told: [`${bindings} bindings and ${bodies} bodies are equal`] }
                : { wrong: [describe(difference)], told: [] };
        } finally {
            await judge.sweep();
        }
    }

    async #openChecker({ folder, cache, signal }: ComparePlace): Promise<WorkspaceChecker> {
        const capture = await import("../../capture/index.ts");
        return capture.WorkspaceChecker.open({
            root: folder,
            cargoFolders: this.#cargoFolders,
            folder: join(cache, "validate"),
            signal,
        });
    }

    async #open(
        { folder, cache, signal, onProgress }: ComparePlace,
        configurations: CheckedConfigurations,
        commit: string,
    ): Promise<Kept> {
        const capture = await import("../../capture/index.ts");
        const { records } = configurations;
        const states = { now: new capture.CrateStates(folder, commit, records) };
        const judge = new capture.CompilerJudge({
            folder: join(cache, "validate", "dumps"),
            stateOf: (record) => states.now.of(record),
            jobs: capture.jobsAtOnce(undefined),
            signal,
            onProgress: (_, done, total) => onProgress?.(this.title, done, total),
        });
        const crates = capture.chooseCompilations(await capture.readCrates(records));
        return { configurations, records, crates, judge, states, commit };
    }

    /** Crates that one of the renames can matter to, as they were. */
    async #affected(
        { crates }: Kept,
        { folder }: ComparePlace,
        names: readonly NamePair[],
    ): Promise<CompilationRecord[]> {
        const { affectedCrates } = await import("../../capture/index.ts");
        const touched = new Set(this.#plan.files.map(({ path }) => join(folder, path)));
        const all = names.flatMap((pair) => affectedCrates(crates, { touched, ...pair }));
        return [...new Set(all)].map(({ record }) => record);
    }
}

function describe({
    crate,
    dump,
    lines,
}: {
    readonly crate: string;
    readonly dump: string;
    readonly lines: string;
}): string {
    return `the compiler understands ${crate} otherwise (${dump}): ${lines.split("\n").at(-1)?.trim() ?? ""}`;
}

/** Whether lines are more or fewer after an edit, or their tokens in another order. */
function movesLines({ files, operations }: PatchPlan): boolean {
    const formatting = operations.findIndex(({ action }) => action === "format");
    return files.some(({ edits }) =>
        edits.some(
            ({ oldText, newText, operations: by }) =>
                oldText.includes("\n") ||
                newText.includes("\n") ||
                (formatting >= 0 && by.includes(formatting)),
        ),
    );
}
