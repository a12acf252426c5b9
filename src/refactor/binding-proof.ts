// The binding proof: what every token of the old or the new name, and every token of an edited file, means
// before and after. Tokens are paired by the edit map, symbols by their definition token through that map,
// never by spelling. It runs over two resolutions of the same resolver and adds no knowledge of its own.

import type { Span } from "../base/index.ts";
import {
    UNOWNED_REASON,
    type Binding,
    type Occurrence,
    type OccurrenceRole,
    type Resolution,
} from "../resolve/index.ts";
import { reasonOf } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { describe, isByAbsence, isUndecided, localKey } from "./find-target.ts";
import { hashLines } from "./fingerprint.ts";
import type { ProofResult, UnprovedPlace } from "./model.ts";
import type { EditMap, TokenPart } from "./planned-edit.ts";
import type { NewName } from "./rust-names.ts";
import type { Subject } from "./subject.ts";

/** What is compared. */
export interface ProofInput {
    readonly context: RenameContext;
    readonly subject: Subject;
    readonly newName: NewName;
    /** Edited and moved files, by their path before. */
    readonly files: readonly string[];
    readonly map: EditMap;
    readonly after: Resolution;
}

/** Verdict, and the places that the comparison leaves open. */
export interface ProofOutcome {
    readonly proof: ProofResult;
    /** Those of files that no target reaches are among them; the verdict is without these. */
    readonly open: readonly UnprovedPlace[];
}

/** Whether a token stands in a file that nothing compiles, so that it needs no proof. */
export function isLeftAlone(place: UnprovedPlace): boolean {
    return place.reason === UNOWNED_REASON;
}

/** Compares all bindings. */
export function proveBindings(input: ProofInput): ProofOutcome {
    const before = new View(input.context.resolution, input.map);
    const after = new View(input.after, undefined);
    const oldTokens = collect(before, checkedBefore(input));
    const newTokens = collect(after, checkedAfter(input));
    const open: UnprovedPlace[] = [];
    const refuted: UnprovedPlace[] = [];
    for (const [key, token] of oldTokens) {
        const partner = newTokens.get(key);
        const result = comparePair(input, token, partner);
        if (result.refuted !== undefined) {
            refuted.push(placeOf(token, result.refuted));
        } else if (result.unproved !== undefined) {
            open.push(placeOf(token, result.unproved));
        }
    }
    for (const [key, token] of newTokens) {
        if (!oldTokens.has(key)) {
            refuted.push(placeOf(token, `a name \`${token.name}\` would appear here`));
        }
    }
    refuted.push(...compareDefinitions(input, before, after));
    const isOpen = open.some((place) => !isLeftAlone(place));
    const verdict = refuted.length > 0 ? "refuted" : isOpen ? "unproved" : "proved";
    return {
        proof: {
            verdict,
            tokens: new Set([...oldTokens.values()].map((token) => token.place)).size,
            digest: hashLines(["before", ...relation(oldTokens), "after", ...relation(newTokens)]),
            refuted,
        },
        open,
    };
}

/** One token as one crate sees it. */
interface ProofToken {
    readonly name: string;
    readonly file: string;
    readonly span: Span;
    /** File and offset before the edits, for counting. */
    readonly place: string;
    readonly occurrences: Occurrence[];
    /** Role and binding of each occurrence, sorted, in words that are equal on both sides. */
    readonly meanings: string[];
}

/** A resolution, its places told in coordinates of the text after the edits. */
class View {
    readonly resolution: Resolution;
    readonly #map: EditMap | undefined;
    readonly #symbolKeys = new Map<number, string>();

    constructor(resolution: Resolution, map: EditMap | undefined) {
        this.resolution = resolution;
        this.#map = map;
    }

    at(file: string, start: number, part: TokenPart): string {
        const place = this.#map?.map(file, start, part) ?? { file, start, part };
        return `${place.file}:${place.start}:${place.part ?? ""}`;
    }

    /** Definition token of a symbol, with its crate and kind: never its name. */
    symbolKey(index: number): string {
        const known = this.#symbolKeys.get(index);
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
        this.#symbolKeys.set(index, key);
        return key;
    }

    crateKey(index: number | undefined): string {
        return index === undefined ? "" : this.resolution.symbol(index).path;
    }

