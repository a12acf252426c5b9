// A git repository that commits are made in, by way of worktrees of its own: neither the user's files nor the
// user's index are touched, but by a fast-forward that was asked for. Hooks, signing and monitors that the
// repository's configuration names are not run.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { findRealPath, moveFile } from "../platform/index.ts";
import { gitIn, type Git } from "./run-git.ts";

/** What is checked out. */
export interface GitHead {
    /** Undefined where no commit was made yet. */
    readonly commit: string | undefined;
    /** Undefined where no branch is checked out. */
    readonly branch: string | undefined;
}

/** One entry of a folder's index, as it was checked out. */
export interface GitEntry {
    readonly path: string;
    /** Name of its content. */
    readonly blob: string;
    readonly kind: "file" | "link" | "submodule";
}

const KINDS: Readonly<Record<string, GitEntry["kind"]>> = {
    "120000": "link",
    "160000": "submodule",
};

/** A repository, seen from one of its worktrees. */
export class GitRepository {
    /** Root of the worktree. */
    readonly top: string;
    /** The folder that was asked below it, with a slash at its end; empty for the root. */
    readonly prefix: string;
    readonly #git: Git;

    private constructor(top: string, prefix: string) {
        this.top = top;
        this.prefix = prefix;
        this.#git = gitIn(top);
    }

    /** Opens the repository that a folder lies in; undefined where it lies in none, or in a bare one. */
    static async open(folder: string): Promise<GitRepository | "none" | "bare"> {
        const git = gitIn(folder);
        // One run of git as a rule: starting it costs more than what it does.
        const all = ["--is-inside-work-tree", "--show-prefix", "--show-toplevel"];
        const lines = (await git.raw(["rev-parse", ...all]).catch(() => "")).split("\n");
        const [isInside, inside = "", root = "", end, ...more] = lines;
        if (isInside === "true" && end === "" && more.length === 0) {
            return new GitRepository(root, inside);
        }
        const isRepository = await git.checkIsRepo().catch((cause: unknown) => {
            throw new OperatingError("EXECUTOR_NO_GIT", "git cannot be run", {
                cause,
                advice: "install git, or make the plan with --in-place",
            });
        });
        if (!isRepository) {
            const bare = await git.raw(["rev-parse", "--is-bare-repository"]).catch(() => "");
            return bare.trim() === "true" ? "bare" : "none";
        }
        const asked = ["--show-toplevel", "--show-prefix"];
        const said = await Promise.all(asked.map((what) => git.raw(["rev-parse", what])));
        const [top = "", prefix = ""] = said.map(lineOf);
        return new GitRepository(top, prefix);
    }

    /** The same repository from another of its worktrees. */
    at(worktree: string): GitRepository {
        return new GitRepository(worktree, this.prefix);
    }

    async head(): Promise<GitHead> {
        const [commit, said] = await Promise.all([
            this.commitOf("HEAD"),
            this.#ask(["symbolic-ref", "--quiet", "--short", "HEAD"]),
        ]);
        const branch = lineOf(said);
        return { commit, branch: branch === "" ? undefined : branch };
    }

    /** The commit that a revision names. */
    async commitOf(revision: string): Promise<string | undefined> {
        const wanted = `${revision}^{commit}`;
        const said = lineOf(
            await this.#ask(["rev-parse", "--verify", "--quiet", "--end-of-options", wanted]),
        );
        return /^[0-9a-f]{40,64}$/u.test(said) ? said : undefined;
    }

