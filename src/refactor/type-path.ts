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

/** Whether a token is the name that an import brings: its last segment without `as`, that before `{self}`, or its alias. */
export function isImportedName(context: RenameContext, occurrence: Occurrence): boolean {
    const { role, file, span } = occurrence;
    if (role !== "import" && role !== "module") {
        return role === "import-alias";
    }
    const text = context.textOf(file);
    const next = firstAfter(text, span.end);
    return isBeforeColons(text, span.end)
        ? isBeforeSelf(text, firstAfter(text, next + 2))
        : role === "import" && !/^as\s/u.test(text.slice(next, next + 3));
}

/** Whether a list begins at an offset that has `self` by its own name. */
function isBeforeSelf(text: string, open: number): boolean {
    let depth = 0;
    for (let at = open; at < text.length && text[at] !== ";"; at++) {
        depth += text[at] === "{" ? 1 : text[at] === "}" ? -1 : 0;
        if (depth === 0) {
            return false;
        }
        const isSelf = depth === 1 && /[{,]/u.test(text[at] ?? "");
        if (isSelf && /^\s*self\s*[,}]/u.test(text.slice(at + 1, at + 1 + SELF_LENGTH_MAX))) {
            return true;
        }
    }
    return false;
}

/** `self` with the blanks around it. */
const SELF_LENGTH_MAX = 80;
