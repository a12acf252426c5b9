// What the resolver knows of the types of single expressions. Rewrites of calls ask it, to write out
// what a method call does by itself.

import { SYNTAX_KINDS } from "../syntax/index.ts";
import { MemberFinder } from "./method-lookup.ts";
import type { Resolution, SymbolIndex } from "./model.ts";
import { rebindFile } from "./rebind.ts";
import { ResolvedWorkspace } from "./resolved-workspace.ts";
import { SessionView } from "./session.ts";
import { peel, type Ty } from "./types.ts";
import { EXPRESSION_HANDLERS } from "./walk-expressions.ts";
import { ITEM_HANDLERS } from "./walk-items.ts";
import { MACRO_HANDLERS } from "./walk-macros.ts";
import { Walk, type Handler } from "./walk.ts";

/** The type of an expression, as far as a call's receiver needs it. */
export interface ExpressionShape {
    /** Struct, enum or union of the workspace behind all references; undefined for a type of another crate. */
    readonly symbol: SymbolIndex | undefined;
}

/**
 * Shapes of expressions, by node of the file's tree. Those whose type is not known are left out; so are all
 * of them where the resolution was read from a cache and cannot infer anew.
 */
export function expressionShapes(
    resolution: Resolution,
    file: string,
    nodes: ReadonlySet<number>,
): ReadonlyMap<number, ExpressionShape> {
    const source = resolution instanceof ResolvedWorkspace ? resolution.source : undefined;
    if (!(source instanceof SessionView)) {
        return new Map();
    }
    const { program, semantics } = source.session;
    for (const [path, capture] of source.captures) {
        if (program.captures.get(path) !== capture) {
            rebindFile(program, path, capture);
        }
    }
    program.captures = source.captures;
    const [inst] = program.instancesByPath.get(file) ?? [];
    if (inst === undefined) {
        return new Map();
    }
    const walk = new ShapeWalk(inst, semantics, new MemberFinder(semantics), handlers());
    walk.wanted = nodes;
    walk.visitChildren(0);
    return walk.shapes;
}

class ShapeWalk extends Walk {
    wanted: ReadonlySet<number> = new Set();
    readonly shapes = new Map<number, ExpressionShape>();

    override visit(node: number): Ty {
        const ty = super.visit(node);
        const shape = this.wanted.has(node) ? shapeOf(ty) : undefined;
        if (shape !== undefined) {
            this.shapes.set(node, shape);
        }
        return ty;
    }
}

function shapeOf(ty: Ty): ExpressionShape | undefined {
    const at = peel(ty);
    switch (at.k) {
        case "adt":
            return { symbol: at.symbol };
        case "external":
            return { symbol: undefined };
        default:
            return undefined;
    }
}

function handlers(): (Handler | undefined)[] {
    const all = new Array<Handler | undefined>(SYNTAX_KINDS.length).fill(undefined);
    for (const [kind, handler] of [...EXPRESSION_HANDLERS, ...ITEM_HANDLERS, ...MACRO_HANDLERS]) {
        all[kind] = handler;
    }
    return all;
}
