// All evidence of a workspace, asked file by file: what holds for these very texts, as rows at absolute
// places. What does not hold is a hint: counted, never used to decide.

import { required } from "../../base/index.ts";
import type { NodeId } from "../../graph/index.ts";
import type { FileCapture } from "../../syntax/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import { cutFile, tokenPlace, type FileSegments } from "./file-segments.ts";
import { Fingerprints } from "./fingerprint.ts";
import type {
    EvidenceFile,
    EvidenceFrontend,
    EvidenceTarget,
    FileEvidence,
    UnitEvidence,
} from "./model.ts";

/** A version of the workspace's files. */
export interface EvidenceView {
    readonly model: WorkspaceModel;
    readonly source: ResolutionSource;
    readonly captures: ReadonlyMap<string, FileCapture>;
}

/** Reads a text that must have the given hash; undefined when it is not at hand. */
export type TextReader = (path: string, contentHash: string) => string | undefined;

/** A fact that holds. */
export interface LiveFact {
    readonly frontend: EvidenceFrontend;
    readonly start: number;
    readonly end: number;
    /** FACT_ROLE. */
    readonly role: number;
    /** FACT_FLAG. */
    readonly flags: number;
    readonly target: LiveTarget;
}

/** What a live fact names; locals by the offset of their defining token. */
export type LiveTarget =
    | Exclude<EvidenceTarget, { readonly kind: "local" }>
    | { readonly kind: "local"; readonly start: number; readonly end: number };

/** A call that holds and that no token names. */
export interface LiveCall {
    readonly owner: LiveTarget;
    readonly callee: LiveTarget;
    /** Position in IMPLICIT_CAUSES. */
    readonly cause: number;
}

/** Facts of a file that hold, and how many do not. */
export interface LiveFacts {
    /** In order of `start`. */
    readonly facts: readonly LiveFact[];
    readonly calls: readonly LiveCall[];
    readonly hints: number;
}

const NO_FACTS: LiveFacts = { facts: [], calls: [], hints: 0 };

/** Cuts of files, by tree: a tree is of one text. */
const cuts = new WeakMap<object, FileSegments>();

/** Evidence of all compilation units. */
export class Evidence {
    readonly units: readonly UnitEvidence[];
    readonly #outside: ReadonlyMap<string, string>;
    readonly #textOf: TextReader;
    readonly #byCrate = new Map<string, UnitEvidence[]>();

    constructor(
        units: readonly UnitEvidence[],
        outside: ReadonlyMap<string, string>,
        textOf: TextReader,
    ) {
        this.units = units;
        this.#outside = outside;
        this.#textOf = textOf;
        for (const unit of units) {
            this.#byCrate.set(unit.crateId, [...(this.#byCrate.get(unit.crateId) ?? []), unit]);
        }
    }

    /** All that this and other evidence say; files' contents are read as here. */
    with(other: Evidence): Evidence {
        const outside = new Map([...other.#outside, ...this.#outside]);
        return new Evidence([...this.units, ...other.units], outside, this.#textOf);
    }

    /** What this evidence says of one version of the workspace's files. */
    on(view: EvidenceView): EvidenceOnView {
        return new EvidenceOnView(this, view);
    }

    /** Whether the facts of all units hold for a version of the files. */
    holdsAll(view: EvidenceView): boolean {
        const live = this.on(view);
        return this.units.every((unit) => {
            const crate = view.source.findById(BigInt(`0x${unit.crateId}`) as NodeId);
            return crate !== undefined && live.holds(unit, crate);
        });
    }

    /** Whether every single fact holds for a version of the files. */
    holdsFully(view: EvidenceView): boolean {
        const isSame = ({ path, contentHash, segments }: EvidenceFile): boolean => {
            const capture = view.captures.get(path);
            if (capture === undefined || capture.contentHash === contentHash) {
                return capture !== undefined;
            }
            const now = this.cut(capture)?.segments ?? [];
            return segments.length === now.length && segments.every((one, at) => one === now[at]);
        };
        return (
            this.holdsAll(view) &&
            this.units.every((unit) => [...unit.files.values()].every(isSame))
        );
    }

    unitsOf(crateId: string): readonly UnitEvidence[] {
        return this.#byCrate.get(crateId) ?? [];
    }

    outsideOf(capture: FileCapture): string | undefined {
        return this.#outside.get(capture.contentHash) ?? this.cut(capture)?.outside;
    }

    cut(capture: FileCapture): FileSegments | undefined {
        const known = cuts.get(capture.tree);
        if (known !== undefined) {
            return known;
        }
        const text = this.#textOf(capture.path, capture.contentHash);
        if (text === undefined) {
            return undefined;
        }
        const cut = cutFile(text, capture.tree);
        cuts.set(capture.tree, cut);
        return cut;
    }
}

/** Evidence as one version of the files allows it. */
export class EvidenceOnView {
    readonly #evidence: Evidence;
    readonly #view: EvidenceView;
    readonly #fingerprints: Fingerprints;

    constructor(evidence: Evidence, view: EvidenceView) {
        this.#evidence = evidence;
        this.#view = view;
        const { captures } = view;
        this.#fingerprints = new Fingerprints({
            ...view,
            outsideOf: (path) => {
                const capture = captures.get(path);
                return capture === undefined ? undefined : evidence.outsideOf(capture);
            },
        });
    }

    /** Whether the definitions that a unit's crate depends on are what they were. */
    holds(unit: UnitEvidence, crate: number): boolean {
        return unit.fingerprint === this.#fingerprints.of(crate);
    }

    /** Units whose facts may speak of a file of the crate, and hold; a text equal for equal answers. */
    signature(path: string, crate: number): string {
        return this.#units(path, crate)
            .filter((unit) => this.holds(unit, crate))
            .map((unit) => `${unit.key} ${unit.factsHash} ${unit.fingerprint}`)
            .join("\n");
    }

    /** The facts of a file that hold. */
    factsOf(path: string, crate: number): LiveFacts {
        const capture = this.#view.captures.get(path);
        if (capture === undefined) {
            return NO_FACTS;
        }
        const facts: LiveFact[] = [];
        const calls: LiveCall[] = [];
        let hints = 0;
        for (const unit of this.#units(path, crate)) {
            const file = required(unit.files.get(path), "the unit has the file");
            const { frontend } = unit;
            const live = this.holds(unit, crate) ? this.#live(file, frontend, capture) : NOTHING;
            hints += file.factCount - live.facts.length;
            for (const fact of live.facts) {
                facts.push(fact);
            }
            for (const call of live.calls) {
                calls.push(call);
            }
        }
        facts.sort((a, b) => a.start - b.start || a.role - b.role);
        return { facts, calls, hints };
    }

    #units(path: string, crate: number): UnitEvidence[] {
        const id = this.#view.source.idOf(crate).toString(16).padStart(16, "0");
        return this.#evidence.unitsOf(id).filter((unit) => unit.files.has(path));
    }

