// Which files that no target reaches may be part of a crate all the same: a macro can declare a module, an
// include can take a file in. Says no only where nothing that is seen could do either.

import type { FileCapture, SyntaxTree } from "../syntax/index.ts";
import type { FileItems } from "./file-items.ts";
import { childModuleFolder, folderOf } from "./module-files.ts";
import type { Program } from "./program.ts";

const ENDING = ".rs";

/** Names of modules that the grammar takes for keywords among a macro's tokens, so that they are not seen. */
const UNSEEN_NAMES = ["default", "gen", "union"];

const sourceNames = new WeakMap<SyntaxTree, readonly string[]>();

/** Paths of the files outside all targets that a macro or an include may make part of a crate. */
export function findPossibleModules(
    program: Program,
    captures: ReadonlyMap<string, FileCapture>,
): ReadonlySet<string> {
    const names = new Set([...program.macroNames, ...UNSEEN_NAMES]);
    const folders = new ModuleFolders(names);
    const included = new Set<string>();
    const unowned = new Map<string, FileCapture>();
    for (const [path, capture] of captures) {
        sourceNamesIn(capture.tree).forEach((name) => included.add(name));
        if (!program.instancesByPath.has(path)) {
            unowned.set(path, capture);
        } else {
            noteUnread(capture, names);
            folders.add(path, program.itemsOf(capture));
        }
    }
    const possible = new Set<string>();
    for (let isGrowing = true; isGrowing;) {
        isGrowing = false;
        for (const [path, capture] of unowned) {
            const isNamed = names.has(moduleNameOf(path)) && folders.canReach(path);
            if (isNamed || included.has(lastPart(path))) {
                possible.add(path);
                unowned.delete(path);
                noteDeclared(program, capture, names);
                folders.add(path, program.itemsOf(capture));
                isGrowing = true;
            }
        }
    }
    return possible;
}

/**
 * Folders in which a `mod name;` of some file looks for its own: the file's folder or the one named after it,
 * and below it one for each inline module around the declaration.
 */
class ModuleFolders {
    /** Names of the inline modules of the files that look in a folder. */
    readonly #inline = new Map<string, Set<string>>();
    readonly #names: ReadonlySet<string>;
    /** An inline module has a folder given by an attribute. */
    #isAnywhere = false;

    /** `names` are those that macros may declare modules with. */
    constructor(names: ReadonlySet<string>) {
        this.#names = names;
    }

    add(path: string, { items }: FileItems): void {
        const inline = items.filter(({ kind, body }) => kind === "module" && body !== -1);
        this.#isAnywhere ||= inline.some(({ attributes }) => attributes.paths.length > 0);
        for (const folder of [folderOf(path), childModuleFolder(path)]) {
            const known = this.#inline.get(folder) ?? new Set();
            inline.forEach(({ name }) => known.add(name));
            this.#inline.set(folder, known);
        }
    }

    /** Whether a declaration by a macro, without a path, can mean a file. */
    canReach(path: string): boolean {
        if (this.#isAnywhere) {
            return true;
        }
        const below: string[] = [];
        const own = folderOf(path);
        for (let at = lastPart(path) === "mod.rs" ? folderOf(own) : own; ; at = folderOf(at)) {
            const inline = this.#inline.get(at);
            const isInline = (name: string): boolean =>
                this.#names.has(name) || inline?.has(name) === true;
            if (inline !== undefined && below.every(isInline)) {
                return true;
            }
            if (at === "") {
                return false;
            }
            below.push(lastPart(at));
        }
    }
}

/** Where the parser lost its way, a `mod name;` may be lost as well: any name there may be a module's. */
function noteUnread(capture: FileCapture, names: Set<string>): void {
    if (capture.problems.length > 0) {
        capture.tree.columns.names.forEach((name) => names.add(name));
    }
}

/** What a file would declare if it were part of a crate: its modules, and those of its macros. */
function noteDeclared(program: Program, capture: FileCapture, names: Set<string>): void {
    const { items, macroNames } = program.itemsOf(capture);
    for (const item of items) {
        if (item.kind === "module" && item.body === -1) {
            names.add(item.name);
        }
    }
    macroNames.forEach((name) => names.add(name));
    noteUnread(capture, names);
}

/** File names of sources that stand in a tree's attributes and macro arguments. */
function sourceNamesIn(tree: SyntaxTree): readonly string[] {
    let found = sourceNames.get(tree);
    if (found === undefined) {
        found = tree.columns.names.filter((name) => name.endsWith(ENDING)).map(lastPart);
        sourceNames.set(tree, found);
    }
    return found;
}

/** The name under which a file would be declared: its own, or its folder's for `mod.rs`. */
function moduleNameOf(path: string): string {
    const name = lastPart(path);
    return name === "mod.rs"
        ? lastPart(path.slice(0, -"/mod.rs".length))
        : name.slice(0, -ENDING.length);
}

function lastPart(path: string): string {
    return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
