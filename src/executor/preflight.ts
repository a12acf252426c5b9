// What must hold before an operation begins: looks only, and says what is in the way.

import { refuse, type Refusal } from "../base/index.ts";
import { GitRepository, type GitHead } from "../git/index.ts";
import { refuseInSubmodule, refuseUnfinishedSubmodules } from "./bring-along.ts";
import type { ExecuteOptions, OperationInWorktree } from "./model.ts";
import { refusePush } from "./push.ts";
import { parsePostcheck, type Postcheck } from "./parse-postcheck.ts";

/** A repository in which an operation can begin. */
export interface Preflight {
    readonly kind: "preflight";
    readonly repository: GitRepository;
    readonly base: string;
    readonly head: GitHead;
    readonly branch: string;
    readonly postchecks: readonly Postcheck[];
    /** Files with uncommitted work, relative to the repository. */
    readonly uncommitted: readonly string[];
}

/** Looks whether an operation can begin. */
export async function lookAhead(
    root: string,
    change: OperationInWorktree,
    options: ExecuteOptions,
    stamp: string,
): Promise<Preflight | Refusal> {
    const postchecks: Postcheck[] = [];
    for (const written of change.postchecks) {
        const parsed = parsePostcheck(written);
        if (parsed.kind === "refusal") {
            return parsed;
        }
        postchecks.push(parsed);
    }
    const repository = await GitRepository.open(root);
    if (repository === "bare" || repository === "none") {
        return refuse("EXECUTOR_NO_REPOSITORY", noRepository(root, repository), {
            advice: "`git init` and commit, or make the plan with --in-place",
        });
    }
    const branch = `refactor/${change.opId}/${stamp}`;
    // Only what is found decides, in its order; git is asked for all of it at once.
    const [head, uncommitted, entries, inTheWay] = await Promise.all([
        repository.head(),
        repository.changedFiles(),
        repository.entries(),
        refuseRepository(repository, branch),
    ]);
    const base = head.commit;
    if (base === undefined) {
        return refuse("EXECUTOR_NO_COMMIT", "the repository has no commit yet to begin from", {
            advice: "commit first, or make the plan with --in-place",
        });
    }
    const touched = change.touches.map((path) => `${repository.prefix}${path}`);
    const refusal =
        refuseInSubmodule(entries, touched) ??
        (options.withUncommitted
            ? await refuseUnfinishedSubmodules(repository, entries)
            : undefined) ??
        inTheWay ??
        refuseHead(head, options) ??
        (await refusePush(repository, options)) ??
        refuseUncommitted(repository, change, uncommitted, options);
    return (
        refusal ?? { kind: "preflight", repository, base, head, branch, postchecks, uncommitted }
    );
}

function noRepository(root: string, found: "bare" | "none"): string {
    return found === "bare" ? `${root} is a bare repository` : `${root} is in no git repository`;
}

async function refuseRepository(
    repository: GitRepository,
    branch: string,
): Promise<Refusal | undefined> {
    const [[inTheWay], hasIdentity] = await Promise.all([
        repository.branchesInTheWay(branch),
        repository.hasIdentity(),
    ]);
    if (inTheWay !== undefined) {
        const message = `a branch \`${inTheWay}\` is in the way of \`${branch}\``;
        return refuse("EXECUTOR_BRANCH_EXISTS", message, {
            advice: `rename it: git branch -m ${inTheWay} NEW_NAME`,
        });
    }
    if (!hasIdentity) {
        return refuse("EXECUTOR_NO_IDENTITY", "git does not know who commits", {
            advice: "git config user.name and user.email",
        });
    }
    return undefined;
}

function refuseHead(head: GitHead, options: ExecuteOptions): Refusal | undefined {
    if (options.landing !== "fast-forward") {
        return undefined;
    }
    if (head.branch === undefined) {
        return refuse("EXECUTOR_DETACHED", "no branch is checked out that could be moved", {
            advice: "leave the commit on a branch of its own: --land branch",
        });
    }
    return options.withUncommitted
        ? refuse("EXECUTOR_LANDING", "uncommitted work cannot be fast-forwarded over itself", {
              advice: "commit it first, or leave both commits on a branch: --land branch",
          })
        : undefined;
}

function refuseUncommitted(
    { prefix }: GitRepository,
    { touches }: OperationInWorktree,
    uncommitted: readonly string[],
    options: ExecuteOptions,
): Refusal | undefined {
    const touched = new Set(touches.map((path) => `${prefix}${path}`));
    const own = uncommitted.filter((path) => touched.has(path));
    return own.length === 0 || options.withUncommitted
        ? undefined
        : refuse("EXECUTOR_UNCOMMITTED", `${own[0] ?? ""} has uncommitted work`, {
              candidates: own,
              advice: "commit it, or take it along as a commit of its own: --with-uncommitted",
          });
}
