// Watches a tree for changes of Rust sources and of the files that shape a workspace, and hands
// them over in settled batches. Built on chokidar: one inotify watch per file and folder.

import { basename, relative, sep } from "node:path";

import type { FSWatcher } from "chokidar";

import { OperatingError, repoPath, type RepoPath } from "../base/index.ts";
import { IgnoreRules } from "./ignore-rules.ts";
import { errnoOf } from "./system-error.ts";

/** What happened to a file. */
export type ChangeKind = "add" | "change" | "remove";

/** One changed file of a batch. */
export interface TreeChange {
    readonly path: RepoPath;
    readonly kind: ChangeKind;
}

/** What to watch and whom to tell. */
export interface WatchTreeOptions {
    /** Called once per settled batch, sorted by path. */
    readonly onBatch: (changes: readonly TreeChange[]) => void;
    /**
     * Called when a file was changed, alone, and rests for a moment: its batch follows, unless it changes again,
     * once it has rested for longer.
     */
    readonly onResting?: ((path: RepoPath) => void) | undefined;
    /** Called when watching is incomplete (WATCH_LIMIT) or fails (WATCH_FAILED). */
    readonly onProblem: (problem: OperatingError) => void;
    /** Leaves out more than the ignore files do; asked with the path relative to the root. */
    readonly ignored?: (path: string, isFolder: boolean) => boolean;
    /** Quiet time after which a batch is settled. */
    readonly settleMs?: number;
}

/** A running watch. */
export interface TreeWatcher {
    close(): Promise<void>;
}

const SETTLE_MS = 20;
/** What writes a file in parts does so within less. */
const REST_MS = 5;
const BATCH_AGE_MS_MAX = 500;

const SHAPING_FILES = new Set([
    "Cargo.toml",
    "Cargo.lock",
    ".gitignore",
    "rust-project.json",
    "rust-toolchain",
    "rust-toolchain.toml",
]);

/** Starts watching; resolves when every later change is seen. List the tree after that. */
export async function watchTree(root: string, options: WatchTreeOptions): Promise<TreeWatcher> {
    // Loaded here: most processes watch nothing.
    const { watch } = await import("chokidar");
    const rules = new IgnoreRules(root);
    const batch = new BatchCollector(options);
    const watcher = watch(root, {
        ignoreInitial: true,
        followSymlinks: false,
        // Chokidar's own joining of removal and creation delays removals by 100 ms.
        atomic: false,
        ignored: (path, stats) => stats !== undefined && isLeftOut(path, stats.isDirectory()),
    });
    function isLeftOut(path: string, isFolder: boolean): boolean {
        if (path === root) {
            return false;
        }
        const local = relative(root, path).split(sep).join("/");
        return (
            (!isFolder && !isWatchedFile(path)) ||
            rules.isPathIgnored(path, isFolder) ||
            options.ignored?.(local, isFolder) === true
        );
    }
    const onFile = (kind: ChangeKind) => (path: string) => {
        if (basename(path) === ".gitignore") {
            rules.forget();
        }
        if (isWatchedFile(path)) {
            batch.add(repoPath(relative(root, path).split(sep).join("/")), kind);
        }
    };
    watcher.on("add", onFile("add")).on("change", onFile("change")).on("unlink", onFile("remove"));
    reportErrors(watcher, root, options.onProblem);
    await new Promise<void>((resolve) => {
        watcher.once("ready", resolve);
    });
    return {
        close: async () => {
            batch.stop();
            await watcher.close();
        },
    };
}

/** Joins two changes of one file within a batch; undefined when they cancel out. */
export function joinChanges(
    first: ChangeKind | undefined,
    second: ChangeKind,
): ChangeKind | undefined {
    if (first === "add") {
        return second === "remove" ? undefined : "add";
    }
    if (first === "remove" && second === "add") {
        return "change";
    }
    return second;
}

function isWatchedFile(path: string): boolean {
    return path.endsWith(".rs") || SHAPING_FILES.has(basename(path));
}

function reportErrors(
    watcher: FSWatcher,
    root: string,
    onProblem: (problem: OperatingError) => void,
): void {
    let limitReported = false;
    watcher.on("error", (cause) => {
        const problem = describeWatchError(root, cause);
        // A reached limit fails for every file that follows; once says it all.
        if (problem.code !== "WATCH_LIMIT" || !limitReported) {
            onProblem(problem);
        }
        limitReported ||= problem.code === "WATCH_LIMIT";
    });
}

/** Says what a failure of the watcher means and what to do about it. */
export function describeWatchError(root: string, cause: unknown): OperatingError {
    const errno = errnoOf(cause);
    if (errno !== "ENOSPC" && errno !== "EMFILE") {
        const detail = cause instanceof Error ? cause.message : String(cause);
        return new OperatingError("WATCH_FAILED", `cannot watch all of ${root}: ${detail}`, {
            cause,
        });
    }
    const setting = errno === "ENOSPC" ? "max_user_watches=1048576" : "max_user_instances=1024";
    const message = `the system's limit of file watches is reached; changes under ${root} may be missed`;
    const advice = `raise it with \`sudo sysctl fs.inotify.${setting}\``;
    return new OperatingError("WATCH_LIMIT", message, { cause, advice });
}

/** Gathers changes until none came for a while, or the oldest has waited long enough. */
class BatchCollector {
    readonly #options: Pick<WatchTreeOptions, "onBatch" | "onResting" | "settleMs">;
    readonly #pending = new Map<RepoPath, ChangeKind>();
    #quiet: NodeJS.Timeout | undefined;
    #rest: NodeJS.Timeout | undefined;
    #deadline: NodeJS.Timeout | undefined;

    constructor(options: Pick<WatchTreeOptions, "onBatch" | "onResting" | "settleMs">) {
        this.#options = options;
    }

    add(path: RepoPath, kind: ChangeKind): void {
        const joined = joinChanges(this.#pending.get(path), kind);
        if (joined === undefined) {
            this.#pending.delete(path);
        } else {
            this.#pending.set(path, joined);
        }
        clearTimeout(this.#quiet);
        this.#quiet = setTimeout(() => {
            this.#flush();
        }, this.#options.settleMs ?? SETTLE_MS);
        clearTimeout(this.#rest);
        if (joined === "change" && this.#pending.size === 1) {
            this.#rest = setTimeout(() => this.#options.onResting?.(path), REST_MS);
        }
        this.#deadline ??= setTimeout(() => {
            this.#flush();
        }, BATCH_AGE_MS_MAX);
    }

    stop(): void {
        clearTimeout(this.#quiet);
        clearTimeout(this.#rest);
        clearTimeout(this.#deadline);
        this.#pending.clear();
    }

    #flush(): void {
        const changes = [...this.#pending].map(([path, kind]) => ({ path, kind }));
        this.stop();
        this.#deadline = undefined;
        if (changes.length > 0) {
            this.#options.onBatch(changes.sort((a, b) => (a.path < b.path ? -1 : 1)));
        }
    }
}
