// Finds the step of a change that breaks something: the shortest beginning of it that does, by halves.

import type { GitRepository } from "../git/index.ts";
import type { ChangePart, Edited, EditPlace } from "./model.ts";
import type { Baseline, OperationChecks } from "./run-checks.ts";

/** A change that breaks something, as it lies in a worktree. */
export interface BrokenChange {
    readonly worktree: GitRepository;
    readonly place: EditPlace;
    readonly parts: readonly ChangePart[];
    readonly checks: OperationChecks;
    /** The check that finds it, with what it finds on the unedited files. */
    readonly failed: Baseline;
    /** What lies there. */
    readonly edited: Edited;
}

/** The step that broke it. */
export interface BreakingStep {
    /** The last of these, if it is the first that breaks. */
    readonly description: string;
    /** Of all, from 1. */
    readonly at: number;
    readonly of: number;
}

/** Looks for the step; undefined where there is but one. All of the change is made again afterwards. */
export async function findBreakingStep(change: BrokenChange): Promise<BreakingStep | undefined> {
    const { worktree, place, parts, checks, failed } = change;
    let { edited } = change;
    const make = async (part: ChangePart | undefined): Promise<Edited | undefined> => {
        await worktree.discard(edited.isStaged === true ? [] : edited.paths);
        const made = await part?.edit(place);
        if (made?.kind !== "edited") {
            return undefined;
        }
        edited = made;
        return made;
    };
    // Nothing is broken before the first step, and something is after the last.
    let whole = 0;
    let broken = parts.length;
    let isFound = parts.length > 1;
    while (broken - whole > 1) {
        const middle = Math.floor((whole + broken) / 2);
        const made = await make(parts[middle - 1]);
        if (made === undefined) {
            isFound = false; // This beginning cannot be made by itself.
            break;
        }
        const found = await checks.again(failed, made.moved);
        if (found.length > 0) {
            broken = middle;
        } else {
            whole = middle;
        }
    }
    await make(parts.at(-1));
    const step = parts[broken - 1];
    return isFound && step !== undefined
        ? { description: step.description, at: broken, of: parts.length }
        : undefined;
}
