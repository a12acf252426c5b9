// A binding may not have the name of a tuple struct, a tuple variant or a function-like constructor that is in
// scope: `let T = x;` does not compile then, though no token says so. The resolver is asked what the name
// would mean, by a pattern in the binding's place.

import type { LocalInfo, Occurrence } from "../resolve/index.ts";
import { applyEdits } from "./apply-edits.ts";
import type { RenameContext } from "./context.ts";
import { describe } from "./find-target.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import type { Subject } from "./subject.ts";

/** Constructors that std's prelude brings. */
const PRELUDE = new Set(["Some", "Ok", "Err"]);

/** Finds bindings and constructors that would get one name in one scope. */
export function findTuplePatterns(
    context: RenameContext,
    subject: Subject,
    files: ReadonlyMap<string, readonly PlannedEdit[]>,
    newName: string,
): FoundConflict[] {
    const { local } = subject;
    if (local !== undefined) {
        const isBinding = local.kind === "local" || local.kind === "parameter";
        const named = context.resolution.findByName(newName);
        const hasTuple = named.some((one) => isTuple(context, one)) || PRELUDE.has(newName);
        return isBinding && hasTuple ? probe(context, [local], new Map(), newName) : [];
    }
    return subject.members.some((member) => isTuple(context, member.index))
        ? probe(context, bindingsNamed(context, newName), files, newName)
        : [];
}

/** Whether a symbol is a constructor with fields by position. */
function isTuple(context: RenameContext, index: number): boolean {
    const { kind, file, extent } = context.resolution.symbol(index);
    if ((kind !== "struct" && kind !== "variant") || file === undefined || extent === undefined) {
        return false;
    }
    const text = context.textOf(file).slice(extent.start, extent.end);
    return /^[^{;=]*\(/u.test(text.replace(/^pub\s*\([^)]*\)/u, ""));
}

function bindingsNamed(context: RenameContext, name: string): LocalInfo[] {
    return context.resolution.occurrencesNamed(name).flatMap(({ role, binding }) => {
        const local = role === "definition" && binding.kind === "local" ? binding.local : undefined;
        return local?.kind === "local" || local?.kind === "parameter" ? [local] : [];
    });
}

/** Puts a pattern of the name in the place of each binding, and reads what it means. */
function probe(
    context: RenameContext,
    locals: readonly LocalInfo[],
    files: ReadonlyMap<string, readonly PlannedEdit[]>,
    name: string,
): FoundConflict[] {
    if (locals.length === 0) {
        return [];
    }
    const changes = new Map<string, string>();
    for (const [path, edits] of files) {
        changes.set(path, applyEdits(context.textOf(path), edits));
    }
    const patterns = new Map<string, Pattern[]>();
    for (const local of locals) {
        const list = patterns.get(local.file) ?? [];
        patterns.set(local.file, list);
        const pattern = patternAt(context, local, name);
        // Each crate that a file belongs to sees the binding, and so does each alternative of a pattern.
        if (!list.some((one) => one.span.start === pattern.span.start)) {
            list.push(pattern);
        }
    }
    const asked = new Set<string>();
    for (const [path, list] of patterns) {
        const edits = files.get(path) ?? [];
        const free = list.filter((one) => !edits.some((edit) => meets(edit.span, one.span)));
        changes.set(path, applyEdits(context.textOf(path), [...edits, ...free]));
        for (const one of free) {
            const moved = [...edits, ...free]
                .filter(({ span }) => span.start < one.span.start)
                .reduce(
                    (sum, { span, newText }) => sum + newText.length + span.start - span.end,
                    0,
                );
            asked.add(placeKey(path, one.span.start + moved + one.at));
        }
    }
    const after = context.reResolve(changes, []);
    const found = after
        .occurrencesNamed(name)
        .find(
            (one) =>
                one.role === "pattern" &&
                asked.has(placeKey(one.file, one.span.start)) &&
                isConstructor(after, one),
        );
    return found === undefined ? [] : [conflictAt(context, locals, found, name)];
}

/** A pattern in the place of a binding. */
interface Pattern {
    readonly span: LocalInfo["nameSpan"];
    readonly newText: string;
    /** Where in the new text the name stands. */
    readonly at: number;
}

/** `x`, `mut x` and the shorthand `S { x }` as patterns that take a tuple apart. */
function patternAt(context: RenameContext, { file, nameSpan }: LocalInfo, name: string): Pattern {
    const text = context.textOf(file);
    const isShorthand = context.resolution
        .occurrencesAt(file, nameSpan.start)
        .some((one) => one.span.start === nameSpan.start && one.shorthand !== undefined);
    const mode = /(?<![\p{XID_Continue}#])(?:ref\s+)?(?:mut\s+)?$/u.exec(
        text.slice(Math.max(0, nameSpan.start - 64), nameSpan.start),
    );
    const start = nameSpan.start - (mode?.[0].length ?? 0);
    const field = isShorthand ? `${text.slice(nameSpan.start, nameSpan.end)}: ` : "";
    const newText = `${field}${name}(..)`;
    return { span: { start, end: nameSpan.end }, newText, at: field.length };
}

function meets(a: LocalInfo["nameSpan"], b: LocalInfo["nameSpan"]): boolean {
    return a.start < b.end && b.start < a.end;
}

function isConstructor(after: RenameContext["resolution"], { binding }: Occurrence): boolean {
    if (binding.kind === "external") {
        return PRELUDE.has(binding.path.split("::").at(-1) ?? "");
    }
    return (
        binding.kind === "symbol" &&
        binding.symbols.some((one) => {
            const { kind } = after.symbol(one);
            return kind === "struct" || kind === "variant";
        })
    );
}

function conflictAt(
    context: RenameContext,
    locals: readonly LocalInfo[],
    { file }: Occurrence,
    name: string,
): FoundConflict {
    const local = locals.find((one) => one.file === file) ?? locals[0];
    const what =
        local === undefined
            ? `\`${name}\``
            : describe(context.resolution, { kind: "local", local });
    return {
        kind: "hides-constructor",
        grade: "error",
        message: `${what} would have the name of a tuple struct or variant that is in scope`,
        at:
            local === undefined
                ? []
                : [placeAt(context.textOf(local.file), local.file, local.nameSpan.start)],
    };
}
