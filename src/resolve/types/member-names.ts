// Which names members of the workspace have, by what they are: asked for every method call and field.

import type { Program } from "../program.ts";
import type { Sym } from "../symbols.ts";
import type { ImplTable } from "./impl-table.ts";
import { findPossibleModules, type PossibleModules } from "../unowned-files.ts";

const POSSIBLE_MEMBERS: ReadonlySet<string> = new Set([
    "method",
    "function",
    "assoc-const",
    "assoc-type",
]);

/** What of a member's name is remembered. */
interface NamedMember {
    readonly kind: string;
    readonly name: string;
}

/** Whether a member is an impl's of somebody else's trait: whoever names it names the trait's. */
type IsForeignItem = (member: Sym) => boolean;

/** Tells the items of impls of somebody else's traits. */
export function foreignItems(program: Program, impls: ImplTable): IsForeignItem {
    return ({ parent }) => {
        const trait = parent === -1 ? undefined : impls.of(parent)?.trait;
        return trait !== undefined && program.symbolAt(trait.symbol).external !== "";
    };
}

/** Names that grow; of some names a set before may speak no more. */
class NameSet {
    readonly #own = new Set<string>();
    readonly #before: NameSet | undefined;
    readonly #changed: ReadonlySet<string>;

    constructor(before?: NameSet, changed: ReadonlySet<string> = new Set()) {
        this.#before = before;
        this.#changed = changed;
    }

    has(name: string): boolean {
        return (
            this.#own.has(name) || (this.#before?.has(name) === true && !this.#changed.has(name))
        );
    }

    add(name: string): void {
        this.#own.add(name);
    }
}

/** Names of members, macro-made ones aside, and what impls have of somebody else's traits. */
export class MemberNames {
    readonly methods: NameSet;
    readonly fields: NameSet;
    /** Methods, associated consts and types. */
    readonly associated: NameSet;
    /** Items of traits of the workspace. */
    readonly traitItems: NameSet;
    /** Paths of the files that may be part of a crate. */
    readonly #possible: PossibleModules;
    readonly #isForeignItem: IsForeignItem;

    private constructor(
        possible: PossibleModules,
        isForeignItem: IsForeignItem,
        known?: { readonly before: MemberNames; readonly changed: ReadonlySet<string> },
    ) {
        this.#isForeignItem = isForeignItem;
        this.methods = new NameSet(known?.before.methods, known?.changed);
        this.fields = new NameSet(known?.before.fields, known?.changed);
        this.associated = new NameSet(known?.before.associated, known?.changed);
        this.traitItems = new NameSet(known?.before.traitItems, known?.changed);
        this.#possible = possible;
    }

    /** Of all members of a program. */
    static of(program: Program, isForeignItem: IsForeignItem): MemberNames {
        const made = new MemberNames(findPossibleModules(program, program.captures), isForeignItem);
        program.symbols.forEach((symbol) => {
            made.#add(program, symbol);
        });
        made.#addPossible(program, () => true);
        return made;
    }

    /** Of the members of the same program, in which some of these names have become others of these. */
    renamed(
        program: Program,
        names: ReadonlySet<string>,
        isForeignItem: IsForeignItem,
    ): MemberNames {
        const known = { before: this, changed: names };
        const made = new MemberNames(this.#possible, isForeignItem, known);
        for (const name of names) {
            for (const index of program.byName.get(name) ?? []) {
                made.#add(program, program.symbolAt(index));
            }
        }
        made.#addPossible(program, ({ name }) => names.has(name));
        return made;
    }

    #add(program: Program, symbol: Sym): void {
        const { kind, name, external, parent } = symbol;
        if (external !== "" || this.#isForeignItem(symbol)) {
            return;
        }
        if (kind === "field") {
            this.fields.add(name);
        } else if (kind === "method" || kind === "assoc-const" || kind === "assoc-type") {
            this.associated.add(name);
            if (kind === "method") {
                this.methods.add(name);
            }
            if (parent !== -1 && program.symbolAt(parent).kind === "trait") {
                this.traitItems.add(name);
            }
        }
    }

    /** Members of files that a macro or an include may make part of a crate: the same name may mean them. */
    #addPossible(program: Program, isWanted: (member: NamedMember) => boolean): void {
        for (const path of this.#possible.keys()) {
            const capture = program.captures.get(path);
            const items = capture === undefined ? [] : program.itemsOf(capture).items;
            for (const { kind, name } of items.filter(isWanted)) {
                if (kind === "field") {
                    this.fields.add(name);
                } else if (POSSIBLE_MEMBERS.has(kind)) {
                    this.methods.add(name);
                    this.associated.add(name);
                    this.traitItems.add(name);
                }
            }
        }
    }
}
