// The files that move with a module, and what stands in their way.
// Where Rust looks for a module's file: the reference, "Module source filenames".

import { refuse, type Refusal } from "../base/index.ts";
import { folderOf, joinPath, type SymbolInfo } from "../resolve/index.ts";
import { readAttributes } from "./attributes.ts";
import type { RenameContext } from "./context.ts";
import type { FoundConflict, FileMove } from "./model.ts";
import { placeAt } from "./places.ts";
import type { Subject } from "./subject.ts";

/** Moves of a module rename, with their conflicts. */
export interface ModuleMoves {
    readonly kind: "moves";
    readonly moves: readonly FileMove[];
    readonly conflicts: readonly FoundConflict[];
}

/** Plans the moves; nothing for what is no module, or has no file of its own name. */
export function planMoves(
    context: RenameContext,
    subject: Subject,
    newName: string,
): ModuleMoves | Refusal {
    const folders = new Map<string, string>();
    const moves = new Map<string, string>();
    for (const module of subject.members) {
        if (module.kind !== "module") {
            continue;
        }
        for (const base of moduleBases(context, module)) {
            const from = `${base}${subject.oldName}`;
            folders.set(`${from}/`, `${base}${newName}/`);
            for (const path of context.model.rustFiles) {
                if (path.startsWith(`${from}/`)) {
                    moves.set(path, `${base}${newName}${path.slice(from.length)}`);
                } else if (path === `${from}.rs`) {
                    moves.set(path, `${base}${newName}.rs`);
                }
            }
        }
    }
    const ordered = [...moves]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([from, to]) => ({ from, to }));
    if (ordered.length === 0) {
        return { kind: "moves", moves: [], conflicts: [] };
    }
    return (
        refuseRoots(context, ordered) ??
        refuseRelativePaths(context, ordered) ?? {
            kind: "moves",
            moves: ordered,
            conflicts: takenPlaces(context, subject, ordered, [...folders.values()]),
        }
    );
}

/**
 * Folder prefixes in which the module's file or folder bears its name. A module that `#[path]` gives a
 * file keeps it, and so do its children.
 */
function moduleBases(context: RenameContext, module: SymbolInfo): string[] {
    if (hasPathAttribute(context, module)) {
        return [];
    }
    const bodies = context.resolution
        .files()
        .filter((file) => file.modules.includes(module.index))
        .map((file) => file.path);
    const bases = bodies.flatMap((body) => {
        for (const ending of [`${module.name}.rs`, `${module.name}/mod.rs`]) {
            if (body === ending || body.endsWith(`/${ending}`)) {
                return [body.slice(0, -ending.length)];
            }
        }
        return [];
    });
    return bodies.length > 0 ? [...new Set(bases)] : inlineBases(context, module);
}

function hasPathAttribute(context: RenameContext, module: SymbolInfo): boolean {
    const tree = module.file === undefined ? undefined : context.treeOf(module.file);
    if (tree === undefined || module.nameSpan === undefined || module.file === undefined) {
        return false;
    }
    return readAttributes(tree, context.textOf(module.file), module.nameSpan.start).some(
        (attribute) => /\bpath\s*=/u.test(attribute.text),
    );
}

/** An inline module: the files of modules inside it lie in a folder of its name. */
function inlineBases(context: RenameContext, module: SymbolInfo): string[] {
    const { resolution } = context;
    const bases = new Set<string>();
    const pending = [...resolution.childrenOf(module.index)];
    const inside = new Set<number>();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        if (resolution.symbol(next).kind === "module") {
            inside.add(next);
            pending.push(...resolution.childrenOf(next));
        }
    }
    const own = inlineFolders(context, module);
    for (const file of inside.size === 0 ? [] : resolution.files()) {
        if (file.modules.some((index) => inside.has(index))) {
            for (const folder of own) {
                if (file.path.startsWith(`${folder}${module.name}/`)) {
                    bases.add(folder);
                }
            }
        }
    }
    return [...bases];
}

