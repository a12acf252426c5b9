// The one summary of std of this process, and its declarations for a program.

import { readTextSync } from "../platform/index.ts";
import type { Program } from "./program.ts";
import { StdDeclarations } from "./std-declarations.ts";
import { openStdSummary, type StdSummary } from "./std-summary.ts";

let shared: StdSummary | undefined;

/** Gives the declarations of std, their types and traits named by the program's externals. */
export function openStdDeclarations(program: Program): StdDeclarations {
    shared ??= openStdSummary(readTextSync);
    const externals = {
        external: (path: string): number => program.external(path),
        pathOf: (symbol: number): string => program.symbolAt(symbol).external,
    };
    return new StdDeclarations(externals, shared);
}
