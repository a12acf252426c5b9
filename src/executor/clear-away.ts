// What is left of an operation, and goes: its worktree, and its branch unless it is what landed.

import type { GitRepository } from "../git/index.ts";
import { findRealPath, removeFolder } from "../platform/index.ts";
import type { JournalEntry } from "./journal.ts";
import type { ExecutorPlace } from "./place.ts";

/** Clears away what an operation left that is no more in any journal; as a rule there is nothing. */
export async function sweepBefore(
    repository: GitRepository,
    place: Pick<ExecutorPlace, "worktree">,
): Promise<void> {
    if (findRealPath(place.worktree) !== undefined) {
        await sweep(repository, place);
    }
}

/** Removes the worktree of an operation, and its branch unless it is what landed. */
export async function clearAway(entry: JournalEntry, repository: GitRepository): Promise<void> {
    const isKept = entry.step === "landed" && entry.landing === "branch";
    const [, branch] = await Promise.all([
        sweep(repository, entry),
        isKept ? undefined : repository.commitOf(`refs/heads/${entry.branch}`),
    ]);
    if (branch !== undefined) {
        await repository.deleteBranch(entry.branch);
    }
}

async function sweep(
    repository: GitRepository,
    { worktree }: Pick<ExecutorPlace, "worktree">,
): Promise<void> {
    if (!(await repository.removeWorktree(worktree))) {
        await removeFolder(worktree);
        await repository.pruneWorktrees();
    }
}
