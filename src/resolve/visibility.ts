// Who can see a definition: `pub`, `pub(crate)`, `pub(in path)`, or nothing said.

import { KIND } from "../syntax/index.ts";
import type { Visibility } from "./model.ts";
import type { FileInstance, Scope, Sym } from "./symbols.ts";

/** A visibility, and the module within which it holds (undefined: everywhere). */
export interface Seen {
    readonly visibility: Visibility;
    readonly visibleIn: Scope | undefined;
}

/** Reads a visibility_modifier; -1 means that none is written. */
export function readVisibility(
    symbols: readonly Sym[],
    inst: FileInstance,
    node: number,
    scope: Scope,
): Seen {
    if (node === -1) {
        return { visibility: "private", visibleIn: scope };
    }
    const tree = inst.tree;
    const path = tree.childrenOf(node)[0];
    if (path === undefined) {
        return { visibility: "public", visibleIn: undefined };
    }
    const segments = visibilityPath(inst, path);
    if (segments.length === 1 && segments[0] === "crate") {
        return { visibility: "crate", visibleIn: inst.crate.root };
    }
    return { visibility: "restricted", visibleIn: followAncestors(symbols, scope, segments) };
}

function visibilityPath(inst: FileInstance, node: number): string[] {
    const { tree } = inst;
    return tree.columns.kind[node] === KIND.scoped_identifier
        ? tree.childrenOf(node).flatMap((child) => visibilityPath(inst, child))
        : [tree.nameOf(node)];
}

/** `pub(in path)` names an ancestor module; anything else is treated as the crate. */
function followAncestors(
    symbols: readonly Sym[],
    scope: Scope,
    segments: readonly string[],
): Scope | undefined {
    let at: Scope | undefined = scope.module;
    if (segments[0] === "self" && segments.length === 1) {
        return at;
    }
    if (segments.every((segment) => segment === "super")) {
        const ancestor = segments.reduce<Scope | undefined>(
            (module) => module?.parentModule,
            scope.module,
        );
        return ancestor ?? scope.crate.root;
    }
    const last = segments[segments.length - 1];
    for (; at !== undefined; at = at.parentModule) {
        if (symbols[at.symbol]?.name === last) {
            return at;
        }
    }
    return scope.crate.root;
}
