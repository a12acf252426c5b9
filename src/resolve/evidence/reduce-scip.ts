// rust-analyzer's index to evidence: places to segments and token numbers, names to symbols. Done when the
// index is fresh, against a resolution of the very texts that rust-analyzer read.

import { createHash } from "node:crypto";

import { LineIndex, type Span, type Steps } from "../../base/index.ts";
import { FACT_ROLE, type ScipDocument, type ScipOccurrence } from "../../capture/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import { ROLE_CODE } from "../walk/occurrence-table.ts";
import { allOf } from "../cfg.ts";
import { CfgRivals } from "./cfg-rivals.ts";
import { DefinitionPlaces } from "./definition-places.ts";
import { encodeFileEvidence, encodeUnitEvidence, type EncodedFile } from "./evidence-codec.ts";
import { FileCuts } from "./file-cuts.ts";
import { tokenAt, type FileSegments } from "./file-segments.ts";
import { Fingerprints } from "./fingerprint.ts";
import type { EvidenceTarget, FileEvidence } from "./model.ts";
import { findDoubtfulParts, type DoubtfulParts } from "./doubtful-parts.ts";
import type { ReduceInput } from "./reduce-facts.ts";
import { packImplicit } from "./reduce-implicit.ts";
import { ScipDefinitions, type DefinedAt, type LeftOut, type Named } from "./scip-definitions.ts";
import { TargetTable } from "./target-table.ts";

/** What became of an index. */
export interface ScipReport {
    /** Files of the workspace that it tells of, and what it says of their tokens. */
    readonly documents: number;
    readonly occurrences: number;
    /** Occurrences that became evidence. */
    readonly taken: number;
    readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
    /** Calls of methods in those files, and how many of them it knows. */
    readonly methodCalls: { readonly seen: number; readonly known: number };
    /** Occurrences that name a method or a function of std. */
    readonly namesOfStd: number;
}

/** Evidence of one crate, encoded. */
export interface ScipUnit {
    readonly key: string;
    readonly bytes: Uint8Array;
}

/** Occurrences of one file: of names by their number, of locals by the number of their definition, from -1 down. */
interface Rows {
    readonly path: string;
    readonly crate: number;
    readonly start: number[];
    readonly end: number[];
    readonly names: number[];
    readonly locals: (DefinedAt | undefined)[];
}

const STD_METHOD = /^rust-analyzer cargo (?:core|alloc|std) .*\(\)\.$/u;
const LOCAL = "local ";
const NO_CALLS = { mapped: 0, outside: 0, notMapped: 0 } as const;

/** Reduces one index: first all its documents are taken in, then the evidence is made. */
export class ScipReducer {
    readonly #input: ReduceInput;
    readonly #source: ResolutionSource;
    readonly #places: DefinitionPlaces;
    readonly #cuts: FileCuts;
    readonly #fingerprints: Fingerprints;
    readonly #definitions: ScipDefinitions;
    readonly #rivals: CfgRivals;
    readonly #files: Rows[] = [];
    readonly #leftOut: Partial<Record<LeftOut, number>> = {};
    readonly #methodCalls = { seen: 0, known: 0 };
    readonly #ownMacros: ReadonlySet<string>;
    #documents = 0;
    #occurrences = 0;
    #taken = 0;
    #namesOfStd = 0;

