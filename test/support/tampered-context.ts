// A text after a rewrite, tampered with where the proof reads it.

import type { RenameContext } from "../../src/refactor/index.ts";

/** A context whose texts after are changed on the way to the resolver; they are added to `seen` as they were. */
export function tamper(
    context: RenameContext,
    [from, to]: readonly [string, string],
    seen: string[],
): RenameContext {
    return {
        ...context,
        reResolve: (changes, moves) =>
            context.reResolve(
                new Map(
                    [...changes].map(([path, text]) => {
                        seen.push(text);
                        return [path, text.replace(from, to)];
                    }),
                ),
                moves,
            ),
    };
}
