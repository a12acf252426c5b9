// Operations: what landed and how it was checked, the log, and what was undone. Pure.

import type {
    LandedDto,
    OperationDto,
    OperationsResult,
    PropagateResult,
    PropagationState,
    RollbackResult,
} from "../protocol/index.ts";
import { count } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** Where a commit is, and what was checked. */
export function renderLanded(landed: LandedDto, paint: Paint): string[] {
    const { commit, branch, landing, pushed, patchFile, textFile, uncommitted, checks, notes } =
        landed;
    const short = commit.slice(0, 12);
    const where =
        landing === "patch"
            ? [`commit ${short} is in ${patchFile ?? ""}`, `a text for it is in ${textFile ?? ""}`]
            : landing === "fast-forward"
              ? [`\`${branch ?? ""}\` is at commit ${short} now`]
              : [
                    `commit ${short} is on branch ${paint.bold(branch ?? "")}`,
                    `  git merge ${branch ?? ""}`,
                ];
    return [
        ...checks.map(
            (check) =>
                `  ${paint.green("ok")} ${check.command}  ${paint.dim(describeCheck(check))}`,
        ),
        ...where,
        ...(pushed === undefined ? [] : [`\`${branch ?? ""}\` is pushed to ${pushed}`]),
        ...(uncommitted === undefined
            ? []
            : [`your uncommitted work came along as commit ${uncommitted.slice(0, 12)}`]),
        ...notes.map((note) => paint.yellow(note)),
    ];
}

function describeCheck({
    kind,
    before,
    milliseconds,
    compiled,
}: LandedDto["checks"][number]): string {
    const known = before === 0 ? "" : `, ${before} wrong before and still`;
    const targets = kind === "cargo" ? `, ${count(compiled, "target")} compiled` : "";
    return `${(milliseconds / 1000).toFixed(1)} s${targets}${known}`;
}

/** Operations, the newest first. */
export function renderLog({ operations, known }: OperationsResult, paint: Paint): string[] {
    if (known === 0) {
        return ["no operation was asked for yet"];
    }
    const more = known - operations.length;
    return [
        ...operations.flatMap((each) => renderOperation(each, paint)),
        ...(more > 0 ? [paint.dim(`and ${more} older; --limit shows more`)] : []),
    ];
}

function renderOperation(operation: OperationDto, paint: Paint): string[] {
    const { opId, patchId, description, result, appliedCommit, endedMs, diagnostics } = operation;
    const at = new Date(endedMs).toISOString().replace("T", " ").slice(0, 19);
    const commit = appliedCommit === null ? "" : `  commit ${appliedCommit.slice(0, 12)}`;
    const [why, ...rest] = (diagnostics ?? "").split("\n");
    const more = rest.length === 0 ? "" : ` (${count(rest.length, "more line")})`;
    return [
        `${paint.bold(opId.slice(0, 8))}  ${at}  ${paintResult(result, paint)}  ${patchId}${commit}`,
        `    ${description.split("\n")[0] ?? ""}`,
        ...(why === undefined || why === "" ? [] : [paint.dim(`    ${why}${more}`)]),
    ];
}

function paintResult(result: OperationDto["result"], paint: Paint): string {
    switch (result) {
        case "applied":
            return paint.green(result);
        case "refused":
            return paint.yellow(result);
        case "failed":
            return paint.red(result);
    }
}

/** What was undone. */
export function renderRollback(result: RollbackResult, paint: Paint): string[] {
    const { undone, how, opId, files, landed } = result;
    const what =
        how === "branch-removed"
            ? "its branch, which nothing had taken, is removed"
            : how === "written"
              ? `${count(files.length, "file")} written back`
              : `its commit is reverted in ${count(files.length, "file")}`;
    return [
        ...(landed === undefined ? [] : renderLanded(landed, paint)),
        paint.green(`undone ${undone.slice(0, 8)}: ${what}`),
        paint.dim(`operation ${opId}`),
    ];
}

const STATES: Readonly<Record<PropagationState, string>> = {
    "to-make": "can be made here",
    made: "is made here",
    absent: "is not here",
    taken: "both names are here: left alone",
    ambiguous: "means several items here: left alone",
};

/** What this workspace has of renames that were made elsewhere. */
export function renderPropagated({ renames }: PropagateResult, paint: Paint): string[] {
    if (renames.length === 0) {
        return ["nothing was renamed between the two"];
    }
    return renames.map(({ kind, from, to, state }) => {
        const said = state === "to-make" ? paint.green(STATES[state]) : paint.dim(STATES[state]);
        return `${kind} ${paint.bold(from)} -> ${paint.bold(to)}  ${said}`;
    });
}
