// workspace/symbol and textDocument/documentSymbol.

import type {
    DocumentSymbol,
    DocumentSymbolParams,
    SymbolInformation,
    WorkspaceSymbolParams,
} from "vscode-languageserver";

import { checkCancelled } from "../../base/index.ts";
import type { RequestContext, View } from "../../engine/index.ts";
import type { SymbolIndex, SymbolInfo } from "../../resolve/index.ts";
import { requirePath } from "../from-lsp.ts";
import { toRange } from "../positions.ts";
import type { Session } from "../session.ts";
import { headSpan, toLocation, toSymbolKind } from "../to-lsp.ts";
import type { Feature } from "./feature.ts";

const RESULTS_MAX = 256;
/** Symbols are looked at in slices of this many between two looks at cancellation. */
const SLICE = 4096;

/** Finds symbols of the whole workspace by a part of their name. */
export const workspaceSymbol: Feature = {
    capabilities: () => ({ workspaceSymbolProvider: true }),
    register: (session) => {
        session.onLsp<WorkspaceSymbolParams>("workspace/symbol", (params, context) =>
            session.host.engine.query(context, (view) =>
                searchSymbols(view, params.query, context).map((symbol) =>
                    toInformation(session, view, symbol),
                ),
            ),
        );
    },
};

/** Lists what a file defines. */
export const documentSymbol: Feature = {
    capabilities: () => ({ documentSymbolProvider: true }),
    register: (session) => {
        session.onLsp<DocumentSymbolParams>("textDocument/documentSymbol", (params, context) =>
            session.host.engine.query(context, (view) => {
                const path = requirePath(session, view, params.textDocument.uri);
                return typeof path === "string" ? outline(session, view, path) : path;
            }),
        );
    },
};

type Located = SymbolInfo & { readonly file: string };

function isLocated(symbol: SymbolInfo): symbol is Located {
    return symbol.file !== undefined;
}

/** Symbols whose name holds the query's characters in order; better matches first. */
export function searchSymbols(view: View, query: string, context: RequestContext): Located[] {
    const wanted = query.trim().toLowerCase();
    const seen = new Set<string>();
    const found: { symbol: Located; rank: number }[] = [];
    for (let index = 0; index < view.resolution.symbolCount; index++) {
        if (index % SLICE === 0) {
            checkCancelled(context.signal);
        }
        const symbol = view.resolution.symbol(index);
        const { nameSpan } = symbol;
        if (nameSpan === undefined || !isLocated(symbol)) {
            continue;
        }
        const rank = rankOf(symbol, wanted);
        const token = `${symbol.file}\0${nameSpan.start}`;
        if (rank !== undefined && !seen.has(token)) {
            seen.add(token);
            found.push({ symbol, rank });
        }
    }
    found.sort(
        (a, b) =>
            a.rank - b.rank ||
            a.symbol.name.length - b.symbol.name.length ||
            (a.symbol.display < b.symbol.display ? -1 : 1),
    );
    return found.slice(0, RESULTS_MAX).map((each) => each.symbol);
}

function rankOf(symbol: SymbolInfo, wanted: string): number | undefined {
    if (wanted.includes("::")) {
        const path = symbol.display.toLowerCase();
        return path.endsWith(wanted) ? 0 : path.includes(wanted) ? 2 : undefined;
    }
    const name = symbol.name.toLowerCase();
    if (name === wanted) {
        return 0;
    }
    if (name.startsWith(wanted)) {
        return 1;
    }
    if (name.includes(wanted)) {
        return 2;
    }
    return isSubsequence(wanted, name) ? 3 : undefined;
}

function isSubsequence(wanted: string, name: string): boolean {
    let at = 0;
    for (const char of wanted) {
        at = name.indexOf(char, at) + 1;
        if (at === 0) {
            return false;
        }
    }
    return true;
}

function toInformation(session: Session, view: View, symbol: Located): SymbolInformation {
    const parent =
        symbol.parent === undefined ? undefined : view.resolution.symbol(symbol.parent).display;
    return {
        name: symbol.name,
        kind: toSymbolKind(symbol.kind),
        location: toLocation(session, view, symbol.file, headSpan(symbol) ?? { start: 0, end: 0 }),
        ...(parent === undefined ? {} : { containerName: parent }),
    };
}

function outline(
    session: Session,
    view: View,
    path: string,
): DocumentSymbol[] | SymbolInformation[] {
    const symbols = symbolsDefinedIn(view, path);
    const canNest =
        session.capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport;
    return canNest === true
        ? nest(session, view, symbols)
        : symbols.map((symbol) => toInformation(session, view, symbol));
}

/** Symbols with their item in a file, as its first owner sees it, and the impls around them. */
function symbolsDefinedIn(view: View, path: string): Located[] {
    const chosen = new Map<number, Located>();
    const add = (index: SymbolIndex): void => {
        const symbol = view.resolution.symbol(index);
        const start = symbol.extent?.start;
        const isHere = isLocated(symbol) && symbol.file === path;
        if (!isHere || start === undefined || chosen.has(start)) {
            return;
        }
        chosen.set(start, symbol);
        if (symbol.parent !== undefined) {
            add(symbol.parent);
        }
    };
    for (const each of view.resolution.occurrencesIn(path)) {
        if (each.role === "definition" && each.binding.kind === "symbol") {
            const [first] = each.binding.symbols;
            if (first !== undefined) {
                add(first);
            }
        }
    }
    return [...chosen.values()].sort((a, b) => (a.extent?.start ?? 0) - (b.extent?.start ?? 0));
}

function nest(session: Session, view: View, symbols: readonly Located[]): DocumentSymbol[] {
    const top: DocumentSymbol[] = [];
    const open: { end: number; children: DocumentSymbol[] }[] = [];
    for (const symbol of symbols) {
        const extent = symbol.extent ?? { start: 0, end: 0 };
        while ((open.at(-1)?.end ?? Number.MAX_SAFE_INTEGER) <= extent.start) {
            open.pop();
        }
        const lines = view.lines(symbol.file);
        const children: DocumentSymbol[] = [];
        (open.at(-1)?.children ?? top).push({
            name: symbol.name === "" ? symbol.kind : symbol.name,
            kind: toSymbolKind(symbol.kind),
            range: toRange(lines, extent, session.encoding),
            selectionRange: toRange(lines, headSpan(symbol) ?? extent, session.encoding),
            children,
        });
        open.push({ end: extent.end, children });
    }
    return top;
}
