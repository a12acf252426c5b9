// Which names members of the workspace have, by what they are: asked for every method call and field.

import type { Program } from "../program.ts";
import type { Sym } from "../symbols.ts";
import { findPossibleModules } from "../unowned-files.ts";

const POSSIBLE_MEMBERS: ReadonlySet<string> = new Set([
    "method",
    "function",
    "assoc-const",
    "assoc-type",
]);

/** Whether a member is an impl's of somebody else's trait: whoever names it names the trait's. */
export type IsForeignItem = (member: Sym) => boolean;

/** Names of members, macro-made ones aside, and what impls have of somebody else's traits. */
export class MemberNames {
    readonly methods = new Set<string>();
    readonly fields = new Set<string>();
    /** Methods, associated consts and types. */
    readonly associated = new Set<string>();
    /** Items of traits of the workspace. */
    readonly traitItems = new Set<string>();

    constructor(program: Program, isForeignItem: IsForeignItem) {
        for (const symbol of program.symbols) {
            const { kind, name, external, parent } = symbol;
            if (external !== "" || isForeignItem(symbol)) {
                continue;
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
        this.#addPossible(program);
    }

    /** Members of files that a macro or an include may make part of a crate: the same name may mean them. */
    #addPossible(program: Program): void {
        for (const path of findPossibleModules(program, program.captures)) {
            const capture = program.captures.get(path);
            for (const { kind, name } of capture === undefined
                ? []
                : program.itemsOf(capture).items) {
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
