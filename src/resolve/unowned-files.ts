// Which files that no target reaches may be part of a crate all the same: a macro can declare a module, an
// include can take a file in. Says no only where nothing that is seen could do either.

import { KIND, type FileCapture, type SyntaxTree } from "../syntax/index.ts";
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
    const noteCompiled = (path: string, capture: FileCapture): void => {
        sourceNamesIn(capture.tree).forEach((name) => included.add(name));
        noteUnread(capture, names);
        folders.add(path, program.itemsOf(capture));
    };
    for (const [path, capture] of captures) {
        if (program.instancesByPath.has(path)) {
            noteCompiled(path, capture);
        } else {
            unowned.set(path, capture);
        }
    }
    const possible = new Set<string>();
    for (let isGrowing = true; isGrowing;) {
        isGrowing = false;
        for (const [path, capture] of unowned) {
            const isNamed = names.has(moduleNameOf(path)) && folders.canReach(path);
            if (isNamed || isIncluded(path, included)) {
                possible.add(path);
                unowned.delete(path);
                noteDeclared(program, capture, names);
                noteCompiled(path, capture);
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
}

/** Ends of paths of sources that stand in a tree's attributes and macro arguments, unless only their text is taken. */
function sourceNamesIn(tree: SyntaxTree): readonly string[] {
    let found = sourceNames.get(tree);
    if (found === undefined) {
        const { names, name } = tree.columns;
        const wanted = new Set<number>();
        names.forEach((one, index) => {
            if (one.endsWith(ENDING)) {
                wanted.add(index);
            }
        });
        const seen = new Set<string>();
        for (let node = 0; wanted.size > 0 && node < tree.count; node++) {
            const index = name[node] ?? 0;
            if (wanted.has(index) && !isTakenAsText(tree, node)) {
                seen.add(endOf(names[index] ?? ""));
            }
        }
        found = [...seen];
        sourceNames.set(tree, found);
    }
    return found;
}

/** The end that a file's path has if a string names it: what leads up or to a root is left out. */
function endOf(written: string): string {
    const end = written.replaceAll("\\", "/").replace(/^(?:\.{0,2}\/)+/u, "");
    return end.split("/").some((part) => part === ".." || part === "." || part === "")
        ? lastPart(end)
        : end;
}

/** Whether a path ends with one of these, segment by segment. */
function isIncluded(path: string, ends: ReadonlySet<string>): boolean {
    for (let at = 0; at !== -1 && at < path.length;) {
        if (ends.has(path.slice(at))) {
            return true;
        }
        const cut = path.indexOf("/", at);
        at = cut === -1 ? -1 : cut + 1;
    }
    return false;
}

/** Whether a node stands in the input of a macro of std that makes a file's bytes a literal. */
function isTakenAsText(tree: SyntaxTree, node: number): boolean {
    const { kind, parent } = tree.columns;
    for (let at = parent[node] ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.macro_invocation) {
            const macro = tree.findChild(at, "macro");
            return macro !== undefined && TEXT_MACROS.has(tree.nameOf(macro));
        }
    }
    return false;
}

const TEXT_MACROS: ReadonlySet<string> = new Set(["include_str", "include_bytes"]);

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
