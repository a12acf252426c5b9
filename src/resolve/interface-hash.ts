// A hash of what a file shows to others: all but positions, doc comments, and bodies that declare nothing.
// Two versions of a file with equal hashes give the same symbols, imports, impls and signatures.

import { createHash } from "node:crypto";
import { FLAG, KIND, ROLE, type SyntaxTree } from "../syntax/index.ts";

const cache = new WeakMap<SyntaxTree, string>();

const BODY_OWNERS = new Set([KIND.function_item, KIND.const_item, KIND.static_item]);

/** Nodes that make a body matter to others. */
const DECLARING = new Set([
    KIND.mod_item,
    KIND.function_item,
    KIND.function_signature_item,
    KIND.struct_item,
    KIND.enum_item,
    KIND.union_item,
    KIND.trait_item,
    KIND.impl_item,
    KIND.const_item,
    KIND.static_item,
    KIND.type_item,
    KIND.macro_definition,
    KIND.use_declaration,
    KIND.extern_crate_declaration,
    KIND.foreign_mod_item,
    KIND.field_declaration,
]);

/** The hash of a tree's interface, 64 hex digits. */
export function interfaceHash(tree: SyntaxTree): string {
    let hash = cache.get(tree);
    if (hash === undefined) {
        hash = compute(tree);
        cache.set(tree, hash);
    }
    return hash;
}

/** The hash that a tree would have if one of its names were another. */
export function interfaceHashWith(tree: SyntaxTree, name: string, instead: string): string {
    return compute(tree, {
        spellings: tree.columns.names.map((one) => (one === name ? instead : one)),
    });
}

/** The hash of a tree's interface, or of a node's share of it, as if some nodes were not there. */
export function interfaceHashWithout(
    tree: SyntaxTree,
    skipped: ReadonlySet<number>,
    root = 0,
): string {
    return compute(tree, { skipped, root });
}

/** What a change of names does to a tree of which only names and places differ. */
export type RenamedShape =
    /** More differs: nothing is said. */
    | "unknown"
    /** Names change in bodies that declare nothing: others see what they saw. */
    | "in-bodies"
    /** Others see the other name, and nothing else that is new. */
    | "in-interface";

/** Tells what a change of names does to what others see, where two trees share all but names and places. */
export function compareShapes(
    before: SyntaxTree,
    after: SyntaxTree,
    { from, to }: { readonly from: string; readonly to: string },
): RenamedShape {
    const [a, b] = [before.columns, after.columns];
    const isShared =
        a.kind === b.kind &&
        a.role === b.role &&
        a.flags === b.flags &&
        a.next === b.next &&
        a.parent === b.parent;
    if (!isShared || a.names.some((name, number) => b.names[number] !== name)) {
        return "unknown";
    }
    let shape: RenamedShape = "in-bodies";
    for (let node = 0; node < before.count; node++) {
        const [name, other] = [a.name[node] ?? 0, b.name[node] ?? 0];
        if (name === other || isInDocs(before, node)) {
            continue;
        }
        if (a.names[name] !== from || b.names[other] !== to) {
            return "unknown";
        }
        shape = shape === "in-bodies" && isInBody(before, node) ? shape : "in-interface";
    }
    return shape;
}

function isInDocs({ columns: { kind, parent } }: SyntaxTree, node: number): boolean {
    for (let at = node; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.doc_comment) {
            return true;
        }
    }
    return false;
}

/** Whether a node lies in a body that an interface leaves out. */
function isInBody(tree: SyntaxTree, node: number): boolean {
    const { kind, role, parent, next } = tree.columns;
    for (let at = node; at !== 0; at = parent[at] ?? 0) {
        const isBody =
            (role[at] === ROLE.body || role[at] === ROLE.value) &&
            BODY_OWNERS.has(kind[parent[at] ?? 0] ?? 0);
        if (isBody && !declaresItems(tree, at, next[at] ?? tree.count)) {
            return true;
        }
    }
    return false;
}

interface Computing {
    readonly spellings?: readonly string[];
    readonly skipped?: ReadonlySet<number>;
    readonly root?: number;
}

function compute(
    tree: SyntaxTree,
    { spellings = tree.columns.names, skipped, root = 0 }: Computing = {},
): string {
    const { kind, role, flags, next, parent, start, name } = tree.columns;
    const hash = createHash("sha256");
    const parts: string[] = [];
    const stop = next[root] ?? tree.count;
    for (let node = root; node < stop;) {
        const code = kind[node] ?? 0;
        if (code === KIND.doc_comment || skipped?.has(node) === true) {
            node = next[node] ?? tree.count;
            continue;
        }
        const isBody =
            (role[node] === ROLE.body || role[node] === ROLE.value) &&
            BODY_OWNERS.has(kind[parent[node] ?? 0] ?? 0);
        const end = next[node] ?? tree.count;
        if (isBody && !declaresItems(tree, node, end)) {
            parts.push("{}");
            node = end;
            continue;
        }
        // A subtree's end is told by its depth: the number of nodes up to `next` changes with bodies.
        parts.push(
            `${code}.${role[node] ?? 0}.${(flags[node] ?? 0) & ~FLAG.error}.${spellings[name[node] ?? 0] ?? ""}`,
        );
        if (code === KIND.self_parameter) {
            // The `&` of a receiver is no node; it is told by what stands before the first one.
            parts.push(start[node] === start[node + 1] ? "self" : "&self");
        }
        if (end > node + 1) {
            parts.push(`^${depthOf(parent, node)}`);
        }
        node += 1;
    }
    return hash.update(parts.join("\n")).digest("hex");
}

/** Whether a range of nodes declares something. */
export function declaresItems(tree: SyntaxTree, from: number, to: number): boolean {
    const { kind } = tree.columns;
    for (let node = from; node < to; node++) {
        const code = kind[node] ?? 0;
        if (DECLARING.has(code)) {
            return true;
        }
    }
    return false;
}

function depthOf(parent: Uint32Array, node: number): number {
    let depth = 0;
    for (let at = node; at !== 0; at = parent[at] ?? 0) {
        depth += 1;
    }
    return depth;
}
