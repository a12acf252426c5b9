// Numbers that stand for many.

/** The value below which a share of the values lie, by nearest rank; throws for no values. */
export function quantile(values: readonly number[], share: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
    const found = sorted[rank];
    if (found === undefined) {
        throw new RangeError("there is no quantile of nothing");
    }
    return found;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
    return quantile(values, 0.5);
}
