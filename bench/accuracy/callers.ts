// Direct callers of much-used functions: what our graph says beside what a SCIP index says.

import { LineIndex } from "../../src/base/index.ts";
import { NODE_FLAG } from "../../src/graph/index.ts";
import type { ImpactResult, PlaceDto } from "../../src/protocol/index.ts";
import type { Resolution, SymbolInfo } from "../../src/resolve/index.ts";
import type { ScipDocument } from "../../src/capture/index.ts";
import type { ResolvedHere } from "./resolve-here.ts";

/** A function whose callers are compared. */
export interface CalledFunction {
    readonly display: string;
    readonly place: PlaceDto;
    readonly offset: number;
}

/** Why two sides do not name the same caller. */
export interface CallerDifference {
    readonly caller: string;
    readonly side: "ours only" | "theirs only";
    /** Class of the explanation. */
    readonly reason: string;
    readonly path: string;
    /** From 1. */
    readonly line: number;
}

/** Callers of one function, compared. */
export interface CallerComparison {
    readonly display: string;
    readonly ours: number;
    readonly theirs: number;
    readonly both: number;
    readonly differences: readonly CallerDifference[];
}

const PER_CRATE_MAX = 2;

/** Finds the functions, tests' own left out, that are called from the most places; two of each crate. */
export function findMuchCalled(here: ResolvedHere, count: number): CalledFunction[] {
    const { resolution } = here;
    const calls = new Map<number, number>();
    for (const path of here.texts.keys()) {
        for (const { binding, role } of resolution.occurrencesIn(path)) {
            if (binding.kind === "symbol" && (role === "call" || role === "method-call")) {
                binding.symbols.forEach((one) => calls.set(one, (calls.get(one) ?? 0) + 1));
            }
        }
    }
    const perCrate = new Map<number, number>();
    const chosen: CalledFunction[] = [];
    for (const [index] of [...calls].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
        const symbol = resolution.symbol(index);
        const { file, nameSpan, crate = -1 } = symbol;
        const taken = perCrate.get(crate) ?? 0;
        const isOfTests = /\btest\b/u.test(symbol.cfg) || (symbol.flags & NODE_FLAG.test) !== 0;
        const isFunction = (symbol.kind === "function" || symbol.kind === "method") && !isOfTests;
        const text = file === undefined ? undefined : here.texts.get(file);
        if (!isFunction || taken >= PER_CRATE_MAX || nameSpan === undefined) {
            continue;
        }
        if (file !== undefined && text !== undefined && chosen.length < count) {
            perCrate.set(crate, taken + 1);
            const place = { path: file, ...new LineIndex(text).position(nameSpan.start) };
            chosen.push({ display: symbol.display, place, offset: nameSpan.start });
        }
    }
    return chosen;
}

/** A token of the index that calls something. */
interface TheirCall {
    readonly path: string;
    readonly offset: number;
    readonly line: number;
    readonly caller: string;
    readonly callerName: string;
}

/** The calls that an index knows, by the definition that they reach. */
export class TheirCalls {
    readonly #byDefinition = new Map<string, TheirCall[]>();
    /** Every token that the index has, as `path@offset`. */
    readonly tokens = new Set<string>();
    readonly #items: FunctionItems;

    constructor(here: ResolvedHere, documents: readonly ScipDocument[]) {
        this.#items = new FunctionItems(here.resolution);
        const definitions = new Map<string, string[]>();
        const uses: { symbol: string; call: TheirCall }[] = [];
        for (const document of documents) {
            const text = here.texts.get(document.path);
            if (text !== undefined) {
                this.#readDocument(document, text, definitions, uses);
            }
        }
        for (const { symbol, call } of uses) {
            for (const place of definitions.get(symbol) ?? []) {
                const calls = this.#byDefinition.get(place) ?? [];
                calls.push(call);
                this.#byDefinition.set(place, calls);
            }
        }
    }

    callsOf(path: string, offset: number): readonly TheirCall[] {
        return this.#byDefinition.get(`${path}@${offset}`) ?? [];
    }

    #readDocument(
        document: ScipDocument,
        text: string,
        definitions: Map<string, string[]>,
        uses: { symbol: string; call: TheirCall }[],
    ): void {
        const lines = new LineIndex(text);
        for (const one of document.occurrences) {
            const at = { line: one.line, column: one.column };
            const offset = lines.offset(at, document.encoding);
            const end = lines.offset(
                { line: one.endLine, column: one.endColumn },
                document.encoding,
            );
            this.tokens.add(`${document.path}@${offset}`);
            if (one.isDefinition) {
                const places = definitions.get(one.symbol) ?? [];
                definitions.set(one.symbol, [...places, `${document.path}@${offset}`]);
            } else if (isCalled(text, end)) {
                const caller = this.#items.around(document.path, offset);
                if (caller !== undefined) {
                    const line = one.line + 1;
                    const { key, display: callerName } = caller;
                    const call = { path: document.path, offset, line, caller: key, callerName };
                    uses.push({ symbol: one.symbol, call });
                }
            }
        }
    }
}

