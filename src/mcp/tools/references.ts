// The tool `references`: every decided occurrence of a symbol.

import { isRefusal } from "../../base/index.ts";
import { z } from "zod";

import { METHOD, type ReferencesResult } from "../../protocol/index.ts";
import type { Answer } from "../pages.ts";
import {
    cursorInput,
    limitInput,
    nextCursorOutput,
    readSymbol,
    symbolInput,
    symbolOutput,
    writeSymbol,
} from "../shapes.ts";
import { defineTool, writePlace, type Tool } from "../tool.ts";

const NAME = "references";
const LIMIT = 100;
const UNDECIDED_MAX = 20;

const referenceOutput = z.object({
    at: z.string().describe("FILE:LINE:COLUMN counted from 1"),
    role: z.string().describe("What the token does there"),
    precision: z
        .string()
        .describe("`exact`: the compiler's word; `syntactic`: by scopes and types"),
});

type Reference = z.infer<typeof referenceOutput>;

const headOutput = {
    symbol: symbolOutput,
    total: z.number(),
    undecided: z
        .array(z.object({ at: z.string(), reason: z.string() }))
        .describe(`Tokens that may name it too and are not decided; ${UNDECIDED_MAX} at most`),
    undecidedTotal: z.number(),
};

type Head = z.infer<z.ZodObject<typeof headOutput>>;

/** Lists where a symbol is named. */
export const referencesTool: Tool = defineTool({
    name: NAME,
    title: "References of a symbol",
    description:
        "Every token of the workspace that is bound to a symbol, its definition included, in all cfg branches, " +
        "macro inputs and doc links too. Tokens of the same name that mean something else are not listed.",
    input: { symbol: symbolInput, limit: limitInput(LIMIT), cursor: cursorInput },
    output: { ...headOutput, references: z.array(referenceOutput), nextCursor: nextCursorOutput },
    run: async ({ symbol, limit = LIMIT, cursor }, call) => {
        const wanted = { tool: NAME, cursor, size: limit };
        const page = await call.pages.page<Head, Reference>(wanted, async () => {
            const selector = readSymbol(symbol);
            if (selector.kind === "refusal") {
                return selector;
            }
            const result = await call.request(METHOD.references, { symbol: selector });
            return isRefusal(result) ? result : describe(result);
        });
        return isRefusal(page)
            ? page
            : { ...page.head, references: [...page.items], nextCursor: page.nextCursor };
    },
});

function describe({ symbol, references, undecided }: ReferencesResult): Answer<Head, Reference> {
    const items = references.map(({ path, line, column, role, precision }) => ({
        at: writePlace({ path, line, column }),
        role,
        precision,
    }));
    const head = {
        symbol: writeSymbol(symbol),
        total: items.length,
        undecided: undecided
            .slice(0, UNDECIDED_MAX)
            .map(({ at, reason }) => ({ at: writePlace(at), reason })),
        undecidedTotal: undecided.length,
    };
    return { head, source: { items } };
}