    #live(file: EvidenceFile, frontend: EvidenceFrontend, capture: FileCapture): Live {
        const stored = file.load();
        if (stored === undefined) {
            return NOTHING;
        }
        if (file.contentHash === capture.contentHash) {
            const facts = rowsOf(stored, frontend, {
                startOf: (row) => stored.start[row] ?? 0,
                localOf: asStored,
            });
            return { facts, calls: callsOf(stored, () => true) };
        }
        const cut = this.#evidence.cut(capture);
        if (cut === undefined || cut.segments.length !== file.segments.length) {
            return NOTHING;
        }
        const same = file.segments.map((hash, segment) => hash === cut.segments[segment]);
        const placeOf = (segment: number, ordinal: number): number =>
            same[segment] === true ? tokenPlace(cut, segment, ordinal) : -1;
        const facts = rowsOf(stored, frontend, {
            startOf: (row) => {
                const at = placeOf(stored.segment[row] ?? 0, stored.ordinal[row] ?? 0);
                return at === -1 ? -1 : at + (stored.inside[row] ?? 0);
            },
            localOf: (target) => {
                const start = placeOf(target.segment, target.ordinal);
                return start === -1
                    ? { kind: "unknown" }
                    : { kind: "local", start, end: start + target.end - target.start };
            },
        });
        return { facts, calls: callsOf(stored, (segment) => same[segment] === true) };
    }
}

type Live = Pick<LiveFacts, "facts" | "calls">;

const NOTHING: Live = { facts: [], calls: [] };

/** Calls out of bodies that are what they were. */
function callsOf(
    { implicit, targets }: FileEvidence,
    holds: (segment: number) => boolean,
): LiveCall[] {
    const calls: LiveCall[] = [];
    for (let row = 0; row < implicit.segment.length; row++) {
        const owner = targets[implicit.owner[row] ?? 0];
        const callee = targets[implicit.callee[row] ?? 0];
        const isNamed =
            owner?.kind === "symbols" && callee !== undefined && callee.kind !== "local";
        if (isNamed && holds(implicit.segment[row] ?? 0)) {
            calls.push({ owner, callee, cause: implicit.cause[row] ?? 0 });
        }
    }
    return calls;
}

type LocalTarget = Extract<EvidenceTarget, { readonly kind: "local" }>;

function asStored({ start, end }: LocalTarget): LiveTarget {
    return { kind: "local", start, end };
}

/** Where rows, and the locals that they name, stand now; -1 for nowhere. */
interface Placing {
    readonly startOf: (row: number) => number;
    readonly localOf: (target: LocalTarget) => LiveTarget;
}

/** Rows that have a place now. */
function rowsOf(
    stored: FileEvidence,
    frontend: EvidenceFrontend,
    { startOf, localOf }: Placing,
): LiveFact[] {
    const targets = stored.targets.map((target) =>
        target.kind === "local" ? localOf(target) : target,
    );
    const rows: LiveFact[] = [];
    for (let row = 0; row < stored.start.length; row++) {
        const start = startOf(row);
        const target = targets[stored.target[row] ?? 0];
        if (start !== -1 && target !== undefined) {
            const end = start + (stored.length[row] ?? 0);
            const role = stored.role[row] ?? 0;
            rows.push({ frontend, start, end, role, flags: stored.flags[row] ?? 0, target });
        }
    }
    return rows;
}
