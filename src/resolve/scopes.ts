// Making and filling scopes.

import { appendTo } from "../base/index.ts";
import type { CrateRecord, Entry, FileInstance, Scope } from "./symbols.ts";

/** What a new scope is made from. */
export interface ScopeParts {
    readonly symbol: number;
    readonly crate: CrateRecord;
    readonly node: number;
    readonly module?: Scope;
    readonly parentModule?: Scope;
    readonly inst?: FileInstance;
    readonly declaredAt?: number;
    readonly isBlock?: boolean;
}

/** Makes a module's scope, or a block's. */
export function makeScope(parts: ScopeParts): Scope {
    const scope: Omit<Scope, "module"> = {
        kind: parts.isBlock === true ? "block" : "module",
        symbol: parts.symbol,
        node: parts.node,
        crate: parts.crate,
        inst: parts.inst,
        outer: undefined,
        parentModule: parts.parentModule,
        names: new Map<string, Entry[]>(),
        version: 0,
        textual: [],
        macroUse: [],
        declaredAt: parts.declaredAt ?? 0,
        externalGlobs: [],
        unresolvedImports: new Set<string>(),
        macroCalls: [],
        anonymousTraits: [],
    };
    // A module is its own nearest module.
    return Object.assign(scope, { module: parts.module ?? (scope as unknown as Scope) });
}

/** Ties each block scope to the scope around it. */
export function nestBlocks(inst: FileInstance): void {
    const { parent } = inst.tree.columns;
    for (const [node, scope] of inst.scopes) {
        if (scope.kind !== "block") {
            continue;
        }
        let at = parent[node] ?? 0;
        while (at !== 0 && !inst.scopes.has(at)) {
            at = parent[at] ?? 0;
        }
        scope.outer = inst.scopes.get(at) ?? inst.rootScope;
    }
}

/** The entry of a definition under its own name. */
export function ownEntry(symbol: number, namespaces: number, visibleIn: Scope | undefined): Entry {
    return {
        symbol,
        namespaces,
        leaf: undefined,
        glob: false,
        alias: false,
        visibleIn,
        conditional: false,
    };
}

/** Adds a name to a scope. */
export function define(scope: Scope, name: string, entry: Entry): void {
    scope.version += 1;
    appendTo(scope.names, name, entry);
}
