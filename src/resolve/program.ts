// What a workspace declares: the outcome of the first pass of resolution (build-program.ts, crate-loader.ts).
// Imports come second (imports.ts), impls third (semantics.ts), bodies last (resolve-file.ts).
//
// Symbols are numbered in a fixed order (crates, then depth first in source order), so that equal
// declarations give equal numbers whatever the bodies say.

import { appendTo, type Problem } from "../base/index.ts";
import { NODE_FLAG } from "../graph/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { collectItems, NS, type FileItems, type ItemRecord, type UseRecord } from "./file-items.ts";
import type { PassingRule } from "./passing-macros.ts";
import { type CrateRecord, type FileInstance, type Scope, type Sym } from "./symbols.ts";
import type { UseLeaf } from "./use-tree.ts";

/** An import that waits to be resolved. */
export interface PendingImport {
    readonly scope: Scope;
    use: UseRecord;
    leaf: UseLeaf;
    readonly inst: FileInstance;
    readonly visibleIn: Scope | undefined;
    /** No configuration of the manifest compiles it, as uncompiled-imports.ts finds out. */
    isUncompiled: boolean;
}

/** An impl block. */
export interface ImplSite {
    readonly symbol: number;
    readonly inst: FileInstance;
    item: ItemRecord;
    readonly scope: Scope;
}

/** What one workspace declares. Grows only while it is built. */
export class Program {
    readonly symbols: Sym[] = [];
    readonly crates: CrateRecord[] = [];
    /** Crates by their symbol. */
    readonly crateOfSymbol = new Map<number, CrateRecord>();
    readonly instances: FileInstance[] = [];
    readonly instancesByPath = new Map<string, FileInstance[]>();
    readonly externals = new Map<string, number>();
    readonly imports: PendingImport[] = [];
    /** While imports are resolved: the scopes that were looked into for the present one. */
    trace: Scope[] | undefined;
    readonly importOfLeaf = new Map<FileInstance, Map<object, PendingImport>>();
    readonly implSites: ImplSite[] = [];
    /** Members by the symbol that holds them: variants, fields, trait items, impl items. */
    readonly members = new Map<number, Map<string, number[]>>();
    readonly scopeOfModule = new Map<number, Scope>();
    /** Symbols by name. */
    readonly byName = new Map<string, number[]>();
    /** Names in bodies of macro definitions and in item-position macro calls: macros may define them. */
    readonly macroNames = new Set<string>();
    /** Those of them that macros may define: not those that only follow `.` or `::`. */
    readonly macroDefines = new Set<string>();
    /** Names of which every macro of the workspace passes the items of its input on, with all rules. */
    readonly passingMacros = new Map<string, readonly PassingRule[]>();
    readonly problems: Problem[] = [];
    readonly model: WorkspaceModel;
    captures: ReadonlyMap<string, FileCapture>;
    readonly #items: WeakMap<object, FileItems>;

    constructor(
        model: WorkspaceModel,
        captures: ReadonlyMap<string, FileCapture>,
        itemCache: WeakMap<object, FileItems>,
    ) {
        this.model = model;
        this.captures = captures;
        this.#items = itemCache;
    }

    symbolAt(index: number): Sym {
        const symbol = this.symbols[index];
        if (symbol === undefined) {
            throw new RangeError(`no symbol ${index}`);
        }
        return symbol;
    }

    itemsOf(capture: FileCapture): FileItems {
        let items = this.#items.get(capture.tree);
        if (items === undefined) {
            items = collectItems(capture.tree);
            this.#items.set(capture.tree, items);
        }
        return items;
    }

    /** The symbol of an external path, made at first use. */
    external(path: string): number {
        const known = this.externals.get(path);
        if (known !== undefined) {
            return known;
        }
        const cut = path.lastIndexOf("::");
        const parent = cut === -1 ? -1 : this.external(path.slice(0, cut));
        const index = this.addSymbol({
            kind: "external",
            name: cut === -1 ? path : path.slice(cut + 2),
            namespaces: NS.any,
            inst: undefined,
            item: -1,
            parent,
            crate: -1,
            visibility: "public",
            visibleIn: undefined,
            cfg: "",
            flags: NODE_FLAG.external,
            external: path,
        });
        this.externals.set(path, index);
        return index;
    }

    addSymbol(symbol: Omit<Sym, "index">): number {
        const index = this.symbols.length;
        this.symbols.push({ index, ...symbol });
        appendTo(this.byName, symbol.name, index);
        return index;
    }

    /** Whether a name that is visible in `scope` can be seen from `from`. */
    isVisible(visibleIn: Scope | undefined, from: Scope): boolean {
        if (visibleIn === undefined) {
            return true;
        }
        for (let at: Scope | undefined = from.module; at !== undefined; at = at.parentModule) {
            if (at === visibleIn.module) {
                return true;
            }
        }
        return false;
    }

    /** The scope that lexically holds a node. */
    scopeAt(inst: FileInstance, node: number): Scope {
        const { parent } = inst.tree.columns;
        for (let at = node; at !== 0; at = parent[at] ?? 0) {
            const scope = inst.scopes.get(at);
            if (scope !== undefined) {
                return scope;
            }
        }
        return inst.rootScope;
    }
}
