// Reads a patch file. What is wrong with it is said with the place in it.

import { refuse, type Refusal } from "../base/index.ts";
import { PATCH_SCHEMA, type SemanticPatch } from "./patch-schema.ts";

const ISSUES_SHOWN = 5;

/** A patch that was read. */
export interface ParsedPatch {
    readonly kind: "patch";
    readonly patch: SemanticPatch;
}

/** Reads a patch from its text. */
export function parsePatch(text: string): ParsedPatch | Refusal {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        return refuse("PATCH_NOT_JSON", `the patch is no JSON: ${message}`);
    }
    const read = PATCH_SCHEMA.safeParse(value);
    if (!read.success) {
        const said = read.error.issues.flatMap((issue) => describeIssue(issue));
        return refuse("PATCH_INVALID", said[0] ?? "the patch is not as its schema says", {
            candidates: said.slice(1, ISSUES_SHOWN),
            advice: "docs/semantic-patch.md says what a patch may hold",
        });
    }
    return checkBindings(read.data) ?? { kind: "patch", patch: read.data };
}

interface Issue {
    readonly code: string;
    readonly path: readonly PropertyKey[];
    readonly message: string;
    readonly errors?: readonly (readonly Issue[])[];
}

/** Of a choice that nothing fits, what is wrong with the alternative that fits best is said. */
function describeIssue(issue: Issue, above: readonly PropertyKey[] = []): string[] {
    const path = [...above, ...issue.path];
    if (issue.code === "invalid_union" && issue.errors !== undefined) {
        const best = [...issue.errors].sort((a, b) => misfit(a) - misfit(b))[0] ?? [];
        return best.flatMap((inner) => describeIssue(inner, path));
    }
    return [`${showPath(path)}: ${issue.message}`];
}

/** How far an alternative is from what is written: one whose own key is missing is far. */
function misfit(issues: readonly Issue[]): number {
    return issues.reduce((sum, issue) => {
        const isTop = issue.path.length <= 1 && issue.code !== "invalid_value";
        return sum + (isTop ? 10 : 1);
    }, 0);
}

function showPath(path: readonly PropertyKey[]): string {
    return path.length === 0
        ? "the patch"
        : path
              .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
              .join("")
              .replace(/^\./u, "");
}

/** A binding must be made once, before it is used. */
function checkBindings({ patterns }: SemanticPatch): Refusal | undefined {
    const made = new Set<string>();
    for (const [at, { match }] of patterns.entries()) {
        if ("bound" in match && !made.has(match.bound)) {
            return refuse(
                "PATCH_UNBOUND",
                `patterns[${at}].match: nothing before it binds \`${match.bound}\``,
                { candidates: [...made] },
            );
        }
        if ("bind" in match && match.bind !== undefined) {
            if (made.has(match.bind)) {
                return refuse(
                    "PATCH_BOUND_TWICE",
                    `patterns[${at}].match: \`${match.bind}\` is bound already`,
                );
            }
            made.add(match.bind);
        }
    }
    return undefined;
}
