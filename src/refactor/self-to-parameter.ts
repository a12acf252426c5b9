// `self` becomes a named parameter, and the method a function: its callers write the receiver as the first
// argument, with the reference that a method call takes by itself.

import { refuse, type Refusal } from "../base/index.ts";
import type { LocalInfo, Occurrence } from "../resolve/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import { reasonOf } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { refuseElision } from "./elided-lifetimes.ts";
import { isUndecided } from "./find-target.ts";
import { FileSyntax } from "./file-syntax.ts";
import { finishPlan } from "./finish-plan.ts";
import { methodAround, splitReference, type MethodSyntax, type SelfMode } from "./method-syntax.ts";
import type { FoundConflict, RenamePlan, UnprovedPlace } from "./model.ts";
import { checkNewName } from "./new-name.ts";
import { placeAt } from "./places.ts";
import { mergeEdits, type PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import { writeReceivers } from "./receivers.ts";
import { spellName } from "./rust-names.ts";
import { prepareSubject } from "./subject.ts";

/** Whether a local is the receiver of a method, or a use of it. */
export function isSelf(local: LocalInfo): boolean {
    return local.kind === "parameter" && local.name === "self";
}

/** Plans `self` to a parameter. */
export function selfToParameter(
    context: RenameContext,
    local: LocalInfo,
    newName: string,
): RenamePlan | Refusal {
    if (newName === "self") {
        return refuse("RENAME_SAME_NAME", "it is called `self` already");
    }
    const method = findMethod(context, local);
    if (method.kind === "refusal") {
        return method;
    }
    const checked = checkNewName(newName, "identifier");
    if (checked.kind === "refusal") {
        return checked;
    }
    const refusal = refuseElision(context, method);
    if (refusal !== undefined) {
        return refusal;
    }
    const { file } = method;
    const spelled = spellName(checked, context.resolution.editionOf(file.path), "value");
    const receiver = receiverOf(method);
    const calls = writeReceivers(context, method, receiver.mode);
    if (calls.kind === "refusal") {
        return calls;
    }
    const uses = selfUses(file, method.item, receiver.node);
    const edits = mergeEdits([
        ...calls.edits,
        parameterEdit(file, receiver, spelled),
        ...uses.tokens.map((node) => useEdit(file, node, spelled)),
    ]);
    const open = [...uses.open, ...openCalls(context, method)];
    const name = file.tree.nameOf(method.name);
    return finishPlan(
        context,
        {
            target: { kind: "local", local: { ...local, nameSpan: file.span(receiver.node) } },
            oldName: "self",
            newName: checked.name,
            files: groupByFile(edits),
            moves: [],
            names: [name, checked.name],
            expected: { ...NO_DIFFERENCE, recast: calls.recast },
            couldMean: (occurrence) => couldMean(context, subjectOf(context, method), occurrence),
        },
        calls.conflicts.map((at): FoundConflict => ({
            kind: "borrowed-twice",
            grade: "error",
            message:
                "an argument uses the receiver, and a call that names it as an argument borrows it first",
            at: [at],
        })),
        open,
    );
}

function findMethod(context: RenameContext, local: LocalInfo): MethodSyntax | Refusal {
    const file = FileSyntax.of(context, local.file);
    const node = file?.nodeStartingAt(local.nameSpan.start, "self", "format_capture");
    const deny = (message: string): Refusal =>
        refuse("RENAME_KEYWORD", message, {
            at: [placeAt(context.textOf(local.file), local.file, local.nameSpan.start)],
        });
    if (file === undefined || node === undefined) {
        return deny("`self` is not a name here");
    }
    if (isPathPart(file, node)) {
        return deny("`self` is the module around it here");
    }
    const method = methodAround(context, file, node);
    if (method.kind === "method" && selfNode(method) === undefined) {
        return deny("no `self` is in scope here");
    }
    return method;
}

/** `self::x`, `use a::{self}`, `pub(in self)`. */
function isPathPart(file: FileSyntax, node: number): boolean {
    return (
        file.text.startsWith("::", file.end(node)) ||
        file.is(
            file.parent(node),
            "scoped_identifier",
            "scoped_type_identifier",
            "scoped_use_list",
            "use_list",
            "use_as_clause",
            "use_declaration",
            "use_wildcard",
            "visibility_modifier",
        )
    );
}

interface Receiver {
    /** The token `self`. */
    readonly node: number;
    /** The whole parameter. */
    readonly parameter: number;
    readonly mode: SelfMode;
    /** Set where the parameter's type is written. */
    readonly typed: boolean;
}

function selfNode({ file, parameters }: MethodSyntax): number | undefined {
    const [first] = parameters;
    if (first === undefined) {
        return undefined;
    }
    if (file.is(first, "self_parameter")) {
        return file.tree.findKind(first, "self");
    }
    const pattern = file.child(first, "pattern");
    return pattern !== undefined && file.is(pattern, "self") ? pattern : undefined;
}

function receiverOf(method: MethodSyntax): Receiver {
    const { file } = method;
    const parameter = method.parameters[0] ?? 0;
    const node = selfNode(method) ?? parameter;
    const type = file.child(parameter, "type");
    if (!file.is(parameter, "self_parameter") && type !== undefined) {
        const { mode, rest } = splitReference(file.textOf(type));
        return { node, parameter, typed: true, mode: rest === "Self" ? mode : "typed" };
    }
    return { node, parameter, typed: false, mode: splitReference(file.textOf(parameter)).mode };
}

const LABEL = "parameter";

function parameterEdit(file: FileSyntax, receiver: Receiver, name: string): PlannedEdit {
    const { node, parameter, typed } = receiver;
    if (typed) {
        return { ...useEdit(file, node, name), added: [{ at: 0, defines: LABEL }] };
    }
    const span = file.span(parameter);
    const oldText = file.textOf(parameter);
    const { mode, lifetime } = splitReference(oldText);
    const isMutable = mode === "value" && /^mut\s/u.test(oldText);
    const head = isMutable ? "mut " : "";
    const space = lifetime === "" ? "" : " ";
    const type = `${mode === "value" ? "" : "&"}${lifetime}${space}${mode === "unique" ? "mut " : ""}Self`;
    const newText = `${head}${name}: ${type}`;
    const quote = oldText.indexOf("'");
    const tokens = [token(file, node, head.length, name)];
    if (quote !== -1) {
        const start = span.start + quote + 1;
        const end = start + lifetime.length - 1;
        tokens.push({
            before: { start, end },
            part: undefined,
            partAfter: undefined,
            at: newText.indexOf("'") + 1,
            length: end - start,
        });
    }
    return {
        path: file.path,
        span,
        oldText,
        newText,
        role: "definition",
        precision: "syntactic",
        tokens,
        added: [{ at: head.length, defines: LABEL }],
    };
}

function token(file: FileSyntax, node: number, at: number, name: string): PlannedEdit["tokens"][0] {
    return {
        before: file.span(node),
        part: undefined,
        partAfter: undefined,
        at,
        length: name.length,
    };
}

function useEdit(file: FileSyntax, node: number, name: string): PlannedEdit {
    const isCapture = file.is(node, "format_capture");
    return {
        path: file.path,
        span: file.span(node),
        oldText: file.textOf(node),
        newText: name,
        role: isCapture ? "format-capture" : "value",
        precision: "syntactic",
        tokens: [token(file, node, 0, name)],
        added: isCapture ? [] : [{ at: 0, means: LABEL }],
    };
}

/** Uses of the receiver; those among the tokens of an unknown macro are doubts. */
function selfUses(
    file: FileSyntax,
    item: number,
    parameter: number,
): { readonly tokens: readonly number[]; readonly open: readonly UnprovedPlace[] } {
    const tokens: number[] = [];
    const open: UnprovedPlace[] = [];
    for (const node of file.below(item)) {
        const isName =
            file.is(node, "self") ||
            (file.is(node, "format_capture") && file.tree.nameOf(node) === "self");
        if (node === parameter || !isName || isPathPart(file, node)) {
            continue;
        }
        if (file.isMacroToken(node)) {
            open.push({
                path: file.path,
                span: file.span(node),
                reason: "`self` among the tokens of a macro",
            });
        } else {
            tokens.push(node);
        }
    }
    return { tokens, open };
}

function subjectOf(
    context: RenameContext,
    method: MethodSyntax,
): ReturnType<typeof prepareSubject> {
    return prepareSubject(context.resolution, { kind: "symbol", symbol: method.symbols[0] ?? 0 });
}

/** Calls that may be of the method, and would stay method calls. */
function openCalls(context: RenameContext, method: MethodSyntax): UnprovedPlace[] {
    const subject = subjectOf(context, method);
    const seen = new Set<string>();
    const isOpen = (found: Occurrence): boolean =>
        isUndecided(found.binding) && couldMean(context, subject, found);
    return context.resolution.occurrencesNamed(subject.oldName).flatMap((found) => {
        const key = placeKey(found.file, found.span.start);
        if (seen.has(key) || !isOpen(found)) {
            return [];
        }
        seen.add(key);
        return [{ path: found.file, span: found.span, reason: reasonOf(found) }];
    });
}
