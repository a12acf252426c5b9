// One side of the proof: a resolution whose places are told in coordinates of the text after the edits, so
// that definitions of both sides have equal keys exactly when they are one definition.

import { appendTo, compareText } from "../base/index.ts";
import type { Binding, LocalInfo, Occurrence, Resolution } from "../resolve/index.ts";
import { isByAbsence, isSeveral } from "./find-target.ts";
import type { EditMap, FileCursor, MappedToken, TokenPart } from "./planned-edit.ts";

/** One occurrence at its place after the edits. */
export interface ProofRow {
    readonly occurrence: Occurrence;
    readonly start: number;
    readonly part: TokenPart;
    /** Path of the crate whose view it is. */
    readonly crate: string;
    /** What it is bound to, in words that are equal on both sides. */
    readonly meaning: string;
}

/** Key of every binding that leaves open what a token means. */
export const UNDECIDED = "undecided";

/** A resolution as one side of the proof. */
export class ProofView {
    readonly resolution: Resolution;
    readonly #map: EditMap | undefined;
    readonly #symbols = new Map<number, string>();
    readonly #crates = new Map<number, string>();
    readonly #locals = new Map<LocalInfo, string>();

    constructor(resolution: Resolution, map: EditMap | undefined) {
        this.resolution = resolution;
        this.#map = map;
    }

    /** Rows by file, in the order of their places. */
    read(occurrences: Iterable<Occurrence>): Map<string, ProofRow[]> {
        const files = new Map<string, ProofRow[]>();
        for (const occurrence of occurrences) {
            const { file, span, shorthand } = occurrence;
            const place = this.placeOf(file, span.start, shorthand);
            appendTo(files, place.file, this.#rowAt(occurrence, place));
        }
        for (const rows of files.values()) {
            rows.sort(compareRows);
        }
        return files;
    }

    rowOf(occurrence: Occurrence): ProofRow {
        const { file, span, shorthand } = occurrence;
        return this.#rowAt(occurrence, this.placeOf(file, span.start, shorthand));
    }

    #rowAt(occurrence: Occurrence, { start, part }: MappedToken): ProofRow {
        const crate = this.crateKey(occurrence.crate);
        return { occurrence, start, part, crate, meaning: this.bindingKey(occurrence.binding) };
    }

    /** Where a token is after the edits. */
    placeOf(file: string, start: number, part: TokenPart): MappedToken {
        return this.#map?.map(file, start, part) ?? { file, start, part };
    }

    /** Path of a file after the edits. */
    fileAfter(file: string): string {
        return this.#map?.fileAfter(file) ?? file;
    }

    /** Tells the places of a file's tokens in their order; undefined where all stay where they are. */
    cursor(file: string): FileCursor | undefined {
        return this.#map?.cursor(file);
    }

    crateKey(index: number | undefined): string {
        if (index === undefined) {
            return "";
        }
        let key = this.#crates.get(index);
        if (key === undefined) {
            key = this.resolution.symbol(index).path;
            this.#crates.set(index, key);
        }
        return key;
    }

    /** Definition token of a symbol, with its crate and kind: never its name. */
    symbolKey(index: number): string {
        const known = this.#symbols.get(index);
        if (known !== undefined) {
            return known;
        }
        const symbol = this.resolution.symbol(index);
        const token = symbol.nameSpan ?? symbol.extent;
        const key =
            symbol.file === undefined || token === undefined || symbol.kind === "crate"
                ? `path ${symbol.kind} ${symbol.path}`
                : `token ${this.crateKey(symbol.crate)} ${symbol.kind} ` +
                  this.definitionAt(symbol.file, token.start);
        this.#symbols.set(index, key);
        return key;
    }

    bindingKey(binding: Binding): string {
        switch (binding.kind) {
            case "symbol":
                return this.symbolsKey(binding.symbols);
            case "local":
                return this.#localKey(binding.local);
            case "external":
                return isByAbsence(binding) ? UNDECIDED : `external ${binding.path}`;
            case "builtin":
                return `builtin ${binding.name}`;
            case "ambiguous":
            case "unresolved":
            case "opaque":
                return UNDECIDED;
        }
    }

    /** What a name that its scope has several times can mean; empty for any other. */
    choiceKey(binding: Binding | undefined): string {
        return isSeveral(binding) ? this.symbolsKey(binding.candidates) : "";
    }

    /** Key of one definition, or of twins. */
    symbolsKey(symbols: readonly number[]): string {
        const [first, ...more] = symbols;
        if (first !== undefined && more.length === 0) {
            return this.symbolKey(first);
        }
        return [...new Set(symbols.map((one) => this.symbolKey(one)))].sort().join(" | ");
    }

    /** Where a definition stands; a shorthand pattern defines its value. */
    definitionAt(file: string, start: number): string {
        const place = this.definitionPlace(file, start);
        return placeKey(place.file, place.start);
    }

    /** The same, not as a text. */
    definitionPlace(file: string, start: number): Pick<MappedToken, "file" | "start"> {
        return this.placeOf(file, start, "value");
    }

    #localKey(local: LocalInfo): string {
        let key = this.#locals.get(local);
        if (key === undefined) {
            key = localMeaning(this.definitionAt(local.file, local.nameSpan.start));
            this.#locals.set(local, key);
        }
        return key;
    }
}

/** Key of a place. */
export function placeKey(file: string, start: number): string {
    return `${file}:${start}`;
}

/** Key of what a token says, one of two at a shorthand token. */
export function tokenKey({
    file,
    span,
    shorthand,
}: Pick<Occurrence, "file" | "span" | "shorthand">): string {
    return `${file}:${span.start}:${shorthand ?? ""}`;
}

/** Key of a binding to the local that is defined at a place. */
export function localMeaning(place: string): string {
    return `local ${place}`;
}

/** Orders rows by token, then by crate. */
export function compareRows(a: ProofRow, b: ProofRow): number {
    return (
        a.start - b.start ||
        compareText(a.part ?? "", b.part ?? "") ||
        (a.crate === b.crate ? 0 : compareText(a.crate, b.crate))
    );
}

/**
 * Of rows that mean the same: whether what a name means that its scope has several times, as the configuration
 * says, is still the same several things. Nothing is said of names that are not decided for other reasons.
 */
export function hasSameChoices(
    old: ProofView,
    now: ProofView,
    before: readonly ProofRow[],
    after: readonly ProofRow[],
): boolean {
    return before.every(
        ({ occurrence: { binding } }, at) =>
            !isSeveral(binding) ||
            old.choiceKey(binding) === now.choiceKey(after[at]?.occurrence.binding),
    );
}

/** Whether an import of several things, after it was parted, brings one of them by this token. */
export function isPartOf(
    view: ProofView,
    before: readonly ProofRow[],
    after: readonly ProofRow[],
): boolean {
    const meant = new Set(
        before.flatMap(({ occurrence: { binding } }) =>
            binding.kind === "ambiguous"
                ? binding.candidates.map((one) => view.symbolKey(one))
                : [],
        ),
    );
    return after.every((row) => row.meaning.split(" | ").every((key) => meant.has(key)));
}
