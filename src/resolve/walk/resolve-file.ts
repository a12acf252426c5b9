// Fourth pass: one file instance to its table of occurrences.

import type { LocalInfo } from "../model.ts";
import { ROLE_CODE, type OccurrenceTable } from "./occurrence-table.ts";
import type { Semantics } from "../semantics.ts";
import { findQuiet, takeRows, type KnownItems } from "../known-items.ts";
import type { NamedNodes } from "../named-nodes.ts";
import type { FileInstance } from "../symbols.ts";
import { HANDLERS } from "./walk-handlers.ts";
import { Walk } from "./walk.ts";

/** Resolves every token of a file as one of its owners sees it. */
export function resolveFile(
    semantics: Semantics,
    inst: FileInstance,
    known?: KnownItems,
): OccurrenceTable {
    const skipped = known && new Set(known.items.map((item) => item.after));
    return resolveItems(semantics, inst, skipped, known);
}

/**
 * Resolves those tokens of a file that spell a name: what spells it not is left out, and of what is known only the
 * rows of that name are taken, and those of aliases.
 */
export function resolveNamed(
    semantics: Semantics,
    inst: FileInstance,
    known: KnownItems,
    named: NamedNodes,
): OccurrenceTable {
    const { table, change } = known;
    const spelled = table.names.indexOf(change.from);
    const alias = ROLE_CODE["import-alias"];
    const isWanted = (row: number): boolean =>
        table.name[row] === spelled || table.role[row] === alias;
    const items = known.items.map((item) => item.after);
    const skipped = new Set([...items, ...findQuiet(inst.tree, new Set(items), named)]);
    return resolveItems(semantics, inst, skipped, { ...known, isWanted });
}

/** Resolves the tokens of a file but those of some items, whose rows may be known. */
export function resolveItems(
    semantics: Semantics,
    inst: FileInstance,
    skipped: ReadonlySet<number> | undefined,
    known?: KnownItems,
): OccurrenceTable {
    const walk = new Walk(inst, semantics, HANDLERS);
    walk.skipped = skipped;
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
    if (known !== undefined) {
        takeRows(known, inst.tree, walk.out, locals);
    }
    return walk.out.build(locals);
}
