// How far names of macros, and of what a crate of procedural macros defines, can be seen: textual order ends with its
// module, and nothing but macros leaves such a crate. Says no only where the language says no.

import { NODE_FLAG } from "../graph/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { readAttributes } from "./attributes.ts";
import type { MeaningContext } from "./context.ts";
import { firstAfter } from "./places.ts";

/** Whether other crates can name a symbol, as far as its crate's kind tells: of one of procedural macros only these. */
export function leavesCrate(
    model: WorkspaceModel,
    resolution: Resolution,
    { kind, crate, parent, visibility }: SymbolInfo,
): boolean {
    // A function-like macro is declared as a function in the crate's root.
    const mayBeMacro =
        kind === "macro" || (kind === "function" && visibility === "public" && parent === crate);
    return mayBeMacro || crate === undefined || !isMacroCrate(model, resolution.symbol(crate).name);
}

/** Whether all targets of a name are crates of procedural macros. */
function isMacroCrate(model: WorkspaceModel, crate: string): boolean {
    const targets = model.packages.flatMap((one) =>
        one.targets.filter(({ crateName }) => crateName === crate),
    );
    return targets.length > 0 && targets.every(({ kind }) => kind === "proc-macro");
}

/**
 * Whether a token of a macro's body can be expanded where a macro is in textual scope: a call of the body's macro, or of one
 * whose body names that, must stand in a file that the scope can reach.
 */
export function mayBeExpandedNear(
    context: MeaningContext,
    macro: SymbolInfo,
    { enclosing }: Occurrence,
): boolean {
    const { resolution } = context;
    const body = enclosing === undefined ? undefined : resolution.symbol(enclosing);
    const files = body?.kind === "macro" ? filesInTextualScope(context, macro) : undefined;
    if (files === undefined || body === undefined) {
        return true;
    }
    const names = new Set([body.name]);
    // A set visits what is added to it during the loop.
    for (const name of names) {
        for (const token of resolution.occurrencesNamed(name)) {
            const around = token.enclosing;
            const holder = around === undefined ? undefined : resolution.symbol(around);
            // What another crate is given may be quoted there, and written anywhere.
            const isElsewhere = token.role === "macro-input" && token.crate !== macro.crate;
            if (files.has(token.file) || isElsewhere || isRenamedImport(context, token)) {
                return true;
            }
            if (token.role === "macro-body" && holder?.kind === "macro") {
                names.add(holder.name);
            }
        }
    }
    return false;
}

const known = new WeakMap<Resolution, Map<number, ReadonlySet<string> | undefined>>();

/** Files that the textual scope of a macro can reach; undefined where it may be named in other ways. */
function filesInTextualScope(
    context: MeaningContext,
    macro: SymbolInfo,
): ReadonlySet<string> | undefined {
    const ofResolution =
        known.get(context.resolution) ?? new Map<number, ReadonlySet<string> | undefined>();
    known.set(context.resolution, ofResolution);
    if (!ofResolution.has(macro.index)) {
        ofResolution.set(macro.index, readTextualScope(context, macro));
    }
    return ofResolution.get(macro.index);
}

function readTextualScope(
    context: MeaningContext,
    macro: SymbolInfo,
): ReadonlySet<string> | undefined {
    const { resolution } = context;
    const { file, visibility, flags } = macro;
    const files = resolution.files();
    const isImported = resolution
        .occurrencesNamed(macro.name)
        .some(({ role }) => role === "import" || role === "import-alias");
    const home = new Set(files.flatMap(({ path, modules }) => (path === file ? modules : [])));
    const isMade = (flags & NODE_FLAG.macroMade) !== 0;
    if (file === undefined || visibility === "public" || isImported || isMade || home.size === 0) {
        return undefined;
    }
    if (modulesAround(resolution, macro).some((one) => mayPassOn(context, one))) {
        return undefined;
    }
    const isInside = (module: number): boolean =>
        [module, ...above(resolution, module)].some((at) => home.has(at));
    // What is no module's body is taken in somewhere.
    const inside = files.filter(({ modules }) => modules.length === 0 || modules.some(isInside));
    return new Set([file, ...inside.map(({ path }) => path)]);
}

/** The modules around a symbol, the crate left out. */
function modulesAround(resolution: Resolution, { index }: SymbolInfo): SymbolInfo[] {
    return above(resolution, index)
        .map((one) => resolution.symbol(one))
        .filter(({ kind }) => kind === "module");
}

function above(resolution: Resolution, start: number): number[] {
    const found: number[] = [];
    let at = resolution.symbol(start).parent;
    while (at !== undefined) {
        found.push(at);
        at = resolution.symbol(at).parent;
    }
    return found;
}

/** Whether a module may hand on its macros by `#[macro_use]`; so may one whose declaration is not read. */
function mayPassOn(context: MeaningContext, { index, file, nameSpan }: SymbolInfo): boolean {
    const { resolution, treeOf, textOf } = context;
    const tree = file === undefined ? undefined : treeOf(file);
    if (file === undefined || nameSpan === undefined || tree === undefined) {
        return true;
    }
    const bodies = resolution.files().filter(({ modules }) => modules.includes(index));
    return (
        readAttributes(tree, textOf(file), nameSpan.start).some(isMacroUse) ||
        // An attribute inside of a module does the same.
        [file, ...bodies.map(({ path }) => path)].some((path) =>
            /#!\s*\[[^\]]*macro_use/u.test(textOf(path)),
        )
    );
}

function isMacroUse({ text }: { readonly text: string }): boolean {
    return text.includes("macro_use");
}

/** Whether an import gives what it brings another name, by which no token is looked for. */
function isRenamedImport({ textOf }: MeaningContext, { role, file, span }: Occurrence): boolean {
    const text = textOf(file);
    const next = firstAfter(text, span.end);
    return role === "import" && /^as\b/u.test(text.slice(next, next + 3));
}
