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

/** Names of members, macro-made ones aside, and what impls have of somebody else's traits. */
export class MemberNames {
    readonly methods: Set<string>;
    readonly fields: Set<string>;
    /** Methods, associated consts and types. */
    readonly associated: Set<string>;
    /** Items of traits of the workspace. */
    readonly traitItems: Set<string>;
    /** Paths of the files that may be part of a crate. */
    readonly #possible: PossibleModules;
    readonly #isForeignItem: IsForeignItem;

    private constructor(
        possible: PossibleModules,
        isForeignItem: IsForeignItem,
        known?: MemberNames,
    ) {
        this.#isForeignItem = isForeignItem;
        this.methods = new Set(known?.methods);
        this.fields = new Set(known?.fields);
        this.associated = new Set(known?.associated);
        this.traitItems = new Set(known?.traitItems);
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
        const made = new MemberNames(this.#possible, isForeignItem, this);
        for (const name of names) {
            for (const set of [made.methods, made.fields, made.associated, made.traitItems]) {
                set.delete(name);
            }
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
