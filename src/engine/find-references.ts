// Where a symbol is used, as far as it is decided, and which tokens might name it as well.

import type { Span } from "../base/index.ts";
import type { EditDto, ReferencesResult, UnprovedDto } from "../protocol/index.ts";
import type { RenameTarget } from "../refactor/index.ts";
import { UNOWNED_REASON, type Occurrence, type SymbolIndex } from "../resolve/index.ts";
import { describeEdit, describeTarget, describeUnproved } from "./describe.ts";
import { twinsOf } from "./select-target.ts";
import type { View } from "./view.ts";

/** Lists all decided occurrences of a target, each token once, in file and offset order. */
export function occurrencesOfTarget(view: View, target: RenameTarget): Occurrence[] {
    const found =
        target.kind === "local"
            ? view.resolution.occurrencesOfLocal(target.local)
            : twinsOf(view, target.symbol).flatMap((symbol) =>
                  view.resolution.occurrencesOf(symbol),
              );
    const byToken = new Map<string, Occurrence>();
    for (const each of found) {
        const key = `${each.file}\0${each.span.start}`;
        if (!byToken.has(key)) {
            byToken.set(key, each);
        }
    }
    return [...byToken.values()].sort(byFileAndOffset);
}

/** Lists tokens that could name the symbol and are not decided, those of files that nothing compiles left out. */
export function undecidedOf(view: View, target: RenameTarget): Occurrence[] {
    return openTokensOf(view, target).filter((each) => !isLeftAlone(each));
}

/** Lists all tokens of the symbol's name that are not known to mean something else. */
function openTokensOf(view: View, target: RenameTarget): Occurrence[] {
    if (target.kind === "local") {
        return [];
    }
    const symbols = new Set(twinsOf(view, target.symbol));
    const { name } = view.resolution.symbol(target.symbol);
    return view.resolution
        .occurrencesNamed(name)
        .filter((each) => isUndecided(each, symbols))
        .filter((each, index, all) => index === 0 || !isSameToken(each, all[index - 1]));
}

/** Answers the references request. */
export function findReferences(view: View, target: RenameTarget): ReferencesResult {
    const open = openTokensOf(view, target);
    return {
        symbol: describeTarget(view, target),
        references: occurrencesOfTarget(view, target).map((each) => describeUse(view, each)),
        undecided: open
            .filter((each) => !isLeftAlone(each))
            .map((each) => describeToken(view, each)),
        leftAlone: open.filter(isLeftAlone).map((each) => describeToken(view, each)),
    };
}

/** Whether a token stands in a file that no target reaches. */
function isLeftAlone({ binding }: Occurrence): boolean {
    return binding.kind === "opaque" && binding.reason === UNOWNED_REASON;
}

function isUndecided(occurrence: Occurrence, symbols: ReadonlySet<SymbolIndex>): boolean {
    const { binding } = occurrence;
    switch (binding.kind) {
        case "ambiguous":
            return (
                binding.candidates.length === 0 ||
                binding.candidates.some((candidate) => symbols.has(candidate))
            );
        case "unresolved":
        case "opaque":
            return true;
        case "symbol":
        case "local":
        case "external":
        case "builtin":
            return false;
    }
}

function describeUse(view: View, occurrence: Occurrence): EditDto {
    const oldText = textOf(view, occurrence.file, occurrence.span);
    return describeEdit(view, {
        path: occurrence.file,
        span: occurrence.span,
        oldText,
        newText: oldText,
        role: occurrence.role,
        precision: occurrence.precision,
    });
}

function describeToken(view: View, occurrence: Occurrence): UnprovedDto {
    const { binding } = occurrence;
    const reason = "reason" in binding ? binding.reason : binding.kind;
    return describeUnproved(view, { path: occurrence.file, span: occurrence.span, reason });
}

function textOf(view: View, path: string, span: Span): string {
    return view.text(path).slice(span.start, span.end);
}

function isSameToken(a: Occurrence, b: Occurrence | undefined): boolean {
    return a.file === b?.file && a.span.start === b.span.start;
}

function byFileAndOffset(a: Occurrence, b: Occurrence): number {
    if (a.file !== b.file) {
        return a.file < b.file ? -1 : 1;
    }
    return a.span.start - b.span.start;
}
