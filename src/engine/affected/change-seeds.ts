// From the items that differ to the nodes of the dependence graph that may behave differently at once.
// Rules are in docs/affected.md; where a change may do more than is known, more is taken.

import { ROLES, type ResolutionSource } from "../../resolve/index.ts";
import { symbolsByName } from "./attribute-facts.ts";
import type { DependenceGraph } from "./graph-layout.ts";
import type { ItemChange, ItemUnit } from "./item-units.ts";
import { isTraitImpl } from "./visible-items.ts";

/** Nodes that a change meets at once, and why they are more than the item itself. */
export interface Seeds {
    readonly nodes: ReadonlySet<number>;
    readonly effect: string;
    /** Only documentation differs. */
    readonly docsOnly: boolean;
}

/** A file with all its changes. */
export interface ChangedItems {
    readonly path: string;
    readonly before: readonly ItemUnit[];
    readonly after: readonly ItemUnit[];
}

const TYPE_KINDS: ReadonlySet<string> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "type-alias",
    "trait-alias",
]);

const ITEM_WORDS: ReadonlySet<string> = new Set([
    "pub",
    "fn",
    "struct",
    "enum",
    "union",
    "const",
    "static",
    "type",
    "trait",
    "impl",
    "mod",
    "unsafe",
    "async",
    "extern",
    "default",
    "auto",
]);
const IMPORT_ALIAS = ROLES.indexOf("import-alias");

/** Finds what changes of items meet. */
export class SeedFinder {
    readonly #source: ResolutionSource;
    readonly #graph: DependenceGraph;
    /** Files that are the bodies of modules. */
    readonly #bodies = new Map<number, string>();
    readonly #modulesOf = new Map<string, readonly number[]>();

    constructor(source: ResolutionSource, graph: DependenceGraph) {
        this.#source = source;
        this.#graph = graph;
        for (const { path, modules } of source.ownership()) {
            modules.forEach((module) => this.#bodies.set(module, path));
            this.#modulesOf.set(path, modules);
        }
    }

    /** What one change of a file meets. */
    seedsOf(file: ChangedItems, change: ItemChange): Seeds {
        const unit = change.after ?? change.before;
        const nodes = new Set<number>();
        if (unit === undefined || (change.docsOnly && isPlain(file.after, change.after))) {
            return { nodes, effect: "documentation only", docsOnly: true };
        }
        if (change.after !== undefined && unit.kind !== "source_file") {
            this.#within(nodes, file.path, change.after);
        }
        return { nodes, effect: this.#more(nodes, file, change), docsOnly: false };
    }

    /** Everything that a file defines, and the modules below it. */
    below(path: string): Set<number> {
        const nodes = new Set<number>();
        this.#below(nodes, path, undefined);
        return nodes;
    }

    #more(nodes: Set<number>, file: ChangedItems, change: ItemChange): string {
        const unit = change.after ?? change.before;
        const container = containerOf(file, change);
        switch (unit?.kind) {
            case "source_file":
                this.#below(nodes, file.path, undefined);
                return "everything in its module and below";
            case "use_declaration":
            case "extern_crate_declaration":
                return this.#import(nodes, file, change);
            case "mod_item":
                return this.#module(nodes, file, change);
            case "macro_definition":
                this.#named(nodes, unit.name);
                return "everything that names the macro";
            case "macro_invocation":
                this.#macroCall(nodes, file, change);
                return "whatever the macro makes: all of its words, everything in its module";
            case "trait_item":
                this.#implementors(nodes);
                break;
            case "impl_item":
                if (isTraitImpl(headerWords(unit).join(" "))) {
                    this.#typesNamed(nodes, unit);
                    return "the trait and the types of its header";
                }
                return "";
            default:
                break;
        }
        if (change.how === "removed" && unit !== undefined) {
            return this.#removed(nodes, unit, container);
        }
        if (unit !== undefined && change.how === "changed" && attributesDiffer(change)) {
            this.#named(nodes, unit.name);
            return "everything that names it, as its attributes differ";
        }
        return "";
    }

    /** What is no more: who named it now means something else. */
    #removed(nodes: Set<number>, unit: ItemUnit, container: ItemUnit | undefined): string {
        if (container?.kind === "impl_item" && isTraitImpl(headerWords(container).join(" "))) {
            this.#typesNamed(nodes, container);
            this.#symbolsNamed(nodes, unit.name, undefined);
            return "the trait and the types of its impl";
        }
        this.#named(nodes, unit.name);
        return "everything that has its name";
    }

