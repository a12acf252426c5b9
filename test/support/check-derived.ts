// Whether a resolution that was derived for the text after a rename says what a fresh one says.

import { expect } from "vitest";

import type { Binding, Occurrence, Resolution, SymbolIndex } from "../../src/resolve/index.ts";
import type { FileCapture } from "../../src/syntax/index.ts";

/** What the derived resolution was made for. */
export interface Derivation {
    /** The text before. */
    readonly resolution: Resolution;
    readonly names: readonly string[];
    readonly after: ReadonlyMap<string, FileCapture>;
}

/**
 * Expects every occurrence of every file to be the same in both; where a token of one of the names lost its
 * meaning, the two must differ in nothing that would hide that from a proof.
 */
export function checkDerived(derived: Resolution, fresh: Resolution, how: Derivation): void {
    const named = (resolution: Resolution): string[] =>
        how.names.flatMap((name) => textsOf(resolution, resolution.occurrencesNamed(name)));
    expect(named(derived)).toEqual(named(fresh));
    const undecided = (resolution: Resolution): number =>
        how.names.reduce((sum, name) => sum + countUndecided(resolution.occurrencesNamed(name)), 0);
    if (undecided(fresh) > undecided(how.resolution)) {
        return;
    }
    for (const path of how.after.keys()) {
        expect(textsOf(derived, derived.occurrencesIn(path))).toEqual(
            textsOf(fresh, fresh.occurrencesIn(path)),
        );
    }
}

function countUndecided(occurrences: readonly Occurrence[]): number {
    return occurrences.filter(({ binding }) =>
        ["unresolved", "opaque", "ambiguous"].includes(binding.kind),
    ).length;
}

function textsOf(resolution: Resolution, occurrences: readonly Occurrence[]): string[] {
    return occurrences.map((one) => {
        const { file, span, name, role, binding, viaAlias, shorthand, raw } = one;
        const place = `${file}:${span.start}-${span.end}${raw ? " raw" : ""}`;
        const around = symbolText(resolution, one.enclosing);
        const flags = `${viaAlias ? "alias" : ""} ${shorthand ?? ""} ${one.precision}`;
        return `${place} ${name} ${role} ${flags} in ${around}: ${bindingText(resolution, binding)}`;
    });
}

function bindingText(resolution: Resolution, binding: Binding): string {
    switch (binding.kind) {
        case "symbol":
            return binding.symbols.map((one) => symbolText(resolution, one)).join(" | ");
        case "ambiguous":
            return `${binding.reason}: ${binding.candidates
                .map((one) => symbolText(resolution, one))
                .join(" | ")}`;
        case "local": {
            const { kind, name, file, nameSpan, scope } = binding.local;
            return `${kind} ${name} ${file}:${nameSpan.start} in ${scope.start}-${scope.end}`;
        }
        case "external":
            return `external ${binding.path}`;
        case "builtin":
            return `builtin ${binding.name}`;
        case "unresolved":
        case "opaque":
            return `${binding.kind}: ${binding.reason}`;
    }
}

function symbolText(resolution: Resolution, index: SymbolIndex | undefined): string {
    if (index === undefined) {
        return "nothing";
    }
    const { kind, path, display, file, nameSpan, flags, visibility } = resolution.symbol(index);
    const place = `${file ?? ""}:${nameSpan?.start ?? ""}`;
    return `${kind} ${path} ${display} ${place} ${flags} ${visibility}`;
}
