// The leaves of a `use` declaration: each path that it brings in, with the nodes that spell it.

import { FLAG, KIND, type SyntaxTree } from "../syntax/index.ts";

/** One imported path. */
export interface UseLeaf {
    /** Node of the leaf. */
    readonly node: number;
    /** Segments as spelled; `crate`, `self`, `super` included; a final `self` of a list is left out. */
    readonly path: readonly string[];
    /** Identifier node of each segment; -1 where the leaf shares a prefix that another leaf records. */
    readonly nodes: readonly number[];
    /** The path begins with `::`. */
    readonly global: boolean;
    readonly glob: boolean;
    /** Identifier after `as`, -1 when there is none; the name `_` binds nothing. */
    readonly aliasNode: number;
    /** The leaf is `self` in a list: it imports the prefix in the type name space only. */
    readonly isSelf: boolean;
}

interface Prefix {
    readonly path: readonly string[];
    readonly nodes: readonly number[];
    readonly global: boolean;
}

/** Reads a use_declaration or extern_crate_declaration. */
export function readUseTree(tree: SyntaxTree, declaration: number): UseLeaf[] {
    const leaves: UseLeaf[] = [];
    if (tree.columns.kind[declaration] === KIND.extern_crate_declaration) {
        const name = tree.findChild(declaration, "name");
        if (name !== undefined) {
            leaves.push({
                node: declaration,
                path: [tree.nameOf(name)],
                nodes: [name],
                global: true,
                glob: false,
                aliasNode: tree.findChild(declaration, "alias") ?? -1,
                isSelf: false,
            });
        }
        return leaves;
    }
    const argument = tree.findChild(declaration, "argument");
    if (argument !== undefined) {
        readTree(tree, argument, { path: [], nodes: [], global: false }, leaves);
    }
    return leaves;
}

function readTree(tree: SyntaxTree, node: number, prefix: Prefix, leaves: UseLeaf[]): void {
    switch (tree.columns.kind[node]) {
        case KIND.use_list:
            readList(tree, node, prefix, leaves);
            return;
        case KIND.scoped_use_list: {
            const path = tree.findChild(node, "path");
            const list = tree.findChild(node, "list");
            const inner = path === undefined ? globalPrefix(prefix) : extend(tree, path, prefix);
            if (list !== undefined) {
                readList(tree, list, inner, leaves);
            }
            return;
        }
        case KIND.use_wildcard: {
            const path = tree.childrenOf(node)[0];
            const inner =
                path === undefined ? rootPrefix(tree, node, prefix) : extend(tree, path, prefix);
            leaves.push({ node, ...inner, glob: true, aliasNode: -1, isSelf: false });
            return;
        }
        case KIND.use_as_clause: {
            const path = tree.findChild(node, "path");
            if (path !== undefined) {
                leaves.push(makeLeaf(tree, path, prefix, tree.findChild(node, "alias") ?? -1));
            }
            return;
        }
        default:
            leaves.push(makeLeaf(tree, node, prefix, -1));
    }
}

function makeLeaf(tree: SyntaxTree, path: number, prefix: Prefix, aliasNode: number): UseLeaf {
    if (tree.columns.kind[path] === KIND.self && prefix.path.length > 0) {
        return { node: path, ...prefix, glob: false, aliasNode, isSelf: true };
    }
    return { node: path, ...extend(tree, path, prefix), glob: false, aliasNode, isSelf: false };
}

/** Leaves of a list; only the first keeps the nodes of the shared prefix. */
function readList(tree: SyntaxTree, list: number, prefix: Prefix, leaves: UseLeaf[]): void {
    let inner = prefix;
    for (const child of tree.childrenOf(list)) {
        if (
            tree.columns.kind[child] === KIND.attribute_item ||
            tree.columns.kind[child] === KIND.doc_comment
        ) {
            continue;
        }
        const before = leaves.length;
        readTree(tree, child, inner, leaves);
        if (leaves.length > before) {
            inner = { ...prefix, nodes: prefix.nodes.map(() => -1) };
        }
    }
}

function globalPrefix(prefix: Prefix): Prefix {
    return prefix.path.length === 0 ? { ...prefix, global: true } : prefix;
}

/** `use ::*` has a global prefix, `use *` (edition 2015) and a list's `*` do not. */
function rootPrefix(tree: SyntaxTree, node: number, prefix: Prefix): Prefix {
    return tree.hasFlag(node, FLAG.global) ? globalPrefix(prefix) : prefix;
}

function extend(tree: SyntaxTree, path: number, prefix: Prefix): Prefix {
    if (tree.columns.kind[path] !== KIND.scoped_identifier) {
        return {
            path: [...prefix.path, tree.nameOf(path)],
            nodes: [...prefix.nodes, path],
            global: prefix.global,
        };
    }
    const qualifier = tree.findChild(path, "path");
    const name = tree.findChild(path, "name");
    const inner = qualifier === undefined ? globalPrefix(prefix) : extend(tree, qualifier, prefix);
    return name === undefined
        ? inner
        : {
              path: [...inner.path, tree.nameOf(name)],
              nodes: [...inner.nodes, name],
              global: inner.global,
          };
}
