// Rows of a past state: what the graph keeps of it. Texts, places and references of then are not kept.

import { displayPath, flagNames, parseCanonicalPath, type GraphNode } from "../graph/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";
import { listOf, TableRows, type TableName } from "../tables/index.ts";
import { fileIdOf } from "./file-to-index.ts";
import { edgeRows } from "./whole-rows.ts";

/** Tables that a past state has. */
export const PAST_TABLES: readonly TableName[] = ["files", "symbols", "edges"];

/** All rows of a past state. */
export function* pastRows(snapshot: GraphSnapshot): Iterable<TableRows> {
    const symbols = new TableRows("symbols");
    for (const node of snapshot.nodes()) {
        addNode(symbols, node);
    }
    yield symbols;
    const files = new TableRows("files");
    for (const { path, contentHash, owners, cfg } of snapshot.files()) {
        const crates = owners.map((owner) => displayPath(parseCanonicalPath(owner)));
        const names = listOf([...new Set(crates)].sort());
        files.push(fileIdOf(path), path, contentHash, null, null, null, names, cfg, null);
    }
    yield files;
    yield* edgeRows(snapshot);
}

function addNode(rows: TableRows, { id, name, kind, path, flags }: GraphNode): void {
    const parsed = parseCanonicalPath(path);
    const { origin } = parsed;
    const crate = origin.kind === "workspace" ? origin.targetName : origin.package;
    const none = null;
    rows.push(
        ...[id, name, kind, displayPath(parsed), path, none, none, none, none, none, none, none],
        ...[none, crate.replaceAll("-", "_"), none, listOf(flagNames(flags))],
    );
}
