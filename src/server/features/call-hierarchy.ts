// Call hierarchy: who calls a symbol, and whom it calls. One step at a time, from bindings.

import type {
    CallHierarchyIncomingCall,
    CallHierarchyIncomingCallsParams,
    CallHierarchyItem,
    CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams,
    CallHierarchyPrepareParams,
    Range,
} from "vscode-languageserver";

import { refuse, type Refusal } from "../../base/index.ts";
import { occurrencesOfTarget, twinsOf, type View } from "../../engine/index.ts";
import { formatNodeId, parseNodeId } from "../../graph/index.ts";
import type { Occurrence, OccurrenceRole, SymbolIndex } from "../../resolve/index.ts";
import { occurrenceAt } from "../from-lsp.ts";
import { toRange } from "../positions.ts";
import type { Session } from "../session.ts";
import { headSpan, toSymbolKind } from "../to-lsp.ts";
import type { Feature } from "./feature.ts";

const CALL_ROLES: ReadonlySet<OccurrenceRole> = new Set(["call", "method-call", "macro-call"]);

/** Shows callers and callees. */
export const callHierarchy: Feature = {
    capabilities: () => ({ callHierarchyProvider: true }),
    register: (session) => {
        const { engine } = session.host;
        session.onLsp<CallHierarchyPrepareParams>(
            "textDocument/prepareCallHierarchy",
            (params, context) => engine.query(context, (view) => prepare(session, view, params)),
        );
        session.onLsp<CallHierarchyIncomingCallsParams>(
            "callHierarchy/incomingCalls",
            (params, context) =>
                engine.query(context, (view) => incoming(session, view, params.item)),
        );
        session.onLsp<CallHierarchyOutgoingCallsParams>(
            "callHierarchy/outgoingCalls",
            (params, context) =>
                engine.query(context, (view) => outgoing(session, view, params.item)),
        );
    },
};

function prepare(
    session: Session,
    view: View,
    params: CallHierarchyPrepareParams,
): CallHierarchyItem[] | null {
    const binding = occurrenceAt(session, view, params)?.binding;
    if (binding?.kind !== "symbol") {
        return null;
    }
    const [first] = binding.symbols;
    const item = first === undefined ? undefined : toItem(session, view, first);
    return item === undefined ? null : [item];
}

function incoming(
    session: Session,
    view: View,
    item: CallHierarchyItem,
): CallHierarchyIncomingCall[] | Refusal {
    const symbol = symbolOf(view, item);
    if (typeof symbol !== "number") {
        return symbol;
    }
    const callers = new Map<SymbolIndex, Range[]>();
    for (const each of occurrencesOfTarget(view, { kind: "symbol", symbol })) {
        if (CALL_ROLES.has(each.role) && each.enclosing !== undefined) {
            addRange(callers, each.enclosing, rangeOf(session, view, each));
        }
    }
    return [...callers].flatMap(([caller, fromRanges]) => {
        const from = toItem(session, view, caller);
        return from === undefined ? [] : [{ from, fromRanges }];
    });
}

function outgoing(
    session: Session,
    view: View,
    item: CallHierarchyItem,
): CallHierarchyOutgoingCall[] | Refusal {
    const symbol = symbolOf(view, item);
    if (typeof symbol !== "number") {
        return symbol;
    }
    const { file } = view.resolution.symbol(symbol);
    const callees = new Map<SymbolIndex, Range[]>();
    for (const each of file === undefined ? [] : view.resolution.occurrencesIn(file)) {
        const { binding } = each;
        if (each.enclosing === symbol && CALL_ROLES.has(each.role) && binding.kind === "symbol") {
            const [callee] = binding.symbols;
            if (callee !== undefined) {
                addRange(callees, callee, rangeOf(session, view, each));
            }
        }
    }
    return [...callees].flatMap(([callee, fromRanges]) => {
        const to = toItem(session, view, callee);
        return to === undefined ? [] : [{ to, fromRanges }];
    });
}

function toItem(session: Session, view: View, index: SymbolIndex): CallHierarchyItem | undefined {
    const symbol = view.resolution.symbol(index);
    const name = headSpan(symbol);
    if (symbol.file === undefined || name === undefined) {
        return undefined;
    }
    const lines = view.lines(symbol.file);
    return {
        name: symbol.name,
        kind: toSymbolKind(symbol.kind),
        detail: symbol.display,
        uri: session.uris.toUri(symbol.file),
        range: toRange(lines, symbol.extent ?? name, session.encoding),
        selectionRange: toRange(lines, name, session.encoding),
        data: { id: formatNodeId(symbol.id) },
    };
}

/** Finds the symbol again by its id: the texts may have changed since the item was handed out. */
function symbolOf(view: View, item: CallHierarchyItem): SymbolIndex | Refusal {
    const data: unknown = item.data;
    const id =
        typeof data === "object" && data !== null && "id" in data && typeof data.id === "string"
            ? view.resolution.findById(parseNodeId(data.id))
            : undefined;
    if (id === undefined) {
        return refuse("SYMBOL_NOT_FOUND", `\`${item.name}\` is not there any more`);
    }
    return twinsOf(view, id)[0] ?? id;
}

function addRange(groups: Map<SymbolIndex, Range[]>, index: SymbolIndex, range: Range): void {
    const ranges = groups.get(index) ?? [];
    ranges.push(range);
    groups.set(index, ranges);
}

function rangeOf(session: Session, view: View, occurrence: Occurrence): Range {
    return toRange(view.lines(occurrence.file), occurrence.span, session.encoding);
}
