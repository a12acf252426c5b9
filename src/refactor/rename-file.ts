// A file or folder that is renamed by hand: the module that it holds takes its name, and strings that are its
// path follow. Where Rust looks for a module's file: the reference, "Module source filenames".

import { refuse, type Refusal } from "../base/index.ts";
import { folderOf, type SymbolInfo } from "../resolve/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import type { RenameContext } from "./context.ts";
import type { RenameOptions } from "./rename-options.ts";
import { finishPlan } from "./finish-plan.ts";
import { followPaths } from "./follow-paths.ts";
import type { FileMove, RenamePlan } from "./model.ts";
import { hasPathAttribute } from "./module-moves.ts";
import { checkNewName } from "./new-name.ts";
import { renameItem } from "./rename-item.ts";

/**
 * Plans what follows when a file or folder is renamed; its own move is among the plan's. Undefined where
 * nothing follows: what belongs to no target, moves to another folder, the root of a target that Cargo finds
 * by its place, `mod.rs`.
 */
export function renameFile(
    context: RenameContext,
    renamed: FileMove,
    options: RenameOptions = {},
): RenamePlan | Refusal | undefined {
    const moves = rustMoves(context, renamed);
    if (moves.length === 0 || renamed.from === renamed.to || !hasOwner(context, moves)) {
        return undefined;
    }
    const isFolder = !context.model.rustFiles.some((path) => path === renamed.from);
    if (!isFolder && !renamed.to.endsWith(".rs")) {
        return undefined;
    }
    if (staysInPlace(renamed)) {
        return followOnly(context, renamed, moves);
    }
    const modules = modulesOf(context, renamed, isFolder);
    const isNear = folderOf(renamed.from) === folderOf(renamed.to);
    const name = stemOf(renamed.to, isFolder);
    const isOfFolder = [renamed.from, renamed.to].some((path) => /(?:^|\/)mod\.rs$/u.test(path));
    const [first] = modules;
    if (first === undefined) {
        return holdsNamedModule(context, renamed, moves)
            ? undefined
            : followOnly(context, renamed, moves);
    }
    if (!isNear || isOfFolder) {
        return undefined;
    }
    const legal = checkNewName(name, "module");
    return legal.kind === "refusal"
        ? refuse("RENAME_BAD_NAME", `\`${renamed.to}\`: no module can be called \`${name}\``, {
              advice: "Give the file a name that is an identifier, or the module a `#[path]`.",
          })
        : renameItem(context, { kind: "symbol", symbol: first.index }, name, {
              ...options,
              renamed,
          });
}

/** `foo.rs` turned into `foo/mod.rs`, or back: the module and what it holds are found as before. */
function staysInPlace({ from, to }: FileMove): boolean {
    const bare = (path: string): string => path.replace(/(?:\/mod)?\.rs$/u, "");
    return from.endsWith(".rs") && to.endsWith(".rs") && bare(from) === bare(to);
}

/** Moves of Rust files. */
function rustMoves({ model }: RenameContext, { from, to }: FileMove): FileMove[] {
    return model.rustFiles.flatMap((path) => {
        if (path === from) {
            return [{ from: path, to }];
        }
        return path.startsWith(`${from}/`)
            ? [{ from: path, to: `${to}${path.slice(from.length)}` }]
            : [];
    });
}

/** Whether a target reaches one of the files, or something includes it. */
function hasOwner({ resolution }: RenameContext, moves: readonly FileMove[]): boolean {
    const moved = new Set(moves.map(({ from }) => from));
    return (
        resolution.files().some(({ path, owners }) => moved.has(path) && owners.length > 0) ||
        resolution.occurrencesNamed("include").length > 0
    );
}

function stemOf(path: string, isFolder: boolean): string {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return isFolder ? name : name.replace(/\.rs$/u, "");
}

/** The modules that a file or folder gives its name to. */
function modulesOf(
    { resolution, ...context }: RenameContext,
    { from }: FileMove,
    isFolder: boolean,
): SymbolInfo[] {
    const name = stemOf(from, isFolder);
    const bodies = isFolder ? [`${from}/mod.rs`, `${from}.rs`] : [from];
    const found = resolution
        .files()
        .filter(({ path }) => bodies.includes(path))
        .flatMap(({ modules }) => modules.map((one) => resolution.symbol(one)));
    return found.filter(
        (one) =>
            one.kind === "module" &&
            one.name === name &&
            !hasPathAttribute({ resolution, ...context }, one),
    );
}

/** Whether a module is found by the name of what moves, or by the folder that it lies in. */
function holdsNamedModule(
    context: RenameContext,
    { from }: FileMove,
    moves: readonly FileMove[],
): boolean {
    const { resolution } = context;
    const moved = new Set(moves.map((move) => move.from));
    return resolution.files().some(
        ({ path, modules }) =>
            moved.has(path) &&
            modules.some((index) => {
                const symbol = resolution.symbol(index);
                const isFound = symbol.kind === "module" && !hasPathAttribute(context, symbol);
                // What is declared in a file that moves along is found as before.
                return isFound && !(path !== from && moved.has(symbol.file ?? ""));
            }),
    );
}

/** Nothing takes another name: only strings follow. */
function followOnly(
    context: RenameContext,
    renamed: FileMove,
    moves: readonly FileMove[],
): RenamePlan | Refusal | undefined {
    const followed = followPaths(context, moves, renamed);
    if (followed.kind === "refusal") {
        return followed.code === "RENAME_MOVES_TARGET" ? undefined : followed;
    }
    const { edits, manifests } = followed;
    const symbol = homeOf(context, moves);
    if (edits.length + manifests.length === 0 || symbol === undefined) {
        return undefined;
    }
    return finishPlan(
        context,
        {
            target: { kind: "symbol", symbol },
            oldName: renamed.from,
            newName: renamed.to,
            files: groupByFile(edits),
            moves,
            plain: manifests,
            names: [],
            expected: NO_DIFFERENCE,
            couldMean: () => false,
        },
        [],
        [],
    );
}

/** What a plan for files is about: the module of one, or a crate. */
function homeOf({ resolution }: RenameContext, moves: readonly FileMove[]): number | undefined {
    const files = resolution.files();
    const owned = files.find(({ path }) => moves.some(({ from }) => from === path));
    return (
        owned?.modules[0] ??
        owned?.owners[0] ??
        files.find(({ owners }) => owners.length > 0)?.owners[0]
    );
}
