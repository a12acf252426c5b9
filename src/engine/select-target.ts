// From what a person writes or points at to one symbol, or to the reason why not.

import { refuse, type Place, type Refusal } from "../base/index.ts";
import type { PlaceDto, SymbolSelector } from "../protocol/index.ts";
import type { RenameTarget } from "../refactor/index.ts";
import type { Binding, Occurrence, SymbolIndex } from "../resolve/index.ts";
import { describePlace, placeAt } from "./describe.ts";
import { nearNames } from "./near-names.ts";
import type { View } from "./view.ts";

const CANDIDATES_MAX = 10;
const PLACES_MAX = 3;

/** How a symbol is written. */
export const SYMBOL_ADVICE =
    "write a path such as krate::module::Type::method, or FILE:LINE:COLUMN";

/** What a selector chose. */
export interface Selection {
    readonly kind: "selection";
    readonly target: RenameTarget;
    /** The token that was pointed at; undefined when a path was given. */
    readonly occurrence: Occurrence | undefined;
}

/** Finds the symbol that a selector means. */
export function selectTarget(view: View, selector: SymbolSelector): Selection | Refusal {
    return selector.kind === "path"
        ? selectByPath(view, selector.path)
        : selectByPlace(view, selector.place);
}

/** Finds the symbol at a place. */
export function selectByPlace(view: View, place: PlaceDto): Selection | Refusal {
    if (view.file(place.path) === undefined) {
        return refuse("FILE_NOT_IN_WORKSPACE", `${place.path} is not a file of the workspace`, {
            advice: "give a path relative to the workspace's root",
        });
    }
    const offset = view.lines(place.path).offset(place);
    const chosen = chooseOccurrence(view.resolution.occurrencesAt(place.path, offset));
    if (chosen === undefined) {
        return refuse("SYMBOL_NOT_FOUND", `no name at ${showPlace(place)}`, {
            at: [describePlace(place)],
            advice: "point at an identifier",
        });
    }
    return selectBound(view, chosen, place);
}

/**
 * Of the occurrences at one offset the one that is meant. Of a shorthand token (`S { x }`) it is the
 * value: what the token reads as where it stands.
 */
export function chooseOccurrence(occurrences: readonly Occurrence[]): Occurrence | undefined {
    return (
        occurrences.find((each) => each.shorthand === "value") ??
        occurrences.find((each) => each.role === "definition") ??
        occurrences.find((each) => each.binding.kind === "symbol") ??
        occurrences[0]
    );
}

/** All symbols that share a symbol's definition token: the same item as its other owners see it. */
export function twinsOf(view: View, index: SymbolIndex): SymbolIndex[] {
    const symbol = view.resolution.symbol(index);
    const { file, nameSpan } = symbol;
    if (file === undefined || nameSpan === undefined) {
        return [index];
    }
    const twins = new Set([index]);
    for (const each of view.resolution.occurrencesAt(file, nameSpan.start)) {
        if (each.role === "definition" && each.binding.kind === "symbol") {
            for (const twin of each.binding.symbols) {
                const other = view.resolution.symbol(twin);
                if (other.file === file && other.nameSpan?.start === nameSpan.start) {
                    twins.add(twin);
                }
            }
        }
    }
    return [...twins].sort((a, b) => a - b);
}

function selectBound(view: View, occurrence: Occurrence, place: PlaceDto): Selection | Refusal {
    const { binding } = occurrence;
    const at = [describePlace(place)];
    switch (binding.kind) {
        case "symbol": {
            const symbol = binding.symbols[0];
            return symbol === undefined
                ? refuse("SYMBOL_UNDECIDED", `\`${occurrence.name}\` is bound to nothing`, { at })
                : selected({ kind: "symbol", symbol }, occurrence);
        }
        case "local":
            return selected({ kind: "local", local: binding.local }, occurrence);
        case "external":
            return selectExternal(view, binding, occurrence, at);
        case "builtin":
            return refuse("SYMBOL_BUILTIN", `\`${binding.name}\` is part of the language`, { at });
        case "ambiguous":
            return refuse(
                "SYMBOL_AMBIGUOUS",
                `\`${occurrence.name}\` is ambiguous: ${binding.reason}`,
                { at, candidates: listCandidates(view, binding.candidates) },
            );
        case "unresolved":
        case "opaque":
            return refuse(
                "SYMBOL_UNDECIDED",
                `what \`${occurrence.name}\` means is not decided: ${binding.reason}`,
                { at, advice: "point at the definition instead" },
            );
    }
}

