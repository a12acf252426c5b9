// All impl blocks, found by the head of the type they are for, by trait, or blanket.

import { appendTo } from "../../base/index.ts";
import type { ImplHeader, ImplRecord } from "../meaning.ts";
import type { ImplSite, Program } from "../program.ts";
import type { Ty } from "./types.ts";

const NO_MEMBERS: ReadonlyMap<string, readonly number[]> = new Map();

/** Index of impl blocks. */
export class ImplTable {
    readonly records: ImplRecord[];
    readonly #program: Program;
    readonly #bySymbol: Map<number, ImplRecord>;
    readonly #byHead: Map<string, ImplRecord[]>;
    readonly #inherent = new Map<string, ReadonlyMap<string, readonly ImplRecord[]>>();
    /** Trait impls by trait, then by head. */
    readonly #byTrait: Map<number, Map<string, ImplRecord[]>>;
    readonly #blanket: Map<number, ImplRecord[]>;
    #built = false;

    /** With a table of the same program: its headers hold, only the names of members are read anew. */
    constructor(program: Program, known?: ImplTable) {
        this.#program = program;
        this.#built = known !== undefined;
        this.records = known === undefined ? [] : known.records;
        this.#bySymbol = known === undefined ? new Map<number, ImplRecord>() : known.#bySymbol;
        this.#byHead = known === undefined ? new Map<string, ImplRecord[]>() : known.#byHead;
        this.#byTrait =
            known === undefined ? new Map<number, Map<string, ImplRecord[]>>() : known.#byTrait;
        this.#blanket = known === undefined ? new Map<number, ImplRecord[]>() : known.#blanket;
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

    /** The same impls, some with headers that are read anew, for a program in which names have changed. */
    withHeaders(headers: ReadonlyMap<number, ImplHeader>): ImplTable {
        const table = new ImplTable(this.#program);
        table.#built = true;
        for (const record of this.records) {
            const header = headers.get(record.symbol);
            const { symbol, site } = record;
            const members = this.#program.members.get(symbol) ?? NO_MEMBERS;
            table.#add({ ...(header ?? record), symbol, site, members });
        }
        return table;
    }

    of(symbol: number): ImplRecord | undefined {
        return this.#bySymbol.get(symbol);
    }

    /** Impl blocks whose self type has the head of this type; blanket impls are not among them. */
    forType(ty: Ty): readonly ImplRecord[] {
        const head = headOf(ty);
        return head === undefined ? [] : (this.#byHead.get(head) ?? []);
    }

    /** Inherent impls for the type's head. */
    inherentOf(ty: Ty): readonly ImplRecord[] {
        return this.forType(ty).filter((record) => !record.isTraitImpl);
    }

    /** Inherent impls for the type's head that have a member of this name. */
    inherentGiving(ty: Ty, name: string): readonly ImplRecord[] {
        const head = headOf(ty);
        if (head === undefined) {
            return [];
        }
        let byName = this.#inherent.get(head);
        if (byName === undefined) {
            byName = indexMembers(this.#byHead.get(head) ?? []);
            this.#inherent.set(head, byName);
        }
        return byName.get(name) ?? [];
    }

    /** Impls of a trait whose self type has the head of this type. */
    ofTrait(trait: number, ty: Ty): readonly ImplRecord[] {
        const head = headOf(ty);
        return head === undefined ? [] : (this.#byTrait.get(trait)?.get(head) ?? []);
    }

    /** Impls of a trait for a type parameter, or a reference to one. */
    blanketOf(trait: number): readonly ImplRecord[] {
        return this.#blanket.get(trait) ?? [];
    }

    #add(record: ImplRecord): void {
        this.records.push(record);
        this.#bySymbol.set(record.symbol, record);
        const trait = record.trait?.symbol;
        const { self } = record;
        if (self.k === "param" || (self.k === "ref" && self.inner.k === "param")) {
            if (trait !== undefined) {
                appendTo(this.#blanket, trait, record);
            }
            return;
        }
        const head = headOf(self);
        if (head === undefined) {
            return;
        }
        appendTo(this.#byHead, head, record);
        if (trait !== undefined) {
            const byHead = this.#byTrait.get(trait) ?? new Map<string, ImplRecord[]>();
            this.#byTrait.set(trait, byHead);
            if (byHead.get(head)?.some((other) => isSameSource(other, record)) !== true) {
                appendTo(byHead, head, record);
            }
        }
    }
}

/** Whether two impls are one text, in a file that is a module twice (`pub mod` or `mod`, as a predicate says). */
function isSameSource({ site }: ImplRecord, other: ImplRecord): boolean {
    return site.inst.path === other.site.inst.path && site.item.node === other.site.item.node;
}

function indexMembers(records: readonly ImplRecord[]): Map<string, ImplRecord[]> {
    const byName = new Map<string, ImplRecord[]>();
    for (const record of records) {
        if (!record.isTraitImpl) {
            for (const name of record.members.keys()) {
                appendTo(byName, name, record);
            }
        }
    }
    return byName;
}

/** The head of a type as a key, references looked through; undefined when it is not known. */
export function headOf(ty: Ty): string | undefined {
    switch (ty.k) {
        case "adt":
            return `adt ${ty.symbol}`;
        case "external":
            return `external ${ty.symbol}`;
        case "primitive":
            return `primitive ${ty.name}`;
        case "ref":
            return headOf(ty.inner);
        case "slice":
        case "array":
        case "tuple":
        case "function":
        case "pointer":
        case "future":
            return ty.k;
        case "bound":
            return ty.traits[0] === undefined ? undefined : `dyn ${ty.traits[0].symbol}`;
        default:
            return undefined;
    }
}
