// Names that a program can put out by asking for them: `module_path!` shows modules, `type_name` shows types
// and the modules around them, also through a generic function.

import type { Span } from "../base/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { canReachCrate } from "./crate-reach.ts";
import type { FoundConflict } from "./model.ts";
import { firstAfter, lastBefore, placeAt } from "./places.ts";
import type { Subject } from "./subject.ts";

/** Conflicts of a rename whose name `module_path!` or `type_name` may put out. */
export function findPrintedNames(context: RenameContext, subject: Subject): FoundConflict[] {
    const modules = subject.members.filter(({ kind }) => kind === "module");
    const shown = modules.length === 0 ? undefined : findModulePath(context, modules);
    const asked = findTypeName(context, subject);
    return [
        ...(shown === undefined ? [] : [conflictAt(context, shown, "module_path!")]),
        ...(asked === undefined ? [] : [conflictAt(context, asked, "type_name")]),
    ];
}

function conflictAt(context: RenameContext, found: Occurrence, by: string): FoundConflict {
    return {
        kind: "changes-output",
        grade: "changes-output",
        message: `\`${by}\` may put the name out`,
        at: [placeAt(context.textOf(found.file), found.file, found.span.start)],
    };
}

/** A `module_path!` in the modules: written there, or by a macro of the workspace that is used there. */
function findModulePath(
    context: RenameContext,
    modules: readonly SymbolInfo[],
): Occurrence | undefined {
    const { resolution } = context;
    const homes = new Set(modules.map(({ index }) => index));
    const names = new Set(["module_path"]);
    // A set visits what is added to it during the loop.
    for (const name of names) {
        for (const found of resolution.occurrencesNamed(name)) {
            const { role, enclosing } = found;
            const text = context.textOf(found.file);
            if (role === "definition" || text[firstAfter(text, found.span.end)] !== "!") {
                continue;
            }
            if (enclosing === undefined || isInside(resolution, enclosing, homes)) {
                return found;
            }
            const macro = resolution.symbol(enclosing);
            if (role === "macro-body" && macro.kind === "macro") {
                names.add(macro.name);
            }
        }
    }
    return undefined;
}

/** A use of `type_name` that may show a member of the subject, or what lies in one that is a module. */
function findTypeName(context: RenameContext, subject: Subject): Occurrence | undefined {
    const members = subject.members.filter(({ kind }) => SHOWN.has(kind));
    if (members.length === 0) {
        return undefined;
    }
    return ["type_name", "type_name_of_val"]
        .flatMap((name) => [...context.resolution.occurrencesNamed(name)])
        .find((found) => isTypeNameOfStd(context, found) && mayShow(context, members, found));
}

const SHOWN: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "module",
]);

function isTypeNameOfStd(context: RenameContext, found: Occurrence): boolean {
    const { binding, file, span, role } = found;
    if (role === "definition" || binding.kind === "symbol" || binding.kind === "local") {
        return false;
    }
    if (binding.kind === "external" && !/^(?:std|core)::any::/u.test(binding.path)) {
        return false;
    }
    const text = context.textOf(file);
    if (role === "import") {
        return /^\s+as\b/u.test(text.slice(span.end, span.end + WINDOW));
    }
    return text[lastBefore(text, span.start)] !== ".";
}

const WINDOW = 16;

function mayShow(
    context: RenameContext,
    members: readonly SymbolInfo[],
    found: Occurrence,
): boolean {
    const { resolution } = context;
    const argument = argumentOf(context.textOf(found.file), found);
    const named = argument === undefined ? undefined : typesIn(context, found, argument);
    if (named !== undefined) {
        const shown = new Set(members.map(({ index }) => index));
        return named.some((one) => isInside(resolution, one, shown));
    }
    return members.some((member) => canMeet(context, member, found));
}

/** Inside of the `<…>` after a token; undefined without one. */
function argumentOf(text: string, { span }: Occurrence): Span | undefined {
    const open = /^\s*::\s*</u.exec(text.slice(span.end, span.end + WINDOW));
    if (open === null) {
        return undefined;
    }
    const start = span.end + open[0].length;
    let depth = 1;
    for (let at = start; at < text.length; at++) {
        const char = text[at];
        if (char === "<") {
            depth += 1;
        } else if (char === ">" && text[at - 1] !== "-") {
            depth -= 1;
        }
        if (depth === 0) {
            return { start, end: at };
        }
    }
    return undefined;
}

/** What a type's tokens name; undefined where one of them may stand for any type. */
function typesIn(
    context: RenameContext,
    { file }: Occurrence,
    { start, end }: Span,
): number[] | undefined {
    const { resolution } = context;
    if (
        /\bSelf\b|\$|(?<![\p{XID_Continue}])_(?![\p{XID_Continue}])|!/u.test(
            context.textOf(file).slice(start, end),
        )
    ) {
        return undefined;
    }
    const named: number[] = [];
    let count = 0;
    for (const { binding, span } of resolution.occurrencesIn(file)) {
        if (span.start < start || span.end > end) {
            continue;
        }
        count += 1;
        if (binding.kind === "symbol") {
            const symbols = binding.symbols.map((one) => resolution.symbol(one));
            if (symbols.some(({ kind }) => kind === "type-alias" || kind === "assoc-type")) {
                return undefined;
            }
            named.push(...binding.symbols);
        } else if (binding.kind !== "external" && binding.kind !== "builtin") {
            return undefined;
        }
    }
    return count === 0 ? undefined : named;
}

/** Whether some crate can give a type to the code that asks for its name. */
function canMeet(
    { resolution, model }: RenameContext,
    { crate: home, visibility }: SymbolInfo,
    { crate: asking }: Occurrence,
): boolean {
    if (home === undefined || asking === undefined) {
        return true;
    }
    const crates = new Set(resolution.files().flatMap(({ owners }) => [...owners]));
    return [...crates].some(
        (one) =>
            canReachCrate(model, resolution, one, asking) &&
            (one === home ||
                (visibility === "public" && canReachCrate(model, resolution, one, home))),
    );
}

/** Whether a symbol is one of these, or lies in one of them. */
function isInside(resolution: Resolution, start: number, homes: ReadonlySet<number>): boolean {
    for (let at: number | undefined = start; at !== undefined; at = resolution.symbol(at).parent) {
        if (homes.has(at)) {
            return true;
        }
    }
    return false;
}