function selectExternal(
    view: View,
    binding: Extract<Binding, { kind: "external" }>,
    occurrence: Occurrence,
    at: readonly Place[],
): Selection | Refusal {
    const symbol = view.resolution
        .findByPath(binding.path)
        .find((index) => view.resolution.symbol(index).file === undefined);
    if (symbol === undefined) {
        return refuse("SYMBOL_EXTERNAL", `\`${binding.path}\` is outside the workspace`, { at });
    }
    return selected({ kind: "symbol", symbol }, occurrence);
}

function selectByPath(view: View, written: string): Selection | Refusal {
    const path = written.trim().replaceAll("r#", "");
    if (path === "") {
        return refuse("SYMBOL_NOT_FOUND", "no symbol is named");
    }
    const found = findWritten(view, path);
    const exact = found.filter((index) => view.resolution.symbol(index).display === path);
    const own = (exact.length > 0 ? exact : found).filter(
        (index) => view.resolution.symbol(index).file !== undefined,
    );
    const candidates = own.length > 0 ? own : exact.length > 0 ? exact : found;
    const first = candidates[0];
    if (first === undefined) {
        return refuse("SYMBOL_NOT_FOUND", `no symbol \`${written}\` in the workspace`, {
            candidates: nearPaths(view, path),
            advice: SYMBOL_ADVICE,
        });
    }
    if (!isOneItem(view, candidates)) {
        return refuse("SYMBOL_AMBIGUOUS", `\`${written}\` names ${candidates.length} symbols`, {
            at: candidates.slice(0, PLACES_MAX).flatMap((index) => placesOf(view, index)),
            candidates: listCandidates(view, candidates),
            advice: "write more of the path, or FILE:LINE:COLUMN",
        });
    }
    return selected({ kind: "symbol", symbol: first }, undefined);
}

/** `crate::a::b` means `a::b` directly in any crate of the workspace. */
function findWritten(view: View, path: string): readonly SymbolIndex[] {
    if (!path.startsWith("crate::")) {
        return view.resolution.findByPath(path.replace(/^::/, ""));
    }
    const rest = path.slice("crate::".length);
    return view.resolution.findByPath(rest).filter((index) => {
        const symbol = view.resolution.symbol(index);
        const crate = symbol.crate === undefined ? undefined : view.resolution.symbol(symbol.crate);
        return crate !== undefined && symbol.display === `${crate.display}::${rest}`;
    });
}

/** One item may be several symbols: one per owner of its file, one per cfg branch. */
function isOneItem(view: View, candidates: readonly SymbolIndex[]): boolean {
    const first = candidates[0];
    if (first === undefined || candidates.length === 1) {
        return true;
    }
    const together = new Set([...view.resolution.renameFamily(first), ...twinsOf(view, first)]);
    const { display } = view.resolution.symbol(first);
    return candidates.every(
        (index) => together.has(index) && view.resolution.symbol(index).display === display,
    );
}

function selected(target: RenameTarget, occurrence: Occurrence | undefined): Selection {
    return { kind: "selection", target, occurrence };
}

function listCandidates(view: View, candidates: readonly SymbolIndex[]): string[] {
    const lines = candidates.map((index) => {
        const symbol = view.resolution.symbol(index);
        const place = placesOf(view, index)[0];
        const where = place === undefined ? "" : ` at ${showPlace(place)}`;
        return `${symbol.display} (${symbol.kind})${where}`;
    });
    return [...new Set(lines)].slice(0, CANDIDATES_MAX);
}

function placesOf(view: View, index: SymbolIndex): PlaceDto[] {
    const { file, nameSpan } = view.resolution.symbol(index);
    return file === undefined || nameSpan === undefined
        ? []
        : [placeAt(view, file, nameSpan.start)];
}

function nearPaths(view: View, path: string): string[] {
    const wanted = path.slice(path.lastIndexOf("::") + 1).replace(/^:+/, "");
    const same = view.resolution.findByName(wanted);
    const names = new Set<string>();
    for (let index = 0; index < view.resolution.symbolCount; index++) {
        const symbol = view.resolution.symbol(index);
        if (symbol.nameSpan !== undefined) {
            names.add(symbol.name);
        }
    }
    const near = nearNames(wanted, names, CANDIDATES_MAX).flatMap((name) =>
        view.resolution.findByName(name),
    );
    const shown = [...same, ...near].filter(
        (index) => view.resolution.symbol(index).file !== undefined,
    );
    return listCandidates(view, shown);
}

/** A place as people write it: 1-based. */
function showPlace(place: PlaceDto): string {
    return `${place.path}:${place.line + 1}:${place.column + 1}`;
}
