// In which branches of conditional compilation a refactoring edits: each token's predicates, outermost first.

import { allOfCfg, predicateOf } from "../resolve/index.ts";
import type { SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import type { TextEdit } from "./model.ts";

/** What is asked for predicates. */
type BranchContext = Pick<RenameContext, "resolution" | "treeOf">;

/** Lists the predicates under which tokens stand, in order; empty where all are always compiled. */
export function branchesOf(
    context: BranchContext,
    edits: readonly Pick<TextEdit, "path" | "span">[],
): string[] {
    const branches = new Branches(context);
    const found = new Set(edits.map(({ path, span }) => branches.at(path, span.start)));
    found.delete("");
    return [...found].sort();
}

/** The predicates around places of a workspace. */
export class Branches {
    readonly #context: BranchContext;
    readonly #trees = new Map<string, TreeBranches>();
    #cfgs: ReadonlyMap<string, string> | undefined;

    constructor(context: BranchContext) {
        this.#context = context;
    }

    /** Conjunction of the predicates of the token at an offset; empty where there are none, or the file is not open. */
    at(path: string, offset: number): string {
        const tree = this.#context.treeOf(path);
        if (tree === undefined) {
            return "";
        }
        this.#cfgs ??= new Map(
            this.#context.resolution.files().map((file) => [file.path, file.cfg]),
        );
        const branches =
            this.#trees.get(path) ?? new TreeBranches(tree, this.#cfgs.get(path) ?? "");
        this.#trees.set(path, branches);
        return branches.at(tree.nodeAt(offset) ?? 0);
    }
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
