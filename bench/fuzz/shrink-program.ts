// Makes a program with a finding as small as it gets.

import { listParts, textsOf, without, type Part, type Program } from "./part.ts";
import type { Sound } from "./repair-program.ts";
import { findAgain, type Finding, type FuzzBench } from "./try-renames.ts";

/** A small program that still has a finding. */
export interface Shrunk {
    readonly sound: Sound;
    readonly finding: Finding;
}

/** Takes out what a finding does not need, outer parts first, until nothing more can go. */
export async function shrinkProgram(
    bench: FuzzBench,
    sound: Sound,
    finding: Finding,
): Promise<Shrunk> {
    let best: Shrunk = { sound, finding };
    for (let size = listParts(sound.program).length; size >= 1; size = Math.ceil(size / 2)) {
        let isSmaller = true;
        while (isSmaller) {
            isSmaller = false;
            const parts = listParts(best.sound.program);
            for (let start = 0; start < parts.length; start += size) {
                const chunk = new Set(parts.slice(start, start + size));
                const smaller = await stillHas(bench, best, chunk);
                if (smaller !== undefined) {
                    best = smaller;
                    isSmaller = size > 1 || parts.length > 1;
                    break;
                }
            }
        }
        if (size === 1) {
            break;
        }
    }
    return best;
}

async function stillHas(
    bench: FuzzBench,
    { sound, finding }: Shrunk,
    gone: ReadonlySet<Part>,
): Promise<Shrunk | undefined> {
    const program: Program = without(sound.program, gone);
    const outcome = await bench.compiler.judge(program, textsOf(program));
    const { printed } = outcome;
    if (printed === undefined) {
        return undefined;
    }
    const smaller: Sound = { program, outcome: { ...outcome, printed } };
    const again = await findAgain(bench, smaller, finding);
    return again === undefined ? undefined : { sound: smaller, finding: again };
}
