// The tool `validate`: a plan made on a branch of its own, compiled and tested there. The working tree stays.

import { z } from "zod";

import { isRefusal, refuse } from "../../base/index.ts";
import { METHOD, VALIDATION_LEVELS, type ApplyPlanResult } from "../../protocol/index.ts";
import { defineTool, type Tool } from "../tool.ts";

const output = {
    opId: z.string().describe("Of the operation in the log: `ferrograph rollback` undoes it"),
    branch: z.string().optional().describe("Where the commit is; merge it to take the change"),
    commit: z.string().optional(),
    base: z.string().optional(),
    files: z.array(z.string()),
    edits: z.number(),
    checks: z.array(
        z.object({
            command: z.string(),
            before: z.number().describe("What was wrong before"),
            added: z.number().describe("What is wrong only now; 0 where this is answered"),
            milliseconds: z.number(),
        }),
    ),
    notes: z.array(z.string()),
};

/** Makes a plan where it harms nothing. */
export const validateTool: Tool = defineTool({
    name: "validate",
    title: "Make a plan on a branch, compiled and tested",
    description:
        "Makes a plan that `plan` has shown, in a git worktree of its own: compiles it there (`check`), runs tests (`tests`), or both in " +
        "every configuration (`deep`), and commits it to a new branch. Only what was not wrong before counts. A failure leaves no trace. " +
        "The working tree is not touched. Runs cargo, and so needs `ferrograph mcp --trust`. May take minutes.",
    isReadOnly: false,
    input: {
        fingerprint: z.string().min(1).describe("Of the plan, as `plan` has answered it"),
        level: z.enum(VALIDATION_LEVELS).optional().describe("`check` by default"),
        withUncommitted: z
            .boolean()
            .optional()
            .describe("Take uncommitted work along, as a commit of its own"),
    },
    output,
    run: async ({ fingerprint, level = "check", withUncommitted = false }, call) => {
        if (!call.trusted) {
            return refuse(
                "MCP_UNTRUSTED",
                "cargo runs code of the workspace, which is not trusted",
                {
                    advice: "a person may start the server as `ferrograph mcp --trust`",
                },
            );
        }
        const shown = call.plans.find(fingerprint);
        if (shown === undefined) {
            return refuse("MCP_NO_PLAN", `no plan with the fingerprint ${fingerprint} was shown`, {
                advice: "ask `plan` first, and pass on the `fingerprint` of its answer",
            });
        }
        const result = await call.request(METHOD.applyPlan, {
            plan: shown.plan,
            validate: level,
            land: "branch",
            withUncommitted,
        });
        return isRefusal(result) ? result : describe(result);
    },
});

function describe({
    opId,
    files,
    edits,
    landed,
}: ApplyPlanResult): z.infer<z.ZodObject<typeof output>> {
    const { branch, commit, base, checks = [], notes = [] } = landed ?? {};
    return {
        opId,
        branch,
        commit,
        base,
        files: [...files],
        edits,
        checks: checks.map(({ command, before, added, milliseconds }) => ({
            command,
            before,
            added,
            milliseconds: Math.round(milliseconds),
        })),
        notes: [...notes],
    };
}
