// Whether the history can have moved, told without running git: that takes longer than most queries.

import { dirname, join, resolve } from "node:path";

import { readBytes, statFile } from "../platform/index.ts";

/**
 * Something that differs when another commit is checked out: git writes every such move into the log of
 * HEAD. Undefined where a repository has no such log, and only git itself can tell.
 */
export async function historyStamp(folder: string): Promise<string | undefined> {
    const gitFolder = await findGitFolder(folder);
    if (gitFolder === undefined) {
        return "no repository";
    }
    const head = await readBytes(join(gitFolder, "HEAD")).catch(() => undefined);
    const log = await statFile(join(gitFolder, "logs", "HEAD")).catch(() => undefined);
    return head === undefined || log === undefined
        ? undefined
        : `${gitFolder} ${new TextDecoder().decode(head)} ${log.mtimeNs} ${log.size} ${log.inode}`;
}

/** The folder of a repository's, or of a worktree's, own files: the nearest one above, all looked at at once. */
async function findGitFolder(folder: string): Promise<string | undefined> {
    const above = [folder];
    for (let at = folder; dirname(at) !== at; at = dirname(at)) {
        above.push(dirname(at));
    }
    const found = await Promise.all(above.map(gitFolderIn));
    return found.find((place) => place !== undefined)?.folder;
}

/** What a folder says of a repository; undefined when it has none. */
async function gitFolderIn(
    at: string,
): Promise<{ readonly folder: string | undefined } | undefined> {
    const place = join(at, ".git");
    // A worktree has a file that names the folder.
    const link = await readBytes(place).catch(() => undefined);
    if (link !== undefined) {
        const named = /^gitdir: (.+)$/mu.exec(new TextDecoder().decode(link))?.[1];
        return { folder: named === undefined ? undefined : resolve(at, named.trim()) };
    }
    const head = await statFile(join(place, "HEAD")).catch(() => undefined);
    return head === undefined ? undefined : { folder: place };
}
