// The binding proof: what every token of the checked names, and every token of an edited file, means before
// and after. Tokens are paired by the edit map, symbols by their definition token through that map, never by
// spelling. It runs over two resolutions of the same resolver and adds no knowledge of its own.

import {
    HIDDEN_TRAIT_REASON,
    UNOWNED_REASON,
    type Binding,
    type Occurrence,
    type OccurrenceRole,
    type OccurrenceRows,
    type Resolution,
} from "../resolve/index.ts";
import { reasonOf } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import { isByAbsence, isUndecided } from "./find-target.ts";
import { isClash, meaningText } from "./meaning-texts.ts";
import type { ProofResult, UnprovedPlace } from "./model.ts";
import type { AddedMeaning, EditMap } from "./planned-edit.ts";
import { ProofDigest, type RowRange } from "./proof-digest.ts";
import { ProofReader } from "./proof-reader.ts";
import { ProofRows, TextNumbers } from "./proof-rows.ts";
import {
    compareRows,
    hasSameChoices,
    isPartOf,
    localMeaning,
    placeKey,
    tokenKey,
    ProofView,
    UNDECIDED,
    type ProofRow,
} from "./proof-view.ts";

/** What a refactoring means to change about the bindings; a plain rename: nothing. */
export interface ExpectedDifference {
    /** Tokens of the text before, by `tokenKey`, that name nothing afterwards. */
    readonly removed: ReadonlySet<string>;
    /** Tokens of the text before whose role changes: a call becomes a method call. */
    readonly recast: ReadonlySet<string>;
    /** Undecided import tokens of the text before that become one token for each of their meanings. */
    readonly parted: ReadonlySet<string>;
    /** What tokens of the text before, by `placeKey`, mean afterwards where that is another thing. */
    readonly rebound: ReadonlyMap<string, Binding>;
    /** Symbols whose tokens may come to mean other ones: the members of a type that another one replaces. */
    readonly follows: ReadonlyMap<number, number>;
    /**
     * Tokens of the text after, by `placeKey`, that no token stood for. Each must mean what is said of it.
     */
    readonly added: ReadonlyMap<string, AddedMeaning>;
}

/** The expectation of a plain rename. */
export const NO_DIFFERENCE: ExpectedDifference = {
    removed: new Set(),
    recast: new Set(),
    parted: new Set(),
    rebound: new Map(),
    follows: new Map(),
    added: new Map(),
};

/** What is compared. */
export interface ProofInput {
    readonly context: RenameContext;
    /** Spellings whose tokens are compared in every file. */
    readonly names: readonly string[];
    /** Edited and moved files, by their path before. */
    readonly files: readonly string[];
    readonly map: EditMap;
    readonly after: Resolution;
    readonly expected: ExpectedDifference;
    /** Whether a token whose meaning is open could mean what the refactoring changes. */
    couldMean(occurrence: Occurrence): boolean;
    /** What is renamed is an import: tokens that mean an item through an alias may be named by it. */
    readonly isImport?: boolean;
    /** Whether an undecided token is known to mean what the refactoring changes, by its expansions. */
    readonly isSubject?: (occurrence: Occurrence) => boolean;
    /** Symbols that the refactoring gives the new name. */
    readonly family: readonly number[];
    /** Whether nothing that a token could come to mean has the name that it takes. */
    readonly isFresh: boolean;
}

/** Verdict, and the places that the comparison leaves open. */
export interface ProofOutcome {
    readonly proof: ProofResult;
    /** Those of files that no target reaches are among them; the verdict is without these. */
    readonly open: readonly UnprovedPlace[];
    /** Every token that was compared means what it meant, or is as undecided as it was. */
    readonly isUnchanged: boolean;
}

/** Whether a token stands in a file that nothing compiles, so that it needs no proof. */
export function isLeftAlone(place: UnprovedPlace): boolean {
    return place.reason === UNOWNED_REASON;
}

/** Compares all bindings. */
export function proveBindings(input: ProofInput): ProofOutcome {
    const comparison = new Comparison(input);
    comparison.compareTokens();
    comparison.compareOwnership();
    const { open, refuted, tokens } = comparison;
    const isOpen = open.some((place) => !isLeftAlone(place));
    const verdict = refuted.length > 0 ? "refuted" : isOpen ? "unproved" : "proved";
    const { isUnchanged } = comparison;
    return { proof: { verdict, tokens, digest: comparison.digest(), refuted }, open, isUnchanged };
}

/** One token as one crate sees it. */
interface ProofToken {
    readonly name: string;
    readonly rows: readonly ProofRow[];
}

