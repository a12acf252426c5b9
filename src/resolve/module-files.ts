// Where Rust looks for the file of `mod x;`. Paths are workspace-relative and `/`-separated.
// Source: the Rust reference, "Module source filenames".

import type { FileItems, ItemRecord } from "./file-items.ts";

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

/** A file to be loaded as a module's body. */
export interface ModuleSource {
    readonly path: string;
    readonly childFolder: string;
    readonly cfg: string;
}

/** A file that declares modules. */
export interface ModulePlace {
    readonly path: string;
    /** Folder of the files of its modules. */
    readonly childFolder: string;
    readonly items: FileItems;
}

/** Files that `mod name;` stands for: several by `cfg_attr(…, path = …)`. `has` tells which files there are. */
export function findModuleFiles(
    place: ModulePlace,
    item: ItemRecord,
    has: (path: string) => boolean,
): ModuleSource[] {
    const found: ModuleSource[] = [];
    const folder = inlineFolder(place, item);
    const isInline = place.items.items[item.parent]?.kind === "module";
    const base = isInline ? folder : folderOf(place.path);
    for (const { value, cfg } of item.attributes.paths) {
        const path = joinPath(base, value);
        if (has(path)) {
            found.push({ path, childFolder: folderOf(path), cfg });
        }
    }
    const always = item.attributes.paths.some(({ cfg }) => cfg === "");
    if (!always) {
        const path = moduleFileCandidates(folder, item.name).find(has);
        if (path !== undefined) {
            found.push({ path, childFolder: childModuleFolder(path), cfg: "" });
        }
    }
    return found;
}

/** Folder for files of modules declared at this place, inline modules and their #[path] included. */
export function inlineFolder({ childFolder, items }: ModulePlace, item: ItemRecord): string {
    const names: string[] = [];
    for (let at = items.items[item.parent]; at !== undefined; at = items.items[at.parent]) {
        if (at.kind === "module") {
            names.unshift(at.attributes.paths[0]?.value ?? at.name);
        }
    }
    return joinPath(childFolder, names.join("/"));
}
