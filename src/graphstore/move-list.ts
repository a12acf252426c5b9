// Which node became which by a recorded rename, in order: the renamed one and all below it.

import { WordColumn } from "./columns.ts";
import { countUpTo } from "./end-list.ts";

/** Moves of nodes from slot to slot. */
export class MoveList {
    readonly #born: WordColumn;
    readonly #from: WordColumn;
    readonly #to: WordColumn;

    constructor(born = new WordColumn(), from = new WordColumn(), to = new WordColumn()) {
        this.#born = born;
        this.#from = from;
        this.#to = to;
    }

    /** Notes that delta k made one node another. */
    push(from: number, to: number, k: number): void {
        this.#born.push(k);
        this.#from.push(from);
        this.#to.push(to);
    }

    /** The moves after delta j and not after delta k, as pairs of slots. */
    *between(j: number, k: number): Generator<readonly [number, number]> {
        for (let at = this.#countUpTo(j); at < this.#countUpTo(k); at++) {
            yield [this.#from.at(at), this.#to.at(at)];
        }
    }

    /** The columns of the moves up to a delta number. */
    columnsUpTo(k: number): readonly Uint32Array[] {
        const count = this.#countUpTo(k);
        return [this.#born, this.#from, this.#to].map(({ data }) => data.slice(0, count));
    }

    /** Forgets the moves after a delta number. */
    rollback(k: number): void {
        const kept = this.#countUpTo(k);
        for (const column of [this.#born, this.#from, this.#to]) {
            column.cut(kept);
        }
    }

    clone(): MoveList {
        return new MoveList(this.#born.clone(), this.#from.clone(), this.#to.clone());
    }

    #countUpTo(k: number): number {
        return countUpTo(this.#born.length, k, (at) => this.#born.at(at));
    }
}
