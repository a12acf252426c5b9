// A parameter becomes `self`, and the function a method: its callers are written as method calls where that
// is known to mean the same; a call by path means it in any case.

import { refuse, type Refusal } from "../base/index.ts";
import type { LocalInfo, Occurrence } from "../resolve/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import { writeMethodCalls } from "./callers.ts";
import { collectEdits } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { FileSyntax } from "./file-syntax.ts";
import { finishPlan } from "./finish-plan.ts";
import { methodAround, splitReference, typeOf, type MethodSyntax } from "./method-syntax.ts";
import type { RenamePlan } from "./model.ts";
import { placeAt } from "./places.ts";
import { mergeEdits, type EditedToken, type PlannedEdit } from "./planned-edit.ts";
import { tokenKey } from "./proof-view.ts";
import { prepareSubject } from "./subject.ts";

/** Plans a parameter to `self`. */
export function parameterToSelf(context: RenameContext, local: LocalInfo): RenamePlan | Refusal {
    const found = findParameter(context, local);
    if (found.kind === "refusal") {
        return found;
    }
    const { method, parameter, newText } = found;
    const { file } = method;
    const subject = prepareSubject(context.resolution, { kind: "local", local });
    const collected = collectEdits(context, subject, {
        newName: { kind: "name", name: "self", raw: false },
        known: () => undefined,
    });
    const span = file.span(parameter);
    const isInside = ({ start, end }: PlannedEdit["span"]): boolean =>
        span.start <= start && end <= span.end;
    const uses = collected.edits.filter((edit) => !isInside(edit.span));
    const calls = writeMethodCalls(context, method);
    const inParameter = context.resolution
        .occurrencesIn(file.path)
        .filter((one) => isInside(one.span));
    const edits = mergeEdits([
        ...calls.edits,
        parameterEdit(file, { parameter, newText, local }, inParameter),
        ...uses,
    ]);
    const name = file.tree.nameOf(method.name);
    return finishPlan(
        context,
        {
            target: { kind: "local", local },
            oldName: local.name,
            newName: "self",
            files: groupByFile(edits),
            moves: [],
            names: [name, local.name],
            expected: {
                ...NO_DIFFERENCE,
                recast: calls.recast,
                removed: new Set([
                    ...calls.removed,
                    ...inParameter.filter((one) => one.role !== "lifetime").map(tokenKey),
                    ...namedBy(context, local).map(tokenKey),
                ]),
            },
            couldMean: (occurrence) => couldMean(context, subject, occurrence),
        },
        collected.conflicts,
        collected.open,
    );
}

/** Uses of the parameter that are no names afterwards; `self` in a format string is one. */
function namedBy(context: RenameContext, local: LocalInfo): Occurrence[] {
    return context.resolution
        .occurrencesOfLocal(local)
        .filter((one) => one.role !== "format-capture");
}

interface Parameter {
    readonly kind: "parameter";
    readonly method: MethodSyntax;
    readonly parameter: number;
    readonly newText: string;
}

function findParameter(context: RenameContext, local: LocalInfo): Parameter | Refusal {
    const text = context.textOf(local.file);
    const deny = (message: string): Refusal =>
        refuse("RENAME_NOT_SELF", message, {
            at: [placeAt(text, local.file, local.nameSpan.start)],
        });
    const file = FileSyntax.of(context, local.file);
    const name = file?.nodeStartingAt(
        local.nameSpan.start,
        "identifier",
        "shorthand_field_identifier",
    );
    if (file === undefined || name === undefined) {
        return deny("a parameter that takes its value apart cannot become `self`");
    }
    if (local.kind !== "parameter") {
        return deny("only a function's first parameter can become `self`");
    }
    const above = file.parent(name);
    const parameter = file.is(above, "mut_pattern") ? file.parent(above) : above;
    const list = file.parent(parameter);
    if (!file.is(parameter, "parameter") || !file.is(list, "parameters")) {
        return deny(
            file.around(name, "closure_parameters") === undefined
                ? "a parameter that takes its value apart cannot become `self`"
                : "a closure has no `self`",
        );
    }
    const method = methodAround(context, file, name);
    if (method.kind === "refusal") {
        return method;
    }
    const [first] = method.parameters;
    if (first !== undefined && first !== parameter) {
        const isTaken = file.textOf(first).includes("self");
        return deny(
            isTaken ? "there is a `self` already" : "only the first parameter can become `self`",
        );
    }
    const newText = selfText(context, method, parameter);
    return newText === undefined
        ? deny("the parameter's type is not the one that the `impl` is for")
        : { kind: "parameter", method, parameter, newText };
}

/** The receiver that a parameter becomes; undefined where its type is another. */
function selfText(
    context: RenameContext,
    { file, selfType }: MethodSyntax,
    parameter: number,
): string | undefined {
    const type = file.child(parameter, "type");
    if (type === undefined) {
        return undefined;
    }
    const isMutable = /^mut\s/u.test(file.textOf(parameter));
    if (file.plainText(type) === file.plainText(selfType)) {
        return isMutable ? "mut self" : "self";
    }
    const { mode, lifetime } = splitReference(file.textOf(type));
    const inner = mode === "value" ? type : file.child(type, "type");
    if (inner === undefined || !isSelfType(context, file, inner, selfType)) {
        return undefined;
    }
    if (isMutable) {
        return mode === "value" ? "mut self" : `mut self: ${file.textOf(type)}`;
    }
    const space = lifetime === "" ? "" : " ";
    const reference = `&${lifetime}${space}${mode === "unique" ? "mut " : ""}`;
    return `${mode === "value" ? "" : reference}self`;
}

/** Whether a type is that of the impl: `Self`, or the same path with the same arguments. */
function isSelfType(
    context: RenameContext,
    file: FileSyntax,
    type: number,
    selfType: number,
): boolean {
    if (file.textOf(type) === "Self") {
        return true;
    }
    // Each `'_` is a lifetime of its own.
    if (file.textOf(type).includes("'_")) {
        return false;
    }
    const [a, b] = [typeOf(context, file, type), typeOf(context, file, selfType)];
    return (
        a !== undefined &&
        a.index === b?.index &&
        argumentsOf(file, type) === argumentsOf(file, selfType)
    );
}

function argumentsOf(file: FileSyntax, type: number): string {
    const list = file.child(type, "type_arguments");
    return list === undefined ? "" : file.plainText(list);
}

function parameterEdit(
    file: FileSyntax,
    {
        parameter,
        newText,
        local,
    }: { readonly parameter: number; readonly newText: string; readonly local: LocalInfo },
    occurrences: readonly Occurrence[],
): PlannedEdit {
    const kept = (before: EditedToken["before"], at: number): EditedToken => ({
        before,
        part: undefined,
        partAfter: undefined,
        at,
        length: before.end - before.start,
    });
    const lifetime = occurrences.find((one) => one.role === "lifetime");
    const isKept = lifetime !== undefined && newText.includes(`'${lifetime.name} `);
    return {
        path: file.path,
        span: file.span(parameter),
        oldText: file.textOf(parameter),
        newText,
        role: "definition",
        precision: "syntactic",
        tokens: [
            kept(local.nameSpan, newText.indexOf("self")),
            ...(isKept ? [kept(lifetime.span, newText.indexOf("'") + 1)] : []),
        ],
    };
}