class Comparison {
    readonly open: UnprovedPlace[] = [];
    readonly refuted: UnprovedPlace[] = [];
    tokens = 0;
    isUnchanged = true;
    readonly #input: ProofInput;
    readonly #names: ReadonlySet<string>;
    readonly #before: ProofView;
    readonly #after: ProofView;
    readonly #texts = new TextNumbers();
    readonly #digest = new ProofDigest(this.#texts);
    #alone: ProofView | undefined;
    #follows: ReadonlyMap<string, string> | undefined;

    constructor(input: ProofInput) {
        this.#input = input;
        this.#names = new Set(input.names);
        this.#before = new ProofView(input.context.resolution, input.map);
        this.#after = new ProofView(input.after, undefined);
    }

    digest(): string {
        return this.#digest.digest();
    }

    compareTokens(): void {
        const { context, files, map, after, expected } = this.#input;
        const names = this.#names;
        const filesAfter = new Set(files.map((file) => map.fileAfter(file)));
        const [left, right] = [this.#before, this.#after].map(
            (view) => new ProofReader(view, this.#texts),
        ) as [ProofReader, ProofReader];
        const old = left.read(checked(context.resolution, new Set(files), names), {
            names,
            isLeftOut: expected.removed.size === 0 ? undefined : isOneOf(expected.removed),
        });
        const now = right.read(checked(after, filesAfter, names), { names });
        const none = new ProofRows(this.#texts, 0);
        const other: TokenPair[] = [];
        for (const file of [...new Set([...old.keys(), ...now.keys()])].sort()) {
            this.#digest.beginFile(file);
            const rows = old.get(file) ?? none;
            this.tokens += countTokens(left, rows);
            this.#pairFile(rows, now.get(file) ?? none, other);
        }
        // One side after the other: they may share a program, which has the names of the one that was asked last.
        const tokenOf = (
            reader: ProofReader,
            range: RowRange | undefined,
        ): ProofToken | undefined =>
            range && toToken(reader.rowsAt(range.rows, range.from, range.end));
        const before = other.map((pair) => tokenOf(left, pair.before));
        const tokens = other.map((pair) => tokenOf(right, pair.after));
        before.forEach((token, at) => {
            this.#comparePair(token, tokens[at]);
        });
    }

    /** Walks both sides of one file in step, and lists the tokens that do not plainly mean what they meant. */
    #pairFile(old: ProofRows, now: ProofRows, other: TokenPair[]): void {
        const mayBePlain = this.#input.expected.parted.size === 0;
        let [left, right] = [0, 0];
        while (left < old.count || right < now.count) {
            const hasBoth = left < old.count && right < now.count;
            if (
                mayBePlain &&
                hasBoth &&
                old.isPlain(left, now, right) &&
                old.endOfToken(left) === left + 1 &&
                now.endOfToken(right) === right + 1
            ) {
                this.#digest.addSame(old, left);
                left += 1;
                right += 1;
                continue;
            }
            const order = hasBoth ? old.compare(left, now, right) : left < old.count ? -1 : 1;
            const before = order <= 0 ? rangeAt(old, left) : undefined;
            const after = order >= 0 ? rangeAt(now, right) : undefined;
            left = before?.end ?? left;
            right = after?.end ?? right;
            this.#digest.add(before, after);
            other.push({ before, after });
        }
    }

    #comparePair(before: ProofToken | undefined, after: ProofToken | undefined): void {
        const { names } = this.#input;
        if (before === undefined) {
            if (after !== undefined && !this.#isFormatted(after, names[1])) {
                this.#compareAdded(after);
            }
        } else if (after === undefined && this.#isFormatted(before, names[0])) {
            this.isUnchanged = false;
        } else if (after === undefined) {
            this.#refute(before, `\`${before.name}\` would no longer be read as a name`);
        } else if (this.#input.expected.rebound.has(keyOf(before))) {
            this.#compareRebound(before, after);
        } else if (!this.#input.expected.parted.has(keyOf(before))) {
            this.#compareMeanings(before, after);
        } else if (!isPartOf(this.#before, before.rows, after.rows)) {
            this.#refute(before, this.#changeText(before, after));
        }
    }

    /**
     * Whether a token is a capture that we see, or do not see, in a literal for the name of the renamed macro
     * alone: the syntax reads `matches!` otherwise than any other name. The macro reads it as it did.
     */
    #isFormatted({ rows }: ProofToken, macro: string | undefined): boolean {
        const { family, context } = this.#input;
        return (
            macro !== undefined &&
            family.length > 0 &&
            family.every((one) => context.resolution.symbol(one).kind === "macro") &&
            rows.every(
                ({ occurrence: { role, binding } }) =>
                    role === "format-capture" &&
                    binding.kind === "opaque" &&
                    binding.reason === `input of ${macro}!`,
            )
        );
    }

