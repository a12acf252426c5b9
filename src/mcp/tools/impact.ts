// The tool `impact`: everything that reaches a symbol.

import { isRefusal } from "../../base/index.ts";
import { z } from "zod";

import { METHOD, type ImpactResult } from "../../protocol/index.ts";
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
import { defineTool, type Tool } from "../tool.ts";

const NAME = "impact";
const LIMIT = 50;

const reachedOutput = symbolOutput.extend({
    distance: z.number().describe("Edges on a shortest way"),
    edge: z.string().describe("Kind of the edge taken to `via`"),
    via: z.string().optional().describe("The next on that way; absent for the asked symbol itself"),
    isTest: z.boolean().optional(),
});

type Reached = z.infer<typeof reachedOutput>;

const headOutput = {
    symbol: symbolOutput,
    total: z.number().describe("Symbols that reach it, over all depths asked for"),
    crates: z.array(z.object({ name: z.string(), symbols: z.number() })),
    tests: z.number().describe("Tests among them"),
    undecided: z
        .number()
        .describe("Tokens that could name it and are not decided: users may be missing"),
};

type Head = z.infer<z.ZodObject<typeof headOutput>>;

/** Shows what a change of a symbol can be felt by. */
export const impactTool: Tool = defineTool({
    name: NAME,
    title: "Impact of a symbol",
    description:
        "Every symbol of the workspace that reaches a symbol through calls, references and implementations, " +
        "over all depths: what a change of it can break. Nearest first, with the way that leads there.",
    input: {
        symbol: symbolInput,
        edges: z
            .array(z.enum(["call", "reference", "implements"]))
            .optional()
            .describe("Kinds of edges to follow; all three by default"),
        depth: z.number().int().min(1).optional().describe("Greatest distance; all by default"),
        testsOnly: z.boolean().optional().describe("List only tests"),
        limit: limitInput(LIMIT),
        cursor: cursorInput,
    },
    output: {
        ...headOutput,
        reached: z.array(reachedOutput),
        nextCursor: nextCursorOutput,
    },
    run: async ({ symbol, edges, depth, testsOnly = false, limit = LIMIT, cursor }, call) => {
        const wanted = { tool: NAME, cursor, size: limit };
        const page = await call.pages.page<Head, Reached>(wanted, async () => {
            const selector = readSymbol(symbol);
            if (selector.kind === "refusal") {
                return selector;
            }
            const result = await call.request(METHOD.impact, {
                symbol: selector,
                ...(edges === undefined ? {} : { edges }),
                ...(depth === undefined ? {} : { depth }),
            });
            return isRefusal(result) ? result : describe(result, testsOnly);
        });
        return isRefusal(page)
            ? page
            : { ...page.head, reached: [...page.items], nextCursor: page.nextCursor };
    },
});

function describe(result: ImpactResult, testsOnly: boolean): Answer<Head, Reached> {
    const { reached, crates, tests, undecided } = result;
    const items = reached
        .filter(({ isTest }) => isTest || !testsOnly)
        .map(({ symbol, distance, edge, via, isTest }) => {
            const next = reached[via];
            return {
                ...writeSymbol(symbol),
                distance,
                edge,
                ...(next === undefined ? {} : { via: next.symbol.path }),
                ...(isTest ? { isTest } : {}),
            };
        });
    const head = {
        symbol: writeSymbol(result.symbol),
        total: reached.length,
        crates: crates.map(({ name, symbols }) => ({ name, symbols })),
        tests,
        undecided,
    };
    return { head, source: { items } };
}