    #import(nodes: Set<number>, file: ChangedItems, change: ItemChange): string {
        const both = [change.before, change.after].filter((one) => one !== undefined);
        this.#below(nodes, file.path, containerOf(file, change));
        if (both.every((unit) => !unit.tokens.includes("pub") && unit.kind === "use_declaration")) {
            return "everything in its module and below";
        }
        if (both.some((unit) => unit.tokens.includes("*"))) {
            nodes.add(this.#graph.everything);
            return "everything: what a public glob import gives is not followed";
        }
        for (const name of new Set(both.flatMap((unit) => wordsOf(unit.tokens)))) {
            this.#named(nodes, name);
        }
        return "everything in its module and below, and whoever has a name that it gives";
    }

    #module(nodes: Set<number>, file: ChangedItems, change: ItemChange): string {
        const { how, after, before } = change;
        const tokens = [...(before?.tokens ?? []), ...(after?.tokens ?? [])];
        if (how !== "changed" && !tokens.includes("macro_use") && !tokens.includes("path")) {
            this.#belowModules(nodes, file.path, after);
            if (how === "removed") {
                this.#named(nodes, before?.name ?? "");
            }
            return "everything in it";
        }
        this.#named(nodes, after?.name ?? before?.name ?? "");
        this.#below(nodes, file.path, undefined);
        return "everything in the module around it and below";
    }

    #macroCall(nodes: Set<number>, file: ChangedItems, change: ItemChange): void {
        this.#below(nodes, file.path, containerOf(file, change));
        const words = [...(change.before?.tokens ?? []), ...(change.after?.tokens ?? [])];
        for (const word of new Set(wordsOf(words))) {
            this.#symbolsNamed(nodes, word, undefined);
            this.#graph.nameNodes(word).forEach((node) => nodes.add(node));
        }
    }

    /** All impls of the traits that are met, and their items. */
    #implementors(nodes: Set<number>): void {
        for (const { source, target } of this.#source.implementing()) {
            if (nodes.has(target)) {
                nodes.add(source);
            }
        }
    }

    #typesNamed(nodes: Set<number>, impl: ItemUnit): void {
        for (const word of new Set(wordsOf(headerWords(impl)))) {
            this.#symbolsNamed(nodes, word, TYPE_KINDS);
        }
    }

    #symbolsNamed(nodes: Set<number>, name: string, kinds: ReadonlySet<string> | undefined): void {
        for (const symbol of this.#source.findByName(name)) {
            const isWanted = kinds?.has(this.#source.kindOf(symbol)) ?? true;
            if (isWanted && this.#source.externalPath(symbol) === "") {
                this.#take(nodes, symbol);
            }
        }
        for (const made of this.#graph.made) {
            if (made.name === name && (kinds?.has(made.kind) ?? true)) {
                nodes.add(made.node);
            }
        }
    }

    /** Whoever has a token of this name, and whatever has this name. */
    #named(nodes: Set<number>, name: string, seen = new Set<string>()): void {
        if (name === "" || seen.has(name)) {
            return;
        }
        seen.add(name);
        this.#symbolsNamed(nodes, name, undefined);
        this.#graph.nameNodes(name).forEach((node) => nodes.add(node));
        for (let file = 0; file < this.#source.files.length; file++) {
            if (this.#source.mayContain(file, name)) {
                this.#namedIn(nodes, file, { name, seen });
            }
        }
    }

    #namedIn(
        nodes: Set<number>,
        file: number,
        { name, seen }: { readonly name: string; readonly seen: Set<string> },
    ): void {
        const table = this.#source.table(file);
        const number = table.names.indexOf(name);
        for (let row = 0; number !== -1 && row < table.name.length; row++) {
            if (table.name[row] !== number) {
                continue;
            }
            this.#take(nodes, table.enclosing[row] ?? -1);
            const next = table.names[table.name[row + 1] ?? 0] ?? "";
            if (IMPORT_ALIAS === table.role[row + 1] && next !== "") {
                this.#named(nodes, next, seen);
            }
        }
    }

    #take(nodes: Set<number>, symbol: number): void {
        const node = symbol < this.#source.symbolCount ? this.#source.nodeOf(symbol) : -1;
        if (node !== -1 && this.#source.kindOf(node) !== "crate") {
            nodes.add(node);
        }
    }

    #within(nodes: Set<number>, path: string, unit: ItemUnit): void {
        for (const [start, symbols] of symbolsByName(this.#source, path)) {
            if (start >= unit.start && start < unit.end) {
                symbols.forEach((symbol) => nodes.add(symbol));
            }
        }
        for (const made of this.#graph.made) {
            if (made.path === path && made.call >= unit.start && made.call < unit.end) {
                nodes.add(made.node);
            }
        }
    }

    /** All of a file, or of a module in it, and of the modules below. */
    #below(nodes: Set<number>, path: string, container: ItemUnit | undefined): void {
        if (container?.kind === "mod_item") {
            this.#within(nodes, path, container);
            this.#belowModules(nodes, path, container);
            return;
        }
        const files = new Set([path]);
        const modules = new Set(this.#modulesOf.get(path) ?? []);
        this.#follow(modules, files);
        this.#takeFiles(nodes, files);
        modules.forEach((module) => nodes.add(module));
    }

    /** All modules that a `mod` item makes. */
    #belowModules(nodes: Set<number>, path: string, unit: ItemUnit | undefined): void {
        const modules = new Set<number>();
        if (unit !== undefined) {
            for (const [start, symbols] of symbolsByName(this.#source, path)) {
                if (start >= unit.start && start < unit.end) {
                    symbols
                        .filter((symbol) => this.#source.kindOf(symbol) === "module")
                        .forEach((symbol) => modules.add(symbol));
                }
            }
        }
        const files = new Set<string>();
        this.#follow(modules, files);
        this.#takeFiles(nodes, files);
        modules.forEach((module) => nodes.add(module));
    }

    #follow(modules: Set<number>, files: Set<string>): void {
        for (const [module, file] of this.#bodies) {
            for (let at = module; at !== -1; at = this.#source.graphParentOf(at)) {
                if (modules.has(at)) {
                    files.add(file);
                    modules.add(module);
                    break;
                }
            }
        }
    }

    #takeFiles(nodes: Set<number>, files: ReadonlySet<string>): void {
        for (const file of files) {
            for (const symbols of symbolsByName(this.#source, file).values()) {
                symbols.forEach((symbol) => nodes.add(symbol));
            }
        }
        for (const made of this.#graph.made) {
            if (files.has(made.path)) {
                nodes.add(made.node);
            }
        }
    }
}

