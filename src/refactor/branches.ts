// In which branches of conditional compilation a refactoring edits: each token's predicates, outermost first.

import { allOfCfg, predicateOf, type Resolution } from "../resolve/index.ts";
import type { SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import type { TextEdit } from "./model.ts";

/** Lists the predicates under which edited tokens stand, in order; empty where all are always compiled. */
export function branchesOf(context: RenameContext, edits: readonly TextEdit[]): string[] {
    const owned = new Map(context.resolution.files().map((file) => [file.path, file]));
    const found = new Set<string>();
    const trees = new Map<string, TreeBranches>();
    for (const { path, span } of edits) {
        const tree = context.treeOf(path);
        if (tree !== undefined) {
            const branches = trees.get(path) ?? new TreeBranches(tree, baseOf(owned.get(path)));
            trees.set(path, branches);
            found.add(branches.at(tree.nodeAt(span.start) ?? 0));
        }
    }
    found.delete("");
    return [...found].sort();
}

function baseOf(file: ReturnType<Resolution["files"]>[number] | undefined): string {
    return file?.cfg ?? "";
}

/** Predicates of one file's nodes. */
class TreeBranches {
    readonly #tree: SyntaxTree;
    readonly #known: Map<number, string>;

    constructor(tree: SyntaxTree, base: string) {
        this.#tree = tree;
        this.#known = new Map([[0, base]]);
    }

    at(node: number): string {
        let known = this.#known.get(node);
        if (known === undefined) {
            const around = this.at(this.#tree.columns.parent[node] ?? 0);
            known = allOfCfg(around, predicateOf(this.#tree, node));
            this.#known.set(node, known);
        }
        return known;
    }
}
