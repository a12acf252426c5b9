// Lifetimes that a signature leaves out. Those of a result are the receiver's; without a receiver they are
// the only one among the parameters, and with several the signature does not compile.

import { refuse, type Refusal } from "../base/index.ts";
import type { RenameContext } from "./context.ts";
import type { FileSyntax } from "./file-syntax.ts";
import { splitReference, typeOf, type MethodSyntax } from "./method-syntax.ts";
import { placeAt } from "./places.ts";

/** Refuses to take the receiver from a method whose result is borrowed from it without saying so. */
export function refuseElision(context: RenameContext, method: MethodSyntax): Refusal | undefined {
    const { file, item, parameters } = method;
    const result = file.child(item, "return_type");
    const [receiver, ...others] = parameters;
    if (result === undefined || receiver === undefined || !leavesOut(context, file, result)) {
        return undefined;
    }
    if (splitReference(file.textOf(receiver)).mode === "value") {
        return undefined;
    }
    const hasOther = others.some((other) => hasLifetime(context, file, other));
    return hasOther
        ? refuse(
              "RENAME_ELIDED_LIFETIME",
              "the result borrows from `self` without naming its lifetime, and another parameter has one too",
              {
                  at: [placeAt(file.text, file.path, file.start(result))],
                  advice: "Name the lifetime in the signature first.",
              },
          )
        : undefined;
}

/** Whether a type leaves a lifetime out. */
export function leavesOut(context: RenameContext, file: FileSyntax, type: number): boolean {
    return anyNode(file, type, (node) => isElided(context, file, node));
}

/** Whether a parameter's type holds a lifetime, written or left out. */
export function hasLifetime(context: RenameContext, file: FileSyntax, parameter: number): boolean {
    const type = file.child(parameter, "type") ?? parameter;
    return anyNode(
        file,
        type,
        (node) => file.is(node, "lifetime") || isElided(context, file, node),
    );
}

/** `&T`, `'_`, or a type of the workspace whose lifetimes are not written. */
export function isElided(context: RenameContext, file: FileSyntax, node: number): boolean {
    if (file.is(node, "reference_type")) {
        return file.tree.findKind(node, "lifetime") === undefined;
    }
    if (file.is(node, "lifetime")) {
        return file.textOf(node) === "'_";
    }
    return isElidedType(context, file, node);
}

function isElidedType(context: RenameContext, file: FileSyntax, node: number): boolean {
    const holder = file.parent(node);
    const isPath =
        file.is(node, "generic_type") ||
        (file.is(node, "type_identifier", "scoped_type_identifier") &&
            !file.is(holder, "generic_type", "scoped_type_identifier"));
    const type = isPath ? typeOf(context, file, node) : undefined;
    const list = file.is(node, "generic_type") ? file.child(node, "type_arguments") : undefined;
    if (type?.file === undefined || type.extent === undefined) {
        return false;
    }
    const text = context.textOf(type.file).slice(type.extent.start, type.extent.end);
    const takesLifetime = /^[^<({;]*<\s*'/u.test(text);
    return (
        takesLifetime && (list === undefined || file.tree.findKind(list, "lifetime") === undefined)
    );
}

/** Nodes of a type, those of function types left out: their lifetimes are their own. */
function anyNode(file: FileSyntax, type: number, holds: (node: number) => boolean): boolean {
    const { next } = file.tree.columns;
    const end = next[type] ?? 0;
    for (let at = type; at < end;) {
        if (file.is(at, "function_type")) {
            at = next[at] ?? end;
            continue;
        }
        if (holds(at)) {
            return true;
        }
        at += 1;
    }
    return false;
}
