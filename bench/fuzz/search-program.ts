// All renames of one generated program, to names that clash and one that does not.

import { Draw } from "./draw.ts";
import { STD_NAMES } from "./declared.ts";
import { textsOf } from "./part.ts";
import { RenamesInMemory } from "./renames-in-memory.ts";
import type { Sound } from "./repair-program.ts";
import {
    faultOf,
    tryOne,
    withOrdinals,
    type Finding,
    type FuzzBench,
    type Wish,
} from "./try-renames.ts";

/** What was found in a program. */
export interface Searched {
    readonly renames: number;
    readonly proved: number;
    readonly refused: number;
    readonly unproved: number;
    readonly asks: number;
    readonly findings: readonly Finding[];
    /** Of the refusals that were tried all the same, those that change nothing, by their reasons. */
    readonly needless: ReadonlyMap<string, number>;
    readonly refusalsTried: number;
}

/** How much is asked of a program. */
export interface SearchOptions {
    readonly seed: number;
    /** Of the renames that are refused, the share that is made all the same to see whether it is needless. */
    readonly triedRefusals: number;
    /** How many renames are tried, drawn from all; all without it. */
    readonly renamesMax?: number | undefined;
    /** Names of std that each thing is renamed to. */
    readonly stdNames: number;
}

/** A name that nothing has. */
const FRESH = "zq";

/** Keeps what is drawn for the search apart from what was drawn for the program. */
const SEARCH_SEED = 0x5eed;

/** Tries the renames of a program. */
export async function searchProgram(
    bench: FuzzBench,
    sound: Sound,
    options: SearchOptions,
): Promise<Searched> {
    const draw = new Draw(options.seed + SEARCH_SEED);
    const wishes = wishesFor(bench, sound, { draw, options });
    const counts = { proved: 0, refused: 0, unproved: 0, asks: 0 };
    const findings: Finding[] = [];
    const needless = new Map<string, number>();
    let refusalsTried = 0;
    for (const wish of wishes) {
        const { answer, finding } = await tryOne(bench, sound, wish);
        if (finding !== undefined) {
            findings.push(finding);
        }
        if (answer === undefined) {
            continue;
        }
        counts[answer.kind] += 1;
        const isTried = answer.kind !== "proved" && draw.chance(options.triedRefusals);
        if (isTried && answer.texts !== undefined) {
            refusalsTried += 1;
            if ((await faultOf(bench, sound, answer.texts)) === undefined) {
                const reason = `${answer.kind}: ${answer.reason}`;
                needless.set(reason, (needless.get(reason) ?? 0) + 1);
            }
        }
    }
    return { ...counts, renames: wishes.length, findings, needless, refusalsTried };
}

function wishesFor(
    bench: FuzzBench,
    { program }: Sound,
    { draw, options }: { readonly draw: Draw; readonly options: SearchOptions },
): Wish[] {
    const texts = textsOf(program);
    const renames = new RenamesInMemory(bench.syntax, program, texts);
    const all = withOrdinals(renames.list(texts)).filter(({ name }) => !isTrace(name));
    const names = [...new Set(all.map(({ name }) => name))];
    const wishes = all.flatMap((one) => {
        const wanted = new Set([FRESH, ...names, ...draw.some(STD_NAMES, options.stdNames)]);
        wanted.delete(one.name);
        return [...wanted].map((newName): Wish => ({ renames, texts, one, newName }));
    });
    return options.renamesMax === undefined ? wishes : draw.some(wishes, options.renamesMax);
}

// What prints, and the functions that talk.
function isTrace(name: string): boolean {
    return /^[zZ]/u.test(name);
}
