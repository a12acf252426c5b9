// Arithmetic of workspace-relative paths. The root is the empty path; a path that leaves the root
// is undefined.

import { repoPath, type RepoPath } from "../base/index.ts";

/** Resolves a path written in a manifest against the manifest's folder. */
export function resolveFrom(folder: RepoPath, written: string): RepoPath | undefined {
    const path = written.replaceAll("\\", "/");
    if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) {
        return undefined;
    }
    const names = folder === "" ? [] : folder.split("/");
    for (const name of path.split("/")) {
        if (name === "..") {
            if (names.pop() === undefined) {
                return undefined;
            }
        } else if (name !== "" && name !== ".") {
            names.push(name);
        }
    }
    return repoPath(names.join("/"));
}

/** Joins a folder and a name below it. */
export function below(folder: RepoPath, name: string): RepoPath {
    return repoPath(folder === "" ? name : `${folder}/${name}`);
}

/** The folder that holds a path. */
export function folderOf(path: RepoPath): RepoPath {
    return repoPath(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
}

/** Whether a path is a folder or lies below it. */
export function isWithin(path: RepoPath, folder: RepoPath): boolean {
    return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** Makes an absolute path relative to a root; undefined when it lies outside. */
export function relativeTo(root: string, absolute: string): RepoPath | undefined {
    const top = root.replaceAll("\\", "/").replace(/\/$/, "");
    const path = absolute.replaceAll("\\", "/").replace(/\/$/, "");
    if (path === top) {
        return repoPath("");
    }
    return path.startsWith(`${top}/`)
        ? resolveFrom(repoPath(""), path.slice(top.length + 1))
        : undefined;
}
