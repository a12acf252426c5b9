// Where worktrees are made: outside of the workspace, always at the same place for the sake of Cargo's caches;
// beside the repository when its manifests point out of it, else in the user's cache.

import { createHash } from "node:crypto";
import { basename, dirname, join, resolve, sep } from "node:path";

import type { GitRepository } from "../git/index.ts";
import { findRealPath, homeFolder, readBytesIfThere, statFile } from "../platform/index.ts";

/** Folders of the executor for one workspace. */
export interface ExecutorPlace {
    /** Where caches, records and the lock lie. */
    readonly folder: string;
    readonly targetFolder: string;
    /** Root of the worktree that is made. */
    readonly worktree: string;
    /** Folders of vendored sources outside of the repository; undefined where other files there are built too. */
    readonly sources: readonly string[] | undefined;
    /** Where the worktree of a failed operation is kept. */
    readonly kept: (opId: string) => string;
}

/** Folder of the executor's caches for a workspace. */
export function executorFolder(cache: string, root: string): string {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
    return join(cache, "executor", name);
}

/** Chooses the place. */
export async function choosePlace(
    folder: string,
    repository: GitRepository,
): Promise<ExecutorPlace> {
    const { top } = repository;
    const outside = await pathsOut(repository);
    const isBeside = outside.length > 0 || (await hasSettingsAbove(top));
    const name = `.${basename(top)}.ferrograph`;
    return {
        folder,
        sources: outside.every(({ isSource }) => isSource)
            ? outside.map(({ path }) => path)
            : undefined,
        targetFolder: join(folder, "target"),
        worktree: isBeside ? join(dirname(top), `${name}-worktree`) : join(folder, "worktree"),
        kept: (opId) =>
            isBeside
                ? join(dirname(top), `${name}-kept-${opId.slice(0, 8)}`)
                : join(folder, "kept", opId),
    };
}

/** Cargo and rustup look for their settings in all folders above. */
async function hasSettingsAbove(top: string): Promise<boolean> {
    const names = [".cargo/config.toml", ".cargo/config", "rust-toolchain", "rust-toolchain.toml"];
    for (let at = dirname(top); ; at = dirname(at)) {
        if (at !== homeFolder()) {
            for (const name of names) {
                if ((await statFile(join(at, name))) !== undefined) {
                    return true;
                }
            }
        }
        if (at === dirname(at)) {
            return false;
        }
    }
}

interface PathOut {
    readonly path: string;
    /** A folder that stands for a registry: its sources have versions. */
    readonly isSource: boolean;
}

/** Paths of manifests and settings that lead out of the repository. */
async function pathsOut(repository: GitRepository): Promise<PathOut[]> {
    const { top } = repository;
    const manifests = await listSettings(repository);
    const found = new Map<string, PathOut>();
    for (const path of manifests) {
        const text = await readText(join(top, path));
        const paths = text.matchAll(/(path|paths|replace-with|directory)\s*=\s*\[?\s*"([^"]*)"/gu);
        const own = dirname(join(top, path));
        const folder = basename(own) === ".cargo" ? dirname(own) : own;
        for (const [, key = "", to = ""] of paths) {
            const full = resolve(folder, to);
            if (isOutside(top, full)) {
                const isSource = key === "directory" && found.get(full)?.isSource !== false;
                found.set(full, { path: full, isSource });
            }
        }
    }
    return [...found.values()];
}

/** Manifests and settings of Cargo under version control, those of submodules too; relative to the repository. */
async function listSettings(repository: GitRepository, at = ""): Promise<string[]> {
    const found: string[] = [];
    for (const { path, kind } of await repository.entries()) {
        if (kind === "submodule") {
            const own = await repository.submodule(path);
            found.push(...(own === undefined ? [] : await listSettings(own, `${at}${path}/`)));
        } else if (kind === "file" && SETTINGS.test(path)) {
            found.push(`${at}${path}`);
        }
    }
    return found;
}

const SETTINGS = /(?:^|\/)(?:Cargo\.toml|\.cargo\/config(?:\.toml)?)$/u;

/** Whether a path leaves a folder, by its letters. */
export function isOutside(folder: string, path: string): boolean {
    return path !== folder && !path.startsWith(`${folder}${sep}`);
}

/** Whether a path leaves a folder by a link. */
export function leadsOut(folder: string, path: string): boolean {
    let at = path;
    while (findRealPath(at) === undefined && at !== dirname(at)) {
        at = dirname(at);
    }
    return isOutside(findRealPath(folder) ?? folder, findRealPath(at) ?? at);
}

async function readText(path: string): Promise<string> {
    return Buffer.from((await readBytesIfThere(path)) ?? []).toString("utf8");
}
