// What users of a workspace's libraries can name: what is reached from a library's root by public modules and
// re-exports, each with its kind and what its declaration says, in names that hold wherever it is written.

import { KIND } from "../syntax/index.ts";
import type { Occurrence, SymbolIndex, SymbolInfo } from "../resolve/index.ts";
import { attributesOf, derivesOf } from "./attributes.ts";
import { DeclarationReader, type DeclarationToken } from "./declaration-tokens.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { moduleAt } from "./module-at.ts";

/** One name on the way from a library's root. */
export interface ApiSegment {
    readonly name: string;
    /** The item whose own name it is, as people write its path; undefined for what an alias calls otherwise. */
    readonly of: string | undefined;
}

/** Something that users of a library can name, under one of the paths that lead to it. */
export interface ApiItem {
    readonly kind: string;
    /** From the library's root, the crate first. */
    readonly segments: readonly ApiSegment[];
    /** Its definition, as people write its path; of what others define, the path that is known of it. */
    readonly of: string;
    /** What its declaration says, without bodies and values. */
    readonly declaration: readonly DeclarationToken[];
}

/** A `pub use`. */
interface ReExport {
    /** What it brings in; of a glob, where from. */
    readonly occurrences: readonly Occurrence[];
    readonly alias: string | undefined;
    readonly isGlob: boolean;
    readonly written: string;
}

const MEMBERS: ReadonlySet<string> = new Set(["enum", "struct", "trait", "union", "variant"]);

/** The public API of all libraries of a workspace. */
export function publicApi(context: RenameContext): ApiItem[] {
    const libraries = new Set(
        context.model.packages.flatMap((one) =>
            one.targets.filter(({ kind }) => kind === "lib").map(({ crateName }) => crateName),
        ),
    );
    const { resolution } = context;
    const items: ApiItem[] = [];
    for (let at = 0; at < resolution.symbolCount; at++) {
        const symbol = resolution.symbol(at);
        if (
            symbol.kind === "crate" &&
            symbol.crate === at &&
            libraries.has(symbol.name) &&
            symbol.path.includes("/lib:")
        ) {
            items.push(...new LibraryWalk(context, symbol).walk());
        }
    }
    return items;
}

/** Walks one library. */
class LibraryWalk {
    readonly #context: RenameContext;
    readonly #root: SymbolInfo;
    readonly #reader: DeclarationReader;
    readonly #reExports: ReadonlyMap<SymbolIndex, readonly ReExport[]>;
    readonly #items: ApiItem[] = [];
    /** Definitions that were met. */
    readonly #met = new Set<SymbolIndex>();
    /** Modules that are being walked: re-exports may lead back. */
    readonly #around = new Set<SymbolIndex>();

    constructor(context: RenameContext, root: SymbolInfo) {
        this.#context = context;
        this.#root = root;
        this.#reader = new DeclarationReader(context, root.index);
        this.#reExports = this.#readReExports();
    }

