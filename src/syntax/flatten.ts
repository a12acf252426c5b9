// The flattening walk: one pass of a cursor over a parse gives rows. What is kept, hoisted, named and
// flagged is said by the queries (grammar-table.ts); here are the order, the token trees and the errors.

import { required } from "../base/index.ts";
import type { MacroTwo } from "./bridge-gaps.ts";
import { ACTION, type GrammarTable, type MacroStyle, type TokenRule } from "./grammar-table.ts";
import { FLAG, KIND, ROLE } from "./kinds.ts";
import { NameTable } from "./name-table.ts";
import type { ParsedText } from "./parsed-text.ts";
import { RowBuffer } from "./row-buffer.ts";
import { unescapeString } from "./string-text.ts";
import { findTokenSymbols, type TokenSymbols } from "./token-symbols.ts";
import type { WalkCursor } from "./walk-cursor.ts";

/** Marks doc comments whose links have not been looked for yet; never in a finished tree. */
export const FRESH = 1 << 31;

/** The type at the end of a number; hexadecimal digits may look like `f32`. */
const NUMBER_SUFFIX = /[iu](?:8|16|32|64|128|size)$|(?<!^-?0x.*)f(?:16|32|64|128)$/u;

const LETTER_B = 0x62;
const LETTER_C = 0x63;

/** Flags that `@lift` lends to a parent. */
const MODIFIERS = FLAG.async | FLAG.default | FLAG.const | FLAG.unsafe | FLAG.extern | FLAG.bridged;

/** Styles whose arguments are split at tokens of the tree. */
const STYLES_BY_PARTS: ReadonlySet<MacroStyle> = new Set([
    "asm",
    "matches",
    "cfg-if",
    "cfg-select",
]);

/** Kinds of nodes whose children are items. */
const ITEM_PLACES: ReadonlySet<number> = new Set([
    KIND.source_file,
    KIND.declaration_list,
    KIND.macro_arguments,
]);

/** A child of a macro's token tree: its symbol and place. */
export interface TreePart {
    readonly symbol: number;
    readonly start: number;
    readonly end: number;
}

/** A macro call of std whose arguments are still to be parsed; a row of kind token_tree stands for it. */
export interface Hole {
    /** The rows that hold the place, its row, and the row of the call. */
    readonly rows: RowBuffer;
    readonly row: number;
    readonly invocation: number;
    readonly style: MacroStyle;
    readonly start: number;
    readonly end: number;
    readonly parts: readonly TreePart[];
    /** The macro 2.0 that the call stands for. */
    readonly definition: MacroTwo | undefined;
    /** The walk that met the call, and the place of the token tree in it: used if it does not parse. */
    readonly input: WalkInput;
    readonly descendant: number;
    /** What fills the hole, once known. */
    filling: Filling | undefined;
}

/** Rows that stand in a hole's place, with the holes among them. */
export interface Filling {
    readonly rows: RowBuffer;
    /** Ranges of rows, in order. */
    readonly ranges: readonly (readonly [first: number, last: number])[];
    /** Holes in those rows, by row. */
    readonly holes: readonly Hole[];
    /** Whether the rows are parsed arguments, not tokens. */
    readonly parsed: boolean;
}

/** Finds finished rows of an older tree that can stand for a node of the new one. */
export interface RowSource {
    /** Appends the old rows of the node and returns true, or returns false. */
    copy(rows: RowBuffer, row: number): boolean;
}

/** A place where the parser had to give up or to invent a token. */
export interface SyntaxFault {
    readonly offset: number;
    /** Name of the token that is missing, empty for text that fits nowhere. */
    readonly missing: string;
}

/** What a walk is about. */
export interface WalkInput {
    readonly tree: ParsedText;
    readonly rows: RowBuffer;
    /** Added to the parse's offsets to give the file's; spans are clamped to `first` and `last`. */
    readonly shift: number;
    readonly first: number;
    readonly last: number;
    readonly depth: number;
    readonly source?: RowSource;
    /** Takes the calls of std's macros, whose arguments are then not walked. */
    readonly holes?: Hole[];
    /** Takes the syntax errors. */
    readonly errors?: SyntaxFault[];
    /** The text that was parsed, where it has parts that the file has not. */
    readonly parsedText?: string;
}

