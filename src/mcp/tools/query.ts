// The tool `query`: SQL over the tables of the workspace.

import { z } from "zod";

import { isRefusal, type Refusal, refuse } from "../../base/index.ts";
import { METHOD, type QueryPage } from "../../protocol/index.ts";
import type { Source } from "../pages.ts";
import { cursorInput, limitInput, nextCursorOutput } from "../shapes.ts";
import { defineTool, type Call, type Tool } from "../tool.ts";

const NAME = "query";
const LIMIT = 50;
/** A file's whole text is a value too. */
const VALUE_UNITS_MAX = 1_000;

type Row = unknown[];

const headOutput = {
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
};

type Head = z.infer<z.ZodObject<typeof headOutput>>;

/** Asks the tables. */
export const queryTool: Tool = defineTool({
    name: NAME,
    title: "SQL over the code graph",
    description:
        "One SQL statement (DuckDB) that reads. Tables: files(path, lines, crates, text), " +
        'symbols(symbol_id, path, name, kind, crate, visibility, path of its file, line), edges(source, kind, target), "references", ' +
        "types, tests, packages, git_commits, operation_log; functions impact('path'), callers('path'), dominators('path'), reach(). " +
        "Columns of a table: DESCRIBE symbols. Long values are cut.",
    input: {
        sql: z.string().min(1).optional().describe("One statement that reads"),
        at: z
            .number()
            .int()
            .min(0)
            .optional()
            .describe("Ask the graph as it was after so many deltas"),
        limit: limitInput(LIMIT),
        cursor: cursorInput,
    },
    output: { ...headOutput, rows: z.array(z.array(z.unknown())), nextCursor: nextCursorOutput },
    run: async ({ sql, at, limit = LIMIT, cursor }, call) => {
        const wanted = { tool: NAME, cursor, size: limit };
        const page = await call.pages.page<Head, Row>(wanted, async () => {
            if (sql === undefined) {
                return refuse("MCP_ARGUMENTS", "neither `sql` nor `cursor` is given", {
                    advice: "write one statement that reads",
                });
            }
            const result = await call.request(METHOD.query, {
                sql,
                ...(at === undefined ? {} : { at }),
            });
            return isRefusal(result)
                ? result
                : {
                      head: { columns: result.columns.map(({ name, type }) => ({ name, type })) },
                      source: sourceOf(result, call),
                  };
        });
        return isRefusal(page)
            ? page
            : { ...page.head, rows: [...page.items], nextCursor: page.nextCursor };
    },
});

function sourceOf({ rows, next }: QueryPage, call: Call): Source<Row> {
    const items = rows.map((row) => row.map(cut));
    const more = async (): Promise<Source<Row> | Refusal> => {
        const further = await call.request(METHOD.queryNext, { cursor: next ?? "" });
        return isRefusal(further) ? further : sourceOf(further, call);
    };
    return next === undefined ? { items } : { items, more };
}

function cut(value: unknown): unknown {
    return typeof value === "string" && value.length > VALUE_UNITS_MAX
        ? `${value.slice(0, VALUE_UNITS_MAX)}… (${value.length} in all)`
        : value;
}
