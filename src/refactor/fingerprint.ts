// Hashes of plans and relations: equal data, equal hash, on every machine.

import { createHash } from "node:crypto";
import type { Resolution } from "../resolve/index.ts";
import type { RenamePlan } from "./model.ts";

/** SHA-256 over lines, hex. */
export function hashLines(lines: Iterable<string>): string {
    const hash = createHash("sha256");
    for (const line of lines) {
        hash.update(line, "utf8");
        hash.update("\n");
    }
    return hash.digest("hex");
}

/** SHA-256 over everything that a plan says, hex. Symbols count by id: their index is not stable. */
export function fingerprintOf(
    resolution: Resolution,
    plan: Omit<RenamePlan, "fingerprint">,
): string {
    const target =
        plan.target.kind === "local"
            ? ["local", plan.target.local.file, String(plan.target.local.nameSpan.start)]
            : [
                  plan.target.kind,
                  resolution.symbol(plan.target.symbol).id.toString(16),
                  ...(plan.target.kind === "import"
                      ? [plan.target.file, String(plan.target.start)]
                      : []),
              ];
    return hashLines([
        "ferrograph rename plan 1",
        JSON.stringify([...target, plan.oldName, plan.newName]),
        ...plan.edits.map((edit) =>
            JSON.stringify([
                "edit",
                edit.path,
                edit.span.start,
                edit.span.end,
                edit.oldText,
                edit.newText,
                edit.role,
                edit.precision,
            ]),
        ),
        ...plan.moves.map((move) => JSON.stringify(["move", move.from, move.to])),
        ...plan.conflicts.map((conflict) =>
            JSON.stringify([
                "conflict",
                conflict.kind,
                conflict.grade,
                conflict.message,
                conflict.at.map((place) => [place.path, place.line, place.column]),
            ]),
        ),
        ...[...plan.unproved, ...plan.proof.refuted].map((place) =>
            JSON.stringify(["place", place.path, place.span.start, place.span.end, place.reason]),
        ),
        ...plan.leftAlone.map((place) =>
            JSON.stringify(["left alone", place.path, place.span.start, place.span.end]),
        ),
        JSON.stringify(["proof", plan.proof.verdict, plan.proof.tokens, plan.proof.digest]),
        ...[...plan.fileHashes]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([path, hash]) => JSON.stringify(["file", path, hash])),
    ]);
}
