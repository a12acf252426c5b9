// A session as it is after a rename into a name that nothing has: the same symbols under the same numbers,
// made from the session before by changing names only. The two share one program, which has the names of
// the one that is asked. Where more than names could change there is none, and the workspace is resolved anew.

import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { FileItems } from "./file-items.ts";
import { Identities } from "./identities.ts";
import { interfaceHash, interfaceHashWith } from "./interface-hash.ts";
import {
    PRELUDE_TYPES,
    PRELUDE_VALUES,
    PRIMITIVE_TYPES,
    STD_DERIVES,
    STD_MACROS,
} from "./known-names.ts";
import { findSameItems, isClosed, maskOf, type KnownItems } from "./known-items.ts";
import type { ImplHeader } from "./meaning.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";
import type { Program } from "./program.ts";
import { relate, type Relations } from "./relations.ts";
import { applyNames, planNames, type NameChange, type NamePlan } from "./rename-patch.ts";
import type { Reexport, SourceFile } from "./resolution-source.ts";
import { resolveFile } from "./walk/resolve-file.ts";
import { Semantics } from "./semantics.ts";
import { listReexports, type Captures, type ProgramView, type Session } from "./session.ts";
import { isStdName } from "./std/std-names.ts";
import { itemOf } from "./symbols.ts";

/** Derives the session after a rename; undefined where that is not plainly what a fresh one would be. */
export function renameSession(
    session: Session,
    captures: Captures,
    change: NameChange,
): RenamedSession | undefined {
    const before = session.program.captures;
    const changed = new Map<string, FileCapture>();
    for (const [path, capture] of captures) {
        const old = before.get(path);
        if (old === undefined) {
            return undefined;
        }
        if (old !== capture) {
            changed.set(path, capture);
        }
    }
    if (captures.size !== before.size || !isNew(session.program, before, change.to)) {
        return undefined;
    }
    const isNamedSo = (path: string): boolean =>
        path.split("/").some((part) => part === change.from || part === `${change.from}.rs`);
    if (session.files.some(({ crate, path }) => crate === -1 && isNamedSo(path))) {
        return undefined;
    }
    let isBodyOnly = true;
    for (const [path, { tree }] of changed) {
        const hash = session.interfaceOf(path);
        if (hash !== interfaceHash(tree)) {
            isBodyOnly = false;
            if (hash !== interfaceHashWith(tree, change.to, change.from)) {
                return undefined;
            }
        }
    }
    const plan = planNames(session.program, changed, change);
    if (plan === undefined) {
        return undefined;
    }
    const renamed = new RenamedSession(session, { before, captures, changed, plan });
    return isBodyOnly || renamed.keepsHeaders() ? renamed : undefined;
}

/** Whether nothing that a token could mean has the name. */
function isNew(program: Program, captures: Captures, name: string): boolean {
    const known = [PRELUDE_TYPES, PRELUDE_VALUES, PRIMITIVE_TYPES, STD_DERIVES, STD_MACROS];
    return (
        !known.some((names) => names.has(name)) &&
        !isStdName(name) &&
        !program.crates.some((crate) => crate.externs.has(name) || crate.name === name) &&
        [...captures.values()].every(({ tree }) => !mentions(tree, name))
    );
}

const spellings = new WeakMap<object, { readonly words: Set<string>; readonly long: string[] }>();

/** Whether a tree spells a name, or has a text that holds it. */
function mentions(tree: FileCapture["tree"], name: string): boolean {
    let known = spellings.get(tree);
    if (known === undefined) {
        const { names } = tree.columns;
        known = {
            words: new Set(names),
            long: names.filter((one) => !/^[\p{XID_Continue}]*$/u.test(one)),
        };
        spellings.set(tree, known);
    }
    return known.words.has(name) || known.long.some((one) => one.includes(name));
}

interface Parts {
    readonly before: Captures;
    readonly captures: Captures;
    readonly changed: ReadonlyMap<string, FileCapture>;
    readonly plan: NamePlan;
}

/** A session under other names. */
export class RenamedSession implements ProgramView {
    readonly #session: Session;
    readonly #parts: Parts;
    readonly #names: ReadonlySet<string>;
    readonly #program: Program;
    readonly #tables = new Map<number, OccurrenceTable>();
    #semantics: Semantics;
    #identities: Identities | undefined;
    #relations: Relations | undefined;
    readonly #places: Pick<Relations, "nodeOf" | "graphParent">;
    #isLent = false;

    constructor(session: Session, parts: Parts) {
        this.#session = session;
        this.#parts = parts;
        this.#names = new Set([parts.plan.change.from, parts.plan.change.to]);
        this.#program = session.program;
        const { nodeOf, graphParent } = session.relations;
        this.#places = { nodeOf, graphParent };
        const { std, impls } = session.semantics;
        this.#semantics = new Semantics(this.#program, { std, impls });
    }

    get model(): WorkspaceModel {
        return this.#session.model;
    }

    get files(): readonly SourceFile[] {
        return this.#session.files;
    }

    get filesByPath(): ReadonlyMap<string, readonly number[]> {
        return this.#session.filesByPath;
    }

    get program(): Program {
        this.#enter();
        return this.#program;
    }

