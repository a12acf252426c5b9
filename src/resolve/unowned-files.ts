// Which files that no target reaches may be part of a crate all the same: a macro can declare a module, an
// include can take a file in. Says no only where nothing that is seen could do either.

import { KIND, type FileCapture, type SyntaxTree } from "../syntax/index.ts";
import { packageOfFile } from "../workspace/index.ts";
import type { FileItems } from "./file-items.ts";
import { STD_MACROS } from "./known-names.ts";
import { childModuleFolder, folderOf } from "./module-files.ts";
import { NO_MOVES, type FileMoves } from "./file-moves.ts";
import type { Program } from "./program.ts";
import type { FileInstance } from "./symbols.ts";

const ENDING = ".rs";

/** Names of modules that the grammar takes for keywords among a macro's tokens, so that they are not seen. */
const UNSEEN_NAMES = ["default", "gen", "union"];

/** Ends of paths of sources that stand in a tree: in `#[path = "…"]`, and elsewhere. */
interface SourceNames {
    readonly ofModules: ReadonlySet<string>;
    readonly others: ReadonlySet<string>;
}

const sourceNames = new WeakMap<SyntaxTree, SourceNames>();

/** Files that may be part of a crate, by path: one of the package that they lie in, or any. */
export type PossibleModules = ReadonlyMap<string, "own" | "any">;

/**
 * The files outside all targets that a macro or an include may make part of a crate. `moves` gives the new
 * paths of files of the program that have others now.
 */
export function findPossibleModules(
    program: Program,
    captures: ReadonlyMap<string, FileCapture>,
    moves: FileMoves = NO_MOVES,
): PossibleModules {
    const compiled = new Map<string, CompiledFile>();
    const unowned = new Set<string>();
    for (const [path, capture] of captures) {
        const instances = program.instancesByPath.get(path) ?? [];
        if (instances.length > 0) {
            const packages = [...new Set(instances.map(({ crate }) => crate.package))];
            compiled.set(moves.get(path) ?? path, { capture, packages, instances });
        } else {
            unowned.add(path);
        }
    }
    const possible = new Map<string, "own" | "any">();
    for (let isGrowing = true; isGrowing;) {
        isGrowing = false;
        // What a file brings, its macros among it, may matter to what all the others say.
        const seen = new SeenFiles(program, compiled);
        for (const path of unowned) {
            const packages = seen.packagesReaching(path);
            const capture = captures.get(path);
            if (packages.length > 0 && capture !== undefined) {
                const own = packageOfFile(program.model, path);
                possible.set(path, packages.every((one) => one === own) ? "own" : "any");
                unowned.delete(path);
                compiled.set(path, { capture, packages, instances: [] });
                isGrowing = true;
            }
        }
    }
    return possible;
}

/** A file that is compiled, or may be. */
interface CompiledFile {
    readonly capture: FileCapture;
    /** Numbers of the packages whose crates it is part of. */
    readonly packages: readonly number[];
    readonly instances: readonly FileInstance[];
}

/** What the files of one package say of others. */
interface SeenPackage {
    readonly names: Set<string>;
    readonly folders: ModuleFolders;
}

/** What the files that are compiled, for all that is known, say of others. */
class SeenFiles {
    /** Names in the definitions of macros, which may be called from anywhere. */
    readonly #names = new Set(UNSEEN_NAMES);
    readonly #packages = new Map<number, SeenPackage>();
    readonly #included = new Set<string>();

