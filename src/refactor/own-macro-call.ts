// A macro that calls itself: in the body of a `macro_rules!`, the macro's own name before a `!` means that
// macro, where no other macro has the name and the new name is nobody's, or one of std's macros. Where it is one of
// std's, so does a call in the body of another macro that is only ever seen where the first one is.

import type { Span } from "../base/index.ts";
import { isStdMacroName, type Occurrence } from "../resolve/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { isReadAsPath } from "./path-before.ts";
import { firstAfter, lastBefore } from "./places.ts";
import type { Subject } from "./subject.ts";

/** Tells the tokens by which a macro calls itself, so that they take the new name along; without a new name, one that nothing has. */
export function ownCalls(
    context: RenameContext,
    subject: Subject,
    newName: string | undefined,
): (occurrence: Occurrence) => boolean {
    const isMacro =
        subject.members.length > 0 && subject.members.every(({ kind }) => kind === "macro");
    const isInner = subject.members.every(({ visibility }) => visibility !== "public");
    const isFree = newName === undefined || isFreeForMacros(context, newName);
    const hidesStd = (): boolean =>
        newName !== undefined && isInner && isStdMacro(context, newName);
    if (
        !isMacro ||
        !isOnlyMacro(context, subject) ||
        !(isFree || (hidesStd() && isTextual(context, subject)))
    ) {
        return () => false;
    }
    const isInItsBody = (macro: number): boolean =>
        subject.family.has(macro) || (!isFree && isSeenWithin(context, subject, macro));
    const isExported = subject.members.every(({ visibility }) => visibility === "public");
    return (occurrence) => {
        const { name, role, enclosing, file, span, binding } = occurrence;
        // A call of the new name is std's so far.
        if (
            name !== subject.oldName ||
            role !== "macro-body" ||
            enclosing === undefined ||
            !isInItsBody(enclosing)
        ) {
            return false;
        }
        const text = context.textOf(file);
        const tree = context.treeOf(file);
        const isCall = /^!\s*[([{]/u.test(text.slice(firstAfter(text, span.end)).slice(0, WINDOW));
        if (
            !(binding.kind === "opaque" || (!isFree && isMeant(subject, binding))) ||
            tree === undefined ||
            !isCall ||
            !isInBody(tree, span.start) ||
            !isReadAsPath(context, occurrence)
        ) {
            return false;
        }
        const before = text.slice(Math.max(0, span.start - WINDOW), span.start);
        if (/\$\s*crate\s*::\s*$/u.test(before)) {
            return isExported;
        }
        return isInner && !/[.:$'!]/u.test(text[lastBefore(text, span.start)] ?? "");
    };
}

const WINDOW = 32;

/** Whether no other macro of the name is there: neither the workspace's nor one from outside. */
function isOnlyMacro(context: RenameContext, { oldName, family }: Subject): boolean {
    const { resolution } = context;
    return (
        resolution
            .findByName(oldName)
            .every((one) => family.has(one) || resolution.symbol(one).kind !== "macro") &&
        resolution.occurrencesNamed(oldName).every((one) => {
            const { role, binding } = one;
            const isOutside = binding.kind === "external" || binding.kind === "builtin";
            return (
                !isOutside || (role !== "macro-call" && role !== "import") || isModule(context, one)
            );
        })
    );
}

/** Whether an import names a module: it goes on behind the name, or std has the name at its root, where its macros are, too. */
function isModule(
    context: RenameContext,
    { role, file, span, name, binding }: Occurrence,
): boolean {
    const text = context.textOf(file);
    const isOfRoot = binding.kind === "external" && /^(?:std|core|alloc)::\w+$/u.test(binding.path);
    return (
        role === "import" &&
        (text.startsWith("::", firstAfter(text, span.end)) || (isOfRoot && !isStdMacroName(name)))
    );
}

function isMeant({ family }: Subject, binding: Occurrence["binding"]): boolean {
    return binding.kind === "symbol" && binding.symbols.every((one) => family.has(one));
}

/** Whether only std has a macro of a name, and nothing imports it: a definition in textual scope comes first. */
function isStdMacro({ resolution }: RenameContext, name: string): boolean {
    return (
        isStdMacroName(name) &&
        resolution.findByName(name).every((one) => {
            // A function may be a procedural macro.
            const { kind } = resolution.symbol(one);
            return kind !== "macro" && kind !== "function";
        }) &&
        resolution
            .occurrencesNamed(name)
            .every(({ role }) => role !== "import" && role !== "import-alias")
    );
}

/**
 * Whether a macro is only ever called where the subject is in textual scope: it is defined behind the subject, in the
 * block or module that the subject is defined in. What leaves that module takes both along, in their order.
 */
function isSeenWithin(context: RenameContext, { members }: Subject, macro: number): boolean {
    const { kind, visibility, file, nameSpan } = context.resolution.symbol(macro);
    const tree = file === undefined ? undefined : context.treeOf(file);
    if (kind !== "macro" || visibility === "public" || tree === undefined || !nameSpan) {
        return false;
    }
    const isBehind = members.every((member) => {
        const scope = member.file === file ? scopeOf(tree, member.nameSpan?.start) : undefined;
        return (
            scope !== undefined &&
            member.nameSpan !== undefined &&
            member.nameSpan.start < nameSpan.start &&
            nameSpan.start < scope.end
        );
    });
    return isBehind && isTextual(context, { family: new Set([macro]) });
}

/** The block, module or file in which the macro that is named at an offset is defined. */
function scopeOf(tree: SyntaxTree, name: number | undefined): Span | undefined {
    const { kind, parent, start, end } = tree.columns;
    const token = name === undefined ? undefined : tree.nodeAt(name);
    const definition = token === undefined ? undefined : parent[token];
    if (definition === undefined || kind[definition] !== KIND.macro_definition) {
        return undefined;
    }
    const around = parent[definition] ?? 0;
    return { start: start[around] ?? 0, end: end[around] ?? 0 };
}

/** Whether no macro, nor anything else of the workspace, has a name. */
export function isFreeForMacros(context: RenameContext, name: string): boolean {
    return isUnknown(context, name) && !isStdMacroName(name);
}

/** Whether a macro is only ever called in textual scope: wherever it is expanded, its name means it. */
function isTextual({ resolution }: RenameContext, { family }: Pick<Subject, "family">): boolean {
    return [...family].every((one) =>
        [...resolution.occurrencesOf(one)].every(
            ({ role, viaAlias }) => !viaAlias && TEXTUAL_ROLES.has(role),
        ),
    );
}

const TEXTUAL_ROLES: ReadonlySet<Occurrence["role"]> = new Set([
    "definition",
    "macro-call",
    "macro-body",
]);

function isUnknown({ resolution }: RenameContext, name: string): boolean {
    return (
        resolution.findByName(name).length === 0 && resolution.occurrencesNamed(name).length === 0
    );
}

/** Whether a token stands in what a rule writes, not in what it matches. */
function isInBody(tree: SyntaxTree, offset: number): boolean {
    const { kind, parent, start } = tree.columns;
    for (let at = tree.nodeAt(offset) ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.macro_rule) {
            const right = tree.findChild(at, "right");
            return right !== undefined && (start[right] ?? 0) <= offset;
        }
    }
    return false;
}
