// Calls that are written in a workspace's sources: what we bind each to, beside what the compiler says.
// Drop glue, derives and the bodies of macros have no token of their own and are not among them.

import { LineIndex } from "../../src/base/index.ts";
import { FACT_FLAG, FACT_ROLE, type RustcFacts } from "../../src/capture/index.ts";
import type { Occurrence, Resolution, SymbolIndex } from "../../src/resolve/index.ts";
import { isCalled } from "./callers.ts";

/** Counts of calls; `same` and `different` are what we decided. */
export interface CallCounts {
    calls: number;
    same: number;
    different: number;
    undecided: number;
    notSeen: number;
}

/** A comparison of all calls. */
export interface CallComparison {
    readonly byKind: ReadonlyMap<"call" | "method call", CallCounts>;
    /** The first calls that we bind to something else. */
    readonly different: readonly {
        readonly path: string;
        /** From 1. */
        readonly line: number;
        readonly name: string;
        readonly ours: string;
        readonly theirs: string;
    }[];
}

interface TrueCall {
    readonly path: string;
    readonly start: number;
    readonly end: number;
    readonly isMethod: boolean;
    /** `path@offset` of definitions in the workspace; empty for what is outside. */
    readonly places: Set<string>;
    readonly printed: Set<string>;
}

const FUNCTIONS = new Set(["Fn", "AssocFn"]);
const EXAMPLES = 10;

/** Compares every call that rustc saw. */
export function compareCalls(
    resolution: Resolution,
    texts: ReadonlyMap<string, string>,
    facts: readonly RustcFacts[],
): CallComparison {
    const symbolsAt = indexSymbols(resolution);
    const byKind = new Map<"call" | "method call", CallCounts>();
    const different: CallComparison["different"][number][] = [];
    for (const call of listCalls(texts, facts)) {
        const kind = call.isMethod ? "method call" : "call";
        const counts = byKind.get(kind) ?? {
            calls: 0,
            same: 0,
            different: 0,
            undecided: 0,
            notSeen: 0,
        };
        byKind.set(kind, counts);
        const ours = resolution
            .occurrencesAt(call.path, call.start)
            .filter(({ span }) => span.start === call.start);
        const verdict = verdictOf(resolution, symbolsAt, call, ours);
        counts.calls += 1;
        counts[verdict] += 1;
        if (verdict === "different" && different.length < EXAMPLES) {
            const text = texts.get(call.path) ?? "";
            different.push({
                path: call.path,
                line: new LineIndex(text).lineOf(call.start) + 1,
                name: text.slice(call.start, call.end),
                ours: ours.map((one) => describe(resolution, one)).join(", "),
                theirs: [...call.printed].join(", "),
            });
        }
    }
    return { byKind, different };
}

function listCalls(
    texts: ReadonlyMap<string, string>,
    facts: readonly RustcFacts[],
): Iterable<TrueCall> {
    const functions = new Map<string, string>();
    const known = new Set<string>();
    for (const { definitions, files } of facts) {
        for (const { path, kind, file, start } of definitions) {
            known.add(path);
            if (FUNCTIONS.has(kind)) {
                functions.set(path, file === -1 ? "" : `${files[file]?.path ?? ""}@${start}`);
            }
        }
    }
    const calls = new Map<string, TrueCall>();
    for (const unit of facts) {
        addCalls(unit, texts, calls, (path) =>
            // Of what is defined outside only the spelling says whether it is a function.
            known.has(path) ? functions.get(path) : isLower(path) ? "" : undefined,
        );
    }
    return calls.values();
}

