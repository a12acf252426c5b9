// How many references an expression is, by declarations alone: of a parameter, a binding, a field, a result.
// A pattern's bindings and what std gives back are not told here: their references depend on more.

import type { Binding, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { splitReference } from "./method-syntax.ts";

/** Counts the references of an expression of a named type; undefined where no declaration tells. */
export function declaredReferences(
    context: RenameContext,
    file: FileSyntax,
    node: number,
): number | undefined {
    const again = (inner: number | undefined): number | undefined =>
        inner === undefined ? undefined : declaredReferences(context, file, inner);
    switch (file.tree.kindOf(node)) {
        case "self":
            return ofReceiver(file, node);
        case "identifier":
            return ofName(context, file, node);
        case "field_expression":
            return ofField(context, file, node);
        case "call_expression":
            return ofCall(context, file, node);
        case "struct_expression":
            return 0;
        case "parenthesized_expression":
            return again(file.parts(node)[0]);
        case "reference_expression": {
            const inner = again(file.child(node, "value"));
            return inner === undefined ? undefined : inner + 1;
        }
        default:
            return undefined;
    }
}

function ofReceiver(file: FileSyntax, node: number): number | undefined {
    const item = file.around(node, "function_item");
    const list = item === undefined ? undefined : file.child(item, "parameters");
    const first = list === undefined ? undefined : file.parts(list)[0];
    if (first === undefined) {
        return undefined;
    }
    const type = file.is(first, "self_parameter") ? undefined : file.child(first, "type");
    const { mode, rest } = splitReference(file.textOf(type ?? first));
    const isSelf = type === undefined || rest === "Self";
    return isSelf ? (mode === "value" ? 0 : 1) : undefined;
}

function ofName(context: RenameContext, file: FileSyntax, node: number): number | undefined {
    const binding = bindingAt(context, file, node);
    if (binding?.kind !== "local") {
        return undefined;
    }
    const { start } = binding.local.nameSpan;
    const name = file.nodeStartingAt(start, "identifier");
    if (name === undefined) {
        return undefined;
    }
    const above = file.parent(name);
    const holder = file.is(above, "mut_pattern") ? file.parent(above) : above;
    if (!file.is(holder, "parameter", "let_declaration")) {
        return undefined;
    }
    const type = file.child(holder, "type");
    if (type !== undefined) {
        return ofType(context, file, type);
    }
    const value = file.child(holder, "value");
    return value === undefined ? undefined : declaredReferences(context, file, value);
}

function ofField(context: RenameContext, file: FileSyntax, node: number): number | undefined {
    const field = file.child(node, "field");
    const symbol = field === undefined ? undefined : symbolAt(context, file, field);
    const place = symbol?.kind === "field" ? definitionOf(context, symbol) : undefined;
    const type = place?.file.child(place.node, "type");
    return place === undefined || type === undefined
        ? undefined
        : ofType(context, place.file, type);
}

function ofCall(context: RenameContext, file: FileSyntax, node: number): number | undefined {
    let callee = file.child(node, "function");
    if (callee !== undefined && file.is(callee, "generic_function")) {
        callee = file.child(callee, "function");
    }
    if (callee === undefined) {
        return undefined;
    }
    const name = file.child(callee, "field") ?? file.child(callee, "name") ?? callee;
    const symbol = symbolAt(context, file, name);
    if (symbol?.kind === "struct") {
        return 0;
    }
    const place = symbol === undefined ? undefined : definitionOf(context, symbol);
    if (place === undefined || !place.file.is(place.node, "function_item")) {
        return undefined;
    }
    const result = place.file.child(place.node, "return_type");
    const isAsync = /^[^(]*\basync\b[^(]*\bfn\b/u.test(place.file.textOf(place.node));
    return result === undefined || isAsync ? undefined : ofType(context, place.file, result);
}

/** The references of a type that is a path behind them; a parameter or an alias may stand for one more. */
function ofType(context: RenameContext, file: FileSyntax, type: number): number | undefined {
    if (file.is(type, "reference_type")) {
        const inner = file.child(type, "type");
        const count = inner === undefined ? undefined : ofType(context, file, inner);
        return count === undefined ? undefined : count + 1;
    }
    if (file.textOf(type) === "Self") {
        return 0;
    }
    const path = file.is(type, "generic_type") ? file.child(type, "type") : type;
    const name =
        path !== undefined && file.is(path, "scoped_type_identifier")
            ? file.child(path, "name")
            : path;
    if (name === undefined || !file.is(name, "type_identifier")) {
        return undefined;
    }
    const binding = bindingAt(context, file, name);
    if (binding?.kind === "external") {
        return 0;
    }
    const kind = symbolOf(context, binding)?.kind;
    return kind === "struct" || kind === "enum" || kind === "union" ? 0 : undefined;
}

function bindingAt(context: RenameContext, file: FileSyntax, node: number): Binding | undefined {
    const start = file.start(node);
    return context.resolution
        .occurrencesAt(file.path, start)
        .find((one) => one.span.start === start && one.shorthand !== "field")?.binding;
}

function symbolAt(context: RenameContext, file: FileSyntax, node: number): SymbolInfo | undefined {
    return symbolOf(context, bindingAt(context, file, node));
}

function symbolOf(context: RenameContext, binding: Binding | undefined): SymbolInfo | undefined {
    const [first] = binding?.kind === "symbol" ? binding.symbols : [];
    return first === undefined ? undefined : context.resolution.symbol(first);
}

/** The node that defines a symbol. */
function definitionOf(
    context: RenameContext,
    symbol: SymbolInfo,
): { readonly file: FileSyntax; readonly node: number } | undefined {
    const file = symbol.file === undefined ? undefined : FileSyntax.of(context, symbol.file);
    const name =
        symbol.nameSpan === undefined
            ? undefined
            : file?.nodeStartingAt(
                  symbol.nameSpan.start,
                  "identifier",
                  "field_identifier",
                  "type_identifier",
              );
    return file === undefined || name === undefined ? undefined : { file, node: file.parent(name) };
}
