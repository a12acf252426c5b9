// Occurrences of one file as one crate sees it, in columns.

import { doubled } from "../../base/index.ts";
import type { BindingCounts, LocalInfo, OccurrenceRole, OccurrenceTable } from "../model.ts";

export type { OccurrenceTable } from "../model.ts";

/** Roles in the order of their codes. Append only: cached tables hold codes. */
export const ROLES: readonly OccurrenceRole[] = [
    "definition",
    "call",
    "method-call",
    "field",
    "literal-field",
    "pattern-field",
    "value",
    "pattern",
    "type",
    "module",
    "import",
    "import-alias",
    "macro-call",
    "macro-input",
    "macro-body",
    "attribute",
    "format-capture",
    "doc-link",
    "lifetime",
    "label",
    "visibility",
];

/** Code of each role. */
export const ROLE_CODE = Object.fromEntries(ROLES.map((role, code) => [role, code])) as Readonly<
    Record<OccurrenceRole, number>
>;

/** Codes of bindings. Append only. */
export const BIND = {
    symbol: 0,
    local: 1,
    external: 2,
    builtin: 3,
    ambiguous: 4,
    unresolved: 5,
    opaque: 6,
} as const;

/** Names of bindings by code. */
export const BIND_NAMES: readonly (keyof BindingCounts)[] = [
    "symbol",
    "local",
    "external",
    "builtin",
    "ambiguous",
    "unresolved",
    "opaque",
];

/** Bits of an occurrence's flags. */
export const OCCURRENCE_FLAG = {
    alias: 1,
    shorthandField: 2,
    shorthandValue: 4,
    /** `target` is an index into `sets`. */
    set: 8,
    raw: 16,
    /** rustc or rust-analyzer said the same of this very text, or decided it. */
    exact: 32,
    /** Two of resolver, rustc and rust-analyzer say different things: ambiguous, unless `exact`. */
    disputed: 64,
    /** With `exact`: only rust-analyzer said it. With `disputed`: rust-analyzer says another thing. */
    analyzer: 128,
} as const;

/** Reason of a name that has several definitions in one scope, each under its cfg. */
export const SEVERAL_IN_SCOPE = "several definitions are in scope";

/** One row before it is packed. */
export interface OccurrenceRow {
    start: number;
    end: number;
    name: number;
    role: number;
    bind: number;
    flags: number;
    target: number;
    reason: number;
    enclosing: number;
}

/** Columns of numbers in a row, in the order in which the builder keeps them. */
const FIELDS = 9;

/** Collects rows in any order. Numbers of all rows lie in one array: rows are many and short-lived. */
export class OccurrenceBuilder {
    #rows = new Uint32Array(FIELDS * 256);
    #count = 0;
    readonly #names: string[];
    readonly #nameIndex = new Map<string, number>();
    readonly #reasons: string[] = [""];
    readonly #reasonIndex = new Map<string, number>([["", 0]]);
    readonly #sets: (readonly number[])[] = [];

    /** Starts with the names of a syntax tree, so that its name numbers can be used as they are. */
    constructor(names: readonly string[]) {
        this.#names = [...names];
    }

    /** Number of a name that the tree does not have. */
    nameNumber(name: string): number {
        const known = this.#nameIndex.get(name);
        if (known !== undefined) {
            return known;
        }
        let index = this.#names.indexOf(name);
        if (index === -1) {
            index = this.#names.length;
            this.#names.push(name);
        }
        this.#nameIndex.set(name, index);
        return index;
    }

    reasonNumber(reason: string): number {
        const known = this.#reasonIndex.get(reason);
        if (known !== undefined) {
            return known;
        }
        const index = this.#reasons.length;
        this.#reasons.push(reason);
        this.#reasonIndex.set(reason, index);
        return index;
    }

    setNumber(symbols: readonly number[]): number {
        this.#sets.push(symbols);
        return this.#sets.length - 1;
    }

