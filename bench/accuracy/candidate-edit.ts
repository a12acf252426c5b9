// The boldest rename that our own knowledge allows: every token that is bound to the symbol, and every
// token of its name that is not decided. It tells whether a refusal was needed.

import { LineIndex } from "../../src/base/index.ts";
import type { RenamePlanDto } from "../../src/protocol/index.ts";
import type { Occurrence } from "../../src/resolve/index.ts";
import type { ResolvedHere } from "./resolve-here.ts";
import type { Candidate } from "./strata.ts";
import type { PlannedChange, PlannedEdit } from "./workspace-copy.ts";

/** Makes the edits of a plan, and those at the places that it leaves open. */
export function editsOfPlan(
    plan: Pick<RenamePlanDto, "edits" | "moves" | "unproved" | "newName">,
    oldName: string,
    textOf: (path: string) => string,
): PlannedChange {
    const edits: PlannedEdit[] = [...plan.edits];
    const taken = new Set(edits.map(({ path, line, column }) => `${path}:${line}:${column}`));
    for (const { at } of plan.unproved) {
        const lines = new LineIndex(textOf(at.path));
        const start = lines.offset(at);
        const found = /^(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/u.exec(
            lines.text.slice(start, start + NAME_MAX),
        )?.[0];
        const isNew = !taken.has(`${at.path}:${at.line}:${at.column}`);
        if (found !== undefined && found.replace(/^r#/u, "") === oldName && isNew) {
            edits.push(replacement(at.path, lines, { start, text: found }, plan.newName));
        }
    }
    return { edits, moves: plan.moves };
}

const NAME_MAX = 200;

/** Makes the same where there is no plan: from what every token is bound to. */
export function editsOfBindings(
    here: ResolvedHere,
    candidate: Candidate,
    newName: string,
): PlannedChange {
    const edits = new Map<string, PlannedEdit>();
    for (const one of meantBy(here, candidate)) {
        const text = here.texts.get(one.file);
        if (text !== undefined && !one.viaAlias) {
            const found = text.slice(one.span.start, one.span.end);
            const twin =
                one.shorthand === "field" ? `${newName}: ${found}` : `${found}: ${newName}`;
            const written = one.shorthand === undefined ? newName : twin;
            const token = { start: one.span.start, text: found };
            const edit = replacement(one.file, new LineIndex(text), token, written);
            edits.set(`${one.file}:${one.span.start}`, edit);
        }
    }
    return { edits: [...edits.values()], moves: [] };
}

function meantBy(here: ResolvedHere, candidate: Candidate): Occurrence[] {
    const { resolution } = here;
    if (candidate.is.kind === "local") {
        return [...resolution.occurrencesOfLocal(candidate.is.local)];
    }
    const family = resolution.renameFamily(candidate.is.symbol);
    const undecided = resolution.occurrencesNamed(candidate.name).filter(({ binding }) => {
        switch (binding.kind) {
            case "ambiguous":
                return (
                    binding.candidates.length === 0 ||
                    binding.candidates.some((one) => family.includes(one))
                );
            case "unresolved":
            case "opaque":
                return true;
            default:
                return false;
        }
    });
    return [...family.flatMap((one) => [...resolution.occurrencesOf(one)]), ...undecided];
}

// Of a token in a text.
function replacement(
    path: string,
    lines: LineIndex,
    token: { readonly start: number; readonly text: string },
    newText: string,
): PlannedEdit {
    const from = lines.position(token.start);
    const to = lines.position(token.start + token.text.length);
    return { path, ...from, endLine: to.line, endColumn: to.column, oldText: token.text, newText };
}