function isLower(path: string): boolean {
    return /(^|::)(r#)?[a-z_][^:]*$/u.test(path);
}

function addCalls(
    { uses, targets, files }: RustcFacts,
    texts: ReadonlyMap<string, string>,
    calls: Map<string, TrueCall>,
    placeOf: (path: string) => string | undefined,
): void {
    for (let index = 0; index < uses.start.length; index++) {
        const role = uses.role[index];
        const target = targets[uses.target[index] ?? 0];
        const path = files[uses.file[index] ?? 0]?.path ?? "";
        const text = texts.get(path);
        const isMethod = role === FACT_ROLE.method;
        const start = uses.start[index] ?? 0;
        const end = uses.end[index] ?? 0;
        const inMacro = ((uses.flags[index] ?? 0) & FACT_FLAG.macroBody) !== 0;
        const isUse = isMethod || role === FACT_ROLE.path;
        if (text === undefined || !isUse || inMacro || target?.kind !== "definition") {
            continue;
        }
        const place = isMethod || isCalled(text, end) ? placeOf(target.path) : undefined;
        if (place !== undefined) {
            const key = `${path}@${start}`;
            const call = calls.get(key) ?? {
                path,
                start,
                end,
                isMethod,
                places: new Set(),
                printed: new Set(),
            };
            calls.set(key, call);
            call.printed.add(target.path);
            if (place !== "") {
                call.places.add(place);
            }
        }
    }
}

function indexSymbols(resolution: Resolution): Map<string, SymbolIndex[]> {
    const found = new Map<string, SymbolIndex[]>();
    for (let index = 0; index < resolution.symbolCount; index++) {
        const { file, nameSpan } = resolution.symbol(index);
        if (file !== undefined && nameSpan !== undefined) {
            const key = `${file}@${nameSpan.start}`;
            found.set(key, [...(found.get(key) ?? []), index]);
        }
    }
    return found;
}

function verdictOf(
    resolution: Resolution,
    symbolsAt: ReadonlyMap<string, readonly SymbolIndex[]>,
    call: TrueCall,
    ours: readonly Occurrence[],
): "same" | "different" | "undecided" | "notSeen" {
    if (ours.length === 0) {
        return "notSeen";
    }
    const theirs = new Set(
        [...call.places]
            .flatMap((place) => symbolsAt.get(place) ?? [])
            // The trait's item and an impl's are one name; the compiler gives either.
            .flatMap((symbol) => [symbol, ...resolution.renameFamily(symbol)]),
    );
    let isDecided = false;
    for (const { binding } of ours) {
        if (binding.kind === "symbol") {
            isDecided = true;
            const isOurs = binding.symbols.some((one) => theirs.has(one));
            // An impl of a foreign trait: the compiler names the trait's item.
            const isForeign =
                call.places.size === 0 &&
                binding.symbols.some((one) => resolution.externalTraitOf(one) !== undefined);
            if (isOurs || isForeign) {
                return "same";
            }
        } else if (binding.kind === "external" || binding.kind === "builtin") {
            isDecided = true;
            if (call.places.size === 0) {
                return "same";
            }
        }
    }
    return isDecided ? "different" : "undecided";
}

function describe(resolution: Resolution, { binding }: Occurrence): string {
    switch (binding.kind) {
        case "symbol":
            return binding.symbols.map((one) => resolution.symbol(one).display).join(" & ");
        case "external":
            return binding.path;
        default:
            return binding.kind;
    }
}

/** Share of our decisions that are right, and of all calls. */
export function sharesOf(counts: CallCounts): { precision: number; recall: number } {
    const decided = counts.same + counts.different;
    return {
        precision: decided === 0 ? 1 : counts.same / decided,
        recall: counts.calls === 0 ? 1 : counts.same / counts.calls,
    };
}

/** Sums both kinds of calls. */
export function allCalls({ byKind }: CallComparison): CallCounts {
    const all: CallCounts = { calls: 0, same: 0, different: 0, undecided: 0, notSeen: 0 };
    for (const counts of byKind.values()) {
        all.calls += counts.calls;
        all.same += counts.same;
        all.different += counts.different;
        all.undecided += counts.undecided;
        all.notSeen += counts.notSeen;
    }
    return all;
}
