// Which paths of a tree are left out: git's ignore files at every level, git's own folder, Cargo's
// build folders, our store. Ignore files are read when their folder is first asked for.

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

import ignore, { type Ignore } from "ignore";

interface Level {
    /** Absolute folder that the patterns are relative to. */
    readonly folder: string;
    readonly patterns: Ignore;
    readonly parent: Level | undefined;
}

/** Folders that are never part of a workspace's sources. */
const NEVER = new Set([".git", ".ferrograph", ".jj", ".hg"]);

/** Decides what a tree's listing and watching leave out. */
export class IgnoreRules {
    readonly #root: string;
    readonly #levels = new Map<string, Level | undefined>();
    readonly #folders = new Map<string, boolean>();
    readonly #outer: Level | undefined;

    /** Reads ignore files from the enclosing git repository's folder down to the root. */
    constructor(root: string) {
        this.#root = root;
        this.#outer = readOuterLevels(root);
    }

    /** Whether one entry of a folder is left out; its ancestors must have been asked before. */
    isEntryIgnored(folder: string, name: string, isFolder: boolean): boolean {
        if (isFolder && (NEVER.has(name) || isBuildFolder(folder, name))) {
            return true;
        }
        const path = join(folder, name);
        for (let level = this.#levelOf(folder); level !== undefined; level = level.parent) {
            const local = relative(level.folder, path).split(sep).join("/");
            const verdict = level.patterns.test(isFolder ? `${local}/` : local);
            if (verdict.ignored || verdict.unignored) {
                return verdict.ignored;
            }
        }
        return false;
    }

    /** Whether a path below the root is left out, by itself or by one of its folders. */
    isPathIgnored(path: string, isFolder: boolean): boolean {
        if (path === this.#root) {
            return false;
        }
        const known = isFolder ? this.#folders.get(path) : undefined;
        if (known !== undefined) {
            return known;
        }
        const folder = dirname(path);
        const ignored =
            folder === path || // The path is not below the root at all.
            this.isPathIgnored(folder, true) ||
            this.isEntryIgnored(folder, basename(path), isFolder);
        if (isFolder) {
            this.#folders.set(path, ignored);
        }
        return ignored;
    }

    /** Forgets what was read, after an ignore file has changed. */
    forget(): void {
        this.#levels.clear();
        this.#folders.clear();
    }

    #levelOf(folder: string): Level | undefined {
        if (this.#levels.has(folder)) {
            return this.#levels.get(folder);
        }
        const parent = folder === this.#root ? this.#outer : this.#levelOf(dirname(folder));
        const level = readLevel(folder, ".gitignore", parent);
        this.#levels.set(folder, level);
        return level;
    }
}

function isBuildFolder(folder: string, name: string): boolean {
    if (name === "target" && existsSync(join(folder, "Cargo.toml"))) {
        return true;
    }
    return name.startsWith("target") && existsSync(join(folder, name, "CACHEDIR.TAG"));
}

function readOuterLevels(root: string): Level | undefined {
    const folders: string[] = [];
    for (let folder = root; ; folder = dirname(folder)) {
        if (existsSync(join(folder, ".git"))) {
            let level = readLevel(folder, join(".git", "info", "exclude"), undefined);
            for (const inner of folders.reverse()) {
                level = readLevel(inner, ".gitignore", level);
            }
            return level;
        }
        if (folder === dirname(folder)) {
            return undefined; // No repository: only the ignore files below the root count.
        }
        folders.push(dirname(folder));
    }
}

function readLevel(folder: string, file: string, parent: Level | undefined): Level | undefined {
    let text: string;
    try {
        text = readFileSync(join(folder, file), "utf8");
    } catch {
        return parent;
    }
    return { folder, patterns: ignore({ ignorecase: false }).add(text), parent };
}