    constructor(input: ReduceInput) {
        const { model, captures, resolution } = input;
        this.#input = input;
        this.#source = resolution.source;
        this.#places = new DefinitionPlaces(this.#source);
        this.#cuts = new FileCuts(input);
        this.#fingerprints = new Fingerprints({
            model,
            captures,
            source: this.#source,
            outsideOf: (path) => this.#cuts.outsideOf(path),
        });
        this.#rivals = new CfgRivals(this.#source);
        this.#definitions = new ScipDefinitions({
            source: this.#source,
            places: this.#places,
            packages: new Set(model.packages.map((each) => each.name)),
        });
        this.#ownMacros = macrosOf(this.#source);
    }

    /** Outside hashes of all files that were asked for, by content hash. */
    get outside(): ReadonlyMap<string, string> {
        return this.#cuts.outside;
    }

    /** Makes ready what documents need: must be done first. */
    *prepare(): Steps<void> {
        yield* this.#places.prepare();
        yield* this.#rivals.prepare();
    }

    /** Takes in a document. */
    take(document: ScipDocument): void {
        const { path } = document;
        const cut = this.#cuts.of(path);
        const text = cut === undefined ? undefined : this.#input.textOf(path);
        if (cut === undefined || text === undefined) {
            this.#takeUnread(document);
            return;
        }
        this.#documents += 1;
        this.#occurrences += document.occurrences.length;
        const lines = new LineIndex(text);
        const crates = this.#source.filesOf(path).map((file) => this.#source.files[file]?.crate);
        const owners = new Set(crates);
        const [crate = -1] = crates;
        const rows: Rows = { path, crate, start: [], end: [], names: [], locals: [] };
        const localNumbers = new Map<string, number>();
        for (const occurrence of document.occurrences) {
            const at = placeIn(occurrence, { lines, cut, document });
            const { symbol } = occurrence;
            if (STD_METHOD.test(symbol)) {
                this.#namesOfStd += 1;
            }
            const name = symbol.startsWith(LOCAL)
                ? localNumber(symbol, localNumbers)
                : this.#definitions.numberOf(symbol);
            if (occurrence.isDefinition) {
                this.#define(name, at, rows);
            }
            if (at !== undefined && !at.isFile) {
                rows.start.push(at.start);
                rows.end.push(at.end);
                rows.names.push(name);
            }
        }
        if (owners.size === 1 && crate !== -1) {
            this.#files.push(rows);
            this.#countCalls(rows);
        } else {
            this.#leave("several-owners", rows.start.length);
        }
    }

    /** A file of others, or one that changed: its definitions are known to be there, no more. */
    #takeUnread({ occurrences }: ScipDocument): void {
        for (const { symbol, isDefinition } of occurrences) {
            if (isDefinition && !symbol.startsWith(LOCAL)) {
                this.#definitions.define(this.#definitions.numberOf(symbol), undefined);
            }
        }
    }

    #define(name: number, at: DefinedAt | undefined, { locals }: Rows): void {
        if (name >= 0) {
            this.#definitions.define(name, at);
            return;
        }
        const number = -1 - name;
        // Two definitions of one local: nothing is known.
        locals[number] = number in locals ? undefined : at;
    }

    /** Makes the evidence of all crates. */
    *finish(): Steps<readonly ScipUnit[]> {
        const byCrate = new Map<number, Rows[]>();
        for (const rows of this.#files) {
            byCrate.set(rows.crate, [...(byCrate.get(rows.crate) ?? []), rows]);
        }
        const units: ScipUnit[] = [];
        for (const [crate, files] of [...byCrate].sort(([a], [b]) => a - b)) {
            const fingerprint = this.#fingerprints.of(crate);
            if (fingerprint === undefined) {
                continue;
            }
            const encoded: EncodedFile[] = [];
            for (const rows of files.sort((a, b) => (a.path < b.path ? -1 : 1))) {
                const file = this.#encode(rows);
                if (file !== undefined) {
                    encoded.push(file);
                }
                yield;
            }
            const crateId = hex(this.#source.idOf(crate));
            const key = `rust-analyzer-${crateId}`;
            const facts = createHash("sha256");
            encoded.forEach(({ path, contentHash, bytes }) => {
                facts.update(`${path} ${contentHash}\n`).update(bytes);
            });
            const unit = {
                frontend: "rust-analyzer" as const,
                key,
                factsHash: facts.digest("hex"),
                crateId,
                configurations: [],
                fingerprint,
                implicit: NO_CALLS,
            };
            units.push({ key, bytes: encodeUnitEvidence(unit, encoded) });
        }
        return units;
    }

    /** What became of the index; complete once the evidence is made. */
    report(): ScipReport {
        return {
            documents: this.#documents,
            occurrences: this.#occurrences,
            taken: this.#taken,
            leftOut: { ...this.#leftOut },
            methodCalls: { ...this.#methodCalls },
            namesOfStd: this.#namesOfStd,
        };
    }

    #encode(rows: Rows): EncodedFile | undefined {
        const { path } = rows;
        const cut = this.#cuts.of(path);
        const capture = this.#input.captures.get(path);
        const text = this.#input.textOf(path);
        if (cut === undefined || capture === undefined || text === undefined) {
            return undefined;
        }
        const parts = findDoubtfulParts(capture.tree, (name) => this.#ownMacros.has(name));
        const facts = this.#factsOf(rows, { cut, text, parts });
        this.#taken += facts.start.length;
        return {
            path,
            contentHash: capture.contentHash,
            segments: cut.segments,
            factCount: facts.start.length,
            bytes: encodeFileEvidence(facts),
        };
    }

    #factsOf(rows: Rows, file: FileText): FileEvidence {
        const { cut } = file;
        const targets = new TargetTable();
        const kept: Kept[] = [];
        const enclosing = this.#enclosingOf(rows);
        for (const group of groupsOf(rows)) {
            const start = rows.start[group[0] ?? 0] ?? 0;
            const end = rows.end[group[0] ?? 0] ?? 0;
            const named = this.#meaningOf(rows, group, { ...file, around: enclosing(start) });
            if (typeof named === "string") {
                this.#leave(named, group.length);
            } else {
                kept.push(...named.map((one) => ({ start, end, ...one })));
            }
        }
        const tokens = kept.map(({ start }) => tokenAt(cut, start));
        return {
            start: Uint32Array.from(kept, ({ start }) => start),
            length: Uint16Array.from(kept, ({ start, end }) => end - start),
            segment: Uint32Array.from(tokens, (token) => cut.segmentOf[token] ?? 0),
            ordinal: Uint32Array.from(tokens, (token) => cut.ordinalOf[token] ?? 0),
            inside: new Uint16Array(kept.length),
            role: Uint8Array.from(kept, ({ isField }) =>
                isField ? FACT_ROLE.field : FACT_ROLE.path,
            ),
            flags: new Uint8Array(kept.length),
            target: Uint32Array.from(kept, ({ target }) => targets.numberOf(target)),
            targets: targets.all,
            implicit: packImplicit([], () => 0),
        };
    }

    /** What a token names, or why nothing is believed of it. */
    #meaningOf(
        rows: Rows,
        group: readonly number[],
        file: FileText & { readonly around: number },
    ): readonly Named[] | LeftOut {
        const start = rows.start[group[0] ?? 0] ?? 0;
        if (isInside(file.parts.underCfg, start)) {
            return "under-cfg";
        }
        if (isInside(file.parts.oneExpansion, start)) {
            return "in-macro";
        }
        const said = group.map((row) => this.#namedAt(rows, row, file));
        const missing = said.find((one) => typeof one === "string");
        if (missing !== undefined) {
            return missing;
        }
        const named = said.filter((one) => typeof one !== "string");
        const fields = named.filter((one) => one.isField).length;
        // A shorthand token names a field and a local, or the like.
        if (fields > 1 || named.length - fields > 1) {
            return "several-meanings";
        }
        return named.some((one) => this.#dependsOnCfg(one, file.around)) ? "other-cfg" : named;
    }

    #dependsOnCfg({ symbols, target, name }: Named, around: number): boolean {
        const mayDiffer = symbols.some(
            (one) => this.#rivals.has(one) || !this.#isSeenIn(one, around),
        );
        return mayDiffer || (target.kind === "outside" && this.#rivals.hasName(name));
    }

    /** Whether a symbol is there under all cfgs under which a place is. */
    #isSeenIn(symbol: number, place: number): boolean {
        const { cfg } = this.#source.symbol(symbol);
        const around = place === -1 ? "" : this.#source.symbol(place).cfg;
        return cfg === "" || allOf(cfg, around) === around;
    }

    /** Symbols of the items around tokens, by the offsets of these; -1 where the resolver has no token. */
    #enclosingOf({ path }: Rows): (start: number) => number {
        const found = new Map<number, number>();
        for (const file of this.#source.filesOf(path)) {
            const { start, enclosing } = this.#source.table(file);
            start.forEach((at, row) => found.set(at, enclosing[row] ?? -1));
        }
        return (start) => found.get(start) ?? -1;
    }

    /** What an occurrence names. */
    #namedAt(rows: Rows, row: number, { cut, text }: FileText): Named | LeftOut {
        const spelling = plain(text.slice(rows.start[row], rows.end[row]));
        const name = rows.names[row] ?? 0;
        const named =
            name >= 0
                ? this.#definitions.named(name)
                : this.#local(rows.locals[-1 - name], { cut, text });
        return typeof named === "string" || named.name === spelling ? named : "other-spelling";
    }

    #local(at: DefinedAt | undefined, { cut, text }: Pick<FileText, "cut" | "text">): NamedOrNot {
        if (at === undefined) {
            return "made";
        }
        const { file, start, end } = at;
        if (this.#places.at(file, start).length > 0) {
            return this.#definitions.symbolAt(at);
        }
        const token = tokenAt(cut, start);
        const segment = cut.segmentOf[token] ?? 0;
        const ordinal = cut.ordinalOf[token] ?? 0;
        const target: EvidenceTarget = { kind: "local", segment, ordinal, start, end };
        return { target, symbols: [], name: plain(text.slice(start, end)), isField: false };
    }

    /** Of calls of methods, in how many a name is known: few where std is not seen. */
    #countCalls({ path, start }: Rows): void {
        const known = new Set(start);
        for (const file of this.#source.filesOf(path)) {
            const table = this.#source.table(file);
            table.role.forEach((role, row) => {
                if (role === ROLE_CODE["method-call"]) {
                    this.#methodCalls.seen += 1;
                    this.#methodCalls.known += known.has(table.start[row] ?? 0) ? 1 : 0;
                }
            });
        }
    }

    #leave(reason: LeftOut, count: number): void {
        this.#leftOut[reason] = (this.#leftOut[reason] ?? 0) + count;
    }
}

