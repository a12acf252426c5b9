// Twins: types that are one definition under different predicates of conditional compilation.

import { appendTo } from "../base/index.ts";
import { NS } from "./file-items.ts";
import type { Meaning } from "./meaning.ts";
import { implHeader } from "./symbol-paths.ts";
import { itemOf, type Sym } from "./symbols.ts";

/** Twins of the structs, enums and unions of a program, found by name. */
export class TypeTwins {
    readonly #semantics: Meaning;
    readonly #known = new Map<number, readonly number[]>();

    constructor(semantics: Meaning) {
        this.#semantics = semantics;
    }

    /** A type with those that take its place under other predicates. */
    of(index: number): readonly number[] {
        const known = this.#known.get(index);
        if (known !== undefined) {
            return known;
        }
        const { program } = this.#semantics;
        const symbol = program.symbolAt(index);
        const alike = (program.byName.get(symbol.name) ?? []).filter((one) => {
            const other = program.symbolAt(one);
            return other.crate === symbol.crate && isTypeKind(other.kind);
        });
        if (alike.length <= 1) {
            this.#known.set(index, [index]);
            return [index];
        }
        // All of one name at once: code that is generated may have ten thousand types of one name.
        const groups = new Map<string, number[]>();
        for (const one of alike) {
            appendTo(groups, twinKey(this.#semantics, one), one);
        }
        for (const twins of groups.values()) {
            twins.forEach((one) => this.#known.set(one, twins));
        }
        const own = this.#known.get(index) ?? groups.get(twinKey(this.#semantics, index)) ?? [];
        this.#known.set(index, own);
        return own;
    }
}

/** The path of a symbol with predicates left out: equal for cfg twins. `known` has those of symbols around others. */
export function twinKey(semantics: Meaning, index: number, known?: Map<number, string>): string {
    const symbol = semantics.program.symbolAt(index);
    if (symbol.external !== "" || symbol.parent === -1) {
        return String(index);
    }
    if (symbol.kind === "impl") {
        return `${symbol.crate}/${implHeader(semantics, index)}`;
    }
    const block = itemOf(symbol)?.block ?? -1;
    // What a body declares is told by its place in its file: the headers of impls around it may not be known yet,
    // and it must not hang on when it was asked.
    const parent = block === -1 ? symbol.parent : (symbol.inst?.rootScope.symbol ?? symbol.parent);
    const where = block === -1 ? "" : `@${symbol.inst?.path ?? ""}:${block}`;
    // A struct is a value too, or not, as its fields are written: that makes it no other definition.
    const namespaces = (symbol.namespaces & NS.type) === 0 ? symbol.namespaces : NS.type;
    const around = known?.get(parent) ?? twinKey(semantics, parent, known);
    known?.set(parent, around);
    return `${around}/${namespaces}:${symbol.name}${where}`;
}

function isTypeKind(kind: Sym["kind"]): boolean {
    return kind === "struct" || kind === "enum" || kind === "union";
}
