// Rows of the tables that no single file gives: packages, commits, externals, edges.

import { EDGE_KINDS, type NodeId } from "../graph/index.ts";
import type { GitCommit } from "../git/index.ts";
import type { GraphSnapshot } from "../graphstore/index.ts";
import { listOf, structOf, TableRows, timestampOf, uuidOf } from "../tables/index.ts";
import type { OperationRecord } from "../oplog/index.ts";
import type { Dependency, WorkspaceModel } from "../workspace/index.ts";
import { addExternal } from "./file-rows.ts";
import type { IndexView } from "./index-view.ts";

/** The symbols of other packages that the graph has, by their ids. */
export function externalsOf(view: IndexView, snapshot: GraphSnapshot): Map<bigint, number> {
    const found = new Map<bigint, number>();
    for (const index of view.externals) {
        const id = view.source.idOf(index) as NodeId;
        if (snapshot.findNode(id) !== undefined) {
            found.set(id, index);
        }
    }
    return found;
}

/** Rows of symbols of other packages. */
export function externalRows(view: IndexView, externals: readonly number[]): TableRows {
    const rows = new TableRows("symbols");
    for (const index of externals) {
        addExternal(rows, view.source.symbol(index));
    }
    return rows;
}

/** Edges that are given to the database at a time. */
const EDGES_AT_ONCE = 131_072;

/** Rows of all edges, some at a time. */
export function* edgeRows(snapshot: GraphSnapshot): Iterable<TableRows> {
    const { sources, targets, kinds } = snapshot.edgeArrays();
    const ids = snapshot.nodeIds();
    for (let from = 0; from < sources.length; from += EDGES_AT_ONCE) {
        const rows = new TableRows("edges");
        const to = Math.min(sources.length, from + EDGES_AT_ONCE);
        for (let at = from; at < to; at++) {
            const [source, target] = [ids[sources[at] ?? 0] ?? 0n, ids[targets[at] ?? 0] ?? 0n];
            rows.push(source, target, EDGE_KINDS[kinds[at] ?? 0] ?? "reference");
        }
        yield rows;
    }
}

/** Rows of the packages. */
export function packageRows(model: WorkspaceModel): TableRows {
    const rows = new TableRows("cargo_metadata");
    for (const one of model.packages) {
        const features = Object.entries(one.features).map(([name, enables]) =>
            structOf({ name, enables: listOf(enables) }),
        );
        rows.push(
            one.name,
            one.manifest,
            one.version,
            one.edition,
            listOf(one.targets.map(({ kind, name }) => `${kind}:${name}`)),
            listOf(one.dependencies.map(dependencyOf)),
            listOf(features),
        );
    }
    return rows;
}

function dependencyOf(one: Dependency): ReturnType<typeof structOf> {
    return structOf({
        name: one.externName,
        package: one.packageName,
        kind: one.kind,
        version: one.version,
        source: one.source,
        target: one.target,
        optional: one.optional,
        workspace: one.local !== undefined,
    });
}

/** Rows of commits, given with the newest first; the oldest of them gets a number. */
export function commitRows(commits: readonly GitCommit[], first: number): TableRows {
    const rows = new TableRows("git_commits");
    for (const [at, commit] of commits.toReversed().entries()) {
        const { hash, parents, committedMs, author, subject, files } = commit;
        rows.push(
            hash,
            listOf(parents),
            timestampOf(committedMs),
            first + at,
            author,
            subject,
            listOf(files),
        );
    }
    return rows;
}

/** Rows of operations, as the log has them. */
export function operationRows(operations: readonly OperationRecord[]): TableRows {
    const rows = new TableRows("operation_log");
    for (const one of operations) {
        rows.push(
            uuidOf(one.opId),
            one.patchId,
            one.description,
            one.preconditionPassed,
            one.appliedCommit,
            timestampOf(one.endedMs),
            one.result,
            one.planFingerprint,
            one.rootBefore,
            one.rootAfter,
            one.diagnostics,
        );
    }
    return rows;
}