    bindingKey(binding: Binding): string {
        if (isByAbsence(binding)) {
            return "undecided";
        }
        switch (binding.kind) {
            case "symbol":
                return `symbol ${[...new Set(binding.symbols.map((one) => this.symbolKey(one)))].sort().join(" | ")}`;
            case "local":
                return `local ${this.definitionAt(binding.local.file, binding.local.nameSpan.start)}`;
            case "external":
                return `external ${binding.path}`;
            case "builtin":
                return `builtin ${binding.name}`;
            case "ambiguous":
            case "unresolved":
            case "opaque":
                return "undecided";
        }
    }

    /** Where a definition stands; a shorthand pattern defines its value. */
    definitionAt(file: string, start: number): string {
        const place = this.#map?.map(file, start, "value") ?? { file, start };
        return `${place.file}:${place.start}`;
    }
}

function checkedBefore(input: ProofInput): Iterable<Occurrence> {
    const { resolution } = input.context;
    return checked(resolution, new Set(input.files), [input.subject.oldName, input.newName.name]);
}

function checkedAfter(input: ProofInput): Iterable<Occurrence> {
    const files = new Set(input.files.map((file) => input.map.fileAfter(file)));
    return checked(input.after, files, [input.subject.oldName, input.newName.name]);
}

function* checked(
    resolution: Resolution,
    files: ReadonlySet<string>,
    names: readonly string[],
): Iterable<Occurrence> {
    for (const file of files) {
        yield* resolution.occurrencesIn(file);
    }
    for (const name of names) {
        for (const occurrence of resolution.occurrencesNamed(name)) {
            if (!files.has(occurrence.file)) {
                yield occurrence;
            }
        }
    }
}

function collect(view: View, occurrences: Iterable<Occurrence>): Map<string, ProofToken> {
    const tokens = new Map<string, ProofToken>();
    for (const occurrence of occurrences) {
        const at = view.at(occurrence.file, occurrence.span.start, occurrence.shorthand);
        const key = `${at} ${view.crateKey(occurrence.crate)}`;
        let token = tokens.get(key);
        if (token === undefined) {
            token = {
                name: occurrence.name,
                file: occurrence.file,
                span: occurrence.span,
                place: `${occurrence.file}:${occurrence.span.start}`,
                occurrences: [],
                meanings: [],
            };
            tokens.set(key, token);
        }
        token.occurrences.push(occurrence);
        token.meanings.push(`${occurrence.role} ${view.bindingKey(occurrence.binding)}`);
    }
    for (const token of tokens.values()) {
        token.meanings.sort();
    }
    return tokens;
}

interface PairResult {
    readonly refuted?: string;
    readonly unproved?: string;
}

function comparePair(
    input: ProofInput,
    before: ProofToken,
    after: ProofToken | undefined,
): PairResult {
    if (after === undefined) {
        return isDroppedParameter(input, before)
            ? {}
            : { refuted: `\`${before.name}\` would no longer be read as a name` };
    }
    const isEqual =
        before.meanings.length === after.meanings.length &&
        before.meanings.every((meaning, index) => meaning === after.meanings[index]);
    if (isEqual) {
        return openDoubt(input, before, after);
    }
    const wasDecided = before.occurrences.every((one) => !isUndecided(one.binding));
    const ambiguous = after.occurrences.find((one) => one.binding.kind === "ambiguous");
    // Two definitions in one scope do not compile; two candidates for a member are a doubt of ours.
    const isMember = before.occurrences.every((one) => MEMBER_ROLES.has(one.role));
    if (wasDecided && isMember && ambiguous !== undefined) {
        return { unproved: `with the new name: ${reasonOf(ambiguous)}` };
    }
    return {
        refuted:
            `\`${before.name}\` would mean ${meaningText(input.after, after)} ` +
            `instead of ${meaningText(input.context.resolution, before)}`,
    };
}

const MEMBER_ROLES: ReadonlySet<OccurrenceRole> = new Set([
    "method-call",
    "field",
    "literal-field",
    "pattern-field",
]);

