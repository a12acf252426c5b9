// The records that resolution works on: symbols, scopes, file instances. Internal to this folder.

import type { SymbolKind } from "../graph/index.ts";
import type { FileCapture, SyntaxTree } from "../syntax/index.ts";
import type { Edition } from "../workspace/index.ts";
import type { FileItems, ItemRecord } from "./file-items.ts";
import type { Visibility } from "./model.ts";
import type { UseLeaf } from "./use-tree.ts";

/** One symbol. `index` is its position in Program.symbols. */
export interface Sym {
    readonly index: number;
    readonly kind: SymbolKind;
    readonly name: string;
    readonly namespaces: number;
    /** File instance that defines it; undefined for externals. */
    readonly inst: FileInstance | undefined;
    /** Number in inst.items.items; -1 for crates, file-less modules and externals. */
    readonly item: number;
    /** Lexical parent (module, enum, trait, impl, function …); -1 for crates; the external's own prefix. */
    readonly parent: number;
    /** Index of the crate symbol; -1 for externals. */
    readonly crate: number;
    readonly visibility: Visibility;
    /** Module within which it can be seen; undefined when everywhere. */
    readonly visibleIn: Scope | undefined;
    readonly cfg: string;
    readonly flags: number;
    /** Full path of an external, `std::fmt::Display`; empty for others. */
    readonly external: string;
}

/** A file as the body of one module of one crate. A file with two owners has two instances. */
export interface FileInstance {
    readonly index: number;
    readonly path: string;
    /** The version that the instance speaks of at the moment; see rebind.ts. */
    capture: FileCapture;
    tree: SyntaxTree;
    items: FileItems;
    readonly crate: CrateRecord;
    readonly rootScope: Scope;
    /** Symbol of each item, -1 where there is none. */
    readonly symbols: Int32Array;
    /** Scopes by the node whose children they hold: 0, a module's declaration_list, a block. */
    scopes: Map<number, Scope>;
    /** Folder in which this file's `mod x;` look for files. */
    readonly childFolder: string;
    readonly cfg: string;
}

/** One name in a scope. */
export interface Entry {
    readonly symbol: number;
    readonly namespaces: number;
    /** Import that brought it, undefined for definitions. */
    readonly leaf: UseLeaf | undefined;
    readonly glob: boolean;
    /** The name was given by `as`, here or along the chain of re-exports. */
    readonly alias: boolean;
    /** Module within which the name can be seen; undefined when everywhere. */
    readonly visibleIn: Scope | undefined;
    /** The import stands under a predicate: another may take its place. */
    readonly conditional: boolean;
    /** The import is compiled under no configuration: any other takes its place. */
    readonly uncompiled?: boolean;
}

/** A macro_rules definition in textual order. */
export interface TextualMacro {
    node: number;
    readonly name: string;
    readonly symbol: number;
}

/** A module, or a block that holds items. */
export interface Scope {
    readonly kind: "module" | "block";
    /** Module symbol; for a block the enclosing module's. */
    readonly symbol: number;
    node: number;
    readonly crate: CrateRecord;
    /** Instance whose nodes the scope speaks of; undefined for a module without a file. */
    inst: FileInstance | undefined;
    /** Enclosing scope of a block; undefined for modules. */
    outer: Scope | undefined;
    /** Nearest module scope, itself for modules. */
    readonly module: Scope;
    /** Scope of the parent module; undefined for crate roots and blocks. */
    readonly parentModule: Scope | undefined;
    readonly names: Map<string, Entry[]>;
    /** Raised with every name that is added. */
    version: number;
    readonly textual: TextualMacro[];
    /** Modules with #[macro_use], by the node at which they stand. */
    readonly macroUse: { node: number; readonly scope: Scope }[];
    /** Node of this module's `mod` item in the parent, for textual order. */
    declaredAt: number;
    /** Externals that are glob-imported here. */
    readonly externalGlobs: { readonly path: string; readonly visibleIn: Scope | undefined }[];
    /** Imports that could not be resolved: names, and `*` for globs. */
    readonly unresolvedImports: Set<string>;
    /** Item-position macro calls: they may define names. */
    readonly macroCalls: number[];
    /** Traits imported as `_`. */
    readonly anonymousTraits: {
        readonly symbol: number;
        readonly visibleIn: Scope | undefined;
    }[];
}

/** One crate: a Cargo target. */
export interface CrateRecord {
    readonly index: number;
    /** Symbol of the crate. */
    symbol: number;
    root: Scope | undefined;
    readonly name: string;
    readonly edition: Edition;
    /** Index of the package in the workspace model. */
    readonly package: number;
    readonly targetKind: string;
    readonly targetName: string;
    /** Extern prelude: name → crate symbol of the workspace, or external. */
    readonly externs: Map<string, number>;
    /** Crates named by `#[macro_use] extern crate`. */
    readonly macroUseCrates: number[];
}

/** The item of a symbol, or undefined for crates and externals. */
export function itemOf(symbol: Sym): ItemRecord | undefined {
    return symbol.inst?.items.items[symbol.item];
}
