// The tool `plan`: what a rename or a semantic patch would do, proved or refused. Changes nothing.

import { z } from "zod";

import { isRefusal, type Refusal, refuse } from "../../base/index.ts";
import {
    ACCEPTABLE_GRADES,
    METHOD,
    RENAME_INTENTS,
    type PatchPlanDto,
    type PlanResult,
    type RenamePlanDto,
} from "../../protocol/index.ts";
import { adviceForTools } from "../advice.ts";
import type { Answer } from "../pages.ts";
import { cursorInput, nextCursorOutput, readSymbol } from "../shapes.ts";
import { defineTool, writePlace, type Call, type Tool } from "../tool.ts";

const NAME = "plan";
/** Lines of the diff in one answer. */
const LINES = 200;
const LISTED_MAX = 20;

const renameInput = z.object({
    symbol: z.string().min(1).describe("Path, or FILE:LINE:COLUMN counted from 1"),
    newName: z.string().min(1),
    accept: z
        .array(z.enum(ACCEPTABLE_GRADES))
        .optional()
        .describe("Conflicts that are agreed to; ask whom the code belongs to first"),
    as: z
        .enum(RENAME_INTENTS)
        .optional()
        .describe("At an import: rename the item, the import that brings it here, or its alias"),
    ask: z
        .boolean()
        .optional()
        .describe("Ask a running rust-analyzer about what is not proved; up to half a minute"),
});

type RenameAsked = z.infer<typeof renameInput>;

const headOutput = {
    applicable: z.boolean().describe("Whether it can be validated as it is"),
    fingerprint: z
        .string()
        .optional()
        .describe("Of the plan, for `validate`; absent if not applicable"),
    operations: z.array(z.string()),
    files: z.number(),
    edits: z.number(),
    risk: z
        .object({ score: z.number(), level: z.string(), reasons: z.array(z.string()) })
        .optional()
        .describe("0 to 100 with all that it is made of"),
    proof: z.object({ verdict: z.string(), tokens: z.number(), digest: z.string() }).optional(),
    conflicts: z.array(
        z.object({
            grade: z.string().describe("`changes-output` and `breaks-api` can be accepted"),
            message: z.string(),
            at: z.array(z.string()),
            advice: z.string(),
        }),
    ),
    unproved: z
        .array(z.object({ at: z.string(), reason: z.string() }))
        .describe("Tokens whose meaning is not decided; while there are any, it is not applicable"),
    asked: z
        .object({
            state: z.string().describe("`answered`, `loading` (ask again later) or `aside`"),
            reason: z.string(),
            asked: z.number(),
            answered: z.number(),
        })
        .optional()
        .describe("What came of asking rust-analyzer"),
    impact: z
        .object({ symbols: z.number(), tests: z.number(), crates: z.array(z.string()) })
        .optional(),
};

type Head = z.infer<z.ZodObject<typeof headOutput>>;

/** Plans a rename or a patch. */
export const planTool: Tool = defineTool({
    name: NAME,
    title: "Plan a rename or a semantic patch",
    description:
        "What a refactoring would do, as a diff with its proof, risk, conflicts and fingerprint; nothing is written. " +
        "Either `rename`, or `patch`: a semantic patch, JSON as in docs/semantic-patch.md. Refused with the reason where it " +
        "would change what a name means. `validate` makes a plan by its fingerprint.",
    input: {
        rename: renameInput.optional(),
        patch: z
            .union([z.string(), z.record(z.string(), z.unknown())])
            .optional()
            .describe(
                'For example {"id":"x","patterns":[{"match":{"symbol":"a::f"},"action":{"rename":"g"}}]}',
            ),
        cursor: cursorInput,
    },
    output: {
        ...headOutput,
        diff: z.string().describe("Unified; a part of it where `nextCursor` is present"),
        nextCursor: nextCursorOutput,
    },
    run: async ({ rename, patch, cursor }, call) => {
        const wanted = { tool: NAME, cursor, size: LINES };
        const page = await call.pages.page<Head, string>(wanted, async () => {
            if ((rename === undefined) === (patch === undefined)) {
                return refuse("MCP_ARGUMENTS", "one of `rename` and `patch` is given", {
                    advice: "give `rename` for one symbol, `patch` for anything else",
                });
            }
            return rename === undefined
                ? planPatch(typeof patch === "string" ? patch : JSON.stringify(patch), call)
                : planRename(rename, call);
        });
        return isRefusal(page)
            ? page
            : { ...page.head, diff: page.items.join("\n"), nextCursor: page.nextCursor };
    },
});