/** Whether the token that ends here is called: parentheses follow, after type arguments if there are any. */
export function isCalled(text: string, end: number): boolean {
    let at = end;
    const skip = (pattern: RegExp): boolean => {
        pattern.lastIndex = at;
        const found = pattern.exec(text);
        at += found?.[0].length ?? 0;
        return found !== null;
    };
    skip(/\s*/uy);
    if (skip(/::\s*</uy)) {
        for (let depth = 1; depth > 0 && at < text.length; at++) {
            const char = text[at];
            // The arrow of a function type closes nothing.
            depth += char === "<" ? 1 : char === ">" && text[at - 1] !== "-" ? -1 : 0;
        }
        skip(/\s*/uy);
    }
    return text[at] === "(";
}

// Functions by file, to find the one that encloses a place.
class FunctionItems {
    readonly #byFile = new Map<string, SymbolInfo[]>();

    constructor(resolution: Resolution) {
        for (let index = 0; index < resolution.symbolCount; index++) {
            const symbol = resolution.symbol(index);
            const encloses = ["function", "method", "const", "static", "assoc-const"];
            if (symbol.file !== undefined && encloses.includes(symbol.kind)) {
                const list = this.#byFile.get(symbol.file) ?? [];
                list.push(symbol);
                this.#byFile.set(symbol.file, list);
            }
        }
    }

    around(path: string, offset: number): { key: string; display: string } | undefined {
        let innermost: SymbolInfo | undefined;
        for (const symbol of this.#byFile.get(path) ?? []) {
            const { extent } = symbol;
            if (extent === undefined || offset < extent.start || offset >= extent.end) {
                continue;
            }
            if (innermost?.extent === undefined || extent.start >= innermost.extent.start) {
                innermost = symbol;
            }
        }
        return innermost?.nameSpan === undefined
            ? undefined
            : { key: `${path}@${innermost.nameSpan.start}`, display: innermost.display };
    }
}

/** Compares the callers that `impact` names at distance 1 with those of the index. */
export function compareCallers(
    here: ResolvedHere,
    target: CalledFunction,
    impact: ImpactResult,
    index: TheirCalls,
): CallerComparison {
    const ours = new Map<string, string>();
    for (const { symbol, distance } of impact.reached) {
        const { at } = symbol;
        const text = at === undefined ? undefined : here.texts.get(at.path);
        if (distance === 1 && at !== undefined && text !== undefined) {
            ours.set(`${at.path}@${new LineIndex(text).offset(at)}`, symbol.path);
        }
    }
    const calls = index.callsOf(target.place.path, target.offset);
    const theirs = new Map(calls.map((call) => [call.caller, call]));
    const differences: CallerDifference[] = [];
    for (const [key, call] of theirs) {
        if (!ours.has(key)) {
            const reason = whyNotOurs(here.resolution, call);
            const { path, line, callerName: caller } = call;
            differences.push({ caller, side: "theirs only", reason, path, line });
        }
    }
    for (const [key, caller] of ours) {
        if (!theirs.has(key)) {
            differences.push(whyNotTheirs(here, target, { key, caller }, index));
        }
    }
    const both = [...ours.keys()].filter((key) => theirs.has(key)).length;
    return {
        display: target.display,
        ours: ours.size,
        theirs: theirs.size,
        both,
        differences,
    };
}

function whyNotOurs(resolution: Resolution, call: TheirCall): string {
    const here = resolution
        .occurrencesAt(call.path, call.offset)
        .filter((one) => one.span.start === call.offset);
    const [first] = here;
    if (first === undefined) {
        return "we see no name there";
    }
    switch (first.binding.kind) {
        case "opaque":
            return "input of a macro";
        case "ambiguous":
        case "unresolved":
            return `not decided: ${first.binding.reason}`;
        case "symbol": {
            const named = first.binding.symbols.map((one) => resolution.symbol(one).display);
            return `we say it is ${named.join(" or ")}`;
        }
        case "external":
            return `we say it is ${first.binding.path}`;
        case "builtin":
        case "local":
            return `we say it is ${first.name} of the ${first.binding.kind}s`;
    }
}

function whyNotTheirs(
    here: ResolvedHere,
    target: CalledFunction,
    ours: { readonly key: string; readonly caller: string },
    index: TheirCalls,
): CallerDifference {
    const [path = "", at = "0"] = ours.key.split("@");
    const { resolution } = here;
    const lines = new LineIndex(here.texts.get(path) ?? "");
    const uses = resolution.occurrencesIn(path).filter((one) => {
        const { binding, enclosing } = one;
        const owner = enclosing === undefined ? undefined : resolution.symbol(enclosing);
        return (
            owner?.nameSpan?.start === Number(at) &&
            binding.kind === "symbol" &&
            binding.symbols.some((symbol) => {
                const { file, nameSpan } = resolution.symbol(symbol);
                return file === target.place.path && nameSpan?.start === target.offset;
            })
        );
    });
    const [use] = uses;
    const offset = use?.span.start ?? Number(at);
    const difference = {
        caller: ours.caller,
        side: "ours only" as const,
        path,
        line: lines.lineOf(offset) + 1,
    };
    if (use === undefined) {
        return { ...difference, reason: "we have no token for it" };
    }
    if (use.role === "macro-body" || use.role === "macro-input") {
        return { ...difference, reason: "inside a macro" };
    }
    if (!index.tokens.has(`${path}@${at}`)) {
        return { ...difference, reason: "code that is not active there" };
    }
    const isSeen = index.tokens.has(`${path}@${offset}`);
    const reason = isSeen ? "they say it is something else" : "they have no token there";
    return { ...difference, reason };
}