type NamedOrNot = Named | LeftOut;

/** A file's text as rows are read with. */
interface FileText {
    readonly cut: FileSegments;
    readonly text: string;
    readonly parts: DoubtfulParts;
}

interface Kept extends Named {
    readonly start: number;
    readonly end: number;
}

/** Place of an occurrence, where it is a name's token, or a definition that is the whole file. */
function placeIn(
    occurrence: ScipOccurrence,
    { lines, cut, document }: { lines: LineIndex; cut: FileSegments; document: ScipDocument },
): DefinedAt | undefined {
    const { line, column, endLine, endColumn } = occurrence;
    const { encoding, path: file } = document;
    const start = lines.offset({ line, column }, encoding);
    const end = lines.offset({ line: endLine, column: endColumn }, encoding);
    if (start === 0 && occurrence.isDefinition && endLine > 0 && end === lines.text.length) {
        return { file, start, end, isFile: true };
    }
    const token = tokenAt(cut, start);
    const isToken = cut.tokenStart[token] === start && cut.tokenEnd[token] === end;
    return isToken && NAME.test(lines.text.slice(start, end))
        ? { file, start, end, isFile: false }
        : undefined;
}

function isInside(parts: readonly Span[], at: number): boolean {
    return parts.some((part) => part.start <= at && at < part.end);
}

