// The plan of a patch as an artefact: all that is needed to make it and to judge it, and nothing that needs
// the graph again. Format: docs/formats/plan.md. Offsets are of UTF-8 bytes.

import { createHash } from "node:crypto";

import { refuse, type Refusal } from "../base/index.ts";
import type { FileMove } from "../refactor/index.ts";
import type { PatchPlanDto, PlanFileDto } from "../protocol/index.ts";
import type { SemanticPatch } from "./patch-schema.ts";

/** Name and version of the format. */
export const PLAN_FORMAT = "ferrograph-plan/1";

/** A whole plan, with its patch. */
export type PatchPlan = PatchPlanDto & { readonly patch: SemanticPatch };

/** Gives a plan its fingerprint. */
export function sealPlan(plan: Omit<PatchPlan, "fingerprint">): PatchPlan {
    return { ...plan, fingerprint: fingerprint(plan) };
}

/** Writes a plan as a file. */
export function encodePlan(plan: PatchPlan): string {
    return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Reads a plan; refuses one that is not whole, or was edited. */
export function decodePlan(
    text: string,
): { readonly kind: "plan"; readonly plan: PatchPlan } | Refusal {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        return refuse("PLAN_NOT_JSON", `the plan is no JSON: ${message}`);
    }
    if (!isPlan(value)) {
        return refuse("PLAN_FORMAT", `this is no plan of the format ${PLAN_FORMAT}`, {
            advice: "make one with `ferrograph plan PATCH.json --out PLAN.json`",
        });
    }
    const { fingerprint: said, ...rest } = value;
    return fingerprint(rest) === said
        ? { kind: "plan", plan: value }
        : refuse("PLAN_EDITED", "the plan is not the one that was made: its fingerprint differs", {
              advice: "plan the patch again; a plan is not edited by hand",
          });
}

function isPlan(value: unknown): value is PatchPlan {
    const plan = value as Partial<PatchPlan> | null;
    return (
        typeof plan === "object" &&
        plan?.format === PLAN_FORMAT &&
        typeof plan.fingerprint === "string" &&
        Array.isArray(plan.files) &&
        Array.isArray(plan.operations) &&
        typeof plan.patch === "object"
    );
}

function fingerprint(plan: Omit<PatchPlan, "fingerprint">): string {
    return createHash("sha256").update(canonical(plan), "utf8").digest("hex");
}

/** JSON with sorted keys, so that equal plans are equal texts (RFC 8785 but for numbers, which are whole). */
function canonical(value: unknown): string {
    if (Array.isArray(value)) {
        return `[${value.map((each) => canonical(each)).join(",")}]`;
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value)
            .filter(([, each]) => each !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1));
        return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
    }
    return JSON.stringify(value);
}

/** SHA-256 of bytes, hex. */
export function hashOf(bytes: Uint8Array | string): string {
    return createHash("sha256").update(bytes).digest("hex");
}

/** Makes a plan's edits on the bytes of a file; refuses bytes that it was not made for. */
export function applyToFile(
    file: PlanFileDto,
    bytes: Uint8Array,
): { readonly kind: "bytes"; readonly bytes: Uint8Array } | Refusal {
    if (hashOf(bytes) !== file.before) {
        return refuse("PLAN_STALE_FILE", `${file.path} has changed since the plan was made`, {
            advice: "plan the patch again",
        });
    }
    const after = editBytes(file.edits, bytes);
    return hashOf(after) === file.after
        ? { kind: "bytes", bytes: after }
        : refuse("PLAN_DAMAGED", `the edits of ${file.path} do not give what the plan says`);
}

/** Makes edits, which come in descending order, on bytes. */
export function editBytes(edits: PlanFileDto["edits"], bytes: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    let end = bytes.length;
    for (const edit of edits) {
        parts.unshift(Buffer.from(edit.newText, "utf8"), bytes.subarray(edit.end, end));
        end = edit.start;
    }
    return Buffer.concat([bytes.subarray(0, end), ...parts]);
}

/** Files that a plan moves, those first whose place another one takes. */
export function movesOf({ files }: Pick<PatchPlanDto, "files">): FileMove[] {
    const waiting = files
        .filter(({ path, pathAfter }) => path !== pathAfter)
        .map(({ path, pathAfter }) => ({ from: path, to: pathAfter }));
    const ordered: FileMove[] = [];
    while (waiting.length > 0) {
        const free = waiting.findIndex(({ to }) => !waiting.some(({ from }) => from === to));
        ordered.push(...waiting.splice(Math.max(free, 0), 1));
    }
    return ordered;
}