    constructor(program: Program, compiled: ReadonlyMap<string, CompiledFile>) {
        const captures = [...compiled.values()].map(({ capture }) => capture);
        const isDeclaring = findDeclaring(program, captures);
        for (const [path, file] of compiled) {
            const items = program.itemsOf(file.capture);
            const unloaded = modulesNotLoaded(items, file.instances);
            const sources = sourceNamesIn(file.capture.tree);
            sources.others.forEach((name) => this.#included.add(name));
            if (file.instances.length === 0 || unloaded.length > 0) {
                // The files of other modules were looked for, and are part of a crate if they are there.
                sources.ofModules.forEach((name) => this.#included.add(name));
            }
            const names = [...file.capture.lostModules, ...unloaded];
            for (const tokens of items.macroTokens) {
                const isAny = tokens.declaresGiven || tokens.calls.some(isDeclaring);
                const found = isAny ? tokens.names : tokens.moduleNames;
                if (tokens.defines === undefined) {
                    names.push(...found);
                } else {
                    found.forEach((name) => this.#names.add(name));
                }
            }
            for (const number of file.packages) {
                const seen = this.#package(number);
                names.forEach((name) => seen.names.add(name));
                seen.folders.add(path, items);
            }
        }
    }

    #package(number: number): SeenPackage {
        let seen = this.#packages.get(number);
        if (seen === undefined) {
            const names = new Set<string>();
            const isName = (name: string): boolean => names.has(name) || this.#names.has(name);
            seen = { names, folders: new ModuleFolders(isName) };
            this.#packages.set(number, seen);
        }
        return seen;
    }

    /** The packages whose crates may have a file as a part. */
    packagesReaching(path: string): number[] {
        const all = [...this.#packages];
        if (isIncluded(path, this.#included)) {
            return all.map(([number]) => number);
        }
        const name = moduleNameOf(path);
        return all
            .filter(([, { names }]) => names.has(name) || this.#names.has(name))
            .filter(([, { folders }]) => folders.canReach(path))
            .map(([number]) => number);
    }
}

/** Names of modules that a file declares, as far as it is known, and that were not found. */
function modulesNotLoaded(
    { items }: FileItems,
    instances: readonly FileInstance[],
): readonly string[] {
    return items
        .filter(({ kind, through }, number) => {
            const isOwn = instances.length > 0 && through === undefined;
            const isLoaded = (): boolean =>
                instances.length > 0 && instances.every(({ symbols }) => symbols[number] !== -1);
            return kind === "module" && !isOwn && !isLoaded();
        })
        .map(({ name }) => name);
}

/**
 * Folders in which a `mod name;` of some file looks for its own: the file's folder or the one named after it,
 * and below it one for each inline module around the declaration.
 */
class ModuleFolders {
    /** Names of the inline modules of the files that look in a folder. */
    readonly #inline = new Map<string, Set<string>>();
    readonly #isName: (name: string) => boolean;
    /** An inline module has a folder given by an attribute. */
    #isAnywhere = false;

    /** `isName` tells the names that macros may declare modules with. */
    constructor(isName: (name: string) => boolean) {
        this.#isName = isName;
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
                this.#isName(name) || inline?.has(name) === true;
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

/**
 * Tells whether a macro may make modules of names that it is given: one whose body says so, or calls one that
 * may, or one that is not seen.
 */
function findDeclaring(
    program: Program,
    captures: Iterable<FileCapture>,
): (name: string) => boolean {
    const calls = new Map<string, Set<string>>();
    const declaring = new Set<string>();
    for (const capture of captures) {
        for (const tokens of program.itemsOf(capture).macroTokens) {
            if (tokens.defines !== undefined) {
                const known = calls.get(tokens.defines) ?? new Set();
                tokens.calls.forEach((name) => known.add(name));
                calls.set(tokens.defines, known);
                if (tokens.declaresGiven) {
                    declaring.add(tokens.defines);
                }
            }
        }
    }
    const isDeclaring = (name: string): boolean =>
        declaring.has(name) || (!calls.has(name) && !MODULELESS.has(name));
    for (let isGrowing = true; isGrowing;) {
        isGrowing = false;
        for (const [name, called] of calls) {
            if (!declaring.has(name) && [...called].some(isDeclaring)) {
                declaring.add(name);
                isGrowing = true;
            }
        }
    }
    return isDeclaring;
}

/** Macros of std, and well-known ones, that make no modules of what they are given. */
const MODULELESS: ReadonlySet<string> = new Set([
    ...STD_MACROS,
    ..."lazy_static bitflags pin_project pin_project_lite trace debug info warn error".split(" "),
]);

/** Ends of paths of sources that stand in a tree's attributes and macro arguments, unless only their text is taken. */
function sourceNamesIn(tree: SyntaxTree): SourceNames {
    let found = sourceNames.get(tree);
    if (found === undefined) {
        const { names, name } = tree.columns;
        const wanted = new Set<number>();
        names.forEach((one, index) => {
            if (one.endsWith(ENDING) && !one.includes("://")) {
                wanted.add(index);
            }
        });
        const ofModules = new Set<string>();
        const others = new Set<string>();
        for (let node = 0; wanted.size > 0 && node < tree.count; node++) {
            const index = name[node] ?? 0;
            if (wanted.has(index) && !isTakenAsText(tree, node)) {
                (isPathOfModule(tree, node) ? ofModules : others).add(endOf(names[index] ?? ""));
            }
        }
        found = { ofModules, others };
        sourceNames.set(tree, found);
    }
    return found;
}

/** Whether a string is the value of a `#[path = "…"]` that is read as an attribute. */
function isPathOfModule(tree: SyntaxTree, node: number): boolean {
    const attribute = tree.columns.parent[node] ?? 0;
    return (
        tree.columns.kind[attribute] === KIND.attribute &&
        tree.findChild(attribute, "value") === node &&
        tree.nameOf(attribute + 1) === "path"
    );
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
