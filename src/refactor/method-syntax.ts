// A method as it is written: its impl, the type that it belongs to, its parameters.

import { refuse, type Refusal } from "../base/index.ts";
import type { Occurrence, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import type { FileSyntax } from "./file-syntax.ts";
import { placeAt } from "./places.ts";

/** A function of an inherent impl. */
export interface MethodSyntax {
    readonly kind: "method";
    readonly file: FileSyntax;
    /** Nodes of the function, its name, its parameters, and the type after `impl`. */
    readonly item: number;
    readonly name: number;
    readonly parameters: readonly number[];
    readonly selfType: number;
    /** The function as each crate sees it. */
    readonly symbols: readonly number[];
    /** Struct, enum or union of the impl, where it is one of the workspace. */
    readonly type: SymbolInfo | undefined;
}

/** Reads the method around a node; refuses what is no function of an inherent impl. */
export function methodAround(
    context: RenameContext,
    file: FileSyntax,
    node: number,
): MethodSyntax | Refusal {
    const deny = (message: string, advice = ""): Refusal =>
        refuse("RENAME_NOT_SELF", message, {
            at: [placeAt(file.text, file.path, file.start(node))],
            advice,
        });
    const item = file.around(node, "function_item", "function_signature_item");
    const name = item === undefined ? undefined : file.child(item, "name");
    const list = item === undefined ? undefined : file.child(item, "parameters");
    if (item === undefined || name === undefined || list === undefined) {
        return deny("this is not in a function");
    }
    const holder = file.parent(file.parent(item));
    if (file.is(holder, "trait_item")) {
        return deny("how its methods are called is for the trait and all who use it to say");
    }
    const selfType = file.is(holder, "impl_item") ? file.child(holder, "type") : undefined;
    if (selfType === undefined) {
        return deny("only a function of an `impl` has a `self`");
    }
    if (file.child(holder, "trait") !== undefined) {
        return deny("how it is called is for the trait to say that the impl is of");
    }
    const symbols = context.resolution
        .occurrencesAt(file.path, file.start(name))
        .flatMap((found) => definedBy(found));
    return {
        kind: "method",
        file,
        item,
        name,
        parameters: file.parts(list),
        selfType,
        symbols: [...new Set(symbols)],
        type: typeOf(context, file, selfType),
    };
}

function definedBy({ role, binding }: Occurrence): readonly number[] {
    return role === "definition" && binding.kind === "symbol" ? binding.symbols : [];
}

/** The type that a type's path names. */
export function typeOf(
    context: RenameContext,
    file: FileSyntax,
    node: number,
): SymbolInfo | undefined {
    let at: number | undefined = node;
    if (file.is(at, "generic_type")) {
        at = file.child(at, "type");
    }
    if (at !== undefined && file.is(at, "scoped_type_identifier")) {
        at = file.child(at, "name");
    }
    if (at === undefined || !file.is(at, "type_identifier")) {
        return undefined;
    }
    const start = file.start(at);
    const found = context.resolution
        .occurrencesAt(file.path, start)
        .find((one) => one.span.start === start && one.binding.kind === "symbol");
    const symbol = found?.binding.kind === "symbol" ? found.binding.symbols[0] : undefined;
    const info = symbol === undefined ? undefined : context.resolution.symbol(symbol);
    const isType = info?.kind === "struct" || info?.kind === "enum" || info?.kind === "union";
    return isType ? info : undefined;
}

/** How a method takes its receiver. */
export type SelfMode = "value" | "shared" | "unique" | "typed";

const REFERENCE = /^&\s*(?<lifetime>'[\p{XID_Continue}]+\s+)?(?<mut>mut\s+)?/u;

/** Splits `&'a mut T` into its reference and `T`. */
export function splitReference(text: string): {
    readonly mode: Exclude<SelfMode, "typed">;
    readonly lifetime: string;
    readonly rest: string;
} {
    const match = REFERENCE.exec(text);
    if (match === null) {
        return { mode: "value", lifetime: "", rest: text };
    }
    return {
        mode: match.groups?.["mut"] === undefined ? "shared" : "unique",
        lifetime: match.groups?.["lifetime"]?.trim() ?? "",
        rest: text.slice(match[0].length),
    };
}