/** Walks parses of one file. */
export class Flattener {
    readonly #table: GrammarTable;
    readonly #tokens: TokenSymbols;
    #text = "";
    #definitions: ReadonlyMap<number, MacroTwo> = new Map();
    #names = new NameTable();
    #shift = 0;
    #input: WalkInput | undefined;
    #rows = new RowBuffer();
    #hasError = false;
    // One entry per level: a level is the list of children of a node that the walk has entered.
    #level = 0;
    readonly #symbolAt: number[] = [];
    /** The nearest kept node above, and the depth of rows below it. */
    readonly #rowAt: number[] = [];
    readonly #depthAt: number[] = [];
    readonly #seenAt: boolean[] = [];
    /** Flags for kept nodes that are hoisted through an elided one. */
    readonly #hoistedFlagsAt: number[] = [];
    readonly #contentsAt: boolean[] = [];
    /** The token at hand follows a `=` among tokens: `feature = "a"` in a macro's body. */
    #isAfterEquals = false;
    readonly #previousTokenAt: number[] = [];
    readonly #previousNameAt: number[] = [];

    constructor(table: GrammarTable) {
        this.#table = table;
        this.#tokens = findTokenSymbols(table);
    }

    /** Begins a file: its own text (not the one that is parsed) and its names. */
    begin(text: string, names: NameTable, definitions: readonly MacroTwo[]): void {
        this.#definitions = new Map(definitions.map((each) => [each.start, each]));
        this.#text = text;
        this.#names = names;
    }

    /** Walks the node the cursor stands on, and leaves the cursor there. */
    walk(cursor: WalkCursor, input: WalkInput): void {
        this.#input = input;
        this.#shift = input.shift;
        this.#rows = input.rows;
        this.#hasError = input.tree.hasError;
        this.#level = -1;
        this.#open(this.#table.symbolCount, -1, input.depth);
        for (;;) {
            if (this.#visit(cursor)) {
                if (cursor.gotoFirstChild()) {
                    continue;
                }
                this.#level -= 1;
            }
            for (;;) {
                if (this.#level === 0) {
                    return;
                }
                if (cursor.gotoNextSibling()) {
                    break;
                }
                cursor.gotoParent();
                this.#level -= 1;
            }
        }
    }

