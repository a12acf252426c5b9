// Compares our resolution with a SCIP index, token by token.

import { LineIndex } from "../../src/base/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../../src/resolve/index.ts";
import type { ScipDocument, ScipOccurrence } from "../../src/capture/index.ts";
import {
    compareToken,
    noAgreements,
    type Agreement,
    type AgreementCounts,
    type DefinitionSite,
    type TokenVerdict,
} from "./compare-occurrences.ts";

/** One token on which the two sides do not agree. */
export interface Disagreement {
    readonly agreement: Agreement;
    /** Our role of the token; `none` when we have no occurrence there. */
    readonly role: string;
    readonly path: string;
    /** From 1. */
    readonly line: number;
    readonly name: string;
    readonly ours: string;
    readonly theirs: string;
    readonly lineText: string;
}

/** Result of a comparison. */
export interface ScipComparison {
    readonly byRole: ReadonlyMap<string, AgreementCounts>;
    readonly disagreements: readonly Disagreement[];
    /** Tokens that we decide and the index does not have, by role. */
    readonly onlyOurs: ReadonlyMap<string, number>;
    /** Documents of the index that we do not know. */
    readonly unknownFiles: readonly string[];
}

interface TheirToken {
    readonly start: number;
    readonly end: number;
    readonly symbols: Set<string>;
}

interface TheirFile {
    readonly path: string;
    readonly text: string;
    readonly lines: LineIndex;
    readonly tokens: ReadonlyMap<number, TheirToken>;
}

