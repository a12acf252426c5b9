// The digest of a proof: SHA-256 over what every compared token means before and after, as words of 32 bits, and over
// the texts that these are numbers of. Texts are numbered anew as they come up, so that it hangs on what the two
// resolutions say alone.

import { createHash } from "node:crypto";

import { compareText } from "../base/index.ts";
import { OPEN, type ProofRows, type TextNumbers } from "./proof-rows.ts";

/** Words that begin a record. Any other number is that of the rows, which are the same before and after. */
const MARK = { file: -1, changed: -2, end: -3 } as const;

/** Words that are hashed at once. */
const CHUNK = 1 << 14;

/** Rows of one file: those of one token as one crate sees it. */
export interface RowRange {
    readonly rows: ProofRows;
    readonly from: number;
    readonly end: number;
}

/** A digest that grows token by token. */
export class ProofDigest {
    readonly #hash = createHash("sha256");
    readonly #texts: TextNumbers;
    readonly #numbers = new Map<number, number>();
    readonly #chunk = new DataView(new ArrayBuffer(CHUNK * 4));
    #filled = 0;

    constructor(texts: TextNumbers) {
        this.#texts = texts;
    }

    /** What follows is of this file. */
    beginFile(path: string): void {
        this.#write(MARK.file);
        this.#writeText(this.#texts.of(path));
    }

    /** One row that is the same before and after. */
    addSame(rows: ProofRows, at: number): void {
        this.#write(1);
        this.#writeRow(rows, at);
    }

    /** What a token means before and after; undefined on the side that does not have it. */
    add(before: RowRange | undefined, after: RowRange | undefined): void {
        const old = before === undefined ? [] : this.#ordered(before);
        const now = after === undefined ? [] : this.#ordered(after);
        const isSame =
            before !== undefined &&
            after !== undefined &&
            old.length === now.length &&
            old.every((at, i) => hasSameWords(before.rows, at, after.rows, now[i] ?? 0));
        if (!isSame) {
            this.#write(MARK.changed);
        }
        this.#writeRows(before, old);
        if (!isSame) {
            this.#writeRows(after, now);
        }
    }

    digest(): string {
        this.#write(MARK.end);
        this.#flush();
        const texts = [...this.#numbers.keys()].map((number) => this.#texts.text(number));
        return this.#hash.update(JSON.stringify(texts)).digest("hex");
    }

    /** Rows of one token in an order that hangs on nothing but what they say. */
    #ordered({ rows, from, end }: RowRange): number[] {
        const order = Array.from({ length: end - from }, (_, i) => from + i);
        return order.sort((a, b) => {
            const [one, other] = [rows.meaning(a), rows.meaning(b)];
            const areTexts = one > OPEN && other > OPEN;
            return (
                rows.told(a) - rows.told(b) ||
                (one === other
                    ? 0
                    : areTexts
                      ? compareText(this.#texts.text(one), this.#texts.text(other))
                      : one - other)
            );
        });
    }

    #writeRows(range: RowRange | undefined, order: readonly number[]): void {
        this.#write(order.length);
        for (const at of order) {
            if (range !== undefined) {
                this.#writeRow(range.rows, at);
            }
        }
    }

    #writeRow(rows: ProofRows, at: number): void {
        this.#write(rows.start(at));
        this.#write(rows.told(at));
        this.#writeText(rows.crate(at));
        const meaning = rows.meaning(at);
        if (meaning > OPEN) {
            this.#writeText(meaning);
        } else {
            this.#write(meaning);
        }
    }

    #writeText(text: number): void {
        let number = this.#numbers.get(text);
        if (number === undefined) {
            number = this.#numbers.size;
            this.#numbers.set(text, number);
        }
        this.#write(number);
    }

    #write(word: number): void {
        this.#chunk.setInt32(this.#filled * 4, word, true);
        this.#filled += 1;
        if (this.#filled === CHUNK) {
            this.#flush();
        }
    }

    #flush(): void {
        this.#hash.update(new Uint8Array(this.#chunk.buffer, 0, this.#filled * 4));
        this.#filled = 0;
    }
}

function hasSameWords(a: ProofRows, at: number, b: ProofRows, other: number): boolean {
    return (
        a.start(at) === b.start(other) &&
        a.told(at) === b.told(other) &&
        a.crate(at) === b.crate(other) &&
        a.meaning(at) === b.meaning(other)
    );
}
