// Symbols by the token that defines them.

import type { Steps } from "../../base/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";

/** Symbols that are looked at without a turn for others. */
const STEP_SYMBOLS = 512;

/** Finds symbols by their name's place. */
export class DefinitionPlaces {
    readonly #source: ResolutionSource;
    readonly #symbolsAt = new Map<string, number[]>();

    constructor(source: ResolutionSource) {
        this.#source = source;
    }

    /** Lists the places; to be done first. */
    *prepare(): Steps<void> {
        for (let index = 0; index < this.#source.symbolCount; index++) {
            const { file, nameSpan, kind } = this.#source.symbol(index);
            if (file !== undefined && nameSpan !== undefined && kind !== "crate") {
                const key = `${file} ${nameSpan.start}`;
                this.#symbolsAt.set(key, [...(this.#symbolsAt.get(key) ?? []), index]);
            }
            if (index % STEP_SYMBOLS === 0) {
                yield;
            }
        }
    }

    /** Symbols whose name begins at an offset of a file. */
    at(file: string, start: number): readonly number[] {
        return this.#symbolsAt.get(`${file} ${start}`) ?? [];
    }
}
