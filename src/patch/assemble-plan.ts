// Puts planned operations together as one plan of the texts as they were.

import { LineIndex, type Place } from "../base/index.ts";
import { formatNodeId } from "../graph/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { ComposedEdit } from "./compose-edits.ts";
import type { PlannedOperation } from "./model.ts";
import type {
    Applicability,
    LeftAloneDto,
    PlanEditDto,
    PlanFileDto,
    PlanOperationDto,
    RiskDto,
} from "../protocol/index.ts";
import type { SemanticPatch } from "./patch-schema.ts";
import { hashOf, PLAN_FORMAT, sealPlan, type PatchPlan } from "./patch-plan.ts";
import { describeOperation } from "./plan-action.ts";
import { combineRisks, totalOf } from "./risk.ts";
import { FORMATTING, type WorkFile, type Workpiece } from "./workpiece.ts";

/** What a plan is put together from. */
export interface PlanParts {
    readonly patch: SemanticPatch;
    readonly graphRoot: string;
    readonly workpiece: Workpiece;
    readonly planned: readonly PlannedOperation[];
    /** One for each operation. */
    readonly risks: readonly RiskDto[];
}

const NO_RISK = totalOf([]);

/** Makes the plan. */
export function assemblePlan(parts: PlanParts): PatchPlan {
    const { patch, graphRoot, workpiece, planned, risks } = parts;
    const operations = planned.map((one, at) => operationOf(one, risks[at] ?? NO_RISK));
    if (workpiece.formatted.length > 0) {
        operations.push(formatting(workpiece.formatted));
    }
    return sealPlan({
        format: PLAN_FORMAT,
        patch,
        graphRoot,
        operations,
        files: workpiece.files().flatMap((file) => fileOf(file, planned) ?? []),
        leftAlone: planned.flatMap(leftAlone),
        risk: combineRisks(risks),
    });
}

function operationOf(one: PlannedOperation, risk: RiskDto): PlanOperationDto {
    const { operation, plan, context } = one;
    const { tracked, pattern, action, path } = operation;
    const { verdict, tokens, digest } = plan.proof;
    return {
        pattern,
        action: Object.keys(action)[0] ?? "",
        path,
        symbolId: idOf(context.resolution, one),
        at:
            tracked.file === ""
                ? undefined
                : placeIn(context.textOf(tracked.file), tracked.file, tracked.start),
        description: describeOperation(operation),
        preconditions: preconditions(one),
        accepted: [...new Set(plan.conflicts.map(({ grade }) => grade))],
        proof: { verdict, tokens, digest },
        edits: plan.edits.length,
        risk,
    };
}

function idOf(resolution: Resolution, { plan: { target }, operation }: PlannedOperation): string {
    return target.kind === "local" || operation.tracked.file === ""
        ? ""
        : formatNodeId(resolution.symbol(target.symbol).id);
}

function preconditions({ plan, operation }: PlannedOperation): string[] {
    const { newName } = operation;
    const files = plan.fileHashes.size;
    return [
        `${files} ${files === 1 ? "file has" : "files have"} the content that it was planned for`,
        `${plan.proof.tokens} tokens mean the same before and after`,
        ...(newName === undefined ? [] : [`\`${newName}\` is free wherever it would be written`]),
        ...plan.moves.map(({ to }) => `nothing lies at ${to}`),
    ];
}

function formatting(files: readonly string[]): PlanOperationDto {
    return {
        pattern: -1,
        action: "format",
        path: "",
        symbolId: "",
        at: undefined,
        description: `format ${files.join(", ")}, as it was formatted before`,
        preconditions: ["rustfmt left these files as they were before the patch"],
        accepted: [],
        proof: { verdict: "proved", tokens: 0, digest: "" },
        edits: files.length,
        risk: NO_RISK,
    };
}

/** A file's part; undefined where all edits together change nothing. */
function fileOf(file: WorkFile, planned: readonly PlannedOperation[]): PlanFileDto | undefined {
    const { path, pathAfter, before, text } = file;
    const edits = text.edits();
    if (edits.length === 0 && path === pathAfter) {
        return undefined;
    }
    const toBytes = byteOffsets(before);
    return {
        path,
        pathAfter,
        before: hashOf(before),
        after: hashOf(text.text()),
        edits: edits.map((edit) => planEdit(edit, planned, toBytes)).reverse(),
    };
}

function planEdit(
    { span, oldText, newText, operations }: ComposedEdit,
    planned: readonly PlannedOperation[],
    toBytes: (offset: number) => number,
): PlanEditDto {
    const isSure = operations.every((at) => at === FORMATTING || isCertain(planned[at]));
    const applicability: Applicability = isSure ? "machine-applicable" : "maybe-incorrect";
    // One after the other: the offsets are asked for in ascending order.
    const start = toBytes(span.start);
    const end = toBytes(span.end);
    const by = operations.map((at) => (at === FORMATTING ? planned.length : at));
    return { start, end, oldText, newText, applicability, operations: by };
}

/** Whether bindings say all there is to say: what else is put in the place of code may be of another type. */
function isCertain(one: PlannedOperation | undefined): boolean {
    const { action } = one?.operation ?? {};
    const isOtherCode =
        action !== undefined && ("pattern_rewrite" in action || "replace_path" in action);
    return one?.plan.proof.verdict === "proved" && !isOtherCode;
}

/** Byte offsets of ascending UTF-16 offsets of a text. */
function byteOffsets(text: string): (offset: number) => number {
    let units = 0;
    let bytes = 0;
    return (offset) => {
        bytes += Buffer.byteLength(text.slice(units, offset), "utf8");
        units = offset;
        return bytes;
    };
}

function leftAlone({ plan, context }: PlannedOperation): LeftAloneDto[] {
    return [...plan.leftAlone, ...plan.unproved].map(({ path, span, reason }) => {
        const { line, column } = placeIn(context.textOf(path), path, span.start);
        return { path, line, column, reason };
    });
}

function placeIn(text: string, path: string, offset: number): Place {
    return { path, ...new LineIndex(text).position(offset) };
}