/** The item around a changed one, as the new text has it where it does. */
function containerOf(file: ChangedItems, { before, after }: ItemChange): ItemUnit | undefined {
    if (after !== undefined) {
        return file.after[after.container];
    }
    const was = before === undefined ? undefined : file.before[before.container];
    return file.after.find((unit) => unit.key === was?.key) ?? was;
}

/** Whether nothing but rustdoc can read an item's documentation: no attribute is on it or around it. */
function isPlain(units: readonly ItemUnit[], unit: ItemUnit | undefined): boolean {
    for (let at = unit; at !== undefined; at = units[at.container]) {
        if (at.tokens[0] === "#") {
            return false;
        }
    }
    return true;
}

/** Tokens of an item before its first word that is no attribute's. */
function attributesOf({ tokens }: ItemUnit): string {
    let depth = 0;
    const end = tokens.findIndex((token) => {
        depth += token === "[" ? 1 : token === "]" ? -1 : 0;
        return depth === 0 && ITEM_WORDS.has(token);
    });
    return tokens.slice(0, end === -1 ? 0 : end).join(" ");
}

function attributesDiffer({ before, after }: ItemChange): boolean {
    return (
        before !== undefined && after !== undefined && attributesOf(before) !== attributesOf(after)
    );
}

function headerWords({ tokens }: ItemUnit): readonly string[] {
    const from = Math.max(0, tokens.indexOf("impl"));
    const brace = tokens.indexOf("{", from);
    return tokens.slice(from, brace === -1 ? tokens.length : brace);
}

function wordsOf(tokens: readonly string[]): string[] {
    return tokens.flatMap((token) =>
        /^(?:r#)?[\p{L}_]/u.test(token) ? [token.replace(/^r#/u, "")] : [],
    );
}
