// The parser in the addon: the same C as the wasm is made of, so that it says the same. A parse is rows of
// words, and a cursor a number of a row.

import {
    loadNative,
    PARSED_ROW,
    PARSED_WHAT,
    type NativeAddon,
    type NativeGrammar,
} from "../native/index.ts";
import type { GrammarNames, ParsedText, TextParser } from "./parsed-text.ts";
import type { WalkCursor } from "./walk-cursor.ts";

const { words: WORDS, start: START, end: END, what: WHAT, next: NEXT, parent: PARENT } = PARSED_ROW;

/** The parser of the addon, with its grammar's names; undefined where the addon is absent. */
export function findNativeParser(): { parser: TextParser; names: GrammarNames } | undefined {
    const native = loadNative();
    if (!native.ok) {
        return undefined;
    }
    const grammar = native.addon.rustGrammar();
    return {
        parser: new NativeParser(native.addon, grammar.types),
        names: namesOf(grammar),
    };
}

class NativeParser implements TextParser {
    readonly #addon: NativeAddon;
    readonly #types: readonly string[];

    constructor(addon: NativeAddon, types: readonly string[]) {
        this.#addon = addon;
        this.#types = types;
    }

    parse(text: string): ParsedText {
        const rows = this.#addon.parseRust(text);
        const types = this.#types;
        return {
            hasError: ((rows[WHAT] ?? 0) & PARSED_WHAT.error) !== 0,
            open: () => new RowCursor(rows, types),
            delete: () => undefined,
        };
    }
}

function namesOf({ types, named, fields }: NativeGrammar): GrammarNames {
    const fieldId = new Map(fields.map((name, index) => [name, index + 1]));
    return {
        nodeTypeCount: types.length,
        fieldCount: fields.length,
        nodeTypeForId: (id) => types[id] ?? null,
        nodeTypeIsNamed: (id) => named[id] ?? false,
        fieldNameForId: (id) => fields[id - 1] ?? null,
        fieldIdForName: (name) => fieldId.get(name) ?? null,
    };
}

class RowCursor implements WalkCursor {
    readonly #rows: Uint32Array;
    readonly #types: readonly string[];
    #row = 0;

    constructor(rows: Uint32Array, types: readonly string[]) {
        this.#rows = rows;
        this.#types = types;
    }

    #word(row: number, word: number): number {
        return this.#rows[row * WORDS + word] ?? 0;
    }

    gotoFirstChild(): boolean {
        const row = this.#row;
        if (this.#word(row, NEXT) === row + 1) {
            return false;
        }
        this.#row = row + 1;
        return true;
    }

    gotoLastChild(): boolean {
        const end = this.#word(this.#row, NEXT);
        let child = this.#row + 1;
        if (child === end) {
            return false;
        }
        for (let next = child; next < end; next = this.#word(next, NEXT)) {
            child = next;
        }
        this.#row = child;
        return true;
    }

    gotoNextSibling(): boolean {
        const row = this.#row;
        const next = this.#word(row, NEXT);
        // Nothing follows the root, whose parent is itself.
        if (next === this.#word(this.#word(row, PARENT), NEXT)) {
            return false;
        }
        this.#row = next;
        return true;
    }

    gotoParent(): boolean {
        if (this.#row === 0) {
            return false;
        }
        this.#row = this.#word(this.#row, PARENT);
        return true;
    }

    gotoDescendant(index: number): void {
        this.#row = index;
    }

    get nodeTypeId(): number {
        return this.#word(this.#row, WHAT) & PARSED_WHAT.symbolMask;
    }

    get currentFieldId(): number {
        return (this.#word(this.#row, WHAT) >>> PARSED_WHAT.fieldShift) & PARSED_WHAT.fieldMask;
    }

    get nodeIsMissing(): boolean {
        return (this.#word(this.#row, WHAT) & PARSED_WHAT.missing) !== 0;
    }

    get currentDescendantIndex(): number {
        return this.#row;
    }

    get startIndex(): number {
        return this.#word(this.#row, START);
    }

    get endIndex(): number {
        return this.#word(this.#row, END);
    }

    get nodeType(): string {
        return this.#types[this.nodeTypeId] ?? "ERROR";
    }

    get currentNode(): { readonly hasError: boolean } {
        return { hasError: (this.#word(this.#row, WHAT) & PARSED_WHAT.error) !== 0 };
    }

    delete(): void {
        // Rows are collected with the cursor.
    }
}
