// What a declaration says, as tokens: bodies, values and comments left out, paths as what they mean, locals by
// the order in which they are declared. So it is the same wherever, and under whatever imports, it is written.

import type { Occurrence, SymbolIndex, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";

/** One token of a declaration. */
export interface DeclarationToken {
    /** As it is written; what an item of others is known as; `$1` for a local. */
    readonly text: string;
    /** The item of the workspace that it means, as people write its path. */
    readonly of: string | undefined;
}

interface Read extends DeclarationToken {
    /** A name that another one follows after `::` may be left out. */
    readonly isQualifier: boolean;
}

const ITEMS = [
    "associated_type",
    "const_item",
    "enum_item",
    "enum_variant",
    "field_declaration",
    "function_item",
    "function_signature_item",
    "impl_item",
    "mod_item",
    "static_item",
    "struct_item",
    "trait_item",
    "type_item",
    "union_item",
] as const;

const TOKEN =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'|(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*|\d\w*|::|->|\S/gu;

/** Reads declarations as one crate sees them. */
export class DeclarationReader {
    readonly #context: RenameContext;
    readonly #crate: SymbolIndex;
    readonly #files = new Map<string, ReadonlyMap<number, Occurrence>>();
    #locals = new Map<string, number>();
    /** Symbols that the declaration names which was read last. */
    lastSymbols: SymbolIndex[] = [];

    constructor(context: RenameContext, crate: SymbolIndex) {
        this.#context = context;
        this.#crate = crate;
    }

    /** Reads what declares a symbol; nothing where that is not at hand. */
    read(symbol: SymbolInfo): DeclarationToken[] {
        this.#locals = new Map();
        this.lastSymbols = [];
        const { file: path, extent, nameSpan } = symbol;
        const file = path === undefined ? undefined : FileSyntax.of(this.#context, path);
        const begin = nameSpan?.start ?? extent?.start;
        if (file === undefined || begin === undefined) {
            return [];
        }
        const leaf = file.tree.nodeAt(begin + (nameSpan === undefined ? 1 : 0)) ?? 0;
        const item = file.is(leaf, ...ITEMS) ? leaf : file.around(leaf, ...ITEMS);
        if (item === undefined) {
            return [];
        }
        const block = file.is(item, "impl_item") ? undefined : file.around(item, "impl_item");
        const header = block === undefined ? [] : this.#header(file, block);
        return [...header, ...this.#header(file, item), ...this.#privateFields(file, item)];
    }

    /** All but body and value; private fields of a tuple are `_`. */
    #header(file: FileSyntax, item: number): DeclarationToken[] {
        const body = file.child(item, "body");
        const value = file.child(item, "value");
        const isTuple = body !== undefined && file.is(body, "ordered_field_declaration_list");
        const isOfStruct = file.is(item, "struct_item");
        const left = [
            ...(body !== undefined && !isTuple ? [file.span(body)] : []),
            ...(value !== undefined && !file.is(item, "enum_variant") ? [file.span(value)] : []),
            ...file.tree
                .childrenOf(item)
                .filter((node) => file.is(node, "attribute_item", "doc_comment"))
                .map((node) => file.span(node)),
        ].sort((a, b) => a.start - b.start);
        const tokens: Read[] = [];
        let from = file.start(item);
        const take = (to: number): void => {
            if (isTuple && isOfStruct && from <= file.start(body) && file.start(body) < to) {
                tokens.push(...this.#tokens(file, from, file.start(body)));
                tokens.push(...this.#tuple(file, body));
                tokens.push(...this.#tokens(file, file.end(body), to));
            } else {
                tokens.push(...this.#tokens(file, from, to));
            }
        };
        for (const { start, end } of left) {
            take(start);
            from = end;
        }
        take(file.end(item));
        return withoutQualifiers(tokens);
    }

    #tuple(file: FileSyntax, body: number): Read[] {
        const tokens: Read[] = [];
        let isShown = false;
        for (const node of file.parts(body)) {
            if (file.is(node, "visibility_modifier")) {
                isShown = file.textOf(node) === "pub";
            } else if (!file.is(node, "doc_comment")) {
                const type = this.#tokens(file, file.start(node), file.end(node));
                tokens.push(...(isShown ? type : [plain("_")]), plain(","));
                isShown = false;
            }
        }
        return [plain("("), ...tokens, plain(")")];
    }

    /** A struct with a field that others do not see cannot be made by them. */
    #privateFields(file: FileSyntax, item: number): DeclarationToken[] {
        const body = file.is(item, "struct_item") ? file.child(item, "body") : undefined;
        const isHiding =
            body !== undefined &&
            file.is(body, "field_declaration_list") &&
            file
                .parts(body)
                .some(
                    (field) =>
                        file.is(field, "field_declaration") &&
                        !file.tree
                            .childrenOf(field)
                            .some((node) => file.is(node, "visibility_modifier")),
                );
        return isHiding ? [plain("{ private fields }")] : [];
    }

    #tokens(file: FileSyntax, from: number, to: number): Read[] {
        const known = this.#occurrencesIn(file.path);
        const text = file.text.slice(from, to);
        return [...text.matchAll(TOKEN)].flatMap((match) => {
            const [written] = match;
            if (/^\/[/*]/u.test(written)) {
                return [];
            }
            const occurrence = known.get(from + match.index);
            return [occurrence === undefined ? unbound(written) : this.#bound(occurrence, written)];
        });
    }

    #bound({ binding, role }: Occurrence, written: string): Read {
        const { resolution } = this.#context;
        const isQualifier = role === "module";
        switch (binding.kind) {
            case "symbol": {
                const [index] = binding.symbols;
                if (index === undefined) {
                    return unbound(written);
                }
                if (!isQualifier) {
                    this.lastSymbols.push(index);
                }
                const { display, kind } = resolution.symbol(index);
                const isModule = kind === "module" || kind === "crate";
                return { text: display, of: display, isQualifier: isQualifier || isModule };
            }
            case "local": {
                const { file, nameSpan } = binding.local;
                const key = `${file}:${nameSpan.start}`;
                const number = this.#locals.get(key) ?? this.#locals.size + 1;
                this.#locals.set(key, number);
                return plain(`$${number}`);
            }
            case "external":
                return { text: binding.path, of: undefined, isQualifier };
            default:
                return unbound(written);
        }
    }

    #occurrencesIn(path: string): ReadonlyMap<number, Occurrence> {
        let known = this.#files.get(path);
        if (known === undefined) {
            const own = this.#context.resolution
                .occurrencesIn(path)
                .filter(({ crate }) => crate === this.#crate);
            known = new Map(own.map((each) => [each.span.start, each]));
            this.#files.set(path, known);
        }
        return known;
    }
}

function plain(text: string): Read {
    return { text, of: undefined, isQualifier: false };
}

function unbound(written: string): Read {
    const isQualifier = written === "crate" || written === "self" || written === "super";
    return { text: written.replace(/^r#/u, ""), of: undefined, isQualifier };
}

/** Paths by what their last name means: what leads there is left out. */
function withoutQualifiers(tokens: readonly Read[]): DeclarationToken[] {
    const kept: DeclarationToken[] = [];
    for (let at = 0; at < tokens.length; at++) {
        const token = tokens[at];
        const isFollowed = tokens[at + 1]?.text === "::";
        const leads = tokens[at + 2]?.text.startsWith(`${token?.text ?? ""}::`) === true;
        const isLeading = token?.text === "::" && !isName(tokens[at - 1]?.text ?? "");
        if (token !== undefined && isFollowed && (token.isQualifier || leads)) {
            at += 1;
        } else if (token !== undefined && !isLeading) {
            kept.push({ text: token.text, of: token.of });
        }
    }
    // A comma before what closes says nothing.
    return kept.filter(
        ({ text }, at) => text !== "," || !/^[)>\]}]$/u.test(kept[at + 1]?.text ?? ""),
    );
}

function isName(text: string): boolean {
    return /[\p{XID_Continue}>]$/u.test(text);
}