    /** Looks at one node; true when its children are to be visited, whose level is then open. */
    #visit(cursor: WalkCursor): boolean {
        const table = this.#table;
        const level = this.#level;
        const raw = cursor.nodeTypeId;
        const symbol = raw < table.symbolCount ? raw : table.errorSymbol;
        const action = table.action[symbol] ?? 0;
        const parent = this.#symbolAt[level] ?? 0;
        const missing = this.#hasError && this.#noteError(cursor, symbol);
        if (table.hasRule[symbol] === 1) {
            const rule =
                table.rules.get(parent * table.symbolCount + symbol) ?? table.anyParent[symbol];
            this.#obey(rule, cursor);
        }
        if (table.hasFieldRule[parent] === 1) {
            this.#obey(table.fieldRules.get(parent * 256 + cursor.currentFieldId), cursor);
        }
        const inTokens = this.#tokens.holdsTokens[parent] === 1;
        if (action === ACTION.token) {
            this.#seenAt[level] = true;
            if (inTokens) {
                this.#noteToken(symbol, -1);
            } else if (
                symbol === this.#tokens.underscore &&
                this.#tokens.holdsWildcards[parent] === 1
            ) {
                this.#keepWildcard(cursor);
            }
            return false;
        }
        if (symbol === this.#tokens.lineComment) {
            this.#keepLineComment(cursor);
            return false;
        }
        if (action === ACTION.elide) {
            this.#open(symbol, this.#rowAt[level] ?? -1, this.#depthAt[level] ?? 0);
            return true;
        }
        this.#seenAt[level] = true;
        const open = this.#keep(cursor, symbol, action);
        if (missing) {
            const row = this.#rows.count - 1;
            this.#rows.flags[row] = (this.#rows.flags[row] ?? 0) | FLAG.missing;
        }
        return open;
    }

    #keep(cursor: WalkCursor, symbol: number, action: number): boolean {
        const table = this.#table;
        const rows = this.#rows;
        const { shift, first, last, source } = required(this.#input, "a walk has input");
        const level = this.#level;
        const start = Math.min(Math.max(cursor.startIndex + shift, first), last);
        const end = Math.min(Math.max(cursor.endIndex + shift, first), last);
        const role = table.roleOfField[cursor.currentFieldId] ?? 0;
        const row = rows.add(table.kind[symbol] ?? 0, role, this.#depthAt[level] ?? 0);
        rows.start[row] = start;
        rows.end[row] = end;
        rows.flags[row] = this.#hoistedFlagsAt[level] ?? 0;
        const parent = this.#symbolAt[level] ?? 0;
        this.#isAfterEquals = false;
        if (this.#tokens.holdsTokens[parent] === 1) {
            this.#noteToken(symbol, row);
        }
        if (action === ACTION.name) {
            if (start === end) {
                this.#nameSynthetic(cursor, row);
            } else {
                this.#nameLeaf(row, start, end);
            }
            return false;
        }
        if (action === ACTION.leaf) {
            this.#finishLeaf(row, symbol, role);
            return false;
        }
        // A call's arguments hang on its name, so its tokens are not taken from an older tree.
        const isCall = symbol === this.#tokens.tokenTree && parent === this.#tokens.macroInvocation;
        if (this.#hasError && symbol === table.errorSymbol) {
            rows.flags[row] = FLAG.error;
        } else if (isCall) {
            if (this.#openHole(cursor, row)) {
                return false;
            }
        } else if (source?.copy(rows, row) === true) {
            this.#lift(level, rows.flags[row] ?? 0, symbol);
            return false;
        }
        this.#open(symbol, row, (this.#depthAt[level] ?? 0) + 1);
        return true;
    }

    /** `_` counts as a part where positions matter. */
    #keepWildcard(cursor: WalkCursor): void {
        const rows = this.#rows;
        const row = rows.add(KIND.wildcard_pattern, 0, this.#depthAt[this.#level] ?? 0);
        rows.start[row] = cursor.startIndex + this.#shift;
        rows.end[row] = cursor.endIndex + this.#shift;
        rows.flags[row] = 0;
    }

    /** Line comments are many: what their text says saves the walk through their parts. */
    #keepLineComment(cursor: WalkCursor): void {
        const start = cursor.startIndex + this.#shift;
        const third = this.#text.charCodeAt(start + 2);
        const inner = third === 0x21;
        if (!inner && (third !== 0x2f || this.#text.charCodeAt(start + 3) === 0x2f)) {
            return;
        }
        const rows = this.#rows;
        const row = rows.add(KIND.doc_comment, ROLE.doc, this.#depthAt[this.#level] ?? 0);
        rows.start[row] = start + 3;
        rows.end[row] = Math.max(start + 3, cursor.endIndex + this.#shift);
        rows.flags[row] = inner ? FLAG.inner : 0;
        this.#finishLeaf(row, this.#tokens.docComment, ROLE.doc);
    }

    #open(symbol: number, row: number, depth: number): void {
        const above = this.#level;
        const level = above + 1;
        this.#level = level;
        this.#symbolAt[level] = symbol;
        this.#rowAt[level] = row;
        this.#depthAt[level] = depth;
        this.#seenAt[level] = false;
        this.#hoistedFlagsAt[level] = 0;
        this.#contentsAt[level] =
            this.#table.contents[symbol] === 1 || this.#contentsAt[above] === true;
        this.#previousTokenAt[level] = -1;
        this.#previousNameAt[level] = -1;
    }

    #obey(rule: TokenRule | undefined, cursor: WalkCursor): void {
        const level = this.#level;
        if (rule === undefined || (rule.first && this.#seenAt[level] === true)) {
            return;
        }
        const row = this.#rowAt[level] ?? -1;
        const symbol = this.#symbolAt[level] ?? 0;
        if (rule.operator) {
            const shift = this.#shift;
            const text = this.#text.slice(cursor.startIndex + shift, cursor.endIndex + shift);
            this.#rows.name[row] = this.#names.code(text);
        } else if (this.#table.action[symbol] === ACTION.elide) {
            this.#hoistedFlagsAt[level] = (this.#hoistedFlagsAt[level] ?? 0) | rule.flag;
        } else if (row >= 0) {
            this.#rows.flags[row] = (this.#rows.flags[row] ?? 0) | rule.flag;
            this.#lift(level - 1, rule.flag, symbol);
        }
    }

    /** Gives the modifier flags of a node of the level to its parent, if its kind lends them. */
    #lift(level: number, flags: number, symbol: number): void {
        let at = level;
        let from = symbol;
        while (at >= 0 && this.#table.lift[from] === 1) {
            const row = this.#rowAt[at] ?? -1;
            if (row < 0) {
                return;
            }
            this.#rows.flags[row] = (this.#rows.flags[row] ?? 0) | (flags & MODIFIERS);
            from = this.#symbolAt[at] ?? 0;
            at -= 1;
        }
    }

    #nameLeaf(row: number, start: number, end: number): void {
        const { flags, name } = this.#rows;
        let from = start;
        const head = this.#text.charCodeAt(from);
        if (head === 0x72 && this.#text.charCodeAt(from + 1) === 0x23) {
            flags[row] = (flags[row] ?? 0) | FLAG.raw;
            from += 2;
        } else if (head === 0x24) {
            from += 1;
        }
        name[row] = this.#names.code(this.#text.slice(from, end));
    }

    /** Names a leaf that stands in text we added: it has no place in the file. */
    #nameSynthetic(cursor: WalkCursor, row: number): void {
        const text = this.#input?.parsedText ?? "";
        const { flags, name } = this.#rows;
        flags[row] = (flags[row] ?? 0) | FLAG.bridged;
        name[row] = this.#names.code(text.slice(cursor.startIndex, cursor.endIndex));
    }

    #finishLeaf(row: number, symbol: number, role: number): void {
        const { stringLiteral, rawStringLiteral, docComment } = this.#tokens;
        const { flags, start, end, name } = this.#rows;
        if (symbol === docComment) {
            const text = this.#text;
            let last = end[row] ?? 0;
            while (last > (start[row] ?? 0) && /[\r\n]/u.test(text[last - 1] ?? "")) {
                last -= 1;
            }
            end[row] = last;
            flags[row] = ((flags[row] ?? 0) | FRESH) >>> 0;
        } else if (symbol === stringLiteral || symbol === rawStringLiteral) {
            if (this.#contentsAt[this.#level] === true || this.#isAfterEquals) {
                name[row] = this.#names.code(unescapeString(this.#textOf(row)));
            }
        } else if (role !== 0 && this.#table.nameInRole[symbol] === role) {
            name[row] = this.#names.code(this.#textOf(row));
        } else if (this.#tokens.numbers[symbol] === 1) {
            const suffix = NUMBER_SUFFIX.exec(this.#textOf(row))?.[0];
            name[row] = suffix === undefined ? 0 : this.#names.code(suffix);
        }
        if (this.#tokens.literals[symbol] === 1) {
            const head = this.#text.charCodeAt(start[row] ?? 0);
            flags[row] =
                (flags[row] ?? 0) |
                (head === LETTER_B ? FLAG.bytes : head === LETTER_C ? FLAG.cString : 0);
        }
    }

    #textOf(row: number): string {
        return this.#text.slice(this.#rows.start[row], this.#rows.end[row]);
    }

    /** Notes a token of a token tree: what it says of the name before it, and hears of itself. */
    #noteToken(symbol: number, row: number): void {
        const level = this.#level;
        const tokens = this.#tokens;
        const { flags, start, kind } = this.#rows;
        const before = this.#previousNameAt[level] ?? -1;
        this.#isAfterEquals = this.#previousTokenAt[level] === tokens.equals;
        if (before >= 0) {
            let flag = tokens.flagsBefore[symbol] ?? 0;
            if (row >= 0 && tokens.holdsTokens[symbol] === 1) {
                const head = this.#text[start[row] ?? 0];
                flag = head === "(" || head === "{" ? FLAG.beforeCall : 0;
            }
            flags[before] = (flags[before] ?? 0) | flag;
        }
        if (row >= 0 && this.#previousTokenAt[level] === tokens.hash) {
            flags[row] = (flags[row] ?? 0) | FLAG.question;
        }
        const isName = row >= 0 && this.#table.action[symbol] === ACTION.name;
        if (isName && kind[row] !== KIND.boolean_literal) {
            const previous = this.#previousTokenAt[level] ?? -1;
            flags[row] =
                (flags[row] ?? 0) | (previous < 0 ? 0 : (tokens.flagsAfter[previous] ?? 0));
            this.#previousNameAt[level] = row;
        } else {
            this.#previousNameAt[level] = -1;
        }
        this.#previousTokenAt[level] = symbol;
    }

    /** Flags what is above an error; true when the node itself is missing. */
    #noteError(cursor: WalkCursor, symbol: number): boolean {
        const missing = cursor.nodeIsMissing;
        if (!missing && symbol !== this.#table.errorSymbol) {
            return false;
        }
        const shift = this.#shift;
        const errors = this.#input?.errors;
        errors?.push({
            offset: cursor.startIndex + shift,
            missing: missing ? cursor.nodeType : "",
        });
        for (let level = this.#level; level >= 0; level--) {
            const row = this.#rowAt[level] ?? -1;
            if (row >= 0) {
                this.#rows.flags[row] = (this.#rows.flags[row] ?? 0) | FLAG.error;
            }
        }
        return missing;
    }

    /** Leaves a hole for the arguments of a macro of std; false when the call is of another macro. */
    #openHole(cursor: WalkCursor, row: number): boolean {
        const input = required(this.#input, "a walk has input");
        const { holes, shift } = input;
        const invocation = this.#rowAt[this.#level] ?? -1;
        if (holes === undefined || invocation < 0) {
            return false;
        }
        const rows = this.#rows;
        const { start, end } = rows;
        const definition = this.#definitions.get(start[invocation] ?? 0);
        const head = this.#text.slice(start[invocation], start[row]);
        const name = /([A-Za-z_0-9]+)\s*!\s*$/u.exec(head)?.[1] ?? "";
        const style = definition === undefined ? this.#styleOf(name, row) : "definition";
        if (style === undefined) {
            return false;
        }
        const parts: TreePart[] = [];
        if (STYLES_BY_PARTS.has(style) && cursor.gotoFirstChild()) {
            do {
                const from = cursor.startIndex + shift;
                parts.push({
                    symbol: cursor.nodeTypeId,
                    start: from,
                    end: cursor.endIndex + shift,
                });
            } while (cursor.gotoNextSibling());
            cursor.gotoParent();
        }
        const descendant = cursor.currentDescendantIndex;
        const place = { start: start[row] ?? 0, end: end[row] ?? 0, input, descendant };
        if (definition !== undefined) {
            this.#makeDefinition(invocation, definition);
        }
        // A definition's name is among what fills the hole, not the call's row before it.
        const at = definition === undefined ? row : invocation + 1;
        const call = { rows, row: at, invocation, style, definition };
        holes.push({ ...call, ...place, parts, filling: undefined });
        return true;
    }

    #styleOf(name: string, row: number): MacroStyle | undefined {
        const known = this.#table.macroStyles.get(name);
        if (known !== undefined) {
            return known;
        }
        if (this.#text[this.#rows.start[row] ?? 0] !== "{") {
            return "maybe-expressions";
        }
        // The level of the call itself is the innermost; a statement may stand between it and the items.
        for (let level = this.#level - 1; level >= 0; level--) {
            const kind = this.#rows.kind[this.#rowAt[level] ?? -1];
            if (kind !== undefined && kind !== KIND.expression_statement) {
                return ITEM_PLACES.has(kind) ? "maybe-items" : "maybe-expressions";
            }
        }
        return "maybe-items";
    }

    /** Turns the call that stands for a macro 2.0 into its definition, one row below it left. */
    #makeDefinition(row: number, definition: MacroTwo): void {
        const rows = this.#rows;
        rows.kind[row] = KIND.macro_definition;
        rows.start[row] = definition.visibility?.start ?? definition.start;
        rows.flags[row] = (rows.flags[row] ?? 0) | FLAG.bridged;
        rows.name[row] = this.#names.code("macro");
        rows.count = row + 2;
    }
}
