// The last steps of every refactoring: the proof over both texts, and the plan that says all of it.

import { compareText, type Place } from "../base/index.ts";
import { isStdMemberName, type Occurrence, type Resolution } from "../resolve/index.ts";
import { applyEdits } from "./apply-edits.ts";
import {
    isLeftAlone,
    proveBindings,
    type ExpectedDifference,
    type ProofOutcome,
} from "./binding-proof.ts";
import { branchesOf } from "./branches.ts";
import type { RenameContext } from "./context.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { generatedUses } from "./generated-uses.ts";
import type {
    Conflict,
    FileMove,
    FoundConflict,
    ProofResult,
    RenamePlan,
    RenameTarget,
    TextEdit,
    UnprovedPlace,
} from "./model.ts";
import { placeAt } from "./places.ts";
import { EditMap, type PlannedEdit } from "./planned-edit.ts";

/** A refactoring's edits, and what the proof must know of them. */
export interface Draft {
    readonly target: RenameTarget;
    readonly oldName: string;
    readonly newName: string;
    /** Edits by file. */
    readonly files: ReadonlyMap<string, readonly PlannedEdit[]>;
    readonly moves: readonly FileMove[];
    /** Edits of files that no resolution knows. */
    readonly plain?: readonly TextEdit[];
    /** Tokens of texts that no resolution knows, which are left alone. */
    readonly left?: readonly UnprovedPlace[];
    /** Spellings whose tokens are compared in every file. */
    readonly names: readonly string[];
    readonly expected: Omit<ExpectedDifference, "added">;
    /** Whether a token whose meaning is open could mean what is changed. */
    couldMean(occurrence: Occurrence): boolean;
    /** What is renamed is an import, and not an item. */
    readonly isImport?: boolean;
    /** Symbols that take the new name; by default those that the target's definitions are one with. */
    readonly family?: readonly number[];
    /** Whether an undecided token is known to mean the target. */
    readonly isSubject?: (occurrence: Occurrence) => boolean;
}

/** Proves a draft and makes the plan of it. */
export function finishPlan(
    context: RenameContext,
    draft: Draft,
    found: readonly FoundConflict[],
    open: readonly UnprovedPlace[],
): RenamePlan {
    const { proof, open: openAfter } = found.some((conflict) => conflict.kind === "file-exists")
        ? { proof: NO_PROOF, open: [] }
        : prove(context, draft);
    const all = [...open, ...openAfter, ...generatedUses(context, draft)];
    const doubts = mergePlaces(all.filter((place) => !isLeftAlone(place)));
    const leftAlone = mergePlaces([...doubts, ...all]).filter(isLeftAlone);
    const verdict = proof.verdict === "proved" && doubts.length > 0 ? "unproved" : proof.verdict;
    const edits = [...draft.files.values()].flatMap((group) =>
        [...group].sort((a, b) => b.span.start - a.span.start).map(withoutTokens),
    );
    const plain = draft.plain ?? [];
    edits.push(...[...plain].sort((a, b) => b.span.start - a.span.start));
    const touched = new Set([
        ...draft.files.keys(),
        ...draft.moves.map((move) => move.from),
        ...plain.map(({ path }) => path),
    ]);
    const plan: Omit<RenamePlan, "fingerprint"> = {
        kind: "plan",
        target: draft.target,
        oldName: draft.oldName,
        newName: draft.newName,
        edits,
        moves: draft.moves,
        conflicts: [...found, ...refutedConflicts(context, proof)].map(withAdvice),
        unproved: doubts,
        leftAlone: [...leftAlone, ...(draft.left ?? [])],
        branches: branchesOf(context, edits),
        proof: { ...proof, verdict },
        fileHashes: new Map([...touched].sort().map((path) => [path, context.contentHashOf(path)])),
    };
    return { ...plan, fingerprint: fingerprintOf(context.resolution, plan) };
}

const NO_PROOF: ProofResult = { verdict: "not-made", tokens: 0, digest: "", refuted: [] };

