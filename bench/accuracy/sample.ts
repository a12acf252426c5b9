// Draws a sample in equal shares from groups of unequal size, the same one for the same seed.

/** Things to draw from, by group. */
export type Groups<T> = ReadonlyMap<string, readonly T[]>;

/** One drawn thing and its group. */
export interface Drawn<T> {
    readonly group: string;
    readonly item: T;
}

/** A source of numbers in [0, 1) that a seed determines (mulberry32). */
export function seededRandom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Returns the items in an order that the source of numbers determines. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
        const other = Math.floor(random() * (last + 1));
        const moved = order[last] as T;
        order[last] = order[other] as T;
        order[other] = moved;
    }
    return order;
}

/**
 * Draws `count` items, one group after the other in turns: every group gives the same number as long
 * as it has any, and what a small group lacks the others give. Fewer when there are not so many.
 */
export function drawInShares<T>(groups: Groups<T>, count: number, seed: number): Drawn<T>[] {
    const random = seededRandom(seed);
    const queues = [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([group, items]) => ({ group, items: shuffle(items, random) }));
    const drawn: Drawn<T>[] = [];
    for (let turn = 0; drawn.length < count; turn++) {
        const before = drawn.length;
        for (const { group, items } of queues) {
            const item = items[turn];
            if (item !== undefined && drawn.length < count) {
                drawn.push({ group, item });
            }
        }
        if (drawn.length === before) {
            break;
        }
    }
    return drawn;
}
