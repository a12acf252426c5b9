// The flags of a node as words.

import { NODE_FLAG } from "./model.ts";

const NAMES = Object.entries(NODE_FLAG).map(
    ([name, bit]) =>
        [name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`), bit] as const,
);

/** Names of the flags that are set: `test`, `public-api`, `cfg-gated`, … */
export function flagNames(flags: number): string[] {
    return NAMES.flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [name]));
}