async function planPatch(patch: string, call: Call): Promise<Answer<Head, string> | Refusal> {
    const result = await call.request(METHOD.plan, { patch });
    if (isRefusal(result)) {
        return result;
    }
    const { plan, diff } = result;
    const head = { applicable: true, conflicts: [], unproved: [], ...describePlan(plan) };
    remember(result, call);
    return { head, source: { items: diff.split("\n") } };
}

/** What keeps a rename from being made is shown too; one that can be made is a patch with one pattern. */
async function planRename(asked: RenameAsked, call: Call): Promise<Answer<Head, string> | Refusal> {
    const { newName, accept = [], as, ask = false } = asked;
    const selector = readSymbol(asked.symbol);
    if (selector.kind === "refusal") {
        return selector;
    }
    const named = { symbol: selector, newName, accept, ask, ...(as === undefined ? {} : { as }) };
    const result = await call.request(METHOD.renameImpact, named);
    if (isRefusal(result)) {
        return result;
    }
    const { plan, impact, diff } = result;
    const made = plan.applicable
        ? await call.request(METHOD.plan, { patch: asPatch(asked) })
        : plan;
    if (isRefusal(made)) {
        return made;
    }
    const head: Head = {
        ...describeRename(plan),
        ...(result.asked === undefined ? {} : { asked: { ...result.asked } }),
        ...("diff" in made ? describePlan(made.plan) : {}),
        ...(impact === undefined
            ? {}
            : {
                  impact: {
                      symbols: impact.reached.length,
                      tests: impact.tests,
                      crates: impact.crates.map(({ name }) => name),
                  },
              }),
    };
    if ("diff" in made) {
        remember(made, call);
    }
    return { head, source: { items: ("diff" in made ? made.diff : diff).split("\n") } };
}

function asPatch({ symbol, newName, accept = [], as }: RenameAsked): string {
    const rename = as === undefined ? newName : { to: newName, as };
    const constraints = accept.length === 0 ? {} : { only_if_no_conflicts: false, accept };
    return JSON.stringify({
        id: "rename",
        description: `rename ${symbol} to ${newName}`,
        patterns: [{ match: { symbol }, action: { rename } }],
        constraints,
    });
}

function remember({ plan }: PlanResult, call: Call): void {
    call.plans.put({ fingerprint: plan.fingerprint, plan: JSON.stringify(plan) });
}

function describePlan(
    plan: PatchPlanDto,
): Pick<Head, "edits" | "files" | "fingerprint" | "operations" | "risk"> {
    const { fingerprint, operations, files, risk } = plan;
    return {
        fingerprint,
        operations: operations.map(({ description }) => description),
        files: files.length,
        edits: files.reduce((sum, { edits }) => sum + edits.length, 0),
        risk: {
            score: risk.score,
            level: risk.level,
            reasons: risk.reasons.map(({ weight, message }) => `${weight}: ${message}`),
        },
    };
}

function describeRename(plan: RenamePlanDto): Head {
    const { symbol, newName, edits, proof, conflicts, unproved } = plan;
    return {
        applicable: plan.applicable,
        operations: [`rename ${symbol.path} to ${newName}`],
        files: plan.files,
        edits: edits.length,
        proof: { ...proof },
        conflicts: conflicts.slice(0, LISTED_MAX).map(({ grade, message, at, advice }) => ({
            grade,
            message,
            at: at.map(writePlace),
            advice: adviceForTools("", advice),
        })),
        unproved: unproved
            .slice(0, LISTED_MAX)
            .map(({ at, reason }) => ({ at: writePlace(at), reason })),
    };
}
