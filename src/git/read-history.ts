// The history of the branch that is checked out, as git tells it. Reads only, and runs nothing that a
// repository's configuration names.

import { endingAtOnce } from "./run-git.ts";
import { simpleGit, type SimpleGit } from "simple-git";

/** One commit. */
export interface GitCommit {
    readonly hash: string;
    readonly parents: readonly string[];
    /** When it was committed, milliseconds since 1970. */
    readonly committedMs: number;
    readonly author: string;
    /** First line of its message. */
    readonly subject: string;
    /** Paths that it changed, relative to the folder that was asked. A merge changes none. */
    readonly files: readonly string[];
}

/** What git said. */
export interface GitHistory {
    /** Commit that is checked out; undefined where there is none, or no repository, or no git. */
    readonly head: string | undefined;
    /** Commits since `known`, the newest first. */
    readonly commits: readonly GitCommit[];
    /** Whether `known` is an ancestor of `head`: else the commits are all there are. */
    readonly continues: boolean;
    /** Why there is no history, or only a part of it; empty when all is well. */
    readonly problem: string;
}

/** How much of a history is read. */
export interface ReadHistoryOptions {
    /** Newest commit that is known already. */
    readonly known?: string | undefined;
    /** Most commits that are read. */
    readonly commitsMax: number;
}

const RECORD = "\u001E";
const FIELD = "\u001F";
const FORMAT = `${RECORD}%H${FIELD}%P${FIELD}%ct${FIELD}%an${FIELD}%s${FIELD}`;

/** Reads the history of a folder. */
export async function readHistory(
    folder: string,
    { known, commitsMax }: ReadHistoryOptions,
): Promise<GitHistory> {
    const git = endingAtOnce(simpleGit({ baseDir: folder, config: ["core.quotePath=false"] }));
    const none = (problem: string): GitHistory => ({
        head: undefined,
        commits: [],
        continues: false,
        problem,
    });
    let head: string;
    try {
        head = (await git.raw(["rev-parse", "--verify", "HEAD^{commit}"])).trim();
    } catch (thrown) {
        return none(await whyNoHistory(git, thrown));
    }
    const continues = known !== undefined && (await isAncestor(git, known, head));
    if (continues && known === head) {
        return { head, commits: [], continues, problem: "" };
    }
    const range = continues ? `${known}..${head}` : head;
    const said = await git.raw([
        "log",
        ...["-z", "--name-only", "--no-ext-diff", "--no-textconv", "--no-renames", "--relative"],
        ...[`--format=${FORMAT}`, `--max-count=${commitsMax}`, range, "--"],
    ]);
    const commits = said.split(RECORD).slice(1).map(parseCommit);
    const isShallow = (await git.raw(["rev-parse", "--is-shallow-repository"])).trim() === "true";
    const problem = isShallow
        ? "the repository is shallow: older commits are not there"
        : commits.length === commitsMax
          ? `only the newest ${commitsMax} commits are read`
          : "";
    return { head, commits, continues, problem };
}

async function isAncestor(git: SimpleGit, known: string, head: string): Promise<boolean> {
    const said = await git.raw(["merge-base", known, head]).catch(() => "");
    return said.trim() === known;
}

async function whyNoHistory(git: SimpleGit, thrown: unknown): Promise<string> {
    const isRepository = await git.checkIsRepo().catch(() => undefined);
    if (isRepository === undefined) {
        return `git cannot be run: ${thrown instanceof Error ? thrown.message.trim() : String(thrown)}`;
    }
    return isRepository ? "the repository has no commits" : "the workspace is in no git repository";
}

function parseCommit(record: string): GitCommit {
    const [hash = "", parents = "", seconds = "0", author = "", subject = "", rest = ""] =
        record.split(FIELD);
    return {
        hash,
        parents: parents.split(" ").filter((each) => each !== ""),
        committedMs: Number(seconds) * 1000,
        author,
        subject,
        files: rest
            .split(/[\0\n]/u)
            .filter((path) => path !== "")
            .sort(),
    };
}
