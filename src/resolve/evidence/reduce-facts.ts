// rustc's facts to evidence: places to segments and token numbers, definitions to symbols. Done when the
// facts are fresh, against a resolution of the very texts that rustc read.

import type { Steps } from "../../base/index.ts";
import type { CompilationUnit, FactTarget, FlowShard, RustcFacts } from "../../capture/index.ts";
import type { FileCapture } from "../../syntax/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import type { ResolvedWorkspace } from "../resolved-workspace.ts";
import { targetKey, targetOfCrate } from "./crate-target.ts";
import { encodeFileEvidence, encodeUnitEvidence, type EncodedFile } from "./evidence-codec.ts";
import { DefinitionPlaces } from "./definition-places.ts";
import { FileCuts } from "./file-cuts.ts";
import { tokenAt, type FileSegments } from "./file-segments.ts";
import { Fingerprints } from "./fingerprint.ts";
import { BodyOwners } from "./body-owners.ts";
import { ImplicitTargets } from "./implicit-targets.ts";
import type { EvidenceTarget, FileEvidence } from "./model.ts";
import { reduceFlow } from "./reduce-flow.ts";
import { packImplicit, reduceImplicit, type ImplicitRow } from "./reduce-implicit.ts";
import { TargetTable } from "./target-table.ts";

/** The state of the workspace that facts are reduced against. */
export interface ReduceInput {
    readonly model: WorkspaceModel;
    readonly resolution: ResolvedWorkspace;
    readonly captures: ReadonlyMap<string, FileCapture>;
    /** Text of a captured file; undefined when the disk has another by now. */
    textOf(path: string): string | undefined;
}

/** How a unit is known in the fact store. */
export interface UnitName {
    readonly key: string;
    readonly factsHash: string;
    readonly configurations: readonly string[];
}

/** What became of a unit's facts. */
export type ReducedUnit =
    | { readonly kind: "reduced"; readonly bytes: Uint8Array; readonly fingerprint: string }
    /** The files that rustc read are not those of the state, or the crate is not known. */
    | { readonly kind: "left-out"; readonly reason: string };

/** A definition as facts of other crates name it. */
interface KnownDefinition {
    readonly target: EvidenceTarget;
    /** `file start` of its name token. */
    readonly place: string;
}

const UNKNOWN: EvidenceTarget = { kind: "unknown" };

/** Reduces the facts of one capture. First every unit's definitions are read, then their uses. */
export class FactReducer {
    readonly #input: ReduceInput;
    readonly #source: ResolutionSource;
    readonly #fingerprints: Fingerprints;
    readonly #crates = new Map<string, number>();
    readonly #places: DefinitionPlaces;
    readonly #cuts: FileCuts;
    readonly #definitions = new Map<string, KnownDefinition>();
    /** Functions: a test shares its path with what the harness makes of it. */
    readonly #functions = new Map<string, EvidenceTarget>();
    /** Crates of the workspace by how the compiler writes them: `name[hash]`. */
    readonly #ownCrates = new Map<string, number>();
    /** Content of each file as some compilation read it. */
    readonly #contents = new Map<string, string>();
    readonly #implicitTargets: ImplicitTargets;
    readonly #owners: BodyOwners;

