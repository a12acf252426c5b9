// Tables of those items of a file that a question is about. The first questions to a workspace name few
// of its items, and the types in all others need not be inferred for them.

import type { Span } from "../base/index.ts";
import type { SymbolKind } from "../graph/index.ts";
import { KIND, type FileCapture, type SyntaxTree } from "../syntax/index.ts";
import { findItems, findItemsWithout } from "./known-items.ts";
import { mayName } from "./token-places.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";

/**
 * What of a file is asked for: all tokens with a spelling, or all that touch one of some spans. Of those with a
 * spelling it may be enough to have what can name a symbol of a kind.
 */
export type TablePart = NamedPart | { readonly spans: readonly Span[] };

/** All tokens with a spelling, or those of them that can name a symbol of a kind. */
export interface NamedPart {
    readonly name: string;
    readonly meant?: SymbolKind;
}

/** After so many parts of a file the whole is made: questions go on about it. */
const PARTS_MAX = 6;
/** A part that is more of a file than this is not worth making apart. */
const SHARE_MAX = 0.6;

interface Parts {
    readonly tables: Map<string, OccurrenceTable>;
    /** Share of the file that parts were made of so far. */
    share: number;
}

/** The parts of files' tables that were made. */
export class PartialTables {
    /** By capture and key of the file's instance. */
    readonly #parts = new WeakMap<FileCapture, Map<number, Parts>>();

    /**
     * The table of a part of a file; undefined where the whole is to be made. `make` makes one that lacks
     * the rows of some items.
     */
    table(
        capture: FileCapture,
        key: number,
        part: TablePart,
        make: (skipped: ReadonlySet<number>) => OccurrenceTable,
    ): OccurrenceTable | undefined {
        const parts = this.#partsOf(capture, key);
        const name =
            "name" in part
                ? `${part.meant ?? ""}=${part.name}`
                : part.spans.map((span) => `${span.start}-${span.end}`).join(" ");
        const known = parts.tables.get(name);
        if (known !== undefined) {
            return known;
        }
        const skipped = itemsOutside(capture.tree, part);
        const share = 1 - shareOf(capture.tree, skipped);
        parts.share += share;
        // Two walks of a file in all are what the whole would have cost, and once more.
        if (share > SHARE_MAX || parts.share > 1 || parts.tables.size === PARTS_MAX) {
            parts.tables.clear();
            return undefined;
        }
        const table = make(new Set(skipped));
        parts.tables.set(name, table);
        return table;
    }

    #partsOf(capture: FileCapture, key: number): Parts {
        let ofCapture = this.#parts.get(capture);
        if (ofCapture === undefined) {
            ofCapture = new Map();
            this.#parts.set(capture, ofCapture);
        }
        let parts = ofCapture.get(key);
        if (parts === undefined) {
            parts = { tables: new Map(), share: 0 };
            ofCapture.set(key, parts);
        }
        return parts;
    }
}

/** The outermost items that hold nothing of the part. */
function itemsOutside(tree: SyntaxTree, part: TablePart): readonly number[] {
    const { start, end, kind, next } = tree.columns;
    if ("name" in part) {
        // `use super as up` gives the module a name without spelling its own.
        const hasAlias = (node: number): boolean =>
            kind.subarray(node, next[node] ?? tree.count).includes(KIND.use_as_clause);
        const { name, meant } = part;
        const counts =
            meant === undefined ? undefined : (node: number) => mayName(tree, node, meant);
        const unnamed = findItemsWithout(tree, new Set([name]), counts);
        return unnamed.filter((node) => !hasAlias(node));
    }
    const { spans } = part;
    return findItems(
        tree,
        (node) =>
            !spans.some((one) => (end[node] ?? 0) >= one.start && (start[node] ?? 0) <= one.end),
    );
}

function shareOf(tree: SyntaxTree, items: readonly number[]): number {
    const { next } = tree.columns;
    const nodes = items.reduce((sum, node) => sum + (next[node] ?? tree.count) - node, 0);
    return nodes / Math.max(tree.count, 1);
}
