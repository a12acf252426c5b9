// Fourth pass: one file instance to its table of occurrences.

import { SYNTAX_KINDS } from "../syntax/index.ts";
import type { LocalInfo } from "./model.ts";
import type { OccurrenceTable } from "./occurrence-table.ts";
import type { Semantics } from "./semantics.ts";
import type { FileInstance } from "./symbols.ts";
import { Walk, type Handler } from "./walk.ts";
import { CALL_HANDLERS } from "./walk-calls.ts";
import { CONTROL_HANDLERS } from "./walk-control.ts";
import { EXPRESSION_HANDLERS } from "./walk-expressions.ts";
import { ITEM_HANDLERS } from "./walk-items.ts";
import { MACRO_HANDLERS } from "./walk-macros.ts";

const HANDLERS: readonly (Handler | undefined)[] = buildHandlers();

function buildHandlers(): (Handler | undefined)[] {
    const handlers = new Array<Handler | undefined>(SYNTAX_KINDS.length).fill(undefined);
    for (const [kind, handler] of [
        ...EXPRESSION_HANDLERS,
        ...CALL_HANDLERS,
        ...CONTROL_HANDLERS,
        ...ITEM_HANDLERS,
        ...MACRO_HANDLERS,
    ]) {
        handlers[kind] = handler;
    }
    return handlers;
}

/** Resolves every token of a file as one of its owners sees it. */
export function resolveFile(semantics: Semantics, inst: FileInstance): OccurrenceTable {
    const walk = new Walk(inst, semantics, HANDLERS);
    walk.visitChildren(0);
    walk.leave(0, 0);
    const { start, end } = inst.tree.columns;
    const locals = walk.locals.map((local): LocalInfo => ({
        kind: local.kind,
        name: local.name,
        file: inst.path,
        nameSpan: { start: start[local.nameNode] ?? 0, end: end[local.nameNode] ?? 0 },
        scope: { start: local.scopeStart, end: local.scopeEnd },
    }));
    return walk.out.build(locals);
}