    push(row: OccurrenceRow): void {
        const at = this.#count * FIELDS;
        if (at + FIELDS > this.#rows.length) {
            this.#rows = doubled(this.#rows);
        }
        const rows = this.#rows;
        rows[at] = row.start;
        rows[at + 1] = row.end;
        rows[at + 2] = row.name;
        rows[at + 3] = row.role;
        rows[at + 4] = row.bind;
        rows[at + 5] = row.flags;
        rows[at + 6] = row.target;
        rows[at + 7] = row.reason;
        rows[at + 8] = row.enclosing;
        this.#count += 1;
    }

    build(locals: readonly LocalInfo[]): OccurrenceTable {
        const order = this.#order();
        const rows = this.#rows;
        const pick = <T extends Uint32Array | Uint16Array | Uint8Array>(
            into: T,
            field: number,
        ): T => {
            for (let i = 0; i < into.length; i++) {
                into[i] = rows[(order[i] ?? 0) * FIELDS + field] ?? 0;
            }
            return into;
        };
        const count = this.#count;
        return {
            start: pick(new Uint32Array(count), 0),
            end: pick(new Uint32Array(count), 1),
            name: pick(new Uint32Array(count), 2),
            role: pick(new Uint8Array(count), 3),
            bind: pick(new Uint8Array(count), 4),
            flags: pick(new Uint8Array(count), 5),
            target: pick(new Uint32Array(count), 6),
            reason: pick(new Uint16Array(count), 7),
            enclosing: pick(new Uint32Array(count), 8),
            names: this.#names,
            reasons: this.#reasons,
            sets: this.#sets,
            locals,
        };
    }

    /** Rows by start, flags, role: the walk gives most of them in that order already. */
    #order(): Uint32Array {
        const rows = this.#rows;
        const count = this.#count;
        const compare = (a: number, b: number): number => {
            const [left, right] = [a * FIELDS, b * FIELDS];
            return (
                (rows[left] ?? 0) - (rows[right] ?? 0) ||
                (rows[left + 5] ?? 0) - (rows[right + 5] ?? 0) ||
                (rows[left + 3] ?? 0) - (rows[right + 3] ?? 0) ||
                a - b
            );
        };
        const order = orderByStart(rows, count);
        // Few rows share a start.
        for (let i = 1; i < count; i++) {
            const row = order[i] ?? 0;
            let at = i;
            for (; at > 0 && compare(order[at - 1] ?? 0, row) > 0; at--) {
                order[at] = order[at - 1] ?? 0;
            }
            order[at] = row;
        }
        return order;
    }
}

const DIGIT_BITS = 11;

/** Rows by start, digit by digit from the lowest: nothing is compared, and rows of one start keep their order. */
function orderByStart(rows: Uint32Array, count: number): Uint32Array {
    let highest = 0;
    let isOrdered = true;
    let order = new Uint32Array(count);
    for (let row = 0, last = 0; row < count; row++) {
        const start = rows[row * FIELDS] ?? 0;
        isOrdered &&= start >= last;
        highest = Math.max(highest, start);
        last = start;
        order[row] = row;
    }
    if (isOrdered) {
        return order;
    }
    const size = 1 << DIGIT_BITS;
    let next = new Uint32Array(count);
    for (let shift = 0; highest >>> shift > 0; shift += DIGIT_BITS) {
        const places = new Uint32Array(size + 1);
        for (let row = 0; row < count; row++) {
            const digit = ((rows[row * FIELDS] ?? 0) >>> shift) & (size - 1);
            places[digit + 1] = (places[digit + 1] ?? 0) + 1;
        }
        for (let digit = 0; digit < size; digit++) {
            places[digit + 1] = (places[digit + 1] ?? 0) + (places[digit] ?? 0);
        }
        for (let at = 0; at < count; at++) {
            const row = order[at] ?? 0;
            const digit = ((rows[row * FIELDS] ?? 0) >>> shift) & (size - 1);
            const place = places[digit] ?? 0;
            places[digit] = place + 1;
            next[place] = row;
        }
        [order, next] = [next, order];
    }
    return order;
}
