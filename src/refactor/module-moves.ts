// The files that move with a module, and what stands in their way.
// Where Rust looks for a module's file: the reference, "Module source filenames".

import type { Refusal } from "../base/index.ts";
import type { SymbolInfo } from "../resolve/index.ts";
import { attributesOf } from "./attributes.ts";
import type { RenameContext } from "./context.ts";
import { followPaths } from "./follow-paths.ts";
import type { FileMove, FoundConflict, TextEdit } from "./model.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import type { Subject } from "./subject.ts";

/** Moves of a module rename, with their conflicts. */
export interface ModuleMoves {
    readonly kind: "moves";
    readonly moves: readonly FileMove[];
    /** Strings in source that name what moves, or are read relative to it. */
    readonly edits: readonly PlannedEdit[];
    /** The same in manifests. */
    readonly manifests: readonly TextEdit[];
    readonly conflicts: readonly FoundConflict[];
}

/**
 * Plans the moves; nothing for what is no module, or has no file of its own name. `renamed` is the file or
 * folder that somebody else moves, with all that is in it.
 */
export function planMoves(
    context: RenameContext,
    subject: Subject,
    newName: string,
    renamed?: FileMove,
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
        return { kind: "moves", moves: [], edits: [], manifests: [], conflicts: [] };
    }
    const edits = followPaths(context, ordered, renamed);
    return edits.kind === "refusal"
        ? edits
        : {
              kind: "moves",
              moves: ordered,
              edits: edits.edits,
              manifests: edits.manifests,
              conflicts: [
                  ...takenPlaces(context, subject, ordered, {
                      folders: [...folders.values()],
                      renamed,
                  }),
                  ...madeTargets(context, ordered),
              ],
          };
}

/**
 * Files that Cargo would take for the roots of targets where they land.
 * Source: https://doc.rust-lang.org/cargo/guide/project-layout.html.
 */
function madeTargets({ model }: RenameContext, moves: readonly FileMove[]): FoundConflict[] {
    const roots = new Set(
        model.packages.flatMap(({ folder }) =>
            ["src/main.rs", "src/lib.rs", "build.rs"].map((path) =>
                folder === "" ? path : `${folder}/${path}`,
            ),
        ),
    );
    return moves
        .filter(({ to }) => roots.has(to))
        .map(({ to }) => ({
            kind: "made-target",
            grade: "unproved",
            message: `Cargo may take \`${to}\` for the root of a target`,
            at: [],
        }));
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

/** Whether `#[path]` says which file is a module's. */
export function hasPathAttribute(context: RenameContext, module: SymbolInfo): boolean {
    return attributesOf(context, module).some(({ text }) => /\bpath\s*=/u.test(text));
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

/** New places that are taken already. */
function takenPlaces(
    context: RenameContext,
    subject: Subject,
    moves: readonly FileMove[],
    {
        folders,
        renamed,
    }: { readonly folders: readonly string[]; readonly renamed: FileMove | undefined },
): FoundConflict[] {
    const goes = new Set(moves.map((move) => move.from));
    // What somebody else moves, they find taken themselves, or have moved already.
    const isTheirs = (path: string): boolean =>
        renamed !== undefined && (path === renamed.to || path.startsWith(`${renamed.to}/`));
    const exists = (path: string): boolean =>
        !isTheirs(path) &&
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
            !isTheirs(folder.slice(0, -1)) &&
            (context.model.rustFiles.some((file) => file.startsWith(folder)) ||
                context.pathExists?.(folder.slice(0, -1)) === true),
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
