// rustc's facts by hand: definitions and uses are named by the n-th occurrence of a word in a file.

import { finishSteps } from "../../src/base/index.ts";
import {
    FACT_ROLE,
    type CompilationUnit,
    type FactDefinition,
    type FactRole,
    type FactTarget,
    type FlowShard,
    type ImplicitCause,
    type RustcFacts,
} from "../../src/capture/index.ts";
import {
    decodeUnitEvidence,
    Evidence,
    FactReducer,
    Resolver,
    type ResolvedWorkspace,
    type UnitEvidence,
} from "../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../src/syntax/index.ts";
import { hashText, parseFixture, type Fixture } from "./fixture.ts";

const SYNTAX = await openSyntax();

/** A word in a file: the n-th, from 0, with that spelling. */
export type Word = readonly [path: string, word: string, nth: number];

/** One use: where, as what, of what; a text is a DefPath, a word the binding token of a local. */
export type UseLine = readonly [at: Word, role: FactRole, target: string | Word, flags?: number];

/** What one compilation says. */
export interface UnitLines {
    readonly unit: Partial<CompilationUnit> & Pick<CompilationUnit, "packageName">;
    readonly defines: readonly (readonly [path: string, kind: string, at?: Word])[];
    readonly uses: readonly UseLine[];
    readonly implicit?: readonly ImplicitLine[];
}

/** A call that no token names: in which body, of what as MIR prints it, why, and where. */
export type ImplicitLine = readonly [owner: string, target: string, cause: ImplicitCause, at: Word];

/** Captures of a fixture's files. */
export function captureFiles(fixture: Fixture): Map<string, FileCapture> {
    return new Map([...fixture.files].map(([path, text]) => [path, SYNTAX.capture(path, text)]));
}

/** The place of a word. */
export function placeOf(fixture: Fixture, [path, word, nth]: Word): { start: number; end: number } {
    const text = fixture.files.get(path)!;
    const found = [...text.matchAll(new RegExp(`(?<![\\w])${word}(?![\\w])`, "gu"))][nth];
    if (found === undefined) {
        throw new Error(`no ${word} number ${nth} in ${path}`);
    }
    return { start: found.index, end: found.index + word.length };
}

/** The facts of one compilation of a fixture. */
export function factsOf(fixture: Fixture, lines: UnitLines): RustcFacts {
    const paths = [...fixture.files.keys()];
    const targets: FactTarget[] = [];
    const uses = lines.uses
        .map(([at, role, target, flags]) => {
            const number = targets.push(targetOf(fixture, paths, target)) - 1;
            return { file: paths.indexOf(at[0]), ...placeOf(fixture, at), role, number, flags };
        })
        .sort((a, b) => a.file - b.file || a.start - b.start);
    const definitions = lines.defines.map(([path, kind, at]): FactDefinition => ({
        path,
        kind,
        file: at === undefined ? -1 : paths.indexOf(at[0]),
        ...(at === undefined ? { start: 0, end: 0 } : placeOf(fixture, at)),
    }));
    return {
        format: 1,
        compiler: "c0ffee",
        unit: {
            packageFolder: "",
            crateName: lines.unit.packageName.replaceAll("-", "_"),
            targetKind: "lib",
            targetName: lines.unit.packageName,
            isTest: false,
            features: [],
            configuration: "default",
            ...lines.unit,
        },
        files: paths.map((path) => ({ path, contentHash: hashText(fixture.files.get(path)!) })),
        definitions,
        targets,
        types: [""],
        uses: {
            file: Uint32Array.from(uses, (use) => use.file),
            start: Uint32Array.from(uses, (use) => use.start),
            end: Uint32Array.from(uses, (use) => use.end),
            role: Uint8Array.from(uses, (use) => FACT_ROLE[use.role]),
            flags: Uint8Array.from(uses, (use) => use.flags ?? 0),
            target: Uint32Array.from(uses, (use) => use.number),
            receiver: new Uint32Array(uses.length),
        },
        implicit: (lines.implicit ?? []).map(([owner, target, cause, at]) => ({
            owner,
            target,
            cause,
            file: paths.indexOf(at[0]),
            ...placeOf(fixture, at),
        })),
    };
}

