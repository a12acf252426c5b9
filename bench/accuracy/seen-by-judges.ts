// Whether the judges see the code that a rename is about: what no configuration of theirs compiles passes with
// any edit, and says nothing of who was right.

import { LineIndex } from "../../src/base/index.ts";
import type { Judgement, Proposal } from "./judge.ts";
import type { ResolvedHere } from "./resolve-here.ts";
import type { Candidate } from "./strata.ts";

/** A name that nothing has. */
const NOBODY = "nobody_has_this_name";

/**
 * Whether a definition is compiled: given another name alone, without its uses, it must not pass. A name that
 * is nowhere used where it is compiled counts as unseen, too: its uses are what a rename is judged by.
 */
export async function isSeen(
    here: ResolvedHere,
    candidate: Candidate,
    judge: (proposal: Proposal) => Promise<Judgement>,
): Promise<boolean> {
    const { path, offset, name } = candidate;
    const text = here.texts.get(path) ?? "";
    const lines = new LineIndex(text);
    const oldText = text.startsWith("r#", offset) ? `r#${name}` : name;
    const start = lines.position(offset);
    const end = lines.position(offset + oldText.length);
    const edit = {
        path,
        ...start,
        endLine: end.line,
        endColumn: end.column,
        oldText,
        newText: NOBODY,
    };
    const { verdict } = await judge({
        change: { edits: [edit], moves: [] },
        outside: [],
        oldName: name,
        newName: NOBODY,
    });
    return verdict !== "passes";
}

/**
 * Whether the judges see which macro the calls mean after an edit that passes: if only the definition gets a name that
 * nobody has, it must not pass. Where it does, the calls mean another macro of the new name, or none is compiled:
 * expansions are all that the compiler's bindings tell of macros, and two macros can expand alike.
 */
export async function areCallsSeen(
    here: ResolvedHere,
    candidate: Candidate,
    { change, ...proposal }: Proposal,
    judge: (proposal: Proposal) => Promise<Judgement>,
): Promise<boolean> {
    if (candidate.kind !== "macro") {
        return true;
    }
    const text = here.texts.get(candidate.path) ?? "";
    const { line, column } = new LineIndex(text).position(candidate.offset);
    const edits = change.edits.map((edit) =>
        edit.path === candidate.path && edit.line === line && edit.column === column
            ? { ...edit, newText: NOBODY }
            : edit,
    );
    const probe = { ...proposal, newName: NOBODY, change: { ...change, edits } };
    const { verdict } = await judge(probe);
    return verdict !== "passes";
}

/** Whether nothing about the place of a definition lets one doubt that it is compiled. */
export function isPlainlyCompiled({ resolution }: ResolvedHere, candidate: Candidate): boolean {
    const owned = resolution.files().find((one) => one.path === candidate.path);
    const [token] = resolution.occurrencesAt(candidate.path, candidate.offset);
    for (let at = token?.enclosing; at !== undefined; at = resolution.symbol(at).parent) {
        if (resolution.symbol(at).cfg !== "") {
            return false;
        }
    }
    const own = candidate.is.kind === "symbol" ? resolution.symbol(candidate.is.symbol).cfg : "";
    return own === "" && owned?.cfg === "" && /(?:^|\/)src\//u.test(candidate.path);
}
