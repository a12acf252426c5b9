// A plan of renames that the compiler compares, at the level `deep`: what it binds names to, and the MIR of every body,
// before and after, must be equal but for the names.

import { join } from "node:path";

import type { ComparedCrate, WorkspaceChecker } from "../../capture/index.ts";
import type { ComparedChange, ComparePlace, Comparison } from "../../executor/index.ts";
import { movesOf, renamesOf, type PatchPlan } from "../../patch/index.ts";
import { CheckedConfigurations } from "./checked-configurations.ts";

/** What is known of the unedited files. */
interface Kept {
    readonly configurations: CheckedConfigurations;
    readonly crates: readonly ComparedCrate[];
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
        const { readCrates } = await import("../../capture/index.ts");
        const crates = await readCrates(configurations.records);
        this.#kept = { configurations, crates, commit: compiler.commitHash };
        return undefined;
    }

    async after(place: ComparePlace): Promise<ComparedChange> {
        const names = renamesOf(this.#plan) ?? [];
        const [first, ...others] = names;
        const kept = this.#kept;
        if (kept === undefined || first === undefined) {
            return { wrong: [], told: [], aside: "nothing is renamed" };
        }
        const { configurations, crates, commit } = kept;
        const problems = await configurations.judge();
        if (problems !== undefined) {
            return { wrong: [`${problems.configuration}: ${problems.first.trim()}`], told: [] };
        }
        const capture = await import("../../capture/index.ts");
        const { folder, cache, signal, onProgress } = place;
        const touched = new Set(this.#plan.files.map(({ path }) => join(folder, path)));
        const comparison = new capture.ChangeComparison({
            ...{ root: folder, folder: join(cache, "validate"), compiler: commit },
            ...{ crates, names, files: touched, signal },
            onProgress: (_, done, total) => onProgress?.(this.title, done, total),
        });
        const moves = movesOf(this.#plan).map(({ from, to }) => ({ from: to, to: from }));
        const renaming = { ...first, others, moves };
        const compared = await comparison.compare({ touched, renaming });
        const { difference, bindings, bodies, left } = compared;
        const rest = left === 0 ? "" : `; ${left} bodies hold none of the names`;
        return difference === undefined
            ? { wrong: [], told: [`${bindings} bindings and ${bodies} bodies are equal${rest}`] }
            : { wrong: [describe(difference)], told: [] };
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
