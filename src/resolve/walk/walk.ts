// State of the walk over one file's tree: scopes, locals, what is around, and the rows written so far.
// The handlers of the node kinds are in walk-*.ts; they reach each other only through `visit`.

import { FLAG, KIND, type SyntaxTree } from "../../syntax/index.ts";
import { NS, type UseRecord } from "../file-items.ts";
import {
    mayBeAbsent,
    isFound,
    lookupInScope,
    lookupLexical,
    type Found,
    type Lookup,
} from "../lookup.ts";
import { MemberFinder } from "../types/method-lookup.ts";
import { lookupEarly } from "../lookup-early.ts";
import type { LocalInfo, OccurrenceRole } from "../model.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    OccurrenceBuilder,
    ROLE_CODE,
    SEVERAL_IN_SCOPE,
} from "./occurrence-table.ts";
import type { Program } from "../program.ts";
import { BROKEN, findBroken } from "./broken-nodes.ts";
import type { Semantics } from "../semantics.ts";
import type { FileInstance, Scope } from "../symbols.ts";
import { lowerType, type TypeContext } from "../types/type-lowering.ts";
import { TraitSolver } from "../types/trait-solver.ts";
import type { Inference } from "../types/inference.ts";
import { UNKNOWN, type Ty } from "../types/types.ts";

/** Classes of local names: values, types, lifetimes, labels; and marks of scopes that hold items. */
export const CLASS = { value: 0, type: 1, lifetime: 2, label: 3, scope: 4 } as const;

/** Kinds of nodes that spell a name, wherever it stands. */
export const IDENTIFIER_KINDS: ReadonlySet<number> = new Set([
    KIND.identifier,
    KIND.type_identifier,
    KIND.field_identifier,
    KIND.shorthand_field_identifier,
    KIND.format_capture,
]);

/** A local while its file is walked. */
export interface WalkLocal {
    readonly kind: LocalInfo["kind"];
    readonly name: string;
    readonly nameNode: number;
    readonly scopeStart: number;
    scopeEnd: number;
    ty: Ty;
}

interface StackEntry {
    readonly class: number;
    readonly name: string;
    readonly local: number;
    readonly scope: Scope | undefined;
    /** Why it is not known whether there is a local of that name. */
    readonly doubt?: string;
}

/** The reason where a name is an item's or a local's, as configurations have it. */
const HIDES_LOCAL = "what has this name stands under a predicate, and a local has it, too";

/** The reason where the compiler finds a local that an item's body may not use: E0401, E0434, E0435. */
export const SHUT_OFF = "a local around this item has the name, and no item can use it";

/** Heights of the stack of locals, as `Walk.raise` sets them. */
export interface Barriers {
    readonly items: number;
    readonly modules: number;
}

/** What a name in an expression or type means: a local, or what lookup says. */
export type NameMeaning = { readonly local: number } | Lookup;

/** Handles one node and says what type it has as an expression; `expected` is what its place asks for. */
export type Handler = (walk: Walk, node: number, expected?: Ty) => Ty;

/** What `return`, `?` and `break` give their values to. */
export interface Targets {
    /** Type of what the body returns; undefined outside functions and closures. */
    result: Ty | undefined;
    /** Loops and labelled blocks around, innermost last. */
    readonly breaks: { readonly label: string; readonly isLoop: boolean; readonly ty: Ty }[];
}

/** The walk over one file instance. */
export class Walk {
    readonly inst: FileInstance;
    readonly tree: SyntaxTree;
    readonly semantics: Semantics;
    readonly program: Program;
    readonly solver: TraitSolver;
    readonly members: MemberFinder;
    readonly out: OccurrenceBuilder;
    readonly locals: WalkLocal[] = [];
    readonly handlers: readonly (Handler | undefined)[];
    readonly itemOfNode: ReadonlyMap<number, number>;
    readonly useOfNode: ReadonlyMap<number, UseRecord>;
    scope: Scope;
    enclosing: number;
    owners: readonly number[] = [];
    self: Ty = UNKNOWN;
    /** Why string literals here may be format strings; empty where they are none, or are known to be. */
    guessedMacro = "";
    targets: Targets = { result: undefined, breaks: [] };
    /** Items whose rows are taken from another table. */
    skipped: ReadonlySet<number> | undefined;
    readonly #stack: StackEntry[] = [];
    #barrier = 0;
    #moduleBarrier = 0;
    readonly #broken: ReadonlySet<number> | undefined;
    #inside: { readonly start: number; readonly end: number; readonly name: string } | undefined;