    /** Whether a commit is part of the history of another one. */
    async isAncestor(commit: string, of: string): Promise<boolean> {
        return lineOf(await this.#ask(["merge-base", commit, of])) === commit;
    }

    /** Branches that begin with a name, or are a folder of it: either is in the way of a new branch. */
    async branchesInTheWay(branch: string): Promise<string[]> {
        const parts = branch.split("/");
        const above = parts.map((_, at) => parts.slice(0, at + 1).join("/"));
        const said = await this.#git.raw([
            "for-each-ref",
            "--format=%(refname)",
            ...above.map((each) => `refs/heads/${each}`),
        ]);
        const found = said.split("\n").filter((line) => line !== "");
        const names = found.map((ref) => ref.slice("refs/heads/".length));
        return names.filter((name) => above.includes(name) || name.startsWith(`${branch}/`));
    }

    /** Who would be the author of a commit; undefined where git does not know. */
    async hasIdentity(): Promise<boolean> {
        const names = ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"];
        const said = await Promise.all(names.map((name) => this.#ask(["var", name])));
        return said.every((one) => one !== "");
    }

    /** Files of the index. */
    entries(): Promise<GitEntry[]> {
        return entriesOf(this.#git);
    }

    /** The repository that is checked out for a submodule of this worktree; undefined where none is. */
    async submodule(path: string): Promise<GitRepository | undefined> {
        const folder = findRealPath(join(this.top, path));
        if (folder === undefined) {
            return undefined;
        }
        const found = await GitRepository.open(folder);
        // A folder without a repository of its own lies in the one around it.
        return typeof found === "string" || found.top !== folder ? undefined : found;
    }

    /** What git ignores, relative to the root; folders of which everything is ignored end with a slash, and may have files listed besides. */
    async ignoredEntries(): Promise<string[]> {
        const args = ["-z", "--others", "--ignored", "--exclude-standard", "--directory"];
        const said = await this.#git.raw(["ls-files", ...args]);
        return said.split("\0").filter((each) => each !== "");
    }

    /** Files that differ from the index or from HEAD, and untracked ones that git does not ignore. */
    async changedFiles(paths: readonly string[] = []): Promise<string[]> {
        const said = await this.#git.raw([
            "status",
            ...["-z", "--porcelain=v1", "--no-renames", "--untracked-files=all"],
            ...["--ignore-submodules=none", "--", ...paths.map(literal)],
        ]);
        return said.split("\0").flatMap((line) => (line.length > 3 ? [line.slice(3)] : []));
    }

    /** Files that are not as they were checked out, or staged. */
    async unstagedFiles(): Promise<string[]> {
        const args = ["diff", "--name-only", "-z", "--no-ext-diff", "--ignore-submodules=all"];
        return (await this.#git.raw(args)).split("\0").filter((path) => path !== "");
    }

    /** Makes a worktree on a branch of its own. */
    async addWorktree(folder: string, branch: string, commit: string): Promise<void> {
        // Forced, for a folder that is gone may be known as a worktree.
        const force = ["--force", "--force"];
        await this.#git.raw(["worktree", "add", "--quiet", ...force, "-b", branch, folder, commit]);
    }

    /** Removes a worktree with all that is in it; tells whether git knew it. */
    removeWorktree(folder: string): Promise<boolean> {
        return this.#git.raw(["worktree", "remove", "--force", "--force", folder]).then(
            () => true,
            () => false,
        );
    }

    /** Forgets worktrees whose folders are gone. */
    async pruneWorktrees(): Promise<void> {
        await this.#git.raw(["worktree", "prune"]);
    }

    /** Moves a worktree; `git worktree move` does not move one with submodules. */
    async moveWorktree(from: string, to: string): Promise<void> {
        try {
            await this.#git.raw(["worktree", "move", from, to]);
        } catch {
            await moveFile(from, to);
            await this.#git.raw(["worktree", "repair", to]);
        }
    }

    /** Removes a branch; only if it is where it is said to be, when that is said. */
    async deleteBranch(branch: string, at?: string): Promise<void> {
        const ref = `refs/heads/${branch}`;
        await this.#git.raw(["update-ref", "-d", ref, ...(at === undefined ? [] : [at])]);
        // Settings that git made for it, which are the branch's as long as it stays; there are none as a rule.
        await this.#ask(["config", "--local", "--remove-section", `branch.${branch}`]);
    }

    /** Commits all that is uncommitted without touching the index: gives the new commit. */
    async commitWorkingTree(
        parent: string,
        message: string,
        index: string,
    ): Promise<string | undefined> {
        const aside = gitIn(this.top, { GIT_INDEX_FILE: index });
        await aside.raw(["read-tree", parent]);
        await aside.raw(["add", "--all", "--", "."]);
        const tree = lineOf(await aside.raw(["write-tree"]));
        const before = lineOf(await this.#git.raw(["rev-parse", `${parent}^{tree}`]));
        if (tree === before) {
            return undefined;
        }
        return lineOf(await aside.raw(["commit-tree", tree, "-p", parent, "-m", message]));
    }

    /** Writes all files of a commit into a folder, by an index of its own; gives what they are. */
    async exportTree(commit: string, folder: string, index: string): Promise<GitEntry[]> {
        const aside = gitIn(this.top, { GIT_INDEX_FILE: index });
        await aside.raw(["read-tree", commit]);
        await aside.raw(["checkout-index", "--all", "--force", `--prefix=${folder}/`]);
        return entriesOf(aside);
    }

    /** Takes files as they are, and as they are not any more, into the next commit. */
    async stage(paths: readonly string[]): Promise<void> {
        for (let at = 0; at < paths.length; at += PATHS_MAX) {
            const some = paths.slice(at, at + PATHS_MAX).map(literal);
            await this.#git.raw(["add", "--all", "--force", "--", ...some]);
        }
    }

    /** Takes back what was done to files since the last commit, whether it is staged or not. */
    async discard(paths: readonly string[]): Promise<void> {
        await this.stage(paths); // So that what is new is known, and goes too.
        await this.#git.raw(["reset", "--quiet", "--hard"]);
    }

    /** Commits what is staged; gives the commit. */
    async commit(message: string): Promise<string> {
        const args = ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--allow-empty"];
        await this.#git.raw([...args, "--cleanup=verbatim", "-m", message]);
        return lineOf(await this.#git.raw(["rev-parse", "HEAD"]));
    }

    /** Moves the branch that is checked out, and the files with it; throws where that loses anything. */
    async fastForward(commit: string): Promise<void> {
        await this.#git.raw(["merge", "--ff-only", "--quiet", "--no-verify", commit]);
    }

    /** Names of the remotes. */
    async remotes(): Promise<string[]> {
        const said = await this.#git.raw(["remote"]);
        return said.split("\n").filter((name) => name !== "");
    }

    /**
     * Pushes a branch to the branch of that name, never by force. Nobody is asked for a password. Gives what git says
     * where the remote does not take it.
     */
    async push(remote: string, branch: string, signal?: AbortSignal): Promise<string | undefined> {
        const ref = `refs/heads/${branch}`;
        const git = gitIn(this.top, KEY_ALONE, signal);
        try {
            await git.raw(["push", "--quiet", "--no-verify", "--", remote, `${ref}:${ref}`]);
            return undefined;
        } catch (cause) {
            const lines = cause instanceof Error ? cause.message.split("\n") : [String(cause)];
            const said = lines.map((line) => line.trim()).filter((line) => line !== "");
            return said.find((line) => /^(?:fatal|error|!|remote):? /u.test(line)) ?? said[0] ?? "";
        }
    }

    /** Undoes a commit in the files and the index; gives the files that conflict. */
    async revert(commit: string): Promise<string[]> {
        const done = await this.#git.raw(["revert", "--no-commit", commit]).then(
            () => true,
            (cause: unknown) => cause,
        );
        const said = await this.#git.raw(["diff", "--name-only", "--diff-filter=U", "-z"]);
        const conflicts = said.split("\0").filter((path) => path !== "");
        if (done !== true && conflicts.length === 0) {
            throw new OperatingError("EXECUTOR_GIT", "git revert failed", { cause: done });
        }
        return conflicts;
    }

    /** Files that a commit changes. */
    async filesOf(commit: string): Promise<string[]> {
        const args = ["diff-tree", "--no-commit-id", "--name-only", "--no-renames", "-r", "-z"];
        const said = await this.#git.raw([...args, commit, "--"]);
        return said.split("\0").filter((path) => path !== "");
    }

    /** Branches below a name that are at a commit. */
    async branchesAt(commit: string, below: string): Promise<string[]> {
        const said = await this.#git.raw([
            "for-each-ref",
            ...["--format=%(objectname) %(refname)", `refs/heads/${below}`],
        ]);
        return said.split("\n").flatMap((line) => {
            const [at, ref = ""] = line.split(" ");
            return at === commit ? [ref.slice("refs/heads/".length)] : [];
        });
    }

    /** A range of commits as mails that `git am` takes. */
    formatPatch(from: string, to: string): Promise<string> {
        const args = [
            "--stdout",
            "--no-ext-diff",
            "--no-textconv",
            "--no-signature",
            "--full-index",
        ];
        return this.#git.raw(["format-patch", ...args, "--binary", `${from}..${to}`]);
    }

    /** What a range of commits changes, file by file. */
    diffStat(from: string, to: string): Promise<string> {
        return this.#git.raw(["diff", "--stat=100", "--no-ext-diff", `${from}..${to}`, "--"]);
    }

    /** Commits of a history whose messages have a line, the newest first. */
    async commitsWithLine(line: string, from: string): Promise<string[]> {
        const said = await this.#git.raw([
            "log",
            ...["--format=%H", "--fixed-strings", `--grep=${line}`, from, "--"],
        ]);
        return said.split("\n").filter((each) => each !== "");
    }

    /** Answers with nothing where git says no. */
    #ask(args: readonly string[]): Promise<string> {
        return this.#git.raw(args).catch(() => "");
    }
}

async function entriesOf(git: Git): Promise<GitEntry[]> {
    const said = await git.raw(["ls-files", "-z", "--stage"]);
    return said.split("\0").flatMap((line) => {
        const match = /^(\d+) ([0-9a-f]+) 0\t([\s\S]+)$/u.exec(line);
        const [, mode = "", blob = "", path = ""] = match ?? [];
        return match === null ? [] : [{ path, blob, kind: KINDS[mode] ?? "file" }];
    });
}

/** ssh asks nobody either; said by a variable, for a setting would hide the user's own. */
const KEY_ALONE = { SSH_ASKPASS_REQUIRE: "never" };

/** Paths in one command line. */
const PATHS_MAX = 200;

/** Brackets and stars in names of files are no patterns. */
function literal(path: string): string {
    return `:(top,literal)${path}`;
}

function lineOf(text: string): string {
    return text.replace(/\r?\n$/u, "");
}
