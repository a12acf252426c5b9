// Symbols of a past graph as plain data, and from what a person writes to one of them. The past keeps
// no texts: a place is given only where the file's text of then is still the one of now.

import { refuse, type Refusal } from "../base/index.ts";
import {
    displayPath,
    formatNodeId,
    parseCanonicalPath,
    type GraphNode,
    type NodeId,
} from "../graph/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";
import type { PlaceDto, SymbolDto, SymbolSelector } from "../protocol/index.ts";
import { describeSymbol } from "./describe.ts";
import { selectTarget, SYMBOL_ADVICE } from "./select-target.ts";
import type { View } from "./view.ts";

const CANDIDATES_MAX = 10;

/** Describes a node as any state of the graph has it. */
export function describeNode(node: GraphNode, at: PlaceDto | undefined): SymbolDto {
    const path = parseCanonicalPath(node.path);
    const { origin } = path;
    return {
        id: formatNodeId(node.id),
        name: node.name,
        kind: node.kind,
        path: displayPath(path),
        crate: origin.kind === "workspace" ? origin.targetName.replaceAll("-", "_") : "",
        at,
    };
}

/** Where a symbol of a past graph stands, if its file's text is still the same. */
export function placeOfPast(view: View, snapshot: GraphSnapshot, id: NodeId): PlaceDto | undefined {
    const index = view.resolution.findById(id);
    const file = index === undefined ? undefined : view.resolution.symbol(index).file;
    if (index === undefined || file === undefined) {
        return undefined;
    }
    const isSameText = snapshot.findFile(file)?.contentHash === view.file(file)?.contentHash;
    return isSameText ? describeSymbol(view, index).at : undefined;
}

/** Whether a text is a canonical path rather than one that people write. */
export function isCanonicalPath(written: string): boolean {
    return /^(?:ws|ext):/u.test(written);
}

/** The nodes that a selector means in a past graph: one item, as its owners see it. */
export function selectPast(
    view: View,
    snapshot: GraphSnapshot,
    selector: SymbolSelector,
): { readonly kind: "past"; readonly nodes: readonly number[] } | Refusal {
    if (selector.kind === "path") {
        return selectInSnapshot(snapshot, selector.path.trim().replaceAll("r#", ""));
    }
    const chosen = selectTarget(view, selector);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    if (chosen.target.kind === "local") {
        return refuseLocal(chosen.target.local.name);
    }
    const symbol = view.resolution.symbol(chosen.target.symbol);
    const node = snapshot.findNode(symbol.id);
    return node === undefined
        ? notThen(snapshot, symbol.display, [])
        : { kind: "past", nodes: [node] };
}

/** Locals are no nodes: no graph, past or present, speaks of them. */
export function refuseLocal(name: string): Refusal {
    return refuse("HISTORY_LOCAL", `\`${name}\` is local to a body: the graph does not have it`, {
        advice: "ask for the item around it",
    });
}

/** The nodes that a path means in a graph, without anything else that is known of it. */
export function selectInSnapshot(
    snapshot: GraphSnapshot,
    written: string,
): { readonly kind: "past"; readonly nodes: readonly number[] } | Refusal {
    const isCanonical = isCanonicalPath(written);
    const wanted = written.replace(/^(?:crate)?::/u, "");
    const name = wanted.split("::").at(-1);
    const byPath = new Map<string, number[]>();
    for (let node = 0; node < snapshot.nodeCount; node++) {
        if (isCanonical && snapshot.pathAt(node) === written) {
            return { kind: "past", nodes: [node] };
        }
        if (!isCanonical && snapshot.nameAt(node) === name) {
            const display = displayPath(parseCanonicalPath(snapshot.pathAt(node)));
            if (display === wanted || display.endsWith(`::${wanted}`)) {
                byPath.set(display, [...(byPath.get(display) ?? []), node]);
            }
        }
    }
    const found = byPath.get(wanted) ?? (byPath.size === 1 ? [...byPath.values()][0] : undefined);
    if (found !== undefined) {
        return { kind: "past", nodes: found };
    }
    const candidates = [...byPath.keys()].sort().slice(0, CANDIDATES_MAX);
    return byPath.size === 0
        ? notThen(snapshot, written, candidates)
        : refuse("SYMBOL_AMBIGUOUS", `\`${written}\` named ${byPath.size} symbols then`, {
              candidates,
              advice: "write more of the path",
          });
}

function notThen(
    { deltaCount }: GraphSnapshot,
    written: string,
    candidates: readonly string[],
): Refusal {
    return refuse(
        "SYMBOL_NOT_FOUND",
        `no symbol \`${written}\` in the graph after ${deltaCount} deltas`,
        {
            candidates,
            advice: SYMBOL_ADVICE,
        },
    );
}
