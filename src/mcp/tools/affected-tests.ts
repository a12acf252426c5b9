// The tool `affected_tests`: which tests a change may affect.

import { isRefusal } from "../../base/index.ts";
import { z } from "zod";

import { METHOD, type AffectedResult } from "../../protocol/index.ts";
import type { Answer } from "../pages.ts";
import { cursorInput, limitInput, nextCursorOutput } from "../shapes.ts";
import { defineTool, writePlace, type Tool } from "../tool.ts";

const NAME = "affected_tests";
const LIMIT = 100;
const WAY_MAX = 6;

const testOutput = z.object({
    package: z.string(),
    target: z.string().describe("Kind and name of the Cargo target; empty for a whole package"),
    test: z.string().describe("Path without the crate; empty for all of the target"),
    extent: z.string().describe("`one` test, all `below` the path, or `all` of the target"),
    at: z.string().optional(),
    change: z.string().describe("A change that reaches it"),
    way: z.array(z.string()).describe("How, the test first"),
});

type Test = z.infer<typeof testOutput>;

const headOutput = {
    since: z.string().describe("Commit that the files are compared with"),
    changes: z.number().describe("Items that differ"),
    testsKnown: z.number(),
    testsSelected: z.number(),
    doctests: z.array(z.string()).describe("Packages whose documentation tests may be affected"),
    notes: z.array(z.string()).describe("What is left out, or uncertain"),
};

type Head = z.infer<z.ZodObject<typeof headOutput>>;

/** Selects tests. */
export const affectedTestsTool: Tool = defineTool({
    name: NAME,
    title: "Tests that a change may affect",
    description:
        "Which tests the changes since a revision of git may affect, by the code graph over all depths, with the way " +
        "that leads from each test to a change. What is saved and not committed counts.",
    input: {
        since: z.string().min(1).optional().describe("Branch, tag or hash; `HEAD` by default"),
        limit: limitInput(LIMIT),
        cursor: cursorInput,
    },
    output: { ...headOutput, tests: z.array(testOutput), nextCursor: nextCursorOutput },
    run: async ({ since = "HEAD", limit = LIMIT, cursor }, call) => {
        const wanted = { tool: NAME, cursor, size: limit };
        const page = await call.pages.page<Head, Test>(wanted, async () => {
            const result = await call.request(METHOD.affected, { since });
            return isRefusal(result) ? result : describe(result);
        });
        return isRefusal(page)
            ? page
            : { ...page.head, tests: [...page.items], nextCursor: page.nextCursor };
    },
});

function describe(result: AffectedResult): Answer<Head, Test> {
    const { commit, changes, tests, testsKnown, testsSelected, doctests, notes } = result;
    const items = tests.map(({ package: name, targetKind, targetName, test, ...rest }) => {
        const { extent, at, change, way } = rest;
        const reason = changes[change];
        return {
            package: name,
            target: `${targetKind} ${targetName}`.trim(),
            test,
            extent,
            ...(at === undefined ? {} : { at: writePlace(at) }),
            change: reason === undefined ? "" : `${reason.how}: ${reason.what} in ${reason.path}`,
            way: way.slice(0, WAY_MAX),
        };
    });
    const head = {
        since: commit,
        changes: changes.length,
        testsKnown,
        testsSelected,
        doctests: [...doctests],
        notes: [...notes],
    };
    return { head, source: { items } };
}
