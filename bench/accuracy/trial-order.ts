// Which renames are tried, and in which order: turns of equal shares, however many of them there is time for.

import { TakenNames } from "./clashing-name.ts";
import { freshName } from "./fresh-name.ts";
import type { ResolvedHere } from "./resolve-here.ts";
import { seededRandom, shuffle } from "./sample.ts";
import { listCandidates, STRATA, type Candidate } from "./strata.ts";

/** Whether the new name is one that nothing has, or one that is taken. */
export type Mode = "fresh" | "clashing";

/** Both modes. */
export const MODES: readonly Mode[] = ["fresh", "clashing"];

/** A rename to try. */
export interface Wish {
    readonly candidate: Candidate;
    readonly newName: string;
    readonly mode: Mode;
    /** By what the new name is taken; empty for a fresh one. */
    readonly clash: string;
    readonly seed: number;
}

/** Seeds that every run uses. */
export const FIXED_SEEDS: readonly number[] = [1, 2, 3];

const TRIES_FOR_A_CLASH = 30;

/** A seed that a commit determines: its samples were not looked at while it was made. */
export function seedOfCommit(commit: string): number {
    return parseInt(commit.slice(0, 7), 16) || 4;
}

/**
 * Yields turns: of every kind of names one to a fresh name and one to a clashing name. A turn takes the
 * next seed; no name is asked for twice. Ends when no kind has any left.
 */
export function* orderTrials(here: ResolvedHere, seeds: readonly number[]): Generator<Wish[]> {
    const everything = [...here.texts.values()].join("\n");
    const isTaken = (name: string): boolean => everything.includes(name);
    const taken = new TakenNames(here);
    const groups = listCandidates(here);
    const queues = seeds.map((seed) => {
        const random = seededRandom(seed);
        const byStratum = new Map(
            STRATA.map((stratum) => [stratum, shuffle(groups.get(stratum) ?? [], random)]),
        );
        return { seed, random, byStratum };
    });
    const used = new Set<string>();
    for (let turn = 0; queues.length > 0; turn++) {
        const { seed, random, byStratum } = queues[turn % queues.length] as (typeof queues)[0];
        const next = (stratum: (typeof STRATA)[number]): Candidate | undefined => {
            for (;;) {
                const candidate = byStratum.get(stratum)?.shift();
                const key = `${candidate?.path}:${candidate?.offset}`;
                if (candidate === undefined || !used.has(key)) {
                    used.add(key);
                    return candidate;
                }
            }
        };
        const wishes: Wish[] = [];
        for (const stratum of STRATA) {
            const candidate = next(stratum);
            if (candidate !== undefined) {
                const newName = freshName(candidate, isTaken);
                wishes.push({ candidate, newName, mode: "fresh", clash: "", seed });
            }
            const clashing = firstClash(() => next(stratum), taken, random);
            if (clashing !== undefined) {
                wishes.push({ ...clashing, mode: "clashing", seed });
            }
        }
        if (wishes.length === 0) {
            return;
        }
        yield wishes;
    }
}

function firstClash(
    next: () => Candidate | undefined,
    taken: TakenNames,
    random: () => number,
): Pick<Wish, "candidate" | "newName" | "clash"> | undefined {
    for (let tried = 0; tried < TRIES_FOR_A_CLASH; tried++) {
        const candidate = next();
        if (candidate === undefined) {
            return undefined;
        }
        const clash = taken.draw(candidate, random);
        if (clash !== undefined) {
            return { candidate, newName: clash.name, clash: clash.kind };
        }
    }
    return undefined;
}
