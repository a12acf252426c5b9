// A branch on which something has landed, handed on to a remote: only where that is asked for.

import { refuse, type Refusal } from "../base/index.ts";
import type { GitRepository } from "../git/index.ts";
import type { ExecuteOptions } from "./model.ts";

/** What became of a push. */
export interface Pushed {
    /** The remote that has the branch now; undefined where none was asked for, or it did not take it. */
    readonly to: string | undefined;
    readonly notes: readonly string[];
}

/** Refuses a push of which it can be seen before anything is done that it cannot be. */
export async function refusePush(
    repository: GitRepository,
    { push: remote, landing }: ExecuteOptions,
): Promise<Refusal | undefined> {
    if (remote === undefined) {
        return undefined;
    }
    if (landing === "patch") {
        return refuse("EXECUTOR_PUSH", "a patch is on no branch that could be pushed", {
            advice: "land it on a branch, or do not push it",
        });
    }
    const remotes = await repository.remotes();
    return remotes.includes(remote)
        ? undefined
        : refuse("EXECUTOR_PUSH", `the repository has no remote \`${remote}\``, {
              ...(remotes.length === 0 ? {} : { candidates: remotes }),
              advice: "add it: git remote add NAME URL",
          });
}

/** Pushes a branch as it is; what has landed stays landed, whatever the remote says. */
export async function push(
    repository: GitRepository,
    branch: string | undefined,
    { push: remote, signal, onProgress }: ExecuteOptions,
): Promise<Pushed> {
    if (remote === undefined || branch === undefined) {
        return { to: undefined, notes: [] };
    }
    onProgress?.(`pushing to ${remote}`, 0, 0);
    const said = await repository.push(remote, branch, signal);
    return said === undefined
        ? { to: remote, notes: [] }
        : {
              to: undefined,
              notes: [`not pushed: ${said}; to try again: git push ${remote} ${branch}`],
          };
}
