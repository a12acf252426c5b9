// Distinct targets of one file's facts, numbered in the order in which they are met.

import type { EvidenceTarget } from "./model.ts";

/** Numbers targets. */
export class TargetTable {
    readonly all: EvidenceTarget[] = [];
    readonly #byText = new Map<string, number>();

    numberOf(target: EvidenceTarget): number {
        const text = JSON.stringify(target);
        let number = this.#byText.get(text);
        if (number === undefined) {
            number = this.all.length;
            this.all.push(target);
            this.#byText.set(text, number);
        }
        return number;
    }
}