/** Folders that can hold the folder of an inline module, by the file and the modules around it. */
function inlineFolders(context: RenameContext, module: SymbolInfo): string[] {
    const { resolution } = context;
    const file = module.file ?? "";
    const around: string[] = [];
    const bodies = new Set(resolution.files().find((one) => one.path === file)?.modules ?? []);
    for (let at = module.parent; at !== undefined && !bodies.has(at);) {
        const symbol = resolution.symbol(at);
        if (symbol.kind === "crate") {
            break;
        }
        around.unshift(symbol.name);
        at = symbol.parent;
    }
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    const below = around.map((name) => `${name}/`).join("");
    return [`${folder}${below}`, `${file.slice(0, -".rs".length)}/${below}`];
}

function refuseRoots(context: RenameContext, moves: readonly FileMove[]): Refusal | undefined {
    for (const { targets, name } of context.model.packages) {
        for (const target of targets) {
            const move = moves.find((one) => one.from === target.rootFile);
            if (move !== undefined) {
                return refuse(
                    "RENAME_MOVES_TARGET",
                    `\`${move.from}\` would move, and it is the root of the ${target.kind} ` +
                        `\`${target.name}\` of package \`${name}\``,
                    {
                        advice: "Take the file out of the manifest, or give the module a `#[path]`.",
                    },
                );
            }
        }
    }
    return undefined;
}

const PATH_MACROS = ["include", "include_str", "include_bytes"] as const;

/** Relative paths in source that a move would bend. */
function refuseRelativePaths(
    context: RenameContext,
    moves: readonly FileMove[],
): Refusal | undefined {
    const targets = new Map(moves.map((move) => [move.from, move.to]));
    for (const name of [...PATH_MACROS, "path"]) {
        for (const occurrence of context.resolution.occurrencesNamed(name)) {
            const { file, span, role } = occurrence;
            const text = context.textOf(file);
            const pattern = name === "path" ? /^\s*=\s*"([^"]*)"/u : /^\s*!\s*[([{]\s*r?"([^"]*)"/u;
            const value = pattern.exec(text.slice(span.end, span.end + 1024))?.[1];
            if (value === undefined || (name === "path") !== (role === "attribute")) {
                continue;
            }
            const here = joinPath(folderOf(file), value);
            const there = joinPath(folderOf(targets.get(file) ?? file), value);
            if ((targets.get(here) ?? here) !== there) {
                return refuse(
                    "RENAME_BENDS_PATH",
                    `\`"${value}"\` would no longer name \`${here}\` after the module's files move`,
                    {
                        at: [placeAt(text, file, span.start)],
                        advice: "Move the files by hand, or make the path independent of the folder.",
                    },
                );
            }
        }
    }
    return undefined;
}

/** New places that are taken already. */
function takenPlaces(
    context: RenameContext,
    subject: Subject,
    moves: readonly FileMove[],
    folders: readonly string[],
): FoundConflict[] {
    const goes = new Set(moves.map((move) => move.from));
    const exists = (path: string): boolean =>
        !goes.has(path) &&
        (context.model.rustFiles.some((file) => file === path) ||
            context.pathExists?.(path) === true);
    const wanted = new Set(moves.map((move) => move.to));
    for (const folder of folders) {
        const bare = folder.slice(0, -1);
        wanted.add(`${bare}.rs`);
        wanted.add(`${folder}mod.rs`);
    }
    const taken = [...wanted].filter(exists);
    const usedFolders = folders.filter(
        (folder) =>
            context.model.rustFiles.some((file) => file.startsWith(folder)) ||
            context.pathExists?.(folder.slice(0, -1)) === true,
    );
    const [first] = [...taken, ...usedFolders];
    return first === undefined
        ? []
        : [
              {
                  kind: "file-exists",
                  grade: "error",
                  message: `the files of module \`${subject.oldName}\` cannot move: \`${first}\` exists`,
                  at: [],
              },
          ];
}
