// Which names a person may have meant: nearest by edit distance, for messages only.

/** Picks the names nearest to the wanted one, nearest first; far ones are left out. */
export function nearNames(wanted: string, names: Iterable<string>, limit: number): string[] {
    const cutoff = Math.max(1, Math.floor(wanted.length / 3));
    const lower = wanted.toLowerCase();
    const scored: { name: string; distance: number }[] = [];
    const seen = new Set<string>();
    for (const name of names) {
        if (seen.has(name) || Math.abs(name.length - wanted.length) > cutoff) {
            continue;
        }
        seen.add(name);
        const distance = editDistance(lower, name.toLowerCase(), cutoff);
        if (distance <= cutoff) {
            scored.push({ name, distance });
        }
    }
    scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
    return scored.slice(0, limit).map((entry) => entry.name);
}

/** Levenshtein distance with swaps of neighbors, given up above the cutoff. */
function editDistance(a: string, b: string, cutoff: number): number {
    let beforeLast: number[] = [];
    let last = Array.from({ length: b.length + 1 }, (_, column) => column);
    for (let row = 1; row <= a.length; row++) {
        const line = [row];
        let least = row;
        for (let column = 1; column <= b.length; column++) {
            const same = a[row - 1] === b[column - 1];
            let cost = Math.min(
                (last[column] ?? 0) + 1,
                (line[column - 1] ?? 0) + 1,
                (last[column - 1] ?? 0) + (same ? 0 : 1),
            );
            if (
                row > 1 &&
                column > 1 &&
                a[row - 1] === b[column - 2] &&
                a[row - 2] === b[column - 1]
            ) {
                cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
            }
            line.push(cost);
            least = Math.min(least, cost);
        }
        if (least > cutoff) {
            return least;
        }
        beforeLast = last;
        last = line;
    }
    return last[b.length] ?? 0;
}
