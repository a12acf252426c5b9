// Paths of HIR: what a printed resolution names, and which token a segment is.

import { childNode, itemNode, itemText, type DebugNode, type DebugValue } from "./debug-tree.ts";
import { parseDefId, withoutConstructor } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import { alignSegments, pathIdents } from "./path-tokens.ts";
import type { PickToken } from "./pick-token.ts";

/** Targets of a printed resolution: several for an import that brings several namespaces. */
export function targetsOf(collector: FactCollector, res: DebugValue): number[] {
    if (typeof res !== "object") {
        return [];
    }
    if (res.name === "PerNS") {
        const found = res.items.flatMap((item) =>
            typeof item === "object" ? targetsOf(collector, item.items[0]) : [],
        );
        return [...new Set(found)];
    }
    if (res.name === "Def") {
        const path = parseDefId(itemText(res, 1));
        return path === undefined ? [] : [collector.target("definition", withoutConstructor(path))];
    }
    if (res.name === "PrimTy") {
        const kind = res.items[0];
        const name = typeof kind === "object" ? itemText(kind, 0) : kind?.toLowerCase();
        return name === undefined ? [] : [collector.target("primitive", name)];
    }
    return [];
}

/** The path in `Expr(PatExpr { kind: Path(…) })`. */
export function patternPath(kind: DebugNode): DebugNode | undefined {
    const expression = itemNode(kind, 0);
    const inner = expression === undefined ? undefined : childNode(expression, "kind");
    return inner?.name === "Path" ? itemNode(inner, 0) : undefined;
}

/** Picks one segment of a path. */
export function segmentOf(names: readonly string[], at: number, isImport: boolean): PickToken {
    return {
        name: (tokens, range) => alignSegments(tokens, range, names, isImport)[at] ?? -1,
        variable: (tokens, range) => {
            const idents = pathIdents(tokens, range.start, range.end);
            const index = idents.at(at - names.length) ?? -1;
            return tokens.isPunctuation(index - 1, "$") ? index : -1;
        },
    };
}