    constructor(
        inst: FileInstance,
        semantics: Semantics,
        handlers: readonly (Handler | undefined)[],
    ) {
        this.inst = inst;
        this.tree = inst.tree;
        this.semantics = semantics;
        this.program = semantics.program;
        this.solver = new TraitSolver(semantics);
        this.members = new MemberFinder(this.solver);
        this.handlers = handlers;
        this.out = new OccurrenceBuilder(inst.tree.columns.names);
        this.scope = inst.rootScope;
        this.enclosing = inst.rootScope.symbol;
        const items = new Map<number, number>();
        inst.items.items.forEach((item, number) => {
            if (!items.has(item.node)) {
                items.set(item.node, number);
            }
        });
        this.itemOfNode = items;
        this.#broken = findBroken(inst);
        this.useOfNode = new Map(inst.items.uses.map((use) => [use.node, use]));
    }

    /** Visits a node by its kind's handler; kinds without one have their children visited. */
    visit(node: number, expected?: Ty): Ty {
        if (this.skipped?.has(node) === true) {
            return UNKNOWN;
        }
        if (this.visitBroken(node)) {
            return UNKNOWN;
        }
        const handler = this.handlers[this.tree.columns.kind[node] ?? 0];
        if (handler !== undefined) {
            return handler(this, node, expected);
        }
        this.visitChildren(node);
        return UNKNOWN;
    }

    /** Where a node holds a syntax error, what the parser made of its tokens is a guess: none is known then. */
    visitBroken(node: number): boolean {
        if (this.#broken?.has(node) !== true) {
            return false;
        }
        const end = this.tree.columns.next[node] ?? 0;
        for (let at = node; at < end; at++) {
            if (IDENTIFIER_KINDS.has(this.kind(at)) && this.tree.nameOf(at) !== "") {
                this.recordUnknown(at, "value", BROKEN, { opaque: true });
            }
        }
        return true;
    }

    visitChildren(node: number): void {
        const { next } = this.tree.columns;
        const end = next[node] ?? 0;
        for (let child = node + 1; child < end; child = next[child] ?? end) {
            this.visit(child);
        }
    }

    visitMaybe(node: number | undefined, expected?: Ty): Ty {
        return node === undefined ? UNKNOWN : this.visit(node, expected);
    }

    get infer(): Inference {
        return this.solver.infer;
    }

    /** A type as written here, what is left open in it as variables. */
    written(node: number | undefined): Ty {
        if (node === undefined) {
            return this.infer.fresh();
        }
        const ty = lowerType(this.semantics, node, this.typeContext());
        return this.infer.open(this.solver.normalize(ty));
    }

    kind(node: number): number {
        return this.tree.columns.kind[node] ?? 0;
    }

    /** The identifier inside a lifetime or label. */
    nameNodeOf(node: number): number {
        const kind = this.kind(node);
        return kind === KIND.lifetime || kind === KIND.label ? node + 1 : node;
    }

    typeContext(): TypeContext {
        return { inst: this.inst, scope: this.scope, owners: this.owners, self: this.self };
    }

    /** Height of the stack, to be given to `leave`. */
    enter(): number {
        return this.#stack.length;
    }

    /** Forgets the locals since `enter`; they end at the node's end. */
    leave(mark: number, node: number): void {
        const end = this.tree.columns.end[node] ?? 0;
        while (this.#stack.length > mark) {
            const entry = this.#stack.pop();
            const local = entry === undefined ? undefined : this.locals[entry.local];
            if (local !== undefined) {
                local.scopeEnd = Math.max(local.scopeEnd, end);
            }
        }
    }

    /**
     * Shuts off the locals so far: an item's body cannot use them, and a module's names do not even meet them. Gives
     * what `lower` takes.
     */
    raise(isModule: boolean): Barriers {
        const before = this.barriers;
        this.#barrier = this.#stack.length;
        if (isModule) {
            this.#moduleBarrier = this.#stack.length;
        }
        return before;
    }

