// The commit of a change: its message for people, and its trailers for the log of operations.

import type { GitRepository } from "../git/index.ts";
import type { ChangeToLand, Edited } from "./model.ts";

/** Commits what a change made, with what the log says of it as trailers; gives the commit. */
export async function commitChange(
    worktree: GitRepository,
    change: ChangeToLand,
    edited: Edited,
): Promise<string> {
    if (edited.isStaged !== true) {
        await worktree.stage(edited.paths);
    }
    const trailers: readonly (readonly [string, string])[] = [
        ["Op-Id", change.opId],
        ["Patch-Id", change.patchId],
        ...(change.planFingerprint === null
            ? []
            : [["Plan-Fingerprint", change.planFingerprint] as const]),
        ["Graph-Root-Before", change.rootBefore],
        ...change.trailers,
    ];
    const lines = [
        oneLine(change.title),
        "",
        ...change.body.flatMap((line) => [`- ${oneLine(line)}`]),
        ...(change.body.length === 0 ? [] : [""]),
        ...trailers.map(([name, value]) => `${name}: ${oneLine(value)}`),
    ];
    return worktree.commit(`${lines.join("\n")}\n`);
}

/** Line breaks in what others wrote must not look like trailers. */
function oneLine(text: string): string {
    return text.replaceAll(/\s+/gu, " ").trim();
}
