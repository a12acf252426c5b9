// The tool `validate`: a plan made on a branch of its own, compiled and tested there; or a rename that the compiler
// compares before and after. The working tree stays, unless a rename that has passed is to be written.

import { z } from "zod";

import { isRefusal, refuse, type Refusal } from "../../base/index.ts";
import {
    METHOD,
    RENAME_INTENTS,
    ACCEPTABLE_GRADES,
    VALIDATION_ACCEPTABLE,
    VALIDATION_LEVELS,
    type ApplyPlanResult,
    type CheckReportDto,
    type SeparateCheckDto,
    type ValidateRenameResult,
    type ValidationEvidenceDto,
} from "../../protocol/index.ts";
import type { Answer } from "../pages.ts";
import { cursorInput, nextCursorOutput, readSymbol } from "../shapes.ts";
import { defineTool, writePlace, type Call, type Tool } from "../tool.ts";

const NAME = "validate";
/** Lines of the diff in one answer. */
const LINES = 200;
const LISTED_MAX = 20;

const input = {
    fingerprint: z
        .string()
        .min(1)
        .optional()
        .describe("Of a plan, as `plan` has answered it: it is committed to a new branch"),
    rename: z
        .object({
            symbol: z.string().min(1).describe("Path, or FILE:LINE:COLUMN counted from 1"),
            newName: z.string().min(1),
            accept: z
                .array(z.enum([...ACCEPTABLE_GRADES, ...VALIDATION_ACCEPTABLE]))
                .optional()
                .describe("What is agreed to; ask whom the code belongs to first"),
            as: z.enum(RENAME_INTENTS).optional(),
            write: z
                .boolean()
                .optional()
                .describe("Write the files of the working tree when it has passed"),
        })
        .optional()
        .describe(
            "A rename whose bindings the compiler compares; tokens that `plan` lists as unproved may be in it",
        ),
    level: z
        .enum(VALIDATION_LEVELS)
        .optional()
        .describe("`check` by default; of a rename, any other also links and tests documentation"),
    withUncommitted: z.boolean().optional().describe("Take uncommitted work along"),
    bring: z
        .array(z.string().min(1))
        .optional()
        .describe(
            "Files and folders that git ignores and the build needs, from the root of the workspace",
        ),
    cursor: cursorInput,
};

const headOutput = {
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
    written: z.boolean().optional().describe("Of a rename: whether the working tree was written"),
    evidence: z
        .array(z.string())
        .optional()
        .describe("Of a rename: what the compiler compared, and what was not looked at"),
};

type Head = z.infer<z.ZodObject<typeof headOutput>>;

/** Makes a plan where it harms nothing, or has the compiler compare a rename. */
export const validateTool: Tool = defineTool({
    name: NAME,
    title: "Make a plan on a branch, or have the compiler compare a rename",
    description:
        "With `fingerprint`: makes a plan that `plan` has shown, in a git worktree of its own: compiles it there (`check`), runs tests " +
        "(`tests`), or both in every configuration (`deep`), and commits it to a new branch. Only what was not wrong before counts. " +
        "With `rename`: tries a rename there, also one that `plan` could not prove, and compares the compiler's own bindings and MIR " +
        "before and after; answers the diff that passed with the evidence. A failure leaves no trace. The working tree is not touched " +
        "unless `rename.write` is set. Runs cargo, and so needs `ferrograph mcp --trust`. May take minutes.",
    isReadOnly: false,
    input,
    output: {
        ...headOutput,
        diff: z.string().optional().describe("Of a rename; a part where `nextCursor` is present"),
        nextCursor: nextCursorOutput,
    },
    run: async (asked, call) => {
        if (!call.trusted) {
            return refuse(
                "MCP_UNTRUSTED",
                "cargo runs code of the workspace, which is not trusted",
                {
                    advice: "a person may start the server as `ferrograph mcp --trust`",
                },
            );
        }
        const wanted = { tool: NAME, cursor: asked.cursor, size: LINES };
        const page = await call.pages.page<Head, string>(wanted, () => validate(asked, call));
        if (isRefusal(page)) {
            return page;
        }
        const { head, items, nextCursor } = page;
        return {
            ...head,
            ...(head.evidence === undefined ? {} : { diff: items.join("\n") }),
            nextCursor,
        };
    },
});

type Asked = z.infer<z.ZodObject<typeof input>>;

