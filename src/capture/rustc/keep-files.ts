// Leaves out of facts all that is said of certain files.

import type { FactFile, FactTarget, FactUses, RustcFacts } from "./facts.ts";

/** Keeps what is said of the files that are to be kept, numbered anew. */
export function keepFiles(facts: RustcFacts, isKept: (file: FactFile) => boolean): RustcFacts {
    const kept = facts.files.map(isKept);
    if (kept.every(Boolean)) {
        return facts;
    }
    let count = 0;
    const renumbered = kept.map((keep) => (keep ? count++ : -1));
    const numberOf = (file: number): number => renumbered[file] ?? -1;
    return {
        ...facts,
        files: facts.files.filter((_, index) => kept[index] === true),
        definitions: facts.definitions.map((definition) => ({
            ...definition,
            file: definition.file < 0 ? -1 : numberOf(definition.file),
        })),
        targets: facts.targets.map((target) => renumberTarget(target, numberOf)),
        uses: keepUses(facts.uses, facts.targets, numberOf),
        implicit: facts.implicit
            .filter((use) => use.file < 0 || numberOf(use.file) >= 0)
            .map((use) => ({ ...use, file: use.file < 0 ? -1 : numberOf(use.file) })),
    };
}

function renumberTarget(target: FactTarget, numberOf: (file: number) => number): FactTarget {
    return target.file === undefined ? target : { ...target, file: numberOf(target.file) };
}

/** Uses in kept files, but for those of locals that are bound in others. */
function keepUses(
    uses: FactUses,
    targets: readonly FactTarget[],
    numberOf: (file: number) => number,
): FactUses {
    const rows: number[] = [];
    for (let row = 0; row < uses.file.length; row++) {
        const bound = targets[uses.target[row] ?? 0]?.file;
        const isBound = bound === undefined || numberOf(bound) >= 0;
        if (numberOf(uses.file[row] ?? 0) >= 0 && isBound) {
            rows.push(row);
        }
    }
    const column = (from: Uint32Array): Uint32Array =>
        Uint32Array.from(rows, (row) => from[row] ?? 0);
    const byteColumn = (from: Uint8Array): Uint8Array =>
        Uint8Array.from(rows, (row) => from[row] ?? 0);
    return {
        file: column(uses.file).map(numberOf),
        start: column(uses.start),
        end: column(uses.end),
        role: byteColumn(uses.role),
        flags: byteColumn(uses.flags),
        target: column(uses.target),
        receiver: column(uses.receiver),
    };
}
