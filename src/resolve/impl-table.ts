// All impl blocks, found by the head of the type they are for, by trait, or blanket.

import { appendTo } from "../base/index.ts";
import type { ImplHeader, ImplRecord } from "./meaning.ts";
import type { ImplSite, Program } from "./program.ts";
import { unify, type Ty } from "./types.ts";

const NO_MEMBERS: ReadonlyMap<string, readonly number[]> = new Map();

/** Index of impl blocks. */
export class ImplTable {
    readonly records: ImplRecord[] = [];
    readonly #program: Program;
    readonly #bySymbol = new Map<number, ImplRecord>();
    readonly #byHead = new Map<string, ImplRecord[]>();
    readonly #byMember = new Map<string, ReadonlyMap<string, readonly ImplRecord[]>>();
    readonly #traitsOfHead = new Map<string, Set<number>>();
    readonly #blanket: ImplRecord[] = [];
    #blanketByMember: ReadonlyMap<string, readonly ImplRecord[]> | undefined;
    #built = false;

    constructor(program: Program) {
        this.#program = program;
    }

    /** Reads all headers; called once imports are resolved. */
    build(readHeader: (site: ImplSite) => ImplHeader): void {
        if (this.#built) {
            return;
        }
        this.#built = true;
        for (const site of this.#program.implSites) {
            const members = this.#program.members.get(site.symbol) ?? NO_MEMBERS;
            this.#add({ ...readHeader(site), symbol: site.symbol, site, members });
        }
    }

    of(symbol: number): ImplRecord | undefined {
        return this.#bySymbol.get(symbol);
    }

    /** Impl blocks whose self type has the head of this type; blanket impls are not among them. */
    forType(ty: Ty): readonly ImplRecord[] {
        const head = headOf(ty);
        return head === undefined ? [] : (this.#byHead.get(head) ?? []);
    }

    /** Those of them that have a member of this name, of their own or by their trait's default. */
    giving(ty: Ty, name: string): readonly ImplRecord[] {
        const head = headOf(ty);
        if (head === undefined) {
            return [];
        }
        let byName = this.#byMember.get(head);
        if (byName === undefined) {
            byName = this.#indexMembers(this.#byHead.get(head) ?? []);
            this.#byMember.set(head, byName);
        }
        return byName.get(name) ?? [];
    }

    /** Blanket impls that have a member of this name. */
    blanketGiving(name: string): readonly ImplRecord[] {
        this.#blanketByMember ??= this.#indexMembers(this.#blanket);
        return this.#blanketByMember.get(name) ?? [];
    }

    /** Whether an impl of an external trait of this name is written for the type. */
    implementsNamed(ty: Ty, name: string): boolean {
        for (const trait of this.#traitsOfHead.get(headOf(ty) ?? "") ?? []) {
            const symbol = this.#program.symbolAt(trait);
            if (symbol.external !== "" && symbol.name === name) {
                return true;
            }
        }
        return false;
    }

    /** Whether some blanket impl is of this trait. */
    hasBlanket(trait: number): boolean {
        return this.#blanket.some((impl) => impl.trait?.symbol === trait);
    }

    #indexMembers(records: readonly ImplRecord[]): Map<string, ImplRecord[]> {
        const byName = new Map<string, ImplRecord[]>();
        for (const record of records) {
            const provided = this.#program.members.get(record.trait?.symbol ?? -1) ?? NO_MEMBERS;
            for (const name of new Set([...record.members.keys(), ...provided.keys()])) {
                appendTo(byName, name, record);
            }
        }
        return byName;
    }

    /** Values of the impl's parameters when it applies to a type; undefined when it does not. */
    match(impl: ImplRecord, ty: Ty): Map<string, Ty> | undefined {
        const values = new Map<string, Ty>();
        return unify(impl.self, ty, values) ? values : undefined;
    }

    /** Whether an impl of the trait (by symbol) is written or derived for the type. */
    implements(ty: Ty, trait: number): boolean {
        return this.#traitsOfHead.get(headOf(ty) ?? "")?.has(trait) === true;
    }

    #add(record: ImplRecord): void {
        this.records.push(record);
        this.#bySymbol.set(record.symbol, record);
        if (
            record.self.k === "param" ||
            (record.self.k === "ref" && record.self.inner.k === "param")
        ) {
            this.#blanket.push(record);
            return;
        }
        const head = headOf(record.self);
        if (head === undefined) {
            return;
        }
        appendTo(this.#byHead, head, record);
        if (record.trait !== undefined) {
            const traits = this.#traitsOfHead.get(head) ?? new Set();
            this.#traitsOfHead.set(head, traits.add(record.trait.symbol));
        }
    }
}

/** The head of a type as a key, references looked through; undefined when it is not known. */
export function headOf(ty: Ty): string | undefined {
    switch (ty.k) {
        case "adt":
            return `adt ${ty.symbol}`;
        case "external":
            return `external ${ty.name}`;
        case "primitive":
            return `primitive ${ty.name}`;
        case "ref":
            return headOf(ty.inner);
        case "slice":
        case "tuple":
        case "function":
        case "pointer":
            return ty.k;
        case "bound":
            return ty.traits[0] === undefined ? undefined : `dyn ${ty.traits[0].symbol}`;
        default:
            return undefined;
    }
}
