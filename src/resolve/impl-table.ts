// All impl blocks, found by the head of the type they are for, by trait, or blanket.

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
    readonly #byTrait = new Map<number, ImplRecord[]>();
    readonly blanket: ImplRecord[] = [];
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

    /** Impl blocks of a trait. */
    ofTrait(trait: number): readonly ImplRecord[] {
        return this.#byTrait.get(trait) ?? [];
    }

    /** Values of the impl's parameters when it applies to a type; undefined when it does not. */
    match(impl: ImplRecord, ty: Ty): Map<string, Ty> | undefined {
        const values = new Map<string, Ty>();
        return unify(impl.self, ty, values) ? values : undefined;
    }

    /** Whether an impl of the trait (by symbol) is written or derived for the type. */
    implements(ty: Ty, trait: number): boolean {
        return this.forType(ty).some((impl) => impl.trait?.symbol === trait);
    }

    #add(record: ImplRecord): void {
        this.records.push(record);
        this.#bySymbol.set(record.symbol, record);
        if (
            record.self.k === "param" ||
            (record.self.k === "ref" && record.self.inner.k === "param")
        ) {
            this.blanket.push(record);
        } else {
            const head = headOf(record.self);
            if (head !== undefined) {
                append(this.#byHead, head, record);
            }
        }
        if (record.trait !== undefined) {
            append(this.#byTrait, record.trait.symbol, record);
        }
    }
}

function append<K>(map: Map<K, ImplRecord[]>, key: K, record: ImplRecord): void {
    const list = map.get(key);
    if (list === undefined) {
        map.set(key, [record]);
    } else {
        list.push(record);
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
