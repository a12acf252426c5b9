// One file's tree with its text: the questions that rewrites of syntax ask.

import type { Span } from "../base/index.ts";
import { FLAG, KIND, type SyntaxKind, type SyntaxRole, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";

/** Nodes that begin a namespace of locals of their own. */
const ITEMS: ReadonlySet<number> = new Set(
    (
        [
            "const_item",
            "enum_item",
            "function_item",
            "function_signature_item",
            "impl_item",
            "macro_definition",
            "mod_item",
            "static_item",
            "struct_item",
            "trait_item",
            "type_item",
            "union_item",
            "use_declaration",
        ] as const
    ).map((kind) => KIND[kind]),
);

/** A file's tree and text. */
export class FileSyntax {
    readonly path: string;
    readonly tree: SyntaxTree;
    readonly text: string;

    constructor(path: string, tree: SyntaxTree, text: string) {
        this.path = path;
        this.tree = tree;
        this.text = text;
    }

    /** A file's syntax; undefined where its tree is not at hand. */
    static of(context: RenameContext, path: string): FileSyntax | undefined {
        const tree = context.treeOf(path);
        return tree === undefined ? undefined : new FileSyntax(path, tree, context.textOf(path));
    }

    start(node: number): number {
        return this.tree.columns.start[node] ?? 0;
    }

    end(node: number): number {
        return this.tree.columns.end[node] ?? 0;
    }

    span(node: number): Span {
        return { start: this.start(node), end: this.end(node) };
    }

    textOf(node: number): string {
        return this.text.slice(this.start(node), this.end(node));
    }

    /** A node's text, its blanks evened out. */
    plainText(node: number): string {
        return this.textOf(node)
            .replace(/\s+/gu, " ")
            .replace(/ ?([<>,&:]) ?/gu, "$1");
    }

    parent(node: number): number {
        return this.tree.columns.parent[node] ?? 0;
    }

    is(node: number, ...kinds: readonly SyntaxKind[]): boolean {
        const kind = this.tree.columns.kind[node];
        return kinds.some((one) => KIND[one] === kind);
    }

    child(node: number, role: SyntaxRole): number | undefined {
        return this.tree.findChild(node, role);
    }

    /** Children without attributes. */
    parts(node: number): number[] {
        return this.tree.childrenOf(node).filter((child) => !this.is(child, "attribute_item"));
    }

    /** The innermost node that begins at an offset and is of one of the kinds. */
    nodeStartingAt(offset: number, ...kinds: readonly SyntaxKind[]): number | undefined {
        for (let at = this.tree.nodeAt(offset) ?? 0; at !== 0; at = this.parent(at)) {
            if (this.start(at) === offset && this.is(at, ...kinds)) {
                return at;
            }
        }
        return undefined;
    }

    /** The nearest node around a node that is of one of the kinds. */
    around(node: number, ...kinds: readonly SyntaxKind[]): number | undefined {
        for (let at = this.parent(node); at !== 0; at = this.parent(at)) {
            if (this.is(at, ...kinds)) {
                return at;
            }
        }
        return undefined;
    }

    /** All nodes below a node, items nested in it left out. */
    *below(node: number): Iterable<number> {
        const { next, kind } = this.tree.columns;
        const end = next[node] ?? 0;
        for (let at = node + 1; at < end;) {
            if (ITEMS.has(kind[at] ?? 0)) {
                at = next[at] ?? end;
                continue;
            }
            yield at;
            at += 1;
        }
    }

    /** Whether a node is a token of a macro whose input is not read as Rust. */
    isMacroToken(node: number): boolean {
        if (this.is(this.parent(node), "token_tree", "token_repetition")) {
            return true;
        }
        for (let at = node; at !== 0; at = this.parent(at)) {
            // Input that reads as expressions may mean something else to its macro.
            if (this.is(at, "macro_arguments") && this.tree.hasFlag(at, FLAG.maybeItems)) {
                return true;
            }
        }
        return false;
    }
}