    /** Puts the other names in place. */
    #enter(): void {
        if (!this.#isLent) {
            const { plan, captures } = this.#parts;
            const program = this.#session.program;
            const undo = applyNames(program, plan, captures);
            this.#isLent = true;
            this.#session.lend(() => {
                this.#isLent = false;
                undo();
            });
        }
    }

    get semantics(): Semantics {
        this.#enter();
        return this.#semantics;
    }

    get identities(): Identities {
        this.#enter();
        this.#identities ??= new Identities(this.#semantics);
        return this.#identities;
    }

    /** Nodes and their parents are those of the impls' headers, which are the same; the rest goes by names. */
    get relations(): Relations {
        const rest = (): Relations => {
            this.#enter();
            this.#relations ??= relate(this.#semantics);
            return this.#relations;
        };
        return {
            ...this.#places,
            get implementing() {
                return rest().implementing;
            },
            get families() {
                return rest().families;
            },
            get familyOf() {
                return rest().familyOf;
            },
            get foreignTrait() {
                return rest().foreignTrait;
            },
        };
    }

    itemsOf(capture: FileCapture): FileItems {
        return this.#program.itemsOf(capture);
    }

    reexports(): readonly Reexport[] {
        return listReexports(this.program, (index) => this.identities.display(index));
    }

    table(number: number): OccurrenceTable {
        let table = this.#tables.get(number);
        if (table === undefined) {
            table = this.#makeTable(number);
            this.#tables.set(number, table);
        }
        return table;
    }

    tablePart(number: number): OccurrenceTable {
        return this.table(number);
    }

    #makeTable(number: number): OccurrenceTable {
        const path = this.#session.files[number]?.path ?? "";
        const { before, changed, plan } = this.#parts;
        const isChanged = changed.has(path);
        const isOwned = this.#program.instances[number] !== undefined;
        if (!isChanged && isOwned && plan.renamed.size === 0) {
            return this.#session.table(number, before);
        }
        if (!isOwned) {
            return this.#session.table(number, isChanged ? this.#parts.captures : before);
        }
        const known = this.#knownItems(number, path);
        const inst = this.program.instances[number];
        if (inst === undefined) {
            throw new RangeError(`no file ${number}`);
        }
        return resolveFile(this.#semantics, inst, known);
    }

    /** Items that hold neither name and are as they were: all that they name is found as it was. */
    #knownItems(number: number, path: string): KnownItems | undefined {
        const { before, changed } = this.#parts;
        const old = before.get(path);
        if (old === undefined) {
            return undefined;
        }
        const after = changed.get(path) ?? old;
        const same = findSameItems(old.tree, after.tree, this.#names);
        if (same === undefined || same.length === 0) {
            return undefined;
        }
        const table = this.#session.table(number, before);
        const { start, end } = old.tree.columns;
        const items =
            old === after
                ? same
                : same.filter((pair) =>
                      isClosed(table, start[pair.before] ?? 0, end[pair.before] ?? 0),
                  );
        return { table, tree: old.tree, items };
    }

    /**
     * Whether impls and aliases that spell one of the names stand for what they stood for. Those that do
     * not spell one are found by names that mean what they meant.
     */
    keepsHeaders(): boolean {
        const aliases = this.#aliasesNaming();
        const { semantics } = this.#session;
        const targets = aliases.map((index) => semantics.aliasTarget(index));
        const sites = this.#session.program.implSites.filter(({ inst, item }) =>
            this.#isNamed(inst.path, item.node, item.body),
        );
        const known = sites.map(({ symbol }) => semantics.impls.of(symbol));
        const after = this.semantics;
        const { change } = this.#parts.plan;
        const isSame = (one: unknown, other: unknown): boolean =>
            wordsOf(one) === wordsOf(other, change);
        if (!aliases.every((index, i) => isSame(targets[i], after.aliasTarget(index)))) {
            return false;
        }
        const headers = new Map<number, ImplHeader>();
        for (const [i, site] of sites.entries()) {
            const old = known[i];
            const header = after.headerOf(site);
            if (old === undefined || !isSame(headerOf(old), header)) {
                return false;
            }
            headers.set(site.symbol, header);
        }
        const { std } = after;
        const impls = after.impls.withHeaders(headers);
        this.#semantics = new Semantics(this.#program, { std, impls });
        return true;
    }

    #aliasesNaming(): number[] {
        const { symbols } = this.#session.program;
        const found: number[] = [];
        for (const symbol of symbols) {
            const isAlias = symbol.kind === "type-alias" || symbol.kind === "assoc-type";
            const node = isAlias ? itemOf(symbol)?.node : undefined;
            if (node !== undefined && symbol.inst !== undefined) {
                const end = symbol.inst.tree.columns.next[node] ?? 0;
                if (this.#isNamed(symbol.inst.path, node, end)) {
                    found.push(symbol.index);
                }
            }
        }
        return found;
    }

    readonly #masks = new Map<string, { readonly mask: Uint8Array; readonly isAny: boolean }>();

    /** Whether nodes of a file before spell the old name. */
    #isNamed(path: string, from: number, end: number): boolean {
        const tree = this.#parts.before.get(path)?.tree;
        if (tree === undefined) {
            return false;
        }
        let known = this.#masks.get(path);
        if (known === undefined) {
            const mask = maskOf(tree, this.#names);
            known = { mask, isAny: mask.includes(1) };
            this.#masks.set(path, known);
        }
        if (!known.isAny) {
            return false;
        }
        const to = end === -1 ? (tree.columns.next[from] ?? 0) : end;
        for (let node = from; node < to; node++) {
            if (known.mask[tree.columns.name[node] ?? 0] === 1) {
                return true;
            }
        }
        return false;
    }
}

function headerOf({ self, isTraitImpl, trait }: ImplHeader): ImplHeader {
    return { self, isTraitImpl, trait };
}

/** A type as text, a changed name read as the old one. */
function wordsOf(value: unknown, change?: NameChange): string {
    return JSON.stringify(value, (_, part: unknown) =>
        change !== undefined && part === change.to ? change.from : part,
    );
}
