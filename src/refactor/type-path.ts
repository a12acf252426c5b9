// A path by which a place can name a type: its name where that is in scope, else the way from the crate.

import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { firstAfter, isBeforeColons } from "./places.ts";

/** Finds paths to one type. */
export class TypePaths {
    readonly #context: RenameContext;
    readonly #type: SymbolInfo;
    /** Name of the type by the module that has it in scope. */
    readonly #names = new Map<number, string>();

    constructor(context: RenameContext, type: SymbolInfo) {
        this.#context = context;
        this.#type = type;
        const { resolution } = context;
        for (const found of resolution.occurrencesOf(type.index)) {
            if (isImportedName(context, found) && found.enclosing !== undefined) {
                this.#names.set(found.enclosing, found.name);
            }
        }
        if (type.parent !== undefined) {
            this.#names.set(type.parent, type.name);
        }
    }

    /** The path as it is written inside a symbol of a crate. */
    at(enclosing: number | undefined, crate: number | undefined): string {
        const { resolution } = this.#context;
        const { name, display, crate: home } = this.#type;
        for (let at = enclosing; at !== undefined; at = resolution.symbol(at).parent) {
            const known = this.#names.get(at);
            if (known !== undefined) {
                return known;
            }
            if (isModule(resolution, at)) {
                break;
            }
        }
        const [first = name, ...rest] = display.split("::");
        const isHome = crate === undefined || crate === home;
        return rest.length === 0 ? first : [isHome ? "crate" : first, ...rest].join("::");
    }
}

function isModule(resolution: Resolution, index: number): boolean {
    const { kind } = resolution.symbol(index);
    return kind === "module" || kind === "crate";
}

/** Whether a token is the name that an import brings: its last segment without `as`, or its alias. */
export function isImportedName(context: RenameContext, occurrence: Occurrence): boolean {
    if (occurrence.role === "import-alias") {
        return true;
    }
    if (occurrence.role !== "import") {
        return false;
    }
    const text = context.textOf(occurrence.file);
    const { end } = occurrence.span;
    const next = firstAfter(text, end);
    return !isBeforeColons(text, end) && !/^as\s/u.test(text.slice(next, next + 3));
}
