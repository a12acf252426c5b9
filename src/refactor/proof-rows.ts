// One side of the proof as columns. Every token of an edited file is compared, which are tens of thousands: no
// object and no text is made for those that mean what they meant.

import { compareText, doubled } from "../base/index.ts";
import type { TokenPart } from "./planned-edit.ts";

/** Numbers of texts that both sides of a proof speak of: equal texts, and no others, have equal numbers. */
export class TextNumbers {
    readonly #numbers = new Map<string, number>();
    readonly #texts: string[] = [];

    of(text: string): number {
        let number = this.#numbers.get(text);
        if (number === undefined) {
            number = this.#texts.length;
            this.#texts.push(text);
            this.#numbers.set(text, number);
        }
        return number;
    }

    text(number: number): string {
        return this.#texts[number] ?? "";
    }
}

/** Number of every meaning that is left open. Others are those of texts. */
export const OPEN = -1;

/** Number of the meaning that is a local of the same file: the place of its definition, below `OPEN`. */
export function localNumber(start: number): number {
    return OPEN - 1 - start;
}

/** Bits of a token's word, beside the code of its role. */
export const TOKEN_BIT = {
    field: 1 << 8,
    value: 2 << 8,
    /** It is spelled as one of the names that are compared in every file. */
    named: 1 << 10,
    /** It is open which of several definitions of its scope it means. */
    several: 1 << 11,
} as const;

const ROLE = 0xff;
const PART = TOKEN_BIT.field | TOKEN_BIT.value;
const SPECIAL = TOKEN_BIT.named | TOKEN_BIT.several;

/** The bit of a token's part. */
export function partBit(part: TokenPart): number {
    return part === undefined ? 0 : TOKEN_BIT[part];
}

/** One token as one crate sees it. */
export interface ProofCell {
    /** Where it begins after the edits. */
    start: number;
    /** Code of the role, and bits. */
    word: number;
    /** Number of the path of the crate. */
    crate: number;
    meaning: number;
    /** Which of the tables that were read, and which of its rows. */
    table: number;
    row: number;
}

const FIELDS = 6;

/** The tokens of one file, each as one crate sees it, in the order of their places after the edits. */
export class ProofRows {
    count = 0;
    readonly #numbers: TextNumbers;
    #cells: Int32Array;
    #isOrdered = true;

    constructor(numbers: TextNumbers, capacity: number) {
        this.#numbers = numbers;
        this.#cells = new Int32Array(FIELDS * Math.max(capacity, 16));
    }

    start(at: number): number {
        return this.#cells[at * FIELDS] ?? 0;
    }

    /** Role and part as one number. */
    told(at: number): number {
        return (this.#cells[at * FIELDS + 1] ?? 0) & (ROLE | PART);
    }

    crate(at: number): number {
        return this.#cells[at * FIELDS + 2] ?? 0;
    }

    meaning(at: number): number {
        return this.#cells[at * FIELDS + 3] ?? 0;
    }

    table(at: number): number {
        return this.#cells[at * FIELDS + 4] ?? 0;
    }

    row(at: number): number {
        return this.#cells[at * FIELDS + 5] ?? 0;
    }

    push(cell: Readonly<ProofCell>): void {
        const at = this.count * FIELDS;
        if (at === this.#cells.length) {
            this.#cells = doubled(this.#cells);
        }
        const cells = this.#cells;
        cells[at] = cell.start;
        cells[at + 1] = cell.word;
        cells[at + 2] = cell.crate;
        cells[at + 3] = cell.meaning;
        cells[at + 4] = cell.table;
        cells[at + 5] = cell.row;
        this.count += 1;
        if (at > 0 && this.#isOrdered) {
            this.#isOrdered = this.compare(this.count - 2, this, this.count - 1) <= 0;
        }
    }

    /** Puts the rows into their order, where they did not come in it. */
    sort(): void {
        if (this.#isOrdered) {
            return;
        }
        const order = Array.from({ length: this.count }, (_, at) => at);
        order.sort((a, b) => this.compare(a, this, b) || a - b);
        const cells = new Int32Array(this.count * FIELDS);
        order.forEach((from, at) => {
            cells.set(this.#cells.subarray(from * FIELDS, (from + 1) * FIELDS), at * FIELDS);
        });
        this.#cells = cells;
        this.#isOrdered = true;
    }

    /** Orders rows of one file by token, then by crate; zero where both are one token as one crate sees it. */
    compare(at: number, other: ProofRows, otherAt: number): number {
        const [a, b] = [at * FIELDS, otherAt * FIELDS];
        const [left, right] = [this.#cells, other.#cells];
        const place =
            (left[a] ?? 0) - (right[b] ?? 0) ||
            ((left[a + 1] ?? 0) & PART) - ((right[b + 1] ?? 0) & PART);
        if (place !== 0) {
            return place;
        }
        const [crate, otherCrate] = [left[a + 2] ?? 0, right[b + 2] ?? 0];
        return crate === otherCrate
            ? 0
            : compareText(this.#numbers.text(crate), this.#numbers.text(otherCrate));
    }

    /** Index behind the rows that are the same token as the same crate sees it as the one at `at`. */
    endOfToken(at: number): number {
        let end = at + 1;
        while (end < this.count && this.compare(at, this, end) === 0) {
            end += 1;
        }
        return end;
    }

    /**
     * Whether two rows are one token that means what it meant, of a name that nobody looks for. A token of which it
     * is open which of several definitions it means is not: what these are must be compared.
     */
    isPlain(at: number, other: ProofRows, otherAt: number): boolean {
        const [a, b] = [at * FIELDS, otherAt * FIELDS];
        const [left, right] = [this.#cells, other.#cells];
        return (
            left[a] === right[b] &&
            left[a + 1] === right[b + 1] &&
            left[a + 2] === right[b + 2] &&
            left[a + 3] === right[b + 3] &&
            ((left[a + 1] ?? 0) & SPECIAL) === 0
        );
    }
}