const IDENTIFIER = /^(r#)?[\p{XID_Start}_]\p{XID_Continue}*$/u;
const KEYWORDS = new Set(["self", "Self", "super", "crate"]);

/** Compares every identifier that the index names, keywords left out. */
export function compareWithScip(
    resolution: Resolution,
    texts: ReadonlyMap<string, string>,
    documents: readonly ScipDocument[],
): ScipComparison {
    const files: TheirFile[] = [];
    const unknownFiles: string[] = [];
    const definitions = new Map<string, DefinitionSite[]>();
    for (const document of documents) {
        const text = texts.get(document.path);
        if (text === undefined) {
            unknownFiles.push(document.path);
        } else {
            files.push(readFileTokens(document, text, definitions));
        }
    }
    const comparison = new Comparison(resolution, definitions);
    for (const file of files) {
        comparison.addFile(file);
    }
    return {
        byRole: comparison.byRole,
        disagreements: comparison.disagreements,
        onlyOurs: comparison.onlyOurs,
        unknownFiles,
    };
}

// Symbols of locals are numbered anew in each document.
function keyOf(path: string, symbol: string): string {
    return symbol.startsWith("local ") ? `${path} ${symbol}` : symbol;
}

function readFileTokens(
    document: ScipDocument,
    text: string,
    definitions: Map<string, DefinitionSite[]>,
): TheirFile {
    const lines = new LineIndex(text);
    const tokens = new Map<number, TheirToken>();
    for (const one of document.occurrences) {
        const { start, end } = spanOf(one, lines, document);
        const key = keyOf(document.path, one.symbol);
        if (one.isDefinition) {
            const sites = definitions.get(key) ?? [];
            sites.push({ path: document.path, offset: start });
            definitions.set(key, sites);
        }
        const word = text.slice(start, end);
        if (!IDENTIFIER.test(word) || KEYWORDS.has(word)) {
            continue;
        }
        const token = tokens.get(start) ?? { start, end, symbols: new Set<string>() };
        token.symbols.add(key);
        tokens.set(start, token);
    }
    return { path: document.path, text, lines, tokens };
}

function spanOf(
    one: ScipOccurrence,
    lines: LineIndex,
    document: ScipDocument,
): { start: number; end: number } {
    const { encoding } = document;
    return {
        start: lines.offset({ line: one.line, column: one.column }, encoding),
        end: lines.offset({ line: one.endLine, column: one.endColumn }, encoding),
    };
}

class Comparison {
    readonly byRole = new Map<string, AgreementCounts>();
    readonly disagreements: Disagreement[] = [];
    readonly onlyOurs = new Map<string, number>();
    readonly #resolution: Resolution;
    readonly #definitions: ReadonlyMap<string, readonly DefinitionSite[]>;
    // In the index a module with a file of its own, and a crate, is defined at the file's beginning.
    readonly #bodies = new Map<number, DefinitionSite>();

    constructor(
        resolution: Resolution,
        definitions: ReadonlyMap<string, readonly DefinitionSite[]>,
    ) {
        this.#resolution = resolution;
        this.#definitions = definitions;
        for (const file of resolution.files()) {
            for (const module of file.modules) {
                this.#bodies.set(module, { path: file.path, offset: 0 });
            }
        }
    }

    addFile(file: TheirFile): void {
        const ours = new Map<number, TokenVerdict[]>();
        for (const occurrence of this.#resolution.occurrencesIn(file.path)) {
            const start = occurrence.span.start;
            const verdicts = ours.get(start) ?? [];
            verdicts.push(this.#verdict(occurrence));
            ours.set(start, verdicts);
        }
        for (const token of file.tokens.values()) {
            this.#addToken(file, token, ours.get(token.start) ?? []);
        }
        for (const [start, verdicts] of ours) {
            const [first] = verdicts;
            const isDecided = verdicts.some((one) => one.undecided === "");
            if (first !== undefined && isDecided && !file.tokens.has(start)) {
                this.onlyOurs.set(first.role, (this.onlyOurs.get(first.role) ?? 0) + 1);
            }
        }
    }

    #addToken(file: TheirFile, token: TheirToken, ours: readonly TokenVerdict[]): void {
        const theirs = [...token.symbols].map((symbol) => this.#theirVerdict(symbol));
        const agreement = compareToken(ours, theirs);
        const role = ours[0]?.role ?? "none";
        const counts = this.byRole.get(role) ?? noAgreements();
        counts[agreement] += 1;
        this.byRole.set(role, counts);
        if (agreement === "same" || agreement === "same-external") {
            return;
        }
        const line = file.lines.lineOf(token.start);
        const from = file.lines.lineStart(line);
        this.disagreements.push({
            agreement,
            role,
            path: file.path,
            line: line + 1,
            name: file.text.slice(token.start, token.end),
            ours: ours.map((one) => one.text).join(" | "),
            theirs: theirs.map((one) => one.text).join(" | "),
            lineText: file.text.slice(from, file.lines.lineEnd(line)).trim(),
        });
    }

    #theirVerdict(symbol: string): TokenVerdict {
        const sites = this.#definitions.get(symbol) ?? [];
        const places = sites.map((site) => `${site.path}@${site.offset}`).join(" ");
        return {
            sites,
            isExternal: sites.length === 0,
            undecided: "",
            text: `${symbol} ${places}`.trim(),
            role: "",
        };
    }

    #sitesOf(symbol: SymbolInfo): DefinitionSite[] {
        const body = this.#bodies.get(symbol.index);
        const sites = body === undefined ? [] : [body];
        return symbol.file === undefined || symbol.nameSpan === undefined
            ? sites
            : [{ path: symbol.file, offset: symbol.nameSpan.start }, ...sites];
    }

    #verdict(occurrence: Occurrence): TokenVerdict {
        const { binding, role } = occurrence;
        const base = { sites: [], isExternal: false, undecided: "", role };
        switch (binding.kind) {
            case "symbol": {
                const symbols = binding.symbols.map((index) => this.#resolution.symbol(index));
                const sites = symbols.flatMap((symbol) => this.#sitesOf(symbol));
                const text = symbols.map((one) => one.display).join(" & ");
                return { ...base, sites, isExternal: sites.length === 0, text };
            }
            case "local": {
                const { file, nameSpan, kind } = binding.local;
                const sites = [{ path: file, offset: nameSpan.start }];
                return { ...base, sites, text: `${kind} @${nameSpan.start}` };
            }
            case "external":
                return { ...base, isExternal: true, text: `external ${binding.path}` };
            case "builtin":
                return { ...base, isExternal: true, text: `builtin ${binding.name}` };
            case "ambiguous":
            case "unresolved":
            case "opaque": {
                const text = `${binding.kind}: ${binding.reason}`;
                return { ...base, undecided: binding.reason, text };
            }
        }
    }
}
