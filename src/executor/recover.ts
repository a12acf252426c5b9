// After a crash: what the journal names is cleaned up, and it is told how the operation ended.

import { findRealPath, removeFolder, type Logger } from "../platform/index.ts";
import { GitRepository } from "../git/index.ts";
import { clearAway } from "./clear-away.ts";
import { Journal, type JournalEntry } from "./journal.ts";

/** An operation that a crash cut short, cleaned up. */
export interface Interrupted {
    readonly entry: JournalEntry;
    /** It had landed already, and is as done as any other. */
    readonly hasLanded: boolean;
}

/** Cleans up after the last process; the journal stays until the operation is in the log. */
export async function recover(
    storeFolder: string,
    logger: Logger,
    wasApplied: (opId: string) => Promise<boolean>,
): Promise<Interrupted | undefined> {
    const entry = await new Journal(storeFolder).read();
    if (entry === undefined) {
        return undefined;
    }
    logger.warn({ operation: entry.opId, step: entry.step }, "an operation was interrupted");
    const repository =
        findRealPath(entry.top) === undefined ? "none" : await GitRepository.open(entry.top);
    if (typeof repository === "string") {
        await removeFolder(entry.worktree); // The repository has gone, and its branches with it.
        return { entry, hasLanded: false };
    }
    const hasLanded =
        (entry.step === "landed" && entry.commit !== null) ||
        (await wasApplied(entry.opId)) ||
        (await isFastForwarded(entry, repository));
    await clearAway({ ...entry, step: hasLanded ? "landed" : "begin" }, repository);
    return { entry, hasLanded };
}

/** Git moves a branch in one step: it has, or it has not. */
async function isFastForwarded(entry: JournalEntry, repository: GitRepository): Promise<boolean> {
    const { step, landing, onto, commit } = entry;
    if (step !== "land" || landing !== "fast-forward" || onto === null || commit === null) {
        return false;
    }
    const now = await repository.commitOf(`refs/heads/${onto}`);
    return now !== undefined && (await repository.isAncestor(commit, now));
}
