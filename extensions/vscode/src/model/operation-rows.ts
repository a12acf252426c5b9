// The log of operations as rows.

import type { OperationDto } from "../../../../src/protocol/index.ts";
import type { TreeNode } from "./tree-node.ts";
import { timeAgo } from "./words.ts";

const RESULT_ICONS = { applied: "pass", refused: "circle-slash", failed: "error" } as const;

/** Patch that undoing is logged under. */
const UNDOING = "rollback";

/** Rows of operations, in the order given; what undid another cannot be planned again. */
export function operationRows(operations: readonly OperationDto[], nowMs: number): TreeNode[] {
    return operations.map((operation) => {
        const { opId, patchId, description, result, endedMs, diagnostics } = operation;
        const isUndoing = patchId === UNDOING;
        return {
            id: opId,
            kind: `operation-${result}${isUndoing ? "-undo" : ""}`,
            label: isUndoing ? description.replace(/^undo [0-9a-f-]+: /u, "undo: ") : description,
            description: `${result} ${timeAgo(endedMs, nowMs)}`,
            tooltip: [
                description,
                `${result} ${new Date(endedMs).toISOString()}`,
                ...(diagnostics === null ? [] : [diagnostics]),
            ].join("\n"),
            icon: RESULT_ICONS[result],
            children: detailRows(operation),
        };
    });
}

function detailRows(operation: OperationDto): TreeNode[] {
    const { opId, patchId, appliedCommit, planFingerprint, diagnostics } = operation;
    const detail = (name: string, value: string | null, icon: string): TreeNode[] =>
        value === null || value === ""
            ? []
            : [
                  {
                      id: `${opId}/${name}`,
                      kind: "detail",
                      label: name,
                      description: value.split("\n")[0] ?? "",
                      tooltip: value,
                      icon,
                      children: [],
                  },
              ];
    return [
        ...detail("operation", opId, "symbol-key"),
        ...detail("patch", patchId, "file-code"),
        ...detail("commit", appliedCommit, "git-commit"),
        ...detail("plan", planFingerprint, "fingerprint"),
        ...detail("diagnostics", diagnostics, "output"),
    ];
}
