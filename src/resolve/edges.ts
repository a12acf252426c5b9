// Edges among symbols: Contains and Implements from declarations, Call and Reference from tokens.

import type { SymbolEdge } from "./model.ts";
import { BIND, OCCURRENCE_FLAG, ROLE_CODE } from "./walk/occurrence-table.ts";
import type { ResolutionSource } from "./resolution-source.ts";

const CALL_ROLES = new Set([ROLE_CODE.call, ROLE_CODE["method-call"]]);

/** Roles that name a symbol without using it: they give no edge. */
const SILENT_ROLES = new Set([
    ROLE_CODE.definition,
    ROLE_CODE.import,
    ROLE_CODE["import-alias"],
    ROLE_CODE["doc-link"],
    ROLE_CODE.visibility,
]);

/** External paths that begin so are members of types that are not known. */
export const UNKNOWN_OWNER = "_::";

/** Contains and Implements edges. */
export function* structuralEdges(source: ResolutionSource): Iterable<SymbolEdge> {
    for (const pair of source.implementing()) {
        yield { source: pair.source, target: pair.target, kind: "implements" };
    }
    for (let index = 0; index < source.symbolCount; index++) {
        const parent = source.graphParentOf(index);
        if (parent !== -1 && source.nodeOf(index) === index && source.externalPath(index) === "") {
            yield { source: parent, target: index, kind: "contains" };
        }
    }
}

/** Edges that one file says: by its tokens, and by what rustc saw in its bodies. */
export function* fileEdges(source: ResolutionSource, file: number): Iterable<SymbolEdge> {
    if (source.files[file]?.crate === -1) {
        return;
    }
    yield* tokenEdges(source, file);
    const calls = source.implicitCalls(file);
    for (let row = 0; row < calls.source.length; row++) {
        const from = source.nodeOf(calls.source[row] ?? 0);
        const target = calls.target[row] ?? 0;
        if (from !== -1 && from !== target) {
            yield { source: from, target, kind: "call" };
        }
    }
}

/** Edges that the tokens of one file say. */
export function* tokenEdges(source: ResolutionSource, file: number): Iterable<SymbolEdge> {
    const table = source.table(file);
    for (let row = 0; row < table.target.length; row++) {
        const bind = table.bind[row];
        const role = table.role[row] ?? 0;
        if ((bind !== BIND.symbol && bind !== BIND.external) || SILENT_ROLES.has(role)) {
            continue;
        }
        const from = source.nodeOf(table.enclosing[row] ?? 0);
        const target = table.target[row] ?? 0;
        const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
        for (const one of isSet ? (table.sets[target] ?? []) : [target]) {
            if (from === -1 || from === one || source.externalPath(one).startsWith(UNKNOWN_OWNER)) {
                continue;
            }
            const isCall = CALL_ROLES.has(role) && isCallable(source, one);
            yield { source: from, target: one, kind: isCall ? "call" : "reference" };
        }
    }
}

function isCallable(source: ResolutionSource, index: number): boolean {
    const kind = source.kindOf(index);
    return kind === "function" || kind === "method" || kind === "external";
}
