// Draws for generated programs: everything follows from the seed.

import { seededRandom } from "../accuracy/sample.ts";

/** A source of choices that a seed determines. */
export class Draw {
    readonly #random: () => number;

    constructor(seed: number) {
        this.#random = seededRandom(seed);
    }

    /** A whole number from 0, below `count`. */
    below(count: number): number {
        return Math.floor(this.#random() * count);
    }

    chance(share: number): boolean {
        return this.#random() < share;
    }

    /** One of a list that is not empty. */
    pick<T>(list: readonly T[]): T {
        const found = list[this.below(list.length)];
        if (found === undefined) {
            throw new Error("nothing to pick from");
        }
        return found;
    }

    /** One of a list, undefined if it is empty. */
    find<T>(list: readonly T[]): T | undefined {
        return list[this.below(list.length)];
    }

    /** One of several ways to go on, by their weights. */
    way<T>(ways: readonly (readonly [weight: number, go: T])[]): T {
        let left = this.#random() * ways.reduce((sum, [weight]) => sum + weight, 0);
        for (const [weight, go] of ways) {
            left -= weight;
            if (left < 0) {
                return go;
            }
        }
        return this.pick(ways)[1];
    }

    /** Several of a list, in an order of their own. */
    some<T>(list: readonly T[], count: number): T[] {
        const left = [...list];
        const found: T[] = [];
        while (found.length < count && left.length > 0) {
            found.push(...left.splice(this.below(left.length), 1));
        }
        return found;
    }
}
