// Finds the word that was probably meant.

/** The candidate that differs from a word in at most two letters, the nearest first. */
export function findNearWord(word: string, candidates: readonly string[]): string | undefined {
    let best: string | undefined;
    let bestDistance = 3;
    for (const candidate of candidates) {
        const distance = countEdits(word, candidate);
        if (distance < bestDistance && distance < candidate.length) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

/** Levenshtein distance, one row at a time. */
function countEdits(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (let i = 0; i < from.length; i++) {
        const next = [i + 1];
        for (let j = 0; j < to.length; j++) {
            const keep = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
            next.push(Math.min(keep, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
        }
        row = next;
    }
    return row[to.length] ?? 0;
}
