// Which impl headers and aliases spell a name: what a rename may change about types that others see. They are
// part of a file's interface, so that one index holds for as long as a session does.

import { appendTo } from "../base/index.ts";
import type { ImplSite, Program } from "./program.ts";
import { holds } from "./spelling-index.ts";
import { itemOf, type FileInstance } from "./symbols.ts";

/** Declarations that spell one name. */
export interface NamedHeaders {
    readonly sites: ReadonlySet<ImplSite>;
    /** Symbols of type aliases and associated types. */
    readonly aliases: ReadonlySet<number>;
}

/** Headers of a program, by the names in them. */
export class HeaderNames {
    readonly #sites = new Map<string, ImplSite[]>();
    readonly #aliases = new Map<string, number[]>();

    constructor(program: Program) {
        for (const site of program.implSites) {
            const { node, body } = site.item;
            const end = body === -1 ? undefined : body;
            for (const name of namesIn(site.inst, node, end)) {
                appendTo(this.#sites, name, site);
            }
        }
        for (const symbol of program.symbols) {
            const isAlias = symbol.kind === "type-alias" || symbol.kind === "assoc-type";
            const node = isAlias ? itemOf(symbol)?.node : undefined;
            if (node !== undefined && symbol.inst !== undefined) {
                for (const name of namesIn(symbol.inst, node, undefined)) {
                    appendTo(this.#aliases, name, symbol.index);
                }
            }
        }
    }

    /** Those that spell a name, or have a text that holds it. */
    naming(name: string): NamedHeaders {
        return { sites: collect(this.#sites, name), aliases: collect(this.#aliases, name) };
    }
}

function collect<T>(lists: ReadonlyMap<string, readonly T[]>, name: string): Set<T> {
    const found = new Set<T>();
    for (const [spelling, list] of lists) {
        if (holds(spelling, name)) {
            list.forEach((one) => found.add(one));
        }
    }
    return found;
}

function namesIn(inst: FileInstance, from: number, end: number | undefined): Set<string> {
    const { name, names, next } = inst.tree.columns;
    const found = new Set<string>();
    const to = end ?? next[from] ?? 0;
    for (let node = from; node < to; node++) {
        found.add(names[name[node] ?? 0] ?? "");
    }
    return found;
}
