// Edges among symbols: Contains and Implements from declarations, Call and Reference from tokens.

import type { Steps } from "../base/index.ts";
import { EDGE_KINDS } from "../graph/index.ts";
import { BIND, OCCURRENCE_FLAG, ROLE_CODE } from "./walk/occurrence-table.ts";
import type { ResolutionSource } from "./resolution-source.ts";
import { SYMBOL_TRAIT, SymbolFacts } from "./symbol-facts.ts";

const CALL_ROLES = new Set([ROLE_CODE.call, ROLE_CODE["method-call"]]);

/** Roles that name a symbol without using it: they give no edge. */
const SILENT_ROLES = new Set([
    ROLE_CODE.definition,
    ROLE_CODE.import,
    ROLE_CODE["import-alias"],
    ROLE_CODE["doc-link"],
    ROLE_CODE.visibility,
]);

/** Takes an edge between two symbols; the kind is a position in EDGE_KINDS. */
export type EdgeSink = (source: number, target: number, kind: number) => void;

const CONTAINS = EDGE_KINDS.indexOf("contains");
const IMPLEMENTS = EDGE_KINDS.indexOf("implements");
const CALL = EDGE_KINDS.indexOf("call");
const REFERENCE = EDGE_KINDS.indexOf("reference");

/** Edges between two turns for others. */
const STEP_ROWS = 1024;

/** Gives Contains and Implements edges. */
export function* giveStructuralEdges(source: ResolutionSource, sink: EdgeSink): Steps<void> {
    const facts = SymbolFacts.known(source);
    for (const pair of source.implementing()) {
        sink(pair.source, pair.target, IMPLEMENTS);
    }
    yield;
    const { symbolCount } = source;
    for (let index = 0; index < symbolCount; index++) {
        const parent = source.graphParentOf(index);
        if (parent !== -1 && (facts.traitsOf(index) & SYMBOL_TRAIT.ownNode) !== 0) {
            sink(parent, index, CONTAINS);
        }
        if (index % STEP_ROWS === 0) {
            yield;
        }
    }
}

/** Gives the edges that one file says: by its tokens, and by what rustc saw in its bodies. */
export function giveFileEdges(source: ResolutionSource, file: number, sink: EdgeSink): void {
    if (source.files[file]?.crate === -1) {
        return;
    }
    giveTokenEdges(source, file, sink);
    const calls = source.implicitCalls(file);
    for (let row = 0; row < calls.source.length; row++) {
        const from = source.nodeOf(calls.source[row] ?? 0);
        const target = calls.target[row] ?? 0;
        if (from !== -1 && from !== target) {
            sink(from, target, CALL);
        }
    }
}

/** Gives the edges that the tokens of one file say. */
export function giveTokenEdges(source: ResolutionSource, file: number, sink: EdgeSink): void {
    const facts = SymbolFacts.known(source);
    const table = source.table(file);
    const give = (from: number, role: number, target: number): void => {
        const traits = facts.traitsOf(target);
        if (from === target || (traits & SYMBOL_TRAIT.ofUnknown) !== 0) {
            return;
        }
        const isCall = CALL_ROLES.has(role) && (traits & SYMBOL_TRAIT.callable) !== 0;
        sink(from, target, isCall ? CALL : REFERENCE);
    };
    for (let row = 0; row < table.target.length; row++) {
        const bind = table.bind[row];
        const role = table.role[row] ?? 0;
        if ((bind !== BIND.symbol && bind !== BIND.external) || SILENT_ROLES.has(role)) {
            continue;
        }
        const from = source.nodeOf(table.enclosing[row] ?? 0);
        const target = table.target[row] ?? 0;
        if (from === -1) {
            continue;
        }
        if (((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) === 0) {
            give(from, role, target);
        } else {
            for (const one of table.sets[target] ?? []) {
                give(from, role, one);
            }
        }
    }
}
