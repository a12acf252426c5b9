// What a build needs beside the files of a commit: submodules as the commit names them, from the user's own checkouts and
// without a network, and ignored files that were asked for. Both are files of the worktree alone: no edit is made in
// them, and no commit has them.

import { join, posix } from "node:path";

import { checkCancelled, refuse, type Refusal } from "../base/index.ts";
import type { GitEntry, GitRepository } from "../git/index.ts";
import {
    copyEntry,
    findRealPath,
    listEverything,
    readBytes,
    readLinkIfThere,
    removeFile,
    statFile,
    writeFileAtomic,
    type FolderEntry,
} from "../platform/index.ts";
import { leadsOut } from "./place.ts";

/** What came along; paths are relative to the worktree. */
export interface Brought {
    readonly files: readonly string[];
    /** Those of them that were asked for; the others are of submodules. */
    readonly ignored: readonly string[];
    readonly links: readonly string[];
    /** Submodules whose files came along, with those in them. */
    readonly submodules: readonly string[];
    /** Submodules that are not checked out, so that the user's build lacks them too. */
    readonly absent: readonly string[];
}

/** Nothing came along. */
export const NOTHING_BROUGHT: Brought = {
    files: [],
    ignored: [],
    links: [],
    submodules: [],
    absent: [],
};

/** What is brought along, and where to. */
export interface BringParts {
    /** The user's files. */
    readonly repository: GitRepository;
    readonly worktree: GitRepository;
    /** Of the worktree. */
    readonly entries: readonly GitEntry[];
    /** A file for an index, for the time being. */
    readonly index: string;
    /** Ignored files and folders, relative to the workspace. */
    readonly asked: readonly string[];
    /** Never comes along: the store, with what is made in it. */
    readonly storeFolder: string;
    readonly signal: AbortSignal | undefined;
}

/** More than this is no part of a source tree, but what somebody has built there. */
const ENTRIES_MAX = 50_000;
const BYTES_MAX = 4 * 1024 ** 3;

/** The submodule that a file lies in; it belongs to another repository. */
export function refuseInSubmodule(
    entries: readonly GitEntry[],
    touched: readonly string[],
): Refusal | undefined {
    const submodules = entries.filter(({ kind }) => kind === "submodule");
    for (const path of touched) {
        const around = submodules.find((each) => path.startsWith(`${each.path}/`));
        if (around !== undefined) {
            const message = `${path} lies in the submodule ${around.path}, which is a repository of its own`;
            return refuse("EXECUTOR_SUBMODULES", message, {
                advice: "open the submodule as a workspace and make the plan there, or make it with --in-place",
            });
        }
    }
    return undefined;
}

/** Refuses submodules with uncommitted work where that is to come along: no commit of this repository can hold it. */
export async function refuseUnfinishedSubmodules(
    repository: GitRepository,
    entries: readonly GitEntry[],
): Promise<Refusal | undefined> {
    for (const { path, kind } of entries) {
        const own = kind === "submodule" ? await repository.submodule(path) : undefined;
        const changed = (await own?.changedFiles()) ?? [];
        if (changed.length > 0) {
            const message = `the submodule ${path} has uncommitted work, which cannot come along`;
            return refuse("EXECUTOR_SUBMODULES", message, {
                candidates: changed.map((each) => `${path}/${each}`),
                advice: `commit it there first: \`git -C ${path} commit\``,
            });
        }
    }
    return undefined;
}

/** Brings everything along. */
export async function bringAlong(parts: BringParts): Promise<Brought | Refusal> {
    const { repository, entries, asked } = parts;
    const files: string[] = [];
    const submodules: string[] = [];
    const absent: string[] = [];
    const pending = entries
        .filter(({ kind }) => kind === "submodule")
        .map((entry) => ({ entry, from: repository, at: "" }));
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const { entry, from, at } = next;
        const path = `${at}${entry.path}`;
        const own = await from.submodule(entry.path);
        if (own === undefined) {
            absent.push(path);
            continue;
        }
        const exported = await exportSubmodule(parts, { own, path, commit: entry.blob });
        if (!Array.isArray(exported)) {
            return exported;
        }
        submodules.push(path);
        for (const inner of exported) {
            if (inner.kind === "submodule") {
                pending.push({ entry: inner, from: own, at: `${path}/` });
            } else if (inner.kind === "file") {
                files.push(`${path}/${inner.path}`);
            }
        }
    }
    const ignored = asked.length === 0 ? NOTHING_BROUGHT : await bringIgnored(parts);
    return "code" in ignored
        ? ignored
        : {
              files: [...files, ...ignored.ignored].sort(),
              ignored: ignored.ignored,
              links: ignored.links,
              submodules: submodules.sort(),
              absent: absent.sort(),
          };
}

/** What is to be said of it to whoever asked. */
export function noteBrought({ ignored, links, absent }: Brought): string[] {
    const count = ignored.length + links.length;
    return [
        ...(count === 0
            ? []
            : [`${count} ignored files were there when it was checked, and are in no commit`]),
        ...absent.map((path) => `the submodule ${path} is not checked out, and was not there`),
    ];
}