    /** A token that is to mean another thing must mean that, wherever its file belongs. */
    #compareRebound(before: ProofToken, after: ProofToken): void {
        this.isUnchanged = false;
        const wanted = this.#input.expected.rebound.get(keyOf(before));
        const key = wanted === undefined ? UNDECIDED : this.#before.bindingKey(wanted);
        if (key === UNDECIDED || after.rows.some(({ meaning }) => meaning !== key)) {
            this.#refute(before, this.#changeText(before, after));
        }
    }

    #isFollowing(before: ProofToken, after: ProofToken): boolean {
        const { follows } = this.#input.expected;
        if (follows.size === 0 || before.rows.length !== after.rows.length) {
            return false;
        }
        this.#follows ??= new Map(
            [...follows].map(([from, to]) => [
                this.#before.symbolKey(from),
                this.#before.symbolKey(to),
            ]),
        );
        const known = this.#follows;
        return before.rows.every((row, at) => {
            const now = after.rows[at]?.meaning;
            return now === row.meaning || now === known.get(row.meaning);
        });
    }

    #compareMeanings(before: ProofToken, after: ProofToken): void {
        const withRole = !this.#input.expected.recast.has(keyOf(before));
        if (isEqual(before.rows, after.rows, withRole)) {
            if (!hasSameChoices(this.#before, this.#after, before.rows, after.rows)) {
                this.#refute(before, this.#changeText(before, after));
                return;
            }
            const doubt = this.#doubtOf(before, after);
            if (doubt !== undefined) {
                this.open.push(placeOf(before, doubt));
            }
            return;
        }
        if (this.#isFollowing(before, after)) {
            this.isUnchanged = false;
            return;
        }
        const wasOpen = before.rows.every((row) => row.meaning === UNDECIDED);
        const settled = this.#settleByEvidence(before, after);
        this.isUnchanged &&= settled !== undefined || (wasOpen && isFree(before));
        if (settled !== undefined) {
            if (settled !== "") {
                this.open.push(placeOf(before, settled));
            }
            return;
        }
        if (wasOpen && this.#isNowSubject(before, after)) {
            return;
        }
        if (wasOpen && this.#input.isFresh) {
            // With one candidate less the resolver decides: what the token can mean has not become more.
            // A trait that comes into scope by a fresh name of what may have hidden it is one candidate more.
            const isShown = before.rows.some(
                (row) => reasonOf(row.occurrence) === HIDDEN_TRAIT_REASON,
            );
            const doubt = isShown ? HIDDEN_TRAIT_REASON : this.#doubtOf(before, after);
            if (doubt !== undefined) {
                this.open.push(placeOf(before, doubt));
            }
            return;
        }
        if (this.#isOwnCall(before, after)) {
            return;
        }
        const wasDecided = before.rows.every((row) => !isUndecided(row.occurrence.binding));
        const ambiguous = after.rows.find((row) => row.occurrence.binding.kind === "ambiguous");
        // Two definitions in one scope do not compile; two candidates for a member are a doubt of ours.
        const isMember = before.rows.every((row) => MEMBER_ROLES.has(row.occurrence.role));
        if (
            wasDecided &&
            isMember &&
            ambiguous !== undefined &&
            !isClash(this.#input.after, ambiguous.occurrence.binding)
        ) {
            const reason = `with the new name: ${reasonOf(ambiguous.occurrence)}`;
            this.open.push(placeOf(before, reason));
            return;
        }
        this.#refute(before, this.#changeText(before, after));
    }

    /** Whether a macro's call of itself is known to be one still, where the body alone does not tell. */
    #isOwnCall(before: ProofToken, after: ProofToken): boolean {
        const { family, isSubject } = this.#input;
        const keys = new Set(family.map((one) => this.#before.symbolKey(one)));
        return (
            before.rows.every(
                ({ occurrence, meaning }) =>
                    occurrence.role === "macro-body" &&
                    keys.has(meaning) &&
                    isSubject?.(occurrence) === true,
            ) &&
            after.rows.every(
                ({ occurrence: { role, binding } }) =>
                    role === "macro-body" && binding.kind === "opaque",
            )
        );
    }

    /** Whether a token that is known to mean the subject does so afterwards by the resolver's word, too. */
    #isNowSubject(before: ProofToken, after: ProofToken): boolean {
        const { family, isSubject } = this.#input;
        const keys = new Set(family.map((one) => this.#before.symbolKey(one)));
        return (
            before.rows.every((row) => isSubject?.(row.occurrence) === true) &&
            after.rows.every((row) => row.meaning.split(" | ").every((key) => keys.has(key)))
        );
    }

    /**
     * A compiler has said what the text before means; nobody has for the text after. Where the resolver alone
     * says the same of both, what the compiler said still holds, unless the token takes or has the new name
     * and that could mean something else. Answers with a doubt, empty for none; undefined where the
     * resolver's own answers differ.
     */
    #settleByEvidence(before: ProofToken, after: ProofToken): string | undefined {
        const hasEvidence = before.rows.some(
            ({ occurrence }) =>
                occurrence.precision === "exact" || occurrence.binding.kind === "ambiguous",
        );
        const alone = hasEvidence ? this.#resolverAlone(before) : [];
        if (alone.length === 0 || !isEqual(alone, after.rows, true)) {
            return undefined;
        }
        if (!this.#names.has(before.name)) {
            return "";
        }
        if (before.rows.some(({ occurrence }) => isUndecided(occurrence.binding))) {
            return this.#doubtOf(before, after) ?? "";
        }
        const [name] = after.rows;
        const isRenamed = name !== undefined && name.occurrence.name !== before.name;
        const isSafe = isRenamed
            ? this.#input.isFresh
            : !before.rows.some(({ occurrence }) => this.#input.couldMean(occurrence)) ||
              before.name === this.#input.names[0];
        const reason = after.rows.map((row) => reasonOf(row.occurrence))[0] ?? "not decided";
        return isSafe ? "" : `with the new name: ${reason}`;
    }

    /** What the resolver alone says of a token before. */
    #resolverAlone(token: ProofToken): ProofRow[] {
        this.#alone ??= new ProofView(
            this.#input.context.reResolve(new Map(), []),
            this.#input.map,
        );
        const [first] = token.rows;
        if (first === undefined) {
            return [];
        }
        const { file, span } = first.occurrence;
        const found = this.#alone.resolution
            .occurrencesAt(file, span.start)
            .filter((one) => one.span.start === span.start);
        return [...this.#alone.read(found).values()]
            .flat()
            .filter((row) => compareRows(row, first) === 0);
    }

    /** "Undecided both times" is no equality, where the token could mean what is changed. */
    #doubtOf(before: ProofToken, after: ProofToken): string | undefined {
        if (!this.#names.has(before.name)) {
            return undefined;
        }
        const reasons = [...before.rows, ...after.rows]
            .filter((row) => isUndecided(row.occurrence.binding))
            .map((row) => reasonOf(row.occurrence));
        // A file that the edits bring near a crate, or take away from one, is a doubt.
        const doubt = reasons.find((reason) => reason !== UNOWNED_REASON) ?? reasons[0];
        const isOpen =
            doubt !== undefined &&
            before.rows.some(
                ({ occurrence }) =>
                    (this.#input.isImport === true || !occurrence.viaAlias) &&
                    (isUndecided(occurrence.binding) || isByAbsence(occurrence.binding)) &&
                    this.#input.couldMean(occurrence),
            );
        return isOpen ? doubt : undefined;
    }

    #compareAdded(after: ProofToken): void {
        this.isUnchanged = false;
        const meant = this.#input.expected.added.get(keyOf(after));
        if (meant === undefined) {
            this.#refute(after, `a name \`${after.name}\` would appear here`);
            return;
        }
        const { definition, open } = meant;
        const isMet = after.rows.every((row) =>
            definition === undefined
                ? open || row.meaning !== UNDECIDED || isByAbsence(row.occurrence.binding)
                : row.meaning === localMeaning(definition),
        );
        if (!isMet) {
            const meaning = meaningText(this.#input.after, bindingsOf(after));
            this.#refute(after, `the new \`${after.name}\` would mean ${meaning}`);
        }
    }

    /** Files that are not edited must belong to the same crates, under the same predicates. */
    compareOwnership(): void {
        const { context, files, map, after } = this.#input;
        if (after.isDerived) {
            return; // It has the same crates, and the same files in them.
        }
        const edited = new Set(files.flatMap((file) => [file, map.fileAfter(file)]));
        const old = ownershipOf(this.#before, edited);
        const now = ownershipOf(this.#after, edited);
        const changed =
            [...old].find(([path, owners]) => now.get(path) !== owners)?.[0] ??
            [...now.keys()].find((path) => !old.has(path));
        if (changed !== undefined) {
            this.isUnchanged = false;
            const isKnown = context.resolution.files().some((one) => one.path === changed);
            this.refuted.push({
                path: isKnown ? changed : (files[0] ?? changed),
                span: { start: 0, end: 0 },
                reason: `the rename would change which crates \`${changed}\` belongs to`,
            });
        }
    }

    #refute(token: ProofToken, reason: string): void {
        this.isUnchanged = false;
        this.refuted.push(placeOf(token, reason));
    }

    #changeText(before: ProofToken, after: ProofToken): string {
        return (
            `\`${before.name}\` would mean ${meaningText(this.#input.after, bindingsOf(after))} ` +
            `instead of ${meaningText(this.#input.context.resolution, bindingsOf(before))}`
        );
    }
}

/** Whether no other token's meaning hangs on what a token means: a macro's body is read where it is called. */
function isFree({ rows }: ProofToken): boolean {
    return rows.every(({ occurrence }) => occurrence.role === "macro-body");
}

const MEMBER_ROLES: ReadonlySet<OccurrenceRole> = new Set([
    "method-call",
    "field",
    "literal-field",
    "pattern-field",
]);

/** Rows of every token of some files, and of the tokens of the names in all others. */
function* checked(
    resolution: Resolution,
    files: ReadonlySet<string>,
    names: ReadonlySet<string>,
): Iterable<OccurrenceRows> {
    for (const file of files) {
        yield* resolution.rowsIn(file);
    }
    for (const name of names) {
        yield* resolution.rowsNamed(name, (file) => !files.has(file));
    }
}

/** Tells the rows of a table whose tokens are among those of some keys. */
function isOneOf(keys: ReadonlySet<string>): (rows: OccurrenceRows, row: number) => boolean {
    return (rows, row) => keys.has(tokenKey(rows.occurrence(row)));
}

/** The number of tokens, which several crates may see; a shorthand that becomes two tokens is one. */
function countTokens(reader: ProofReader, rows: ProofRows): number {
    let count = 0;
    let last = -1;
    for (let at = 0; at < rows.count; at++) {
        const origin = reader.origin(rows, at);
        count += origin === last ? 0 : 1;
        last = origin;
    }
    return count;
}

/** One token as one crate sees it, before and after. */
interface TokenPair {
    readonly before: RowRange | undefined;
    readonly after: RowRange | undefined;
}

/** The rows of the token that begins at an index. */
function rangeAt(rows: ProofRows, from: number): RowRange {
    return { rows, from, end: rows.endOfToken(from) };
}

function toToken(rows: readonly ProofRow[]): ProofToken {
    return { name: rows[0]?.occurrence.name ?? "", rows };
}

/** Whether two tokens mean the same; the order of what a token means several times does not count. */
function isEqual(
    before: readonly ProofRow[],
    after: readonly ProofRow[],
    withRole: boolean,
): boolean {
    if (before.length !== after.length) {
        return false;
    }
    const [a, b] = [before[0], after[0]];
    if (before.length === 1 && a !== undefined && b !== undefined) {
        return a.meaning === b.meaning && (!withRole || a.occurrence.role === b.occurrence.role);
    }
    const words = (rows: readonly ProofRow[]): string[] =>
        rows.map((row) => wordsOf(row, withRole)).sort();
    const other = words(after);
    return words(before).every((one, index) => one === other[index]);
}

function wordsOf({ occurrence, meaning }: ProofRow, withRole: boolean): string {
    return withRole ? `${occurrence.role} ${meaning}` : meaning;
}

/** `placeKey` of a token in its own text. */
function keyOf({ rows }: ProofToken): string {
    const occurrence = rows[0]?.occurrence;
    return occurrence === undefined ? "" : placeKey(occurrence.file, occurrence.span.start);
}

function ownershipOf(view: ProofView, left: ReadonlySet<string>): Map<string, string> {
    const owned = new Map<string, string>();
    for (const { path, owners, cfg, modules } of view.resolution.files()) {
        if (!left.has(path)) {
            const crates = owners.map((owner) => view.crateKey(owner)).sort();
            owned.set(path, `${crates.join(" ")} ${cfg} ${modules.length}`);
        }
    }
    return owned;
}

function bindingsOf({ rows }: ProofToken): Binding[] {
    return rows.map(({ occurrence }) => occurrence.binding);
}

function placeOf(token: ProofToken, reason: string): UnprovedPlace {
    const occurrence = token.rows[0]?.occurrence;
    return {
        path: occurrence?.file ?? "",
        span: occurrence?.span ?? { start: 0, end: 0 },
        reason,
    };
}