function prove(context: RenameContext, draft: Draft): ProofOutcome {
    const map = new EditMap(draft.files, draft.moves);
    const files = [...new Set([...draft.files.keys(), ...draft.moves.map((move) => move.from)])];
    const changes = new Map(
        files.map((file) => [
            map.fileAfter(file),
            applyEdits(context.textOf(file), draft.files.get(file) ?? []),
        ]),
    );
    // Asked while nothing is renamed: a resolution of the text after may lend its names to the one before.
    const isFresh = isFreshName(context, draft.newName);
    const proveOn = (after: Resolution): ProofOutcome =>
        proveBindings({
            context,
            names: draft.names,
            files,
            map,
            after,
            expected: { ...draft.expected, added: map.addedTokens() },
            couldMean: (occurrence) => draft.couldMean(occurrence),
            isImport: draft.isImport === true,
            ...(draft.isSubject && { isSubject: draft.isSubject }),
            family:
                draft.family ??
                (draft.target.kind === "symbol"
                    ? context.resolution.renameFamily(draft.target.symbol)
                    : []),
            isFresh,
        });
    if (context.resolution.occurrencesNamed(draft.newName).length === 0) {
        // What only differs by names from the text before is known sooner, and exact where no name is lost.
        const change = { from: draft.oldName, to: draft.newName };
        const after = context.reResolve(changes, draft.moves, change);
        const outcome = proveOn(after);
        if (outcome.isUnchanged || !after.isDerived) {
            return outcome;
        }
    }
    return proveOn(context.reResolve(changes, draft.moves));
}

/** Whether no token of the workspace has a name, nor a member of std. */
function isFreshName({ resolution }: RenameContext, name: string): boolean {
    return (
        !isStdMemberName(name) &&
        resolution.occurrencesNamed(name).length === 0 &&
        // What no token spells may be left of a look-up for it.
        resolution.findByName(name).every((one) => resolution.symbol(one).kind === "external")
    );
}

/** What the proof refutes is a conflict; one for each reason, with its first places. */
function refutedConflicts(context: RenameContext, proof: ProofResult): FoundConflict[] {
    const byReason = new Map<string, Place[]>();
    for (const { path, span, reason } of proof.refuted) {
        const places = byReason.get(reason) ?? [];
        byReason.set(reason, places);
        if (places.length < PLACES_SHOWN && isKnownFile(context, path)) {
            places.push(placeAt(context.textOf(path), path, span.start));
        }
    }
    return [...byReason].map(([reason, at]) => ({
        kind: "binding-changed",
        grade: "changes-meaning",
        message: reason,
        at,
    }));
}

const PLACES_SHOWN = 3;

/** What to do about each kind of conflict; any other asks for another name. */
const ADVICE: ReadonlyMap<string, string> = new Map([
    ["borrowed-twice", "take the argument into a variable before the call first"],
    ["breaks-api", "say yes if users outside the workspace may break, or keep a deprecated alias"],
    ["changes-output", "say yes if the name may change in what the program puts out"],
    ["denied-lint", "choose another name, or allow the lint there first"],
    ["file-exists", "move or delete what is there first, or choose another name"],
    ["means-more", "rename both, or tell them apart at this place first"],
]);

function withAdvice(conflict: FoundConflict): Conflict {
    const known = ADVICE.get(conflict.kind);
    const advice =
        conflict.grade === "unproved"
            ? "look at both: if they can never be there at once, it is right"
            : (known ?? "choose another name, or rename what has this one first");
    return { ...conflict, at: conflict.at.slice(0, PLACES_SHOWN), advice };
}

function isKnownFile(context: RenameContext, path: string): boolean {
    return context.resolution.files().some((file) => file.path === path);
}

function withoutTokens(edit: PlannedEdit): TextEdit {
    const { path, span, oldText, newText, role, precision } = edit;
    return { path, span, oldText, newText, role, precision };
}

function mergePlaces(places: readonly UnprovedPlace[]): UnprovedPlace[] {
    const merged = new Map<string, UnprovedPlace>();
    for (const place of places) {
        const key = `${place.path}:${place.span.start}`;
        if (!merged.has(key)) {
            merged.set(key, place);
        }
    }
    return [...merged.values()].sort(
        (a, b) => compareText(a.path, b.path) || a.span.start - b.span.start,
    );
}
