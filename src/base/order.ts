// Orders that are the same everywhere.

/** Orders texts by their code units, which no locale changes. */
export function compareText(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
