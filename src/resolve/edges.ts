// Edges among symbols: Contains and Implements from declarations, Call and Reference from tokens.

import type { Steps } from "../base/index.ts";
import { EDGE_KINDS } from "../graph/index.ts";
import { BIND, OCCURRENCE_FLAG, ROLE_CODE, type OccurrenceTable } from "./walk/occurrence-table.ts";
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
    giveTokenEdges(source, file, sink);
    giveImplicitEdges(source, file, sink);
}

/** Takes an edge that a token says, and where in its table: the row, and above PLACE_ROWS which of a set, from 1. */
type TokenEdgeSink = (...edge: [...Parameters<EdgeSink>, place: number]) => void;

const PLACE_ROWS = 2 ** 32;

/** Gives the edges that rustc saw in the bodies of one file. */
export function giveImplicitEdges(source: ResolutionSource, file: number, sink: EdgeSink): void {
    if (source.files[file]?.crate === -1) {
        return;
    }
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
export function giveTokenEdges(source: ResolutionSource, file: number, sink: TokenEdgeSink): void {
    if (source.files[file]?.crate === -1) {
        return;
    }
    const facts = SymbolFacts.known(source);
    const table = source.table(file);
    const give = (from: number, target: number, place: number): void => {
        const row = place % PLACE_ROWS;
        const traits = facts.traitsOf(target);
        if (from === target || (traits & SYMBOL_TRAIT.ofUnknown) !== 0) {
            return;
        }
        const isCall =
            CALL_ROLES.has(table.role[row] ?? 0) && (traits & SYMBOL_TRAIT.callable) !== 0;
        sink(from, target, isCall ? CALL : REFERENCE, place);
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
            give(from, target, row);
        } else {
            table.sets[target]?.forEach((one, member) => {
                give(from, one, row + (member + 1) * PLACE_ROWS);
            });
        }
    }
}

/** Edges that the tokens of a file say, each once, by the places that say them first. */
export interface TokenEdges {
    readonly places: Float64Array;
    readonly kinds: Uint8Array;
}

/** The same edges under the numbers that a table of the same tokens has. */
export function giveKnownEdges(
    source: ResolutionSource,
    { places, kinds }: TokenEdges,
    { table, sink }: { readonly table: OccurrenceTable; readonly sink: EdgeSink },
): void {
    for (let at = 0; at < places.length; at++) {
        const place = places[at] ?? 0;
        const row = place % PLACE_ROWS;
        const member = Math.floor(place / PLACE_ROWS);
        const target = table.target[row] ?? 0;
        const to = member === 0 ? target : (table.sets[target]?.[member - 1] ?? 0);
        sink(source.nodeOf(table.enclosing[row] ?? 0), to, kinds[at] ?? 0);
    }
}
