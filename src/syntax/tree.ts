// A file's syntax as columns: the named nodes of its parse in preorder, macro arguments spliced in.
//
// Shape: node 0 is the source_file. `next[i]` is the first index after the subtree of i, so that the
// children of i are c = i + 1; c < next[i]; c = next[c]. Offsets are UTF-16 units of the decoded text.
//
// Macro arguments: a macro_invocation with FLAG.parsed has a macro_arguments node (span with delimiters) in
// the place of its token_tree. Its children are the argument expressions; `vec![x; n]` has n in the role
// `length`; `matches!(e, p if c)` has e in the role `value` and a match_pattern in the role `pattern`;
// `thread_local!` has its items; `cfg_if!` and `cfg_select!` have, for each branch, an attribute_item with
// the branch's cfg (none for `else` and `_`; for cfg_select its `cfg` has an empty span and FLAG.bridged)
// and then a declaration_list of items, or a block where the branch is no items. A branch holds if its cfg
// does and those of the branches before it do not.
//
// A call of any other macro in braces, where items stand, whose input reads as items has them in a
// macro_arguments too, with FLAG.maybeItems instead: only the macro's definition tells what becomes of them.
//
// A macro 2.0 (`pub macro m(…) {…}`) is a macro_definition named `macro`, with FLAG.bridged: its visibility,
// its name, and one token_tree for each of its groups.

import {
    KIND,
    ROLE,
    SYNTAX_KINDS,
    SYNTAX_ROLES,
    type SyntaxKind,
    type SyntaxRole,
} from "./kinds.ts";

/** The columns of a syntax tree; all of one length but `names`. */
export interface SyntaxColumns {
    readonly kind: Uint8Array;
    readonly role: Uint8Array;
    readonly flags: Uint32Array;
    readonly start: Uint32Array;
    readonly end: Uint32Array;
    /** Index after the subtree. */
    readonly next: Uint32Array;
    /** Index of the parent; the root is its own parent. */
    readonly parent: Uint32Array;
    /**
     * Index into `names`, 0 for none: identifier-like leaves without raw prefix (identifier, type_identifier,
     * field_identifier, shorthand_field_identifier, primitive_type, metavariable without `$`, self, super,
     * crate; a lifetime's or label's identifier without the quote), operators of unary, binary, compound
     * assignment and range expressions and of range patterns, the index of a tuple field, boolean
     * literals, string contents inside attributes, after a `=` among tokens, and in include!, concat!,
     * env! and their like, format captures, doc links (the link's whole path), fragment specifiers, and `macro` for a `macro 2.0` definition.
     */
    readonly name: Uint32Array;
    /** Distinct names; entry 0 is the empty string. */
    readonly names: readonly string[];
}

/** Read access to one file's syntax. */
export class SyntaxTree {
    readonly columns: SyntaxColumns;

    constructor(columns: SyntaxColumns) {
        this.columns = columns;
    }

    get count(): number {
        return this.columns.kind.length;
    }

    kindOf(node: number): SyntaxKind {
        return SYNTAX_KINDS[this.columns.kind[node] ?? 0] ?? "ERROR";
    }

    /** Role of a node in its parent; empty where it has none. */
    roleOf(node: number): SyntaxRole {
        return SYNTAX_ROLES[this.columns.role[node] ?? 0] ?? "";
    }

    nameOf(node: number): string {
        return this.columns.names[this.columns.name[node] ?? 0] ?? "";
    }

    hasFlag(node: number, flag: number): boolean {
        return ((this.columns.flags[node] ?? 0) & flag) !== 0;
    }

    /** First child in the given role, or undefined. */
    findChild(node: number, role: SyntaxRole): number | undefined {
        return this.#find(node, this.columns.role, ROLE[role]);
    }

    /** First child of the given kind, or undefined. */
    findKind(node: number, kind: SyntaxKind): number | undefined {
        return this.#find(node, this.columns.kind, KIND[kind]);
    }

    /** Children in order. */
    childrenOf(node: number): number[] {
        const { next } = this.columns;
        const end = next[node] ?? 0;
        const children: number[] = [];
        for (let child = node + 1; child < end; child = next[child] ?? end) {
            children.push(child);
        }
        return children;
    }

    /** The innermost node that contains the offset (an end counts as inside), or undefined. */
    nodeAt(offset: number): number | undefined {
        const { start, end, next } = this.columns;
        let node = 0;
        let found: number | undefined;
        while (node < this.count) {
            if ((start[node] ?? 0) <= offset && offset <= (end[node] ?? 0)) {
                found = node;
                node += 1;
            } else {
                node = next[node] ?? this.count;
            }
        }
        return found;
    }

    #find(node: number, column: Uint8Array, wanted: number): number | undefined {
        const { next } = this.columns;
        const end = next[node] ?? 0;
        for (let child = node + 1; child < end; child = next[child] ?? end) {
            if (column[child] === wanted) {
                return child;
            }
        }
        return undefined;
    }
}