/** "Undecided both times" is no equality, where the token could mean the subject. */
function openDoubt(input: ProofInput, before: ProofToken, after: ProofToken): PairResult {
    const { oldName } = input.subject;
    if (before.name !== oldName && before.name !== input.newName.name) {
        return {};
    }
    const reasons = [...before.occurrences, ...after.occurrences]
        .filter((one) => isUndecided(one.binding))
        .map(reasonOf);
    // A file that the edits bring near a crate, or take away from one, is a doubt.
    const doubt = reasons.find((reason) => reason !== UNOWNED_REASON) ?? reasons[0];
    const isOpen = before.occurrences.some(
        (one) =>
            !one.viaAlias &&
            (isUndecided(one.binding) || isByAbsence(one.binding)) &&
            couldMean(input.context, input.subject, one),
    );
    return doubt !== undefined && isOpen ? { unproved: doubt } : {};
}

/** A parameter renamed to `_` defines nothing any more; that is the difference that was asked for. */
function isDroppedParameter(input: ProofInput, token: ProofToken): boolean {
    const { local } = input.subject;
    return (
        input.newName.name === "_" &&
        local !== undefined &&
        token.occurrences.every(
            ({ binding }) =>
                binding.kind === "local" && localKey(binding.local) === localKey(local),
        )
    );
}

function meaningText(resolution: Resolution, token: ProofToken): string {
    const texts = new Set(token.occurrences.map((one) => bindingText(resolution, one.binding)));
    return [...texts].join(" and ");
}

function bindingText(resolution: Resolution, binding: Binding): string {
    switch (binding.kind) {
        case "symbol":
            return binding.symbols
                .slice(0, 1)
                .map((symbol) => describe(resolution, { kind: "symbol", symbol }))
                .join("");
        case "local":
            return describe(resolution, { kind: "local", local: binding.local });
        case "external":
            return `\`${binding.path}\``;
        case "builtin":
            return `the built-in \`${binding.name}\``;
        case "ambiguous":
            return "one of several things";
        case "unresolved":
        case "opaque":
            return "nothing that is known";
    }
}

function placeOf(token: ProofToken, reason: string): UnprovedPlace {
    return { path: token.file, span: token.span, reason };
}

function* relation(tokens: ReadonlyMap<string, ProofToken>): Iterable<string> {
    const lines = [...tokens].map(([key, token]) => `${key} ${token.meanings.join("; ")}`);
    yield* lines.sort();
}

/** Definitions of the edited files must pair one to one; of all others, their number must be equal. */
function compareDefinitions(input: ProofInput, before: View, after: View): UnprovedPlace[] {
    const files = new Set(input.files);
    const filesAfter = new Set(input.files.map((file) => input.map.fileAfter(file)));
    const old = definitionsOf(before, files);
    const now = definitionsOf(after, filesAfter);
    const refuted: UnprovedPlace[] = [];
    for (const [key, { count, place }] of old.inside) {
        if ((now.inside.get(key)?.count ?? 0) !== count) {
            refuted.push({ ...place, reason: "a definition would be lost, or doubled, here" });
        }
    }
    for (const [key, { place }] of now.inside) {
        if (!old.inside.has(key)) {
            refuted.push({ ...place, reason: "a definition would appear here" });
        }
    }
    if (old.outside !== now.outside) {
        const path = input.files[0] ?? "";
        const reason =
            "the rename would change which definitions belong to the workspace: " +
            `${old.outside} before, ${now.outside} after`;
        refuted.push({ path, span: { start: 0, end: 0 }, reason });
    }
    return refuted;
}

interface Definitions {
    readonly inside: Map<
        string,
        { readonly count: number; readonly place: { readonly path: string; readonly span: Span } }
    >;
    readonly outside: number;
}

function definitionsOf(view: View, files: ReadonlySet<string>): Definitions {
    const inside: Definitions["inside"] = new Map();
    let outside = 0;
    for (let index = 0; index < view.resolution.symbolCount; index++) {
        const symbol = view.resolution.symbol(index);
        const token = symbol.nameSpan ?? symbol.extent;
        if (symbol.file === undefined || token === undefined) {
            continue;
        }
        if (files.has(symbol.file)) {
            const key = view.symbolKey(index);
            const count = (inside.get(key)?.count ?? 0) + 1;
            inside.set(key, { count, place: { path: symbol.file, span: token } });
        } else {
            outside += 1;
        }
    }
    return { inside, outside };
}