function targetOf(fixture: Fixture, paths: readonly string[], target: string | Word): FactTarget {
    if (typeof target !== "string") {
        const place = placeOf(fixture, target);
        return { kind: "local", path: target[1], file: paths.indexOf(target[0]), ...place };
    }
    return { kind: "definition", path: target };
}

/** Evidence from the facts of several compilations, by way of its stored form. */
export function evidenceOf(
    fixture: Fixture,
    all: readonly RustcFacts[],
    textOf: (path: string) => string | undefined = () => undefined,
): Evidence {
    const captures = captureFiles(fixture);
    const resolution = new Resolver().resolve({ model: fixture.model, captures });
    const reducer = new FactReducer({
        model: fixture.model,
        resolution,
        captures,
        textOf: (path) => fixture.files.get(path),
    });
    finishSteps(reducer.prepare());
    for (const facts of all) {
        reducer.readDefinitions(facts);
    }
    const units = all.flatMap((facts, number): UnitEvidence[] => {
        const name = { key: `unit${number}`, factsHash: "f0", configurations: ["default"] };
        const reduced = finishSteps(reducer.reduce(facts, name));
        const unit = reduced.kind === "reduced" ? decodeUnitEvidence(reduced.bytes) : undefined;
        return unit === undefined ? [] : [unit];
    });
    return new Evidence(units, reducer.outside, textOf);
}

/** The shard of control flow of one compilation, as it is stored. */
export function flowShardOf(fixture: Fixture, facts: RustcFacts, flow: FlowShard): Uint8Array {
    const captures = captureFiles(fixture);
    const resolution = new Resolver().resolve({ model: fixture.model, captures });
    const reducer = new FactReducer({
        model: fixture.model,
        resolution,
        captures,
        textOf: (path) => fixture.files.get(path),
    });
    finishSteps(reducer.prepare());
    reducer.readDefinitions(facts);
    const name = { key: "unit0", factsHash: "f0", configurations: ["default"] };
    return reducer.reduceFlow(facts, flow, name)!;
}

/** A fixture resolved with evidence; `changed` replaces texts after the facts were made. */
export function resolveWith(
    fixture: Fixture,
    all: readonly RustcFacts[],
    changed: ReadonlyMap<string, string> = new Map(),
): ResolvedWorkspace {
    const now: Fixture = { ...fixture, files: new Map([...fixture.files, ...changed]) };
    const evidence = evidenceOf(fixture, all, (path) => now.files.get(path));
    return new Resolver().resolve({ model: now.model, captures: captureFiles(now), evidence });
}

/** What a word is bound to, and how surely: `symbol main::A::f, exact`. */
export function meaningAt(resolved: ResolvedWorkspace, fixture: Fixture, at: Word): string {
    const { start } = placeOf(fixture, at);
    const found = resolved.occurrencesIn(at[0]).filter((one) => one.span.start === start);
    const words = found.map(({ binding, precision }) => {
        switch (binding.kind) {
            case "symbol":
                return `symbol ${names(resolved, binding.symbols)}, ${precision}`;
            case "ambiguous":
                return `ambiguous ${names(resolved, binding.candidates)}: ${binding.reason}`;
            case "local":
                return `local ${binding.local.name}@${binding.local.nameSpan.start}, ${precision}`;
            case "external":
                return `external ${binding.path}, ${precision}`;
            case "builtin":
            case "unresolved":
            case "opaque":
                return `${binding.kind}, ${precision}`;
        }
    });
    return [...new Set(words)].join(" & ");
}

function names(resolved: ResolvedWorkspace, symbols: readonly number[]): string {
    return symbols.map((one) => resolved.symbol(one).display).join(" | ");
}

export { parseFixture };
