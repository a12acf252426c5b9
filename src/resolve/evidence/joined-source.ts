// A live resolution joined with evidence: another layer over the same symbols, whose tables are joined when
// they are first asked for.

import type { Problem } from "../../base/index.ts";
import type { GraphNode, NodeId, SymbolKind } from "../../graph/index.ts";
import type { FileOwnership, SymbolInfo } from "../model.ts";
import type { OccurrenceTable } from "../walk/occurrence-table.ts";
import type { Pair } from "../relations.ts";
import {
    NO_IMPLICIT_CALLS,
    type ImplicitCalls,
    type Reexport,
    type ResolutionSource,
    type SourceFile,
} from "../resolution-source.ts";
import type { SessionView } from "../session.ts";
import type { Evidence, EvidenceOnView } from "./evidence.ts";
import { joinCalls } from "./join-calls.ts";
import { joinTable } from "./join-table.ts";

interface Joined {
    readonly signature: string;
    readonly table: OccurrenceTable;
    readonly calls: ImplicitCalls;
}

/** Tables that were joined, by the table they were made from; another view may take them over. */
const joinedTables = new WeakMap<Evidence, WeakMap<OccurrenceTable, Joined>>();

/** A session's view with rustc's word on its tokens. */
export class JoinedSource implements ResolutionSource {
    readonly #base: SessionView;
    readonly #live: EvidenceOnView;
    readonly #known: WeakMap<OccurrenceTable, Joined>;
    readonly #files = new Map<number, Pick<Joined, "table" | "calls">>();

    constructor(base: SessionView, evidence: Evidence) {
        this.#base = base;
        const { captures, session } = base;
        this.#live = evidence.on({ model: session.model, source: base, captures });
        let known = joinedTables.get(evidence);
        if (known === undefined) {
            known = new WeakMap();
            joinedTables.set(evidence, known);
        }
        this.#known = known;
    }

    table(file: number): OccurrenceTable {
        return this.#joined(file).table;
    }

    tablePart(file: number): OccurrenceTable {
        return this.table(file);
    }

    implicitCalls(file: number): ImplicitCalls {
        return this.#joined(file).calls;
    }

    #joined(file: number): Pick<Joined, "table" | "calls"> {
        let joined = this.#files.get(file);
        if (joined === undefined) {
            joined = this.#join(file);
            this.#files.set(file, joined);
        }
        return joined;
    }

    #join(file: number): Pick<Joined, "table" | "calls"> {
        const table = this.#base.table(file);
        const { path = "", crate = -1 } = this.files[file] ?? {};
        if (crate === -1) {
            return { table, calls: NO_IMPLICIT_CALLS };
        }
        const signature = this.#live.signature(path, crate);
        const known = this.#known.get(table);
        if (known?.signature === signature) {
            return known;
        }
        const live = this.#live.factsOf(path, crate);
        const joined = {
            signature,
            table: joinTable(table, live.facts, this, path),
            calls: joinCalls(live.calls, this),
        };
        this.#known.set(table, joined);
        return joined;
    }

    /** The symbol of an external path, made at first use. */
    external(path: string): number {
        return this.#base.session.program.external(path);
    }

    get isDerived(): boolean {
        return this.#base.isDerived;
    }

    get basis(): object {
        return this.#base.basis;
    }

    get symbolCount(): number {
        return this.#base.symbolCount;
    }

    get files(): readonly SourceFile[] {
        return this.#base.files;
    }

    symbol(index: number): SymbolInfo {
        return this.#base.symbol(index);
    }

    graphNode(index: number): GraphNode {
        return this.#base.graphNode(index);
    }

    idOf(index: number): bigint {
        return this.#base.idOf(index);
    }

    kindOf(index: number): SymbolKind {
        return this.#base.kindOf(index);
    }

    externalPath(index: number): string {
        return this.#base.externalPath(index);
    }

    findById(id: NodeId): number | undefined {
        return this.#base.findById(id);
    }

    findByName(name: string): readonly number[] {
        return this.#base.findByName(name);
    }

    displayOf(index: number): string {
        return this.#base.displayOf(index);
    }

    nodeOf(index: number): number {
        return this.#base.nodeOf(index);
    }

    graphParentOf(index: number): number {
        return this.#base.graphParentOf(index);
    }

    implementing(): readonly Pair[] {
        return this.#base.implementing();
    }

    familyOf(index: number): readonly number[] {
        return this.#base.familyOf(index);
    }

    foreignTraitOf(index: number): string | undefined {
        return this.#base.foreignTraitOf(index);
    }

    mayContain(file: number, name: string): boolean {
        return this.#base.mayContain(file, name);
    }

    /** The compiler names what a crate reaches through others from outside, too, which the base does not know. */
    mayName(): boolean {
        return true;
    }

    filesOf(path: string): readonly number[] {
        return this.#base.filesOf(path);
    }

    problems(): readonly Problem[] {
        return this.#base.problems();
    }

    reexports(): readonly Reexport[] {
        return this.#base.reexports();
    }

    ownership(): readonly FileOwnership[] {
        return this.#base.ownership();
    }
}