const NAME = /^(?:r#)?[\p{L}_][\p{L}\p{N}_]*$/u;

function plain(spelling: string): string {
    return spelling.startsWith("r#") ? spelling.slice(2) : spelling;
}

function localNumber(symbol: string, numbers: Map<string, number>): number {
    const known = numbers.get(symbol) ?? -1 - numbers.size;
    numbers.set(symbol, known);
    return known;
}

/** Rows of one token each, in order of the tokens; a row that is there twice is one. */
function groupsOf({ start, names }: Rows): number[][] {
    const order = start.map((_, row) => row).sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0));
    const groups: number[][] = [];
    for (const row of order) {
        const last = groups.at(-1);
        if (last !== undefined && start[last[0] ?? 0] === start[row]) {
            if (!last.some((other) => names[other] === names[row])) {
                last.push(row);
            }
        } else {
            groups.push([row]);
        }
    }
    return groups;
}

/** Names of the workspace's macros. */
function macrosOf(source: ResolutionSource): Set<string> {
    const names = new Set<string>();
    for (let symbol = 0; symbol < source.symbolCount; symbol++) {
        if (source.kindOf(symbol) === "macro" && source.symbol(symbol).file !== undefined) {
            names.add(source.symbol(symbol).name);
        }
    }
    return names;
}

function hex(id: bigint): string {
    return id.toString(16).padStart(16, "0");
}