async function validate(asked: Asked, call: Call): Promise<Answer<Head, string> | Refusal> {
    const { fingerprint, rename } = asked;
    if (rename !== undefined && fingerprint === undefined) {
        return validateRename(rename, asked, call);
    }
    if (fingerprint === undefined || rename !== undefined) {
        return refuse("MCP_ARGUMENTS", "one of `fingerprint` and `rename` is given", {
            advice: "give the `fingerprint` of a plan, or a `rename`",
        });
    }
    const shown = call.plans.find(fingerprint);
    if (shown === undefined) {
        return refuse("MCP_NO_PLAN", `no plan with the fingerprint ${fingerprint} was shown`, {
            advice: "ask `plan` first, and pass on the `fingerprint` of its answer",
        });
    }
    const result = await call.request(METHOD.applyPlan, {
        plan: shown.plan,
        validate: asked.level ?? "check",
        land: "branch",
        withUncommitted: asked.withUncommitted ?? false,
        bring: asked.bring ?? [],
    });
    return isRefusal(result) ? result : { head: describePlan(result), source: { items: [] } };
}

function describePlan({ opId, files, edits, landed }: ApplyPlanResult): Head {
    const { branch, commit, base, checks = [], notes = [] } = landed ?? {};
    return {
        opId,
        branch,
        commit,
        base,
        files: [...files],
        edits,
        checks: describeChecks(checks),
        notes: [...notes],
    };
}

async function validateRename(
    { symbol, newName, accept = [], as, write = false }: NonNullable<Asked["rename"]>,
    { level = "check", withUncommitted = false, bring = [] }: Asked,
    call: Call,
): Promise<Answer<Head, string> | Refusal> {
    const selector = readSymbol(symbol);
    if (selector.kind === "refusal") {
        return selector;
    }
    const result = await call.request(METHOD.validateRename, {
        symbol: selector,
        newName,
        accept,
        write,
        withUncommitted,
        bring,
        thorough: level !== "check",
        ...(as === undefined ? {} : { as }),
    });
    return isRefusal(result)
        ? result
        : { head: describeRename(result), source: { items: result.diff.split("\n") } };
}

function describeRename({ opId, edits, moves, written, evidence }: ValidateRenameResult): Head {
    const files = [...edits.map(({ path }) => path), ...moves.map(({ to }) => to)];
    return {
        opId,
        files: [...new Set(files)].sort(),
        edits: edits.length,
        checks: describeChecks(evidence.checks),
        notes: [...evidence.notes],
        written,
        evidence: describeEvidence(evidence),
    };
}

/** What was compared, a line for each. */
function describeEvidence(evidence: ValidationEvidenceDto): string[] {
    const { bindings, mir, rounds, configurations } = evidence;
    const because = (reason: string | undefined): string =>
        reason === undefined ? "" : ` (${reason})`;
    const separate = (what: string, { verdict, reason }: SeparateCheckDto): string =>
        `${what}: ${verdict}${because(reason)}`;
    const added = rounds.flatMap((round) => round.added).map(writePlace);
    const removed = rounds.flatMap((round) => round.removed).map(writePlace);
    const listed = (places: readonly string[]): string =>
        places.slice(0, LISTED_MAX).join(", ") +
        (places.length > LISTED_MAX ? ` and ${places.length - LISTED_MAX} more` : "");
    return [
        `bindings: ${bindings.verdict}, ${bindings.compared} compared in ${bindings.crates.join(", ")}${because(bindings.reason)}`,
        `MIR: ${mir.verdict}, ${mir.bodies} bodies${because(mir.reason)}`,
        `rounds: ${rounds.length}`,
        ...(added.length === 0 ? [] : [`edited beyond what is proved: ${listed(added)}`]),
        ...(removed.length === 0 ? [] : [`no longer edited: ${listed(removed)}`]),
        ...configurations.map(
            ({ name, judged, reason }) =>
                `configuration ${name}: ${judged ? "compared" : "left out"}${because(reason)}`,
        ),
        separate("links", evidence.link),
        separate("documentation links", evidence.docLinks),
        separate("documentation tests", evidence.doctests),
    ];
}

function describeChecks(checks: readonly CheckReportDto[]): Head["checks"] {
    return checks.map(({ command, before, added, milliseconds }) => ({
        command,
        before,
        added,
        milliseconds: Math.round(milliseconds),
    }));
}
