// A resolution as plain data without dense numbers, so that two can be compared.

import { finishSteps } from "../../src/base/index.ts";
import { EDGE_KINDS, NO_NODE, type NodeId } from "../../src/graph/index.ts";
import {
    graphContentOf,
    type Occurrence,
    type ResolvedWorkspace,
} from "../../src/resolve/index.ts";
import type { FileCapture } from "../../src/syntax/index.ts";

/** Every occurrence of every file, a line each. */
export function dumpOccurrences(resolved: ResolvedWorkspace): string[] {
    return resolved
        .files()
        .flatMap(({ path }) => resolved.occurrencesIn(path).map((one) => line(resolved, one)))
        .sort();
}

function line(resolved: ResolvedWorkspace, one: Occurrence): string {
    const id = (index: number | undefined): string =>
        index === undefined ? "-" : resolved.symbol(index).path;
    const { span, name, role, raw, viaAlias, shorthand } = one;
    return [
        `${one.file}:${span.start}-${span.end}`,
        `${name} ${role} ${raw} ${viaAlias} ${shorthand}`,
        `in ${id(one.enclosing)} of ${id(one.crate)}`,
        binding(one, id),
    ].join(" | ");
}

function binding({ binding: to }: Occurrence, id: (index: number) => string): string {
    switch (to.kind) {
        case "symbol":
            return `symbol ${to.symbols.map(id).sort().join(" ")}`;
        case "ambiguous":
            return `ambiguous ${to.candidates.map(id).sort().join(" ")} ${to.reason}`;
        case "local": {
            const { kind, nameSpan, scope } = to.local;
            return `${kind} ${nameSpan.start}-${nameSpan.end} in ${scope.start}-${scope.end}`;
        }
        case "external":
            return `external ${to.path}`;
        case "builtin":
            return `builtin ${to.name}`;
        case "unresolved":
        case "opaque":
            return `${to.kind} ${to.reason}`;
    }
}

/** Every symbol of the workspace with its places and relations, a line each. */
export function dumpSymbols(resolved: ResolvedWorkspace): string[] {
    const lines: string[] = [];
    for (let index = 0; index < resolved.symbolCount; index++) {
        // Numbers depend on the order in which externals were met.
        const { parent, crate, id, kind, name, path: own, display } = resolved.symbol(index);
        const { file, nameSpan, extent, visibility, flags, cfg } = resolved.symbol(index);
        if (kind === "external") {
            continue;
        }
        const path = (one: number | undefined): string =>
            one === undefined ? "-" : resolved.symbol(one).path;
        const family = resolved.renameFamily(index).map(path).sort();
        const foreign = resolved.externalTraitOf(index);
        const place = { file, nameSpan, extent, parent: path(parent), crate: path(crate) };
        const more = { visibility, flags, cfg, family, foreign };
        lines.push(stringify({ id, kind, name, path: own, display, ...place, ...more }));
    }
    return lines.sort();
}

/** The graph's content, in one order. */
export function dumpGraph(
    resolved: ResolvedWorkspace,
    captures: ReadonlyMap<string, FileCapture>,
): string[] {
    const { nodes, edges, files } = finishSteps(graphContentOf(resolved, captures));
    const { sources, targets, kinds } = edges;
    const id = (position = NO_NODE): NodeId | undefined => nodes[position]?.id;
    const listed = Array.from(kinds, (kind, at) => ({
        source: id(sources[at]),
        target: id(targets[at]),
        kind: EDGE_KINDS[kind],
    }));
    return [...nodes, ...listed, ...files].map(stringify).sort();
}

function stringify(value: unknown): string {
    return JSON.stringify(value, (_, part: unknown) =>
        typeof part === "bigint" ? part.toString(16) : part,
    );
}
