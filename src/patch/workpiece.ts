// The files under a patch: their texts as they were, as pieces, and where they have moved.

import { appendTo, required } from "../base/index.ts";
import type { FileMove, RenamePlan, TextEdit } from "../refactor/index.ts";
import type { Resolution } from "../resolve/index.ts";
import { PieceText } from "./compose-edits.ts";
import { changedLines } from "./changed-lines.ts";
import type { PatchWorld, PlanState } from "./model.ts";

/** One file that a patch changes. */
export interface WorkFile {
    /** Path before all operations. */
    readonly path: string;
    pathAfter: string;
    readonly before: string;
    readonly text: PieceText;
}

/** Operation number of edits that rustfmt asks for. */
export const FORMATTING = -1;

/** All files that a patch changes. */
export class Workpiece {
    readonly #files = new Map<string, WorkFile>();
    readonly #first: PlanState;
    /** Files that rustfmt changed after the edits. */
    readonly formatted: string[] = [];

    constructor(first: PlanState) {
        this.#first = first;
    }

    /** By path before. */
    files(): WorkFile[] {
        return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    }

    /** Takes an operation's edits in; gives what they are for the state before it. */
    take(
        state: PlanState,
        plan: RenamePlan,
        operation: number,
    ): { readonly changes: ReadonlyMap<string, string>; readonly moves: readonly FileMove[] } {
        const edits = new Map<string, TextEdit[]>();
        for (const edit of plan.edits) {
            appendTo(edits, edit.path, edit);
        }
        const movedTo = new Map(plan.moves.map(({ from, to }) => [from, to]));
        const changes = new Map<string, string>();
        const touched = [...new Set([...edits.keys(), ...movedTo.keys()])];
        // All are found before any moves: a file may take the path that another leaves.
        const files = touched.map((path) => this.#fileAt(state, path));
        files.forEach((file, at) => {
            const path = required(touched[at], "each touched file was looked up");
            const own = edits.get(path) ?? [];
            file.text.edit(own.map(({ span, newText }) => ({ span, newText, operation })));
            file.pathAfter = movedTo.get(path) ?? path;
            changes.set(file.pathAfter, file.text.text());
        });
        return { changes, moves: plan.moves };
    }

    /** The file that now lies at a path. */
    #fileAt(state: PlanState, path: string): WorkFile {
        const known = [...this.#files.values()].find((file) => file.pathAfter === path);
        if (known !== undefined) {
            return known;
        }
        const before = state.context.textOf(path);
        const file = { path, pathAfter: path, before, text: new PieceText(before) };
        this.#files.set(path, file);
        return file;
    }

    /** Formats the files that were as rustfmt would have them, so that they are so afterwards. */
    async format(resolution: Resolution, world: PatchWorld): Promise<void> {
        for (const file of this.files()) {
            const edition = this.#first.context.resolution.editionOf(file.path);
            const own = await world.format(file.path, file.before, edition);
            if (own !== file.before) {
                continue;
            }
            const after = file.text.text();
            const editionAfter = resolution.editionOf(file.pathAfter);
            const formatted = await world.format(file.path, after, editionAfter);
            if (formatted !== undefined && formatted !== after) {
                const edits = changedLines(after, formatted);
                file.text.edit(edits.map((edit) => ({ ...edit, operation: FORMATTING })));
                this.formatted.push(file.pathAfter);
            }
        }
    }
}
