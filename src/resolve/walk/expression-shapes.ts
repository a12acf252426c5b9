// What the resolver knows of the types of single expressions. Rewrites of calls ask it, to write out
// what a method call does by itself.

import type { Resolution, SymbolIndex } from "../model.ts";
import { rebindFile } from "../rebind.ts";
import { ResolvedWorkspace } from "../resolved-workspace.ts";
import { SessionView } from "../session.ts";
import type { Ty } from "../types/types.ts";
import { HANDLERS } from "./walk-handlers.ts";
import { Walk } from "./walk.ts";

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
    const walk = new ShapeWalk(inst, semantics, HANDLERS);
    walk.wanted = nodes;
    walk.visitChildren(0);
    return walk.shapes;
}

class ShapeWalk extends Walk {
    wanted: ReadonlySet<number> = new Set();
    readonly shapes = new Map<number, ExpressionShape>();

    override visit(node: number, expected?: Ty): Ty {
        const ty = super.visit(node, expected);
        const shape = this.wanted.has(node) ? shapeOf(this.infer.peel(ty)) : undefined;
        if (shape !== undefined) {
            this.shapes.set(node, shape);
        }
        return ty;
    }
}

function shapeOf(at: Ty): ExpressionShape | undefined {
    switch (at.k) {
        case "adt":
            return { symbol: at.symbol };
        case "external":
            return { symbol: undefined };
        default:
            return undefined;
    }
}