    constructor(input: ReduceInput) {
        this.#input = input;
        this.#source = input.resolution.source;
        const { model, captures } = input;
        this.#places = new DefinitionPlaces(this.#source);
        this.#cuts = new FileCuts(input);
        this.#fingerprints = new Fingerprints({
            model,
            captures,
            source: this.#source,
            outsideOf: (path) => this.#cuts.outsideOf(path),
        });
        this.#implicitTargets = new ImplicitTargets(input.resolution);
        this.#owners = new BodyOwners({
            source: this.#source,
            definition: (path) => this.#functions.get(path) ?? this.#definitions.get(path)?.target,
            isMade: (path) => this.#definitions.get(path)?.place === "",
            cut: (path) => this.#cuts.of(path),
            textOf: (path) => input.textOf(path),
        });
        for (const crate of new Set(this.#source.files.map((file) => file.crate))) {
            if (crate !== -1) {
                this.#crates.set(targetKey(targetOfCrate(this.#source, crate)), crate);
            }
        }
    }

    /** Outside hashes of all files that were asked for, by content hash. */
    get outside(): ReadonlyMap<string, string> {
        return this.#cuts.outside;
    }

    /** Makes ready what all units need: must be done first. */
    *prepare(): Steps<void> {
        yield* this.#places.prepare();
        yield* this.#implicitTargets.prepare();
        for (const path of this.#input.captures.keys()) {
            this.#cuts.of(path);
            yield;
        }
    }

    /** Takes in what a unit defines. */
    readDefinitions(facts: RustcFacts): void {
        const crate = this.crateOf(facts.unit);
        for (const { path, contentHash } of facts.files) {
            const known = this.#contents.get(path);
            this.#contents.set(
                path,
                known === undefined || known === contentHash ? contentHash : "",
            );
        }
        if (crate === undefined) {
            return;
        }
        const isFresh = facts.files.map((file) => this.#isPresent(file.path, file.contentHash));
        for (const { path, file, start, end, kind } of facts.definitions) {
            const name = facts.files[file]?.path ?? "";
            this.#ownCrates.set(crateOfPath(path), crate);
            if (file === -1) {
                this.#define(path, { target: this.#tokenless(path, crate), place: "" });
            } else if (isFresh[file] !== true) {
                this.#define(path, { target: UNKNOWN, place: name });
            } else {
                const found = this.#places
                    .at(name, start)
                    .filter((one) => this.#source.symbol(one).crate === crate);
                const target =
                    found.length > 0
                        ? this.#symbolTarget(found)
                        : LOCAL_KINDS.has(kind)
                          ? this.#localTarget(name, start, end)
                          : UNKNOWN;
                this.#define(path, { target, place: `${name} ${start}` });
                if (kind === "Fn" && target.kind === "symbols") {
                    this.#functions.set(path, target);
                }
            }
        }
    }

    /**
     * A macro made it. Where the crate has a symbol of the name, a token that the macro was given may have
     * made that: then nothing is known.
     */
    #tokenless(path: string, crate: number): EvidenceTarget {
        const readable = readablePath(path);
        const name = readable.slice(readable.lastIndexOf(":") + 1);
        const isOurs = this.#source
            .findByName(name)
            .some((one) => this.#source.symbol(one).crate === crate);
        return isOurs ? UNKNOWN : { kind: "outside", path: readable };
    }

    /** A definition that two units place differently is no longer known. */
    #define(path: string, definition: KnownDefinition): void {
        const known = this.#definitions.get(path);
        const isSame =
            known === undefined ||
            (known.place === definition.place &&
                JSON.stringify(known.target) === JSON.stringify(definition.target));
        this.#definitions.set(path, isSame ? definition : { target: UNKNOWN, place: "" });
    }

    /** The symbol of the crate that a unit compiles. */
    crateOf(unit: CompilationUnit): number | undefined {
        return this.#crates.get(targetKey(unit));
    }

    /** The fingerprint of a unit's crate now; undefined when its facts are not of this state. */
    fingerprintOf(facts: Pick<RustcFacts, "unit" | "files">): string | undefined {
        const crate = this.crateOf(facts.unit);
        if (crate === undefined || this.#changedFile(crate, facts) !== undefined) {
            return undefined;
        }
        return this.#fingerprints.of(crate);
    }

    /** Reduces the uses of a unit. */
    *reduce(facts: RustcFacts, name: UnitName): Steps<ReducedUnit> {
        const crate = this.crateOf(facts.unit);
        if (crate === undefined) {
            return { kind: "left-out", reason: "its target is not known to the workspace" };
        }
        const changed = this.#changedFile(crate, facts);
        if (changed !== undefined) {
            return { kind: "left-out", reason: `${changed} changed since` };
        }
        const fingerprint = this.#fingerprints.of(crate);
        if (fingerprint === undefined) {
            return { kind: "left-out", reason: "a file of the crate could not be read" };
        }
        const implicit = reduceImplicit(facts, crate, {
            source: this.#source,
            owners: this.#owners,
            targets: this.#implicitTargets,
        });
        yield;
        const files: EncodedFile[] = [];
        const { file } = facts.uses;
        for (let from = 0; from < file.length;) {
            const number = file[from] ?? 0;
            let to = from;
            while (to < file.length && file[to] === number) {
                to += 1;
            }
            const path = facts.files[number]?.path ?? "";
            const cut = this.#cuts.of(path);
            const capture = this.#input.captures.get(path);
            if (cut !== undefined && capture !== undefined) {
                const range = { from, to, path, implicit: implicit.byFile.get(path) ?? [] };
                const reduced = this.#reduceFile(facts, range, cut);
                files.push({
                    path,
                    contentHash: capture.contentHash,
                    segments: cut.segments,
                    factCount: reduced.start.length,
                    bytes: encodeFileEvidence(reduced),
                });
            }
            from = to;
            yield;
        }
        const crateId = hex(this.#source.idOf(crate));
        const frontend = "rustc" as const;
        const unit = { frontend, ...name, crateId, fingerprint, implicit: implicit.counts };
        const bytes = encodeUnitEvidence(unit, files);
        return { kind: "reduced", bytes, fingerprint };
    }

    /** Reduces the control flow of a unit whose facts were reduced; the same texts are meant. */
    reduceFlow(facts: RustcFacts, flow: FlowShard, name: UnitName): Uint8Array | undefined {
        const crate = this.crateOf(facts.unit);
        const root = crateOfPath(facts.definitions[0]?.path ?? "");
        if (crate === undefined || root === "" || this.#changedFile(crate, flow) !== undefined) {
            return undefined;
        }
        return reduceFlow(flow, {
            ...name,
            root,
            source: this.#source,
            owners: this.#owners,
            crateId: hex(this.#source.idOf(crate)),
            cut: (path) => this.#cuts.of(path),
            contentHash: (path) => this.#input.captures.get(path)?.contentHash,
        });
    }

    #reduceFile(facts: RustcFacts, range: UseRange, cut: FileSegments): FileEvidence {
        const { uses } = facts;
        const rows: number[] = [];
        for (let use = range.from; use < range.to; use++) {
            if (tokenAt(cut, uses.start[use] ?? 0) !== -1) {
                rows.push(use);
            }
        }
        const targets = new TargetTable();
        const numbers = new Map<number, number>();
        const numberOf = (index: number): number => {
            const known = numbers.get(index);
            const number = known ?? targets.numberOf(this.#targetOf(facts, index, range.path));
            numbers.set(index, number);
            return number;
        };
        const tokens = rows.map((use) => tokenAt(cut, uses.start[use] ?? 0));
        const at = (pick: (use: number, token: number) => number): number[] =>
            rows.map((use, i) => pick(use, tokens[i] ?? 0));
        return {
            start: Uint32Array.from(at((use) => uses.start[use] ?? 0)),
            length: Uint16Array.from(at((use) => (uses.end[use] ?? 0) - (uses.start[use] ?? 0))),
            segment: Uint32Array.from(at((_, token) => cut.segmentOf[token] ?? 0)),
            ordinal: Uint32Array.from(at((_, token) => cut.ordinalOf[token] ?? 0)),
            inside: Uint16Array.from(
                at((use, token) => (uses.start[use] ?? 0) - (cut.tokenStart[token] ?? 0)),
            ),
            role: Uint8Array.from(at((use) => uses.role[use] ?? 0)),
            flags: Uint8Array.from(at((use) => uses.flags[use] ?? 0)),
            target: Uint32Array.from(at((use) => numberOf(uses.target[use] ?? 0))),
            implicit: packImplicit(range.implicit, (target) => targets.numberOf(target)),
            targets: targets.all,
        };
    }

    #targetOf(facts: RustcFacts, index: number, file: string): EvidenceTarget {
        const target: FactTarget | undefined = facts.targets[index];
        if (target === undefined || target.kind === "primitive") {
            return { kind: "outside", path: target?.path ?? "" };
        }
        if (target.kind === "local") {
            const path = facts.files[target.file ?? -1]?.path;
            return path === file
                ? this.#localTarget(path, target.start ?? 0, target.end ?? 0)
                : UNKNOWN;
        }
        const path = target.path.replace(/::\{constructor#\d+\}$/u, "");
        const own = this.#ownCrates.get(crateOfPath(path));
        if (own !== undefined && !path.includes("::")) {
            return this.#symbolTarget([own]);
        }
        const known = this.#definitions.get(path);
        if (known?.target.kind === "local" && !known.place.startsWith(`${file} `)) {
            return UNKNOWN;
        }
        return (
            known?.target ??
            (own === undefined ? { kind: "outside", path: readablePath(path) } : UNKNOWN)
        );
    }

    #symbolTarget(symbols: readonly number[]): EvidenceTarget {
        return { kind: "symbols", ids: symbols.map((one) => hex(this.#source.idOf(one))) };
    }

    #localTarget(path: string, start: number, end: number): EvidenceTarget {
        const cut = this.#cuts.of(path);
        const token = cut === undefined ? -1 : tokenAt(cut, start);
        if (cut === undefined || token === -1) {
            return UNKNOWN;
        }
        const segment = cut.segmentOf[token] ?? 0;
        return { kind: "local", segment, ordinal: cut.ordinalOf[token] ?? 0, start, end };
    }

    /** A file of the crate, or of one that it needs, that is not as the compilation read it. */
    #changedFile(crate: number, facts: Pick<RustcFacts, "files">): string | undefined {
        for (const { path, contentHash } of facts.files) {
            if (this.#input.captures.has(path) && !this.#isPresent(path, contentHash)) {
                return path;
            }
        }
        for (const needed of this.#fingerprints.closureOf(crate)) {
            for (const path of this.#fingerprints.filesOf(needed)) {
                const read = this.#contents.get(path);
                if (read !== undefined && !this.#isPresent(path, read)) {
                    return path;
                }
            }
        }
        return undefined;
    }

    #isPresent(path: string, contentHash: string): boolean {
        return this.#input.captures.get(path)?.contentHash === contentHash;
    }
}

/** The compiler's words for what our resolver keeps as locals. */
const LOCAL_KINDS = new Set(["TyParam", "ConstParam", "LifetimeParam"]);

/** Uses of one file. */
interface UseRange {
    readonly from: number;
    readonly to: number;
    readonly path: string;
    readonly implicit: readonly ImplicitRow[];
}

function crateOfPath(path: string): string {
    const end = path.indexOf("::");
    return end === -1 ? path : path.slice(0, end);
}

function hex(id: bigint): string {
    return id.toString(16).padStart(16, "0");
}

/** A DefPath as a person writes it: without hashes of crates and numbers of impls. */
export function readablePath(path: string): string {
    return path
        .replace(/^([^:[\]]+)\[[0-9a-f]+\]/u, "$1")
        .split("::")
        .filter((segment) => !segment.startsWith("{"))
        .join("::");
}
