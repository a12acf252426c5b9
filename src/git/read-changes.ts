// What differs between a revision and the files as they lie in the folder, as git tells it. Reads only.

import { OperatingError, refuse, type Refusal } from "../base/index.ts";
import { endingAtOnce } from "./run-git.ts";
import { simpleGit, type SimpleGit } from "simple-git";

/** How a file differs from what it was. */
export type ChangeStatus = "added" | "changed" | "removed";

/** One file that differs. */
export interface ChangedFile {
    /** Relative to the folder that was asked, or to the root of the repository where it lies outside. */
    readonly path: string;
    readonly status: ChangeStatus;
    /** Whether it lies in the repository, but not in the folder. */
    readonly isOutside: boolean;
}

/** All that differs. */
export interface GitChanges {
    readonly kind: "changes";
    /** Commit that the revision names. */
    readonly commit: string;
    /** By path; untracked files that git does not ignore are added ones. */
    readonly files: readonly ChangedFile[];
    /** Text of a file as of the commit; undefined for one that is no UTF-8 text there, or not there. */
    readonly textBefore: (path: string) => Promise<string | undefined>;
}

/** Compares a revision with what lies in a folder, index and untracked files included. */
export async function readChanges(folder: string, revision: string): Promise<GitChanges | Refusal> {
    // A monitor of the file system is a program that the repository's configuration names.
    const git = endingAtOnce(
        simpleGit({
            baseDir: folder,
            config: ["core.quotePath=false", "core.fsmonitor=false"],
            // Said of any word on it, also of turning it off.
            unsafe: { allowUnsafeFsMonitor: true },
        }),
    );
    // Each run of git costs more than what it does: what does not wait for another runs beside it.
    const prefixed = git.raw(["rev-parse", "--show-prefix"]).catch(() => "");
    const named = await resolveCommit(git, folder, revision);
    if (typeof named !== "string") {
        return named;
    }
    const [prefix, said, others] = await Promise.all([
        prefixed.then((line) => line.trim()),
        git.raw([
            "diff",
            ...["-z", "--name-status", "--no-ext-diff", "--no-textconv", "--no-renames"],
            ...["--ignore-submodules=none", named, "--"],
        ]),
        git.raw(["ls-files", "-z", "--others", "--exclude-standard"]),
    ]);
    const files = [
        ...parseStatus(said).map(({ path, status }) => within(prefix, path, status)),
        ...others.split("\0").flatMap((path) => {
            return path === "" ? [] : [{ path, status: "added" as const, isOutside: false }];
        }),
    ].sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
        kind: "changes",
        commit: named,
        files,
        textBefore: async (path) => {
            const text = await git
                .raw(["show", `${named}:${prefix}${path}`])
                .catch(() => undefined);
            return text?.includes("\uFFFD") === true ? undefined : text;
        },
    };
}

async function resolveCommit(
    git: SimpleGit,
    folder: string,
    revision: string,
): Promise<string | Refusal> {
    const wanted = `${revision}^{commit}`;
    const said = await git
        .raw(["rev-parse", "--verify", "--quiet", "--end-of-options", wanted])
        .catch(() => "");
    if (/^[0-9a-f]{40,64}$/u.test(said.trim())) {
        return said.trim();
    }
    const isRepository = await git.checkIsRepo().catch((cause: unknown) => {
        throw new OperatingError("AFFECTED_NO_GIT", "git cannot be run", { cause });
    });
    return isRepository
        ? noCommit(revision)
        : refuse("AFFECTED_NO_REPOSITORY", `${folder} is in no git repository`, {
              advice: "what changed is told by git: ask in a repository",
          });
}

function noCommit(revision: string): Refusal {
    return refuse("AFFECTED_NO_REVISION", `git knows no commit \`${revision}\``, {
        advice: "give a branch, a tag, a hash, or something like HEAD~3",
    });
}

function parseStatus(said: string): { readonly path: string; readonly status: ChangeStatus }[] {
    const parts = said.split("\0");
    const found: { path: string; status: ChangeStatus }[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
        const letter = parts[at]?.charAt(0) ?? "";
        const status = letter === "A" ? "added" : letter === "D" ? "removed" : "changed";
        found.push({ path: parts[at + 1] ?? "", status });
    }
    return found;
}

function within(prefix: string, path: string, status: ChangeStatus): ChangedFile {
    return path.startsWith(prefix)
        ? { path: path.slice(prefix.length), status, isOutside: false }
        : { path, status, isOutside: true };
}
