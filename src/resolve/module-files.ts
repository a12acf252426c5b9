// Where Rust looks for the file of `mod x;`. Paths are workspace-relative and `/`-separated.
// Source: the Rust reference, "Module source filenames".

/** Folder of a file; empty for the root. */
export function folderOf(path: string): string {
    const cut = path.lastIndexOf("/");
    return cut === -1 ? "" : path.slice(0, cut);
}

/** Joins a folder and a relative path, resolving `.` and `..`. */
export function joinPath(folder: string, relative: string): string {
    const segments = folder === "" ? [] : folder.split("/");
    for (const part of relative.replaceAll("\\", "/").split("/")) {
        if (part === "..") {
            segments.pop();
        } else if (part !== "" && part !== ".") {
            segments.push(part);
        }
    }
    return segments.join("/");
}

/** Files that can hold `mod name;` declared in a module whose children live in the folder. */
export function moduleFileCandidates(folder: string, name: string): [string, string] {
    return [joinPath(folder, `${name}.rs`), joinPath(folder, `${name}/mod.rs`)];
}

/** Folder of the children of a module in this file, found by the usual rules (not by #[path]). */
export function childModuleFolder(path: string): string {
    return path.endsWith("/mod.rs") || path === "mod.rs"
        ? folderOf(path)
        : path.slice(0, -".rs".length);
}
