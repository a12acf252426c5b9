// How git is run: with settings that keep programs which a repository's configuration names from running, and by a
// helper where this process has so much memory that starting another takes longer than what git does.

import { environmentVariables, HelperProcess, memoryUsageBytes } from "../platform/index.ts";
import { GitError, simpleGit, type SimpleGit } from "simple-git";

/** Runs git in a folder. */
export interface Git {
    /** Runs a command and gives what it prints; throws a GitError where it fails. */
    raw(args: readonly string[]): Promise<string>;
    /** Whether the folder lies in a worktree of a repository. */
    checkIsRepo(): Promise<boolean>;
}

/** A run of git as plain data. */
export interface GitJob {
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
    /** Undefined to ask whether the folder lies in a repository. */
    readonly args: readonly string[] | undefined;
}

/** What git said, or why it failed. */
export type GitOutcome =
    | { readonly kind: "said"; readonly text: string }
    | { readonly kind: "repository"; readonly isRepository: boolean }
    | { readonly kind: "failed"; readonly message: string };

const CONFIG = [
    "core.quotePath=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "commit.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "rerere.enabled=false",
    "submodule.recurse=false",
    "advice.detachedHead=false",
];

/** Variables that say who commits, and where the user's configuration lies. */
const KEPT = /^GIT_(?:AUTHOR|COMMITTER)_|^GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)$/u;

/** Resident bytes from which on git is run by a helper: with 300 MB, starting a process takes 18 ms, and 1 ms with little. */
const HELPER_FROM_BYTES = 128 * 1024 * 1024;

/** Module of the helper; sources are not run as they are, so that there it is asked of this process. */
const HELPER_URL = import.meta.url.endsWith(".ts")
    ? undefined
    : new URL("git-worker-main.js", import.meta.url);

let helper: HelperProcess<GitJob, GitOutcome> | undefined;

/** Git in a folder; what is to be cancelled runs in this process. */
export function gitIn(
    folder: string,
    more: Readonly<Record<string, string>> = {},
    abort?: AbortSignal,
): Git {
    const known = Object.entries(environmentVariables()).filter(
        ([name]) => KEPT.test(name) || !/^GIT_|EDITOR$|PAGER$|ASKPASS$/u.test(name),
    );
    const own = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", ...more };
    const env = { ...Object.fromEntries(known), ...own };
    if (abort !== undefined || HELPER_URL === undefined || memoryUsageBytes() < HELPER_FROM_BYTES) {
        const git = openGit(folder, env, abort);
        return {
            raw: (args) => git.raw([...args]),
            checkIsRepo: () => git.checkIsRepo(),
        };
    }
    helper ??= new HelperProcess(HELPER_URL);
    return gitByHelper(helper, folder, env);
}

/** Git in a folder, run by a helper. */
export function gitByHelper(
    by: Pick<HelperProcess<GitJob, GitOutcome>, "run">,
    folder: string,
    env: Readonly<Record<string, string>>,
): Git {
    const ask = async (args: readonly string[] | undefined): Promise<GitOutcome> => {
        const outcome = await by.run({ folder, env, args });
        if (outcome.kind === "failed") {
            throw new GitError(undefined, outcome.message);
        }
        return outcome;
    };
    return {
        raw: async (args) => {
            const outcome = await ask(args);
            return outcome.kind === "said" ? outcome.text : "";
        },
        checkIsRepo: async () => {
            const outcome = await ask(undefined);
            return outcome.kind === "repository" && outcome.isRepository;
        },
    };
}

/** Does a run of git for another process. */
export async function doGitJob({ folder, env, args }: GitJob): Promise<GitOutcome> {
    try {
        const git = openGit(folder, env, undefined);
        return args === undefined
            ? { kind: "repository", isRepository: await git.checkIsRepo() }
            : { kind: "said", text: await git.raw([...args]) };
    } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        return { kind: "failed", message };
    }
}

function openGit(
    folder: string,
    env: Readonly<Record<string, string>>,
    abort: AbortSignal | undefined,
): SimpleGit {
    const git = simpleGit({
        baseDir: folder,
        ...(abort === undefined ? {} : { abort }),
        config: CONFIG,
        allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")),
        // Said of any word on them, also of turning them off.
        unsafe: {
            allowUnsafeFsMonitor: true,
            allowUnsafeHooksPath: true,
            allowUnsafeGpgProgram: true,
            allowUnsafeConfigPaths: true,
        },
    });
    return endingAtOnce(git).env({ ...env });
}

/**
 * Without this, whatever prints nothing takes 50 ms longer: simple-git waits for output that might still come after
 * the end (its plugin for completion). What git prints has been read when its stream ends.
 */
export function endingAtOnce(git: SimpleGit): SimpleGit {
    return git.outputHandler((_command, stdout) => {
        stdout.once("end", () => {
            stdout.emit("data", Buffer.alloc(0));
        });
    });
}
