// Whether files that move with a module are where Rust looks for them afterwards, each of them and no other:
// then the module tree is what it was.

import type { FileMoves } from "./file-moves.ts";
import { folderOf, childModuleFolder, findModuleFiles, type ModulePlace } from "./module-files.ts";
import type { Program } from "./program.ts";
import type { Captures } from "./session.ts";
import type { FileInstance } from "./symbols.ts";

/**
 * Whether every `mod name;` finds the file that it found, at its new path. `captures` are those of the text
 * after, under the paths before; interfaces differ in names only.
 */
export function keepsModuleFiles(program: Program, captures: Captures, moves: FileMoves): boolean {
    const at = (path: string): string => moves.get(path) ?? path;
    const after = new Set([...captures.keys()].map(at));
    if (after.size !== captures.size || ![...moves].every(([from]) => isPlain(program, from))) {
        return false;
    }
    return program.instances.every((inst) => {
        const capture = captures.get(inst.path);
        if (capture === undefined) {
            return false;
        }
        const place = { path: inst.path, childFolder: inst.childFolder, items: inst.items };
        const items = program.itemsOf(capture);
        const path = at(inst.path);
        const moved = { path, childFolder: childFolderAt(inst, path), items };
        return place.items.items.every((item, number) => {
            if (item.kind !== "module" || item.body !== -1 || inst.symbols[number] === -1) {
                return true;
            }
            const has = (one: string): boolean => program.captures.has(one);
            const old = placesOf(place, number, has).map(({ path: file, cfg }) => [at(file), cfg]);
            const now = placesOf(moved, number, (one) => after.has(one));
            return (
                old.length === now.length &&
                now.every(({ path: file, cfg }, i) => old[i]?.[0] === file && old[i][1] === cfg)
            );
        });
    });
}

/** Whether a file is a module's and of a crate, so that only its path is another when it moves. */
function isPlain(program: Program, path: string): boolean {
    return (program.instancesByPath.get(path) ?? []).length > 0;
}

function childFolderAt(inst: FileInstance, path: string): string {
    if (path === inst.path) {
        return inst.childFolder;
    }
    return inst.childFolder === folderOf(inst.path) ? folderOf(path) : childModuleFolder(path);
}

function placesOf(
    place: ModulePlace,
    number: number,
    has: (path: string) => boolean,
): ReturnType<typeof findModuleFiles> {
    const item = place.items.items[number];
    return item === undefined ? [] : findModuleFiles(place, item, has);
}
