// Parameters that are named after a field because they become it: those of associated functions without
// `self` that return the type, where every returned value has the field by shorthand. They take the field's
// new name with it.

import type { Occurrence } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { localKey } from "./find-target.ts";
import { typeOf } from "./method-syntax.ts";
import type { Subject } from "./subject.ts";

/** Keys of the parameters that are renamed with a field. */
export function constructorParameters(
    context: RenameContext,
    subject: Subject,
): ReadonlySet<string> {
    const found = new Set<string>();
    const isField =
        subject.members.length > 0 && subject.members.every((one) => one.kind === "field");
    for (const one of isField ? context.resolution.occurrencesNamed(subject.oldName) : []) {
        if (one.shorthand !== "value" || one.binding.kind !== "local") {
            continue;
        }
        const { local } = one.binding;
        if (local.kind === "parameter" && isConstructor(context, subject, one)) {
            found.add(localKey(local));
        }
    }
    return found;
}

function isConstructor(context: RenameContext, subject: Subject, use: Occurrence): boolean {
    const file = FileSyntax.of(context, use.file);
    const token = file?.nodeStartingAt(use.span.start, "identifier");
    const item = token === undefined ? undefined : file?.around(token, "function_item");
    if (file === undefined || item === undefined) {
        return false;
    }
    const holder = file.parent(file.parent(item));
    const list = file.child(item, "parameters");
    const selfType = file.is(holder, "impl_item") ? file.child(holder, "type") : undefined;
    const type = selfType === undefined ? undefined : typeOf(context, file, selfType);
    const result = file.child(item, "return_type");
    const body = file.child(item, "body");
    const hasSelf = list !== undefined && file.tree.findKind(list, "self_parameter") !== undefined;
    if (type === undefined || result === undefined || body === undefined || hasSelf) {
        return false;
    }
    const isOfType = subject.members.some((field) => field.parent === type.index);
    const returnsType =
        file.textOf(result) === "Self" || typeOf(context, file, result)?.index === type.index;
    return (
        isOfType &&
        returnsType &&
        returnPoints(file, body).every((point) => hasShorthand(context, file, point, use))
    );
}

/** Every expression whose value the function returns. */
function returnPoints(file: FileSyntax, body: number): number[] {
    const points = tails(file, body);
    const { next } = file.tree.columns;
    for (let at = body + 1; at < (next[body] ?? 0);) {
        if (file.is(at, "function_item", "closure_expression", "async_block")) {
            at = next[at] ?? at + 1;
            continue;
        }
        if (file.is(at, "return_expression")) {
            points.push(file.parts(at)[0] ?? at);
        }
        at += 1;
    }
    return points;
}

/** The expressions that a block, a branch or a match comes to. */
function tails(file: FileSyntax, node: number): number[] {
    const inner = (child: number | undefined): number[] =>
        child === undefined ? [node] : tails(file, child);
    switch (file.tree.kindOf(node)) {
        case "block": {
            const last = file.parts(node).at(-1);
            const isValue =
                last !== undefined &&
                !file.textOf(last).endsWith(";") &&
                !file.is(last, "let_declaration", "function_item", "use_declaration");
            const isReturn = last !== undefined && endsByReturn(file, last);
            return isReturn ? [] : isValue ? tails(file, last) : [node];
        }
        case "expression_statement":
        case "unsafe_block":
            return inner(file.parts(node).at(-1));
        case "parenthesized_expression":
        case "else_clause":
            return inner(file.parts(node)[0]);
        case "return_expression":
            return [];
        case "if_expression":
            return [
                ...inner(file.child(node, "consequence")),
                ...inner(file.child(node, "alternative")),
            ];
        case "match_expression": {
            const arms = file.child(node, "body");
            return arms === undefined
                ? [node]
                : file.parts(arms).flatMap((arm) => inner(file.child(arm, "value")));
        }
        default:
            return [node];
    }
}

function endsByReturn(file: FileSyntax, statement: number): boolean {
    const inner = file.is(statement, "expression_statement") ? file.parts(statement)[0] : statement;
    return inner !== undefined && file.is(inner, "return_expression");
}

/** Whether an expression is a literal of a struct that has the parameter as shorthand. */
function hasShorthand(
    context: RenameContext,
    file: FileSyntax,
    point: number,
    use: Occurrence,
): boolean {
    const body = file.is(point, "struct_expression") ? file.child(point, "body") : undefined;
    const local = use.binding.kind === "local" ? localKey(use.binding.local) : "";
    return (
        body !== undefined &&
        file.parts(body).some((one) => {
            const name = file.is(one, "shorthand_field_initializer")
                ? file.tree.findKind(one, "identifier")
                : undefined;
            const start = name === undefined ? -1 : file.start(name);
            return context.resolution
                .occurrencesAt(file.path, start)
                .some(
                    ({ span, binding, shorthand }) =>
                        span.start === start &&
                        shorthand === "value" &&
                        binding.kind === "local" &&
                        localKey(binding.local) === local,
                );
        })
    );
}