    walk(): ApiItem[] {
        const { name, display, index } = this.#root;
        this.#module(index, [{ name, of: display }]);
        this.#rest(index, (symbol) => {
            if (symbol.kind === "macro" && symbol.visibility === "public") {
                this.#add(symbol, [
                    { name, of: display },
                    { name: symbol.name, of: symbol.display },
                ]);
            }
        });
        this.#rest(index, (symbol) => {
            if (symbol.kind === "impl") {
                this.#impl(symbol, { name, of: display });
            }
        });
        return this.#items;
    }

    /** All symbols of the crate. */
    #rest(at: SymbolIndex, take: (symbol: SymbolInfo) => void): void {
        for (const child of this.#context.resolution.childrenOf(at)) {
            take(this.#context.resolution.symbol(child));
            this.#rest(child, take);
        }
    }

    #module(module: SymbolIndex, path: readonly ApiSegment[]): void {
        if (this.#around.has(module)) {
            return;
        }
        this.#around.add(module);
        const { resolution } = this.#context;
        for (const child of resolution.childrenOf(module)) {
            const symbol = resolution.symbol(child);
            const isOther = symbol.kind === "impl" || symbol.kind === "macro";
            if (symbol.visibility === "public" && !isOther) {
                this.#add(symbol, [...path, { name: symbol.name, of: symbol.display }]);
            }
        }
        for (const reExport of this.#reExports.get(module) ?? []) {
            this.#reExport(reExport, path);
        }
        this.#around.delete(module);
    }

    #add(symbol: SymbolInfo, segments: readonly ApiSegment[]): void {
        this.#met.add(symbol.index);
        const { kind, display, index } = symbol;
        const declaration = this.#declarationOf(symbol);
        this.#items.push({ kind, segments, of: display, declaration });
        if (kind === "module" || kind === "crate") {
            this.#module(index, segments);
        } else if (MEMBERS.has(kind)) {
            const { resolution } = this.#context;
            for (const child of resolution.childrenOf(index)) {
                const member = resolution.symbol(child);
                // Fields of a variant are as public as it is.
                if (member.visibility === "public" || kind === "variant") {
                    this.#add(member, [...segments, { name: member.name, of: member.display }]);
                }
            }
        }
    }

    #declarationOf(symbol: SymbolInfo): DeclarationToken[] {
        const attributes = attributesOf(this.#context, symbol);
        const said = [
            ...derivesOf(attributes).map((name) => `derive ${name}`),
            ...attributes.flatMap(({ path, text }) => (SHAPING.has(path) ? [text] : [])),
            ...(symbol.cfg === "" ? [] : [`cfg ${symbol.cfg}`]),
        ];
        return [
            ...said.sort().map((text) => ({ text, of: undefined })),
            ...(symbol.kind === "macro" ? [] : this.#reader.read(symbol)),
        ];
    }

    #reExport(reExport: ReExport, path: readonly ApiSegment[]): void {
        const { resolution } = this.#context;
        const { occurrences, alias, isGlob, written } = reExport;
        const symbols = new Set(
            occurrences.flatMap(({ binding }) =>
                binding.kind === "symbol" ? [...binding.symbols] : [],
            ),
        );
        for (const index of symbols) {
            const symbol = resolution.symbol(index);
            if (isGlob) {
                this.#glob(symbol, path);
            } else {
                const segment =
                    alias === undefined
                        ? { name: symbol.name, of: symbol.display }
                        : { name: alias, of: undefined };
                this.#add(symbol, [...path, segment]);
            }
        }
        if (symbols.size === 0) {
            const [first] = occurrences;
            const outside = first?.binding.kind === "external" ? first.binding.path : written;
            const name = isGlob ? "*" : (alias ?? outside.split("::").at(-1) ?? outside);
            const kind = isGlob ? "re-exports" : "re-export";
            const declaration = [{ text: outside, of: undefined }];
            const segments = [...path, { name, of: undefined }];
            this.#items.push({ kind, segments, of: outside, declaration });
        }
    }

    /** All that a module or an enum shows. */
    #glob(symbol: SymbolInfo, path: readonly ApiSegment[]): void {
        if (symbol.kind !== "enum") {
            this.#module(symbol.index, path);
            return;
        }
        const { resolution } = this.#context;
        for (const child of resolution.childrenOf(symbol.index)) {
            const variant = resolution.symbol(child);
            if (variant.kind === "variant") {
                this.#add(variant, [...path, { name: variant.name, of: variant.display }]);
            }
        }
    }

    /** An impl of a trait, where all that its header names can be named from outside. */
    #impl(symbol: SymbolInfo, root: ApiSegment): void {
        const declaration = this.#reader.read(symbol);
        const { resolution } = this.#context;
        const isOfTrait = declaration.some(({ text, of }) => text === "for" && of === undefined);
        const isSeen = this.#reader.lastSymbols.every(
            (each) => resolution.symbol(each).crate !== this.#root.index || this.#met.has(each),
        );
        if (isOfTrait && isSeen && declaration.length > 0) {
            const cfg = symbol.cfg === "" ? [] : [{ text: `cfg ${symbol.cfg}`, of: undefined }];
            const segments = [root, { name: "impl", of: undefined }];
            const all = [...cfg, ...declaration];
            this.#items.push({ kind: "impl", segments, of: symbol.display, declaration: all });
        }
    }

    #readReExports(): Map<SymbolIndex, ReExport[]> {
        const { resolution } = this.#context;
        const found = new Map<SymbolIndex, ReExport[]>();
        const crate = this.#root.index;
        for (const { path, owners } of resolution.files()) {
            const file = owners.includes(crate) ? FileSyntax.of(this.#context, path) : undefined;
            const kinds = file?.tree.columns.kind ?? new Uint8Array();
            kinds.forEach((kind, node) => {
                if (kind !== KIND.use_declaration && kind !== KIND.extern_crate_declaration) {
                    return;
                }
                if (file === undefined || !isPublicUse(file, node)) {
                    return;
                }
                const module = moduleAt(resolution, path, file.start(node) + 1, crate);
                if (module !== undefined) {
                    const all = found.get(module) ?? [];
                    found.set(module, [...all, ...this.#leavesOf(file, node)]);
                }
            });
        }
        return found;
    }

    #leavesOf(file: FileSyntax, declaration: number): ReExport[] {
        const { next } = file.tree.columns;
        const leaves: ReExport[] = [];
        const take = (node: number, isGlob: boolean, alias?: string): void => {
            leaves.push({
                occurrences: this.#occurrencesAt(file, lastName(file, node)),
                ...{ alias, isGlob, written: file.plainText(node) },
            });
        };
        const end = next[declaration] ?? 0;
        for (let at = declaration + 1; at < end;) {
            if (file.is(at, "visibility_modifier", "attribute_item")) {
                at = next[at] ?? end;
            } else if (file.is(at, "use_wildcard")) {
                take(file.parts(at)[0] ?? at, true);
                at = next[at] ?? end;
            } else if (file.is(at, "use_as_clause")) {
                const alias = file.child(at, "alias");
                const path = file.child(at, "path");
                take(path ?? at, false, alias === undefined ? undefined : nameAt(file, alias));
                at = next[at] ?? end;
            } else if (file.is(at, "scoped_use_list")) {
                const list = file.child(at, "list");
                at = list === undefined ? (next[at] ?? end) : list + 1;
            } else if (file.is(at, "use_list")) {
                at += 1;
            } else {
                take(at, false);
                at = next[at] ?? end;
            }
        }
        return leaves.filter(({ alias }) => alias !== "_");
    }

    #occurrencesAt(file: FileSyntax, node: number): Occurrence[] {
        const start = file.start(node);
        return this.#context.resolution
            .occurrencesAt(file.path, start)
            .filter(
                ({ span, role, crate }) =>
                    span.start === start && role !== "import-alias" && crate === this.#root.index,
            );
    }
}

/** Attributes that say what users may do with an item. */
const SHAPING: ReadonlySet<string> = new Set(["non_exhaustive", "repr"]);

function isPublicUse(file: FileSyntax, declaration: number): boolean {
    return file.tree
        .childrenOf(declaration)
        .some((node) => file.is(node, "visibility_modifier") && file.textOf(node) === "pub");
}

function nameAt(file: FileSyntax, node: number): string {
    return file.tree.nameOf(node) === "" ? file.textOf(node) : file.tree.nameOf(node);
}

/** The last name of a path; of `self` in a list the name before the list. */
function lastName(file: FileSyntax, node: number): number {
    const list = file.parent(node);
    const around = file.parent(list);
    if (file.is(node, "self") && file.is(list, "use_list") && file.is(around, "scoped_use_list")) {
        const path = file.child(around, "path");
        return path === undefined ? node : lastName(file, path);
    }
    return file.is(node, "scoped_identifier") ? (file.child(node, "name") ?? node) : node;
}