async function exportSubmodule(
    { worktree, index, signal }: BringParts,
    {
        own,
        path,
        commit,
    }: { readonly own: GitRepository; readonly path: string; readonly commit: string },
): Promise<GitEntry[] | Refusal> {
    checkCancelled(signal);
    if ((await own.commitOf(commit)) === undefined) {
        const message = `the submodule ${path} has not the commit ${commit.slice(0, 12)} that it should be at`;
        return refuse("EXECUTOR_SUBMODULES", message, {
            advice: `get it first: \`git submodule update --init ${path}\``,
        });
    }
    await removeFile(`${index}.lock`); // Of a git that was killed.
    try {
        return await own.exportTree(commit, join(worktree.top, path), index);
    } finally {
        await removeFile(index);
    }
}

async function bringIgnored(parts: BringParts): Promise<Brought | Refusal> {
    const { repository, worktree, asked, signal } = parts;
    const files: string[] = [];
    const links: string[] = [];
    let bytes = 0;
    const ignored = await repository.ignoredEntries();
    for (const path of asked) {
        const strange = refuseStrange(path);
        if (strange !== undefined) {
            return strange;
        }
        const found = await listIgnored(parts, ignored, placeOf(repository, path));
        if (found.length === 0) {
            return refuse("EXECUTOR_BRING", `git ignores nothing at or below ${path}`, {
                advice: "name files or folders that git ignores, relative to the workspace; folders that Cargo builds in are left out",
            });
        }
        for (const entry of found) {
            checkCancelled(signal);
            bytes += entry.bytes;
            if (files.length + links.length >= ENTRIES_MAX || bytes > BYTES_MAX) {
                const message = `more than ${ENTRIES_MAX} files, or ${BYTES_MAX / 1024 ** 3} GiB, are ignored at or below ${path}`;
                return refuse("EXECUTOR_BRING", message, {
                    advice: "name only what the build needs",
                });
            }
            const to = join(worktree.top, entry.path);
            if (leadsOut(worktree.top, to)) {
                const message = `${entry.path} would lie outside of the worktree, by a link`;
                return refuse("EXECUTOR_BRING", message, { advice: "name what the link leads to" });
            }
            if (await copyEntry(join(repository.top, entry.path), to)) {
                (entry.kind === "file" ? files : links).push(entry.path);
            } else if (!files.includes(entry.path) && !links.includes(entry.path)) {
                const message = `${entry.path} is ignored, and under version control in the last commit`;
                return refuse("EXECUTOR_BRING", message, {
                    advice: "commit that it is not any more, or leave it out",
                });
            }
        }
    }
    return { ...NOTHING_BROUGHT, ignored: files, links: links.sort() };
}

/** A path of the workspace, relative to the repository; a dot for all of it. */
function placeOf({ prefix }: GitRepository, path: string): string {
    return posix.normalize(`${prefix}${path}`).replace(/\/$/u, "");
}

function refuseStrange(path: string): Refusal | undefined {
    const parts = path.split(/[/\\]/u);
    return path === "" || path.startsWith("/") || /^[A-Za-z]:/u.test(path) || parts.includes("..")
        ? refuse("EXECUTOR_BRING", `${path} is no path below the workspace`, {
              advice: "name files or folders that git ignores, relative to the workspace",
          })
        : undefined;
}

/** Ignored files at or below a path, but what Cargo and others have marked as caches, repositories, and the store. */
async function listIgnored(
    { repository, storeFolder }: BringParts,
    entries: readonly string[],
    wanted: string,
): Promise<FolderEntry[]> {
    const { top } = repository;
    const found = new Map<string, FolderEntry>();
    for (const ignored of entries) {
        const at = startOf(ignored, wanted);
        if (at === undefined || (await isGone(join(top, at)))) {
            continue;
        }
        const listed = await listEverything(join(top, at), {
            skip: (path, names) =>
                names.has("CACHEDIR.TAG") ||
                /(?:^|\/)\.git$/u.test(path) ||
                join(top, at, path).replace(/\/$/u, "") === storeFolder,
            entriesMax: ENTRIES_MAX,
        });
        for (const each of listed) {
            const path = each.path === "" ? at : `${at}/${each.path}`;
            found.set(path, { ...each, path });
        }
    }
    return [...found.values()];
}

/** Where to begin for what is ignored and at or below a path; undefined where it is elsewhere. */
function startOf(ignored: string, wanted: string): string | undefined {
    const own = ignored.replace(/\/$/u, "");
    return wanted === "." || own === wanted || own.startsWith(`${wanted}/`)
        ? own
        : ignored.endsWith("/") && wanted.startsWith(ignored)
          ? wanted
          : undefined;
}

async function isGone(path: string): Promise<boolean> {
    return findRealPath(path) === undefined && (await readLinkIfThere(path)) === undefined;
}

/** A lock file that is not committed decides all the same what is built. */
export async function bringLockFile(root: string, folder: string): Promise<void> {
    const own = join(root, "Cargo.lock");
    const there = join(folder, "Cargo.lock");
    const [ownStat, thereStat] = await Promise.all([statFile(own), statFile(there)]);
    if (ownStat !== undefined && thereStat === undefined) {
        await writeFileAtomic(there, await readBytes(own));
    }
}
