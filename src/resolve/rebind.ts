// Lets a program speak of another version of a file whose interface is the same: items keep their numbers,
// nodes get new ones. Cost is that of the file, not of the workspace.

import { assert, required } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { FileItems } from "./file-items.ts";
import { existsIn } from "./passed-calls.ts";
import type { ImplSite, Program } from "./program.ts";
import type { Entry, FileInstance, Scope } from "./symbols.ts";

/** Rebinds all instances of a path to a capture with an equal interface. */
export function rebindFile(program: Program, path: string, capture: FileCapture): void {
    for (const inst of program.instancesByPath.get(path) ?? []) {
        if (inst.capture !== capture) {
            rebindInstance(program, inst, capture);
        }
    }
}

function rebindInstance(program: Program, inst: FileInstance, capture: FileCapture): void {
    const before = inst.items;
    const after = program.itemsOf(capture);
    assert(before.items.length === after.items.length, "equal interfaces have equal items");
    assert(before.uses.length === after.uses.length, "equal interfaces have equal imports");
    inst.scopes = moveScopes(inst.scopes, nodeMap(before, after));
    inst.capture = capture;
    inst.tree = capture.tree;
    inst.items = after;
    moveImports(program, inst, after);
    moveTextualOrder(program, inst, before, after);
    for (const [number, site] of implSitesOf(program, inst)) {
        site.item = required(after.items[number], "an impl keeps its number");
    }
}

const implSites = new WeakMap<Program, Map<FileInstance, Map<number, ImplSite>>>();

/** Impls of a file, by the numbers of their items. */
function implSitesOf(program: Program, inst: FileInstance): ReadonlyMap<number, ImplSite> {
    let sites = implSites.get(program);
    if (sites === undefined) {
        sites = new Map();
        for (const site of program.implSites) {
            const number = program.symbolAt(site.symbol).item;
            const known = sites.get(site.inst) ?? new Map<number, ImplSite>();
            sites.set(site.inst, known.set(number, site));
        }
        implSites.set(program, sites);
    }
    return sites.get(inst) ?? new Map<number, ImplSite>();
}

/** New node of each node that holds a scope. */
function nodeMap(before: FileItems, after: FileItems): Map<number, number> {
    const nodes = new Map<number, number>([[0, 0]]);
    before.items.forEach((item, i) => {
        const other = required(after.items[i], "items pair by number");
        nodes.set(item.block, other.block);
        nodes.set(item.body, other.body);
    });
    before.uses.forEach((use, i) => {
        nodes.set(use.block, required(after.uses[i], "imports pair by number").block);
    });
    return nodes;
}

function moveScopes(
    scopes: ReadonlyMap<number, Scope>,
    nodes: Map<number, number>,
): Map<number, Scope> {
    const moved = new Map<number, Scope>();
    for (const [node, scope] of scopes) {
        const target = required(nodes.get(node), "a scope's node has a counterpart");
        scope.node = target;
        moved.set(target, scope);
    }
    return moved;
}

function moveImports(program: Program, inst: FileInstance, after: FileItems): void {
    const old = program.importOfLeaf.get(inst);
    const moved = new Map<object, NonNullable<ReturnType<NonNullable<typeof old>["get"]>>>();
    const leaves = after.uses
        .filter((use) => existsIn(program, inst, use))
        .flatMap((use) => use.leaves.map((leaf) => ({ use, leaf })));
    const renamed = new Map<object, Entry["leaf"]>();
    let at = 0;
    for (const [leaf, pending] of old ?? []) {
        const next = required(leaves[at], "import leaves pair in order");
        at += 1;
        renamed.set(leaf, next.leaf);
        pending.use = next.use;
        pending.leaf = next.leaf;
        moved.set(next.leaf, pending);
    }
    program.importOfLeaf.set(inst, moved);
    for (const scope of inst.scopes.values()) {
        for (const [name, entries] of scope.names) {
            if (entries.some((entry) => entry.leaf !== undefined && renamed.has(entry.leaf))) {
                const replaced = entries.map((entry) =>
                    entry.leaf === undefined ? entry : { ...entry, leaf: renamed.get(entry.leaf) },
                );
                scope.names.set(name, replaced);
            }
        }
    }
}

function moveTextualOrder(
    program: Program,
    inst: FileInstance,
    before: FileItems,
    after: FileItems,
): void {
    const nodeOfItem = new Map<number, number>();
    before.items.forEach((item, i) => {
        nodeOfItem.set(item.node, after.items[i]?.node ?? item.node);
    });
    const move = (node: number): number => nodeOfItem.get(node) ?? node;
    for (const scope of inst.scopes.values()) {
        for (const macro of scope.textual) {
            macro.node = move(macro.node);
        }
        for (const used of scope.macroUse) {
            used.node = move(used.node);
        }
    }
    before.items.forEach((item, i) => {
        if (item.kind === "module") {
            const scope = program.scopeOfModule.get(inst.symbols[i] ?? -1);
            if (scope !== undefined) {
                scope.declaredAt = move(item.node);
            }
        }
    });
}
