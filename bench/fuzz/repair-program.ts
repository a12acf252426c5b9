// Takes out of a program what does not compile, until it does.

import { removeParts, renderFile, textsOf, type Part, type Program } from "./part.ts";
import type { Complaint, Outcome, RustCompiler } from "./rust-compiler.ts";

/** A program that compiles, and what it prints. */
export interface Sound {
    readonly program: Program;
    readonly outcome: Outcome & { readonly printed: string };
}

const ROUNDS_MAX = 40;

/** Repairs a program; undefined where nothing is left of it, or what is left does not end well. */
export async function repairProgram(
    compiler: RustCompiler,
    program: Program,
): Promise<Sound | undefined> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
        const outcome = await compiler.judge(program, textsOf(program));
        const { printed } = outcome;
        if (printed !== undefined) {
            return { program, outcome: { ...outcome, printed } };
        }
        const gone = blamedParts(program, outcome.complaints);
        if (gone.size === 0) {
            return undefined;
        }
        removeParts(program, (part) => gone.has(part));
    }
    return undefined;
}

// For each error the part nearest to where it begins, from the outermost macro call inwards.
function blamedParts(program: Program, complaints: readonly Complaint[]): Set<Part> {
    const rendered = new Map(program.files.map((file) => [file.path, renderFile(file)]));
    const gone = new Set<Part>();
    for (const { level, at } of complaints) {
        const parts = at.map(({ path, line }) => rendered.get(path)?.lines[line - 1]);
        const blamed = parts.find((part) => part !== undefined && part.isFixed !== true);
        if (level === "error" && blamed !== undefined) {
            gone.add(blamed);
        }
    }
    return gone;
}