    /** Heights below which locals are shut off. */
    get barriers(): Barriers {
        return { items: this.#barrier, modules: this.#moduleBarrier };
    }

    lower({ items, modules }: Barriers): void {
        this.#barrier = items;
        this.#moduleBarrier = modules;
    }

    pushScope(scope: Scope): void {
        this.#stack.push({ class: CLASS.scope, name: "", local: -1, scope });
    }

    /**
     * Adds a local. One under a cfg joins the one that the name means so far: where the cfg does not hold,
     * later uses mean that.
     */
    define(
        nameNode: number,
        kind: LocalInfo["kind"],
        options: { class: number; ty?: Ty; conditional?: boolean },
    ): number {
        const name = this.tree.nameOf(nameNode);
        const ty = options.ty ?? UNKNOWN;
        const twin = options.conditional === true ? this.findLocal(name, options.class) : undefined;
        if (twin !== undefined) {
            this.#joinType(twin, ty);
            return twin;
        }
        const index = this.locals.length;
        const start = this.tree.columns.start[nameNode] ?? 0;
        this.locals.push({ kind, name, nameNode, scopeStart: start, scopeEnd: start, ty });
        this.#stack.push({
            class: options.class,
            name,
            local: index,
            scope: undefined,
        });
        return index;
    }

    /** A local with two definitions has a type only where both say the same. */
    #joinType(index: number, ty: Ty): void {
        const local = this.locals[index];
        if (local !== undefined && !this.infer.unify(local.ty, ty)) {
            local.ty = UNKNOWN;
        }
    }

    /** The local that a name means here, items left out. */
    findLocal(name: string, wanted: number): number | undefined {
        for (let i = this.#stack.length - 1; i >= this.#barrier; i--) {
            const entry = this.#stack[i];
            if (entry?.class === wanted && entry.name === name) {
                return entry.doubt === undefined ? entry.local : undefined;
            }
        }
        return undefined;
    }

    /** Notes a name of a pattern that may be a constant's: what it means from here on is not known. */
    defineDoubt(name: string, doubt: string): void {
        this.#stack.push({ class: CLASS.value, name, local: -1, scope: undefined, doubt });
    }

    /** Whether a local has a name, also one that an item's body does not see. */
    isLocalAround(name: string, wanted: number): boolean {
        return this.#stack.some((entry) => entry.class === wanted && entry.name === name);
    }

    /** What a plain name means here: locals, items of blocks, the module, the preludes. */
    lookupName(name: string, namespace: number, neverVariant = false): NameMeaning {
        const wanted = namespace === NS.type ? CLASS.type : CLASS.value;
        for (let i = this.#stack.length - 1; i >= 0; i--) {
            const entry = this.#stack[i];
            if (entry === undefined) {
                continue;
            }
            if (entry.class === wanted && entry.name === name && i >= this.#moduleBarrier) {
                return i < this.#barrier
                    ? { reason: SHUT_OFF }
                    : entry.doubt === undefined
                      ? { local: entry.local }
                      : { reason: entry.doubt };
            }
            // A module in a block does not see the block's items.
            if (entry.scope?.module === this.scope.module) {
                const query = { name, namespace, from: this.scope };
                const found = lookupInScope(this.program, entry.scope, query);
                if (found !== undefined && !this.#isNoValue(found, name, namespace)) {
                    // What stands under a predicate hides what is outside only where that holds.
                    if (!mayBeAbsent(this.program, entry.scope, query)) {
                        return found;
                    }
                    const isLocalOutside = this.#stack
                        .slice(this.#moduleBarrier, i)
                        .some((outer) => outer.class === wanted && outer.name === name);
                    return isLocalOutside
                        ? { reason: HIDES_LOCAL }
                        : lookupLexical(this.program, entry.scope, query);
                }
            }
        }
        const query = { name, namespace, from: this.scope, neverVariant };
        return lookupLexical(this.program, this.scope, query);
    }

    /** Whether what was found is a module or type of std that was imported, where a local is asked for. */
    #isNoValue(found: Lookup, name: string, namespace: number): boolean {
        const first = namespace === NS.value && isFound(found) ? found.symbols[0] : undefined;
        const path = first === undefined ? "" : this.program.symbolAt(first).external;
        return (
            /^(?:std|core|alloc)::/u.test(path) &&
            this.findLocal(name, CLASS.value) !== undefined &&
            this.semantics.std.function(path) === undefined &&
            this.semantics.std.constructorOf(path) === undefined
        );
    }

    /** What a plain name means among items only. */
    lookupItem(name: string, namespace: number): Lookup {
        return lookupLexical(this.program, this.scope, { name, namespace, from: this.scope });
    }

    /** What the first segment of a macro's path means, at the node of that segment. */
    lookupMacroModule(name: string, node: number): Lookup {
        const query = { name, namespace: NS.type, from: this.scope, neverVariant: true };
        return lookupEarly(this.program, query, { inst: this.inst, node });
    }

    /** Writes an occurrence of a name inside a string literal. */
    recordInside(
        {
            node,
            start,
            name,
        }: { readonly node: number; readonly start: number; readonly name: string },
        role: OccurrenceRole,
        meaning: Lookup,
    ): void {
        this.#inside = { start, end: start + name.length, name };
        this.record(node, role, meaning);
        this.#inside = undefined;
    }

    /** Writes an occurrence bound to a local. */
    recordLocal(node: number, role: OccurrenceRole, local: number, flags = 0): void {
        this.#push(node, role, { bind: BIND.local, target: local, flags, reason: 0 });
    }

    /** Writes an occurrence of what a lookup found, or did not. */
    record(node: number, role: OccurrenceRole, meaning: Lookup, flags = 0): void {
        if (!isFound(meaning)) {
            this.recordUnknown(node, role, meaning.reason, { flags });
            return;
        }
        this.#recordFound(node, role, meaning, flags);
    }

    #recordFound(node: number, role: OccurrenceRole, found: Found, flags: number): void {
        const all = found.alias ? flags | OCCURRENCE_FLAG.alias : flags;
        const first = found.symbols[0];
        if (first === undefined) {
            this.#push(node, role, { bind: BIND.builtin, target: 0, flags: all, reason: 0 });
            return;
        }
        if (found.symbols.length === 1) {
            const isExternal = this.program.symbolAt(first).external !== "";
            const bind = isExternal ? BIND.external : BIND.symbol;
            this.#push(node, role, { bind, target: first, flags: all, reason: 0 });
            return;
        }
        if (found.symbols.every((one) => this.program.symbolAt(one).external !== "")) {
            // `alloc::vec` or `std::vec`, as a predicate says: none of the workspace in any case.
            this.#push(node, role, { bind: BIND.external, target: first, flags: all, reason: 0 });
            return;
        }
        const twins = this.semantics.areTwins(found.symbols);
        this.#push(node, role, {
            bind: twins ? BIND.symbol : BIND.ambiguous,
            target: this.out.setNumber(found.symbols),
            flags: all | OCCURRENCE_FLAG.set,
            reason: twins ? 0 : this.out.reasonNumber(SEVERAL_IN_SCOPE),
        });
    }

    /** Writes an occurrence that may be any of several symbols. */
    recordAmbiguous(
        node: number,
        role: OccurrenceRole,
        symbols: readonly number[],
        reason: string,
    ): void {
        this.#push(node, role, {
            bind: BIND.ambiguous,
            target: this.out.setNumber(symbols),
            flags: OCCURRENCE_FLAG.set,
            reason: this.out.reasonNumber(reason),
        });
    }

    /** Writes an occurrence of a name of the language. */
    recordBuiltin(node: number, role: OccurrenceRole): void {
        this.#push(node, role, { bind: BIND.builtin, target: 0, flags: 0, reason: 0 });
    }

    /** Writes an occurrence that is not decided: unresolved, or opaque when it lies inside a macro. */
    recordUnknown(
        node: number,
        role: OccurrenceRole,
        reason: string,
        options: { opaque?: boolean; name?: string; flags?: number } = {},
    ): void {
        this.#push(
            node,
            role,
            {
                bind: options.opaque === true ? BIND.opaque : BIND.unresolved,
                target: 0,
                flags: options.flags ?? 0,
                reason: this.out.reasonNumber(reason),
            },
            options.name,
        );
    }

    #push(
        node: number,
        role: OccurrenceRole,
        row: { bind: number; target: number; flags: number; reason: number },
        name?: string,
    ): void {
        const { start, end, name: names } = this.tree.columns;
        const raw = this.tree.hasFlag(node, FLAG.raw) ? OCCURRENCE_FLAG.raw : 0;
        const inside = this.#inside;
        const spelled = inside?.name ?? name;
        this.out.push({
            start: inside?.start ?? start[node] ?? 0,
            end: inside?.end ?? end[node] ?? 0,
            name: spelled === undefined ? (names[node] ?? 0) : this.out.nameNumber(spelled),
            role: ROLE_CODE[role],
            enclosing: this.enclosing,
            bind: row.bind,
            target: row.target,
            flags: row.flags | raw,
            reason: row.reason,
        });
    }
}
