// The one summary of std of this process, and its declarations for a program.

import { readTextSync } from "../../platform/index.ts";
import type { Program } from "../program.ts";
import { StdDeclarations } from "./std-declarations.ts";
import { openStdSummary, type StdSummary } from "./std-summary.ts";

let shared: StdSummary | undefined;

/**
 * Whether a glob import of an external path gives a name; `maybe` where what is there is not all known, as
 * with constants of std's modules and all of other crates.
 */
export function globGives(path: string, name: string): "yes" | "no" | "maybe" {
    if (!/^(?:std|core|alloc)(?:::|$)/u.test(path)) {
        return "maybe";
    }
    shared ??= openStdSummary(readTextSync);
    const head = shared.findHead(path);
    if (head?.kind === "enum") {
        return shared.variantsOf(head).some((one) => one.name === name) ? "yes" : "no";
    }
    const inner = `${path}::${name}`;
    const isThere =
        shared.findHead(inner) !== undefined || shared.findFunction(inner) !== undefined;
    return isThere ? "yes" : "maybe";
}

/** Gives the declarations of std, their types and traits named by the program's externals. */
export function openStdDeclarations(program: Program): StdDeclarations {
    shared ??= openStdSummary(readTextSync);
    const externals = {
        external: (path: string): number => program.external(path),
        pathOf: (symbol: number): string => program.symbolAt(symbol).external,
    };
    return new StdDeclarations(externals, shared);
}
