// Shapes that several tools share, and how symbols are read and written.

import { z } from "zod";

import { refuse, splitPlace, type Refusal } from "../base/index.ts";
import type { SymbolDto, SymbolSelector } from "../protocol/index.ts";
import { writePlace } from "./tool.ts";

const LIMIT_MAX = 500;

/** SYMBOL; optional because a cursor stands for all arguments. */
export const symbolInput = z
    .string()
    .min(1)
    .optional()
    .describe("Path `krate::module::Type::method` or its end, or FILE:LINE:COLUMN counted from 1");

/** Where to go on. */
export const cursorInput = z
    .string()
    .optional()
    .describe("`nextCursor` of the answer before; the other arguments are then not needed");

/** How much is answered at once. */
export function limitInput(byDefault: number): z.ZodOptional<z.ZodNumber> {
    return z
        .number()
        .int()
        .min(1)
        .max(LIMIT_MAX)
        .optional()
        .describe(`Most entries in one answer; ${byDefault} by default`);
}

/** Present when there is more. */
export const nextCursorOutput = z
    .string()
    .optional()
    .describe("Present when there is more: pass it back as `cursor`");

/** A symbol in an answer. */
export const symbolOutput = z.object({
    path: z.string(),
    kind: z.string(),
    crate: z.string(),
    at: z.string().optional().describe("FILE:LINE:COLUMN counted from 1"),
});

/** Writes a symbol. */
export function writeSymbol({ path, kind, crate, at }: SymbolDto): z.infer<typeof symbolOutput> {
    return { path, kind, crate, ...(at === undefined ? {} : { at: writePlace(at) }) };
}

/** Reads SYMBOL, which must be there where no cursor is. */
export function readSymbol(written: string | undefined): SymbolSelector | Refusal {
    if (written === undefined) {
        return refuse("MCP_ARGUMENTS", "neither `symbol` nor `cursor` is given", {
            advice: "name a symbol by its path, or by FILE:LINE:COLUMN",
        });
    }
    const place = splitPlace(written.trim());
    return place === undefined
        ? { kind: "path", path: written.trim() }
        : {
              kind: "place",
              place: { path: place.file, line: place.line - 1, column: place.column - 1 },
          };
}
