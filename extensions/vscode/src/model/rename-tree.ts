// The plan of a rename as rows: what is in its way first, then its edits by file.

import type {
    EditDto,
    PlaceDto,
    RenameImpactResult,
    RenamePlanDto,
    UnprovedDto,
} from "../../../../src/protocol/index.ts";
import type { TreeNode } from "./tree-node.ts";
import { count } from "./words.ts";

const GRADE_ICONS: Readonly<Record<string, string>> = {
    error: "error",
    "changes-meaning": "error",
    "changes-output": "warning",
    "breaks-api": "warning",
    unproved: "question",
};

/** The row of a plan, and all that is below it. */
export function planRow(plan: RenamePlanDto): TreeNode {
    const { symbol, newName } = plan;
    return {
        id: "plan",
        kind: plan.applicable || canAccept(plan) ? "plan" : "plan-refused",
        label: `${symbol.name} → ${newName}`,
        description: verdictOf(plan),
        tooltip: `Rename ${symbol.kind} ${symbol.path} to ${newName}: ${verdictOf(plan)}`,
        icon: plan.applicable ? "pass" : canAccept(plan) ? "warning" : "error",
        isOpen: true,
        children: [
            ...plan.conflicts.map((conflict, index) => ({
                id: `conflict:${index}`,
                kind: "conflict",
                label: conflict.grade,
                description: conflict.message,
                tooltip: [conflict.message, conflict.advice]
                    .filter((text) => text !== "")
                    .join("\n"),
                icon: GRADE_ICONS[conflict.grade] ?? "warning",
                children: conflict.at.map((at, place) =>
                    placeRow(at, `conflict:${index}/${place}`),
                ),
                ...(conflict.at[0] === undefined ? {} : { at: conflict.at[0] }),
            })),
            ...groupRow("unproved", "Not proved", plan.unproved),
            ...plan.moves.map((move) => ({
                id: `move:${move.from}`,
                kind: "move",
                label: move.to,
                description: `moved from ${move.from}`,
                tooltip: `${move.from} → ${move.to}`,
                icon: "file-symlink-file",
                children: [],
            })),
            ...editRows(plan.edits),
            ...groupRow("left-alone", "Left alone: no target reaches these files", plan.leftAlone),
        ],
    };
}

/** What came of asking rust-analyzer, in a line; empty where it was not asked. */
export function askedText(asked: RenameImpactResult["asked"]): string {
    if (asked === undefined) {
        return "";
    }
    const about = `rust-analyzer was asked about ${count(asked.asked, "place")}`;
    return asked.state === "answered"
        ? `${about} and answered ${asked.answered}`
        : `${about}: ${asked.reason}`;
}

/** Whether nothing but what a person may accept is in a plan's way. */
export function canAccept(plan: RenamePlanDto): boolean {
    return (
        plan.needs.length > 0 &&
        plan.unproved.length === 0 &&
        plan.proof.verdict !== "refuted" &&
        plan.conflicts.every((conflict) => plan.needs.includes(conflict.grade))
    );
}

/** What is known of a plan in one line. */
export function verdictOf(plan: RenamePlanDto): string {
    const edits = `${count(plan.edits.length, "edit")} in ${count(plan.files, "file")}`;
    const proof =
        plan.proof.verdict === "proved"
            ? `proved over ${count(plan.proof.tokens, "token")}`
            : plan.proof.verdict === "unproved"
              ? `unproved at ${count(plan.unproved.length, "place")}`
              : plan.proof.verdict === "refuted"
                ? "refuted"
                : "no proof made";
    const needs = plan.needs.length === 0 ? "" : ` · needs a yes: ${plan.needs.join(", ")}`;
    return `${edits} · ${proof}${needs}`;
}

function editRows(edits: readonly EditDto[]): TreeNode[] {
    const byFile = new Map<string, EditDto[]>();
    for (const edit of edits) {
        byFile.set(edit.path, [...(byFile.get(edit.path) ?? []), edit]);
    }
    return [...byFile].map(([path, own]) => ({
        id: `file:${path}`,
        kind: "file",
        label: path,
        description: count(own.length, "edit"),
        tooltip: path,
        icon: "file-code",
        children: own.map((edit) => ({
            id: `edit:${path}:${edit.line}:${edit.column}`,
            kind: "edit",
            label: `${edit.line + 1}:${edit.column + 1}`,
            description: `${edit.oldText} → ${edit.newText} · ${edit.role} · ${edit.precision}`,
            tooltip: `${path}:${edit.line + 1}:${edit.column + 1}`,
            icon: "edit",
            at: { path, line: edit.line, column: edit.column },
            children: [],
        })),
    }));
}

function groupRow(id: string, label: string, tokens: readonly UnprovedDto[]): TreeNode[] {
    return tokens.length === 0
        ? []
        : [
              {
                  id,
                  kind: id,
                  label,
                  description: count(tokens.length, "place"),
                  tooltip: label,
                  icon: id === "unproved" ? "question" : "circle-slash",
                  children: tokens.map((token, index) => ({
                      ...placeRow(token.at, `${id}/${index}`),
                      description: token.reason,
                      tooltip: `${token.reason}\n${token.lineText}`,
                  })),
              },
          ];
}

function placeRow(at: PlaceDto, id: string): TreeNode {
    return {
        id,
        kind: "place",
        label: `${at.path}:${at.line + 1}:${at.column + 1}`,
        description: "",
        tooltip: "",
        icon: "location",
        at,
        children: [],
    };
}
