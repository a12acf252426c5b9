// Ids and texts of symbols: canonical paths made unique, and display paths. Computed when first asked for;
// externals that are made later get theirs then.

import { encodeOrdinalPath, nodeIdOf, type NodeId } from "../graph/index.ts";
import { CanonicalTexts } from "./canonical-texts.ts";
import type { Semantics } from "./semantics.ts";
import { displayOf, implHeader } from "./symbol-paths.ts";

/** Ids by path of the programs of one model: a path's id is always the same. */
const knownIds = new WeakMap<object, Map<string, NodeId>>();
/** Paths that are remembered beyond those of the newest program. */
const SPARE_PATHS = 4096;

/** Identities of a program's symbols, by index. */
export class Identities {
    readonly #semantics: Semantics;
    readonly #ids: NodeId[] = [];
    readonly #paths: string[] = [];
    readonly #displays: (string | undefined)[] = [];
    readonly #counts = new Map<string, number>();
    readonly #byId = new Map<NodeId, number>();
    readonly #duplicates = new Set<number>();
    readonly #texts: CanonicalTexts;
    readonly #known: Map<string, NodeId>;

    constructor(semantics: Semantics) {
        this.#semantics = semantics;
        this.#texts = new CanonicalTexts(semantics);
        const { model, symbols } = semantics.program;
        let known = knownIds.get(model);
        if (known === undefined || known.size > 2 * symbols.length + SPARE_PATHS) {
            known = new Map();
            knownIds.set(model, known);
        }
        this.#known = known;
    }

    id(index: number): NodeId {
        this.#extend(index);
        return this.#ids[index] ?? (0n as NodeId);
    }

    path(index: number): string {
        // Externals and crates have no ordinals that the symbols before them decide.
        switch (this.#semantics.program.symbolAt(index).kind) {
            case "external":
            case "crate":
                return this.#texts.of(index);
            default:
                this.#extend(index);
                return this.#paths[index] ?? "";
        }
    }

    /** Whether another symbol before it has the same path but for the ordinal. */
    isDuplicate(index: number): boolean {
        this.#extend(index);
        return this.#duplicates.has(index);
    }

    display(index: number): string {
        let display = this.#displays[index];
        if (display === undefined) {
            const isImpl = this.#semantics.program.symbolAt(index).kind === "impl";
            display = isImpl
                ? implHeader(this.#semantics, index)
                : displayOf(this.#semantics, index);
            this.#displays[index] = display;
        }
        return display;
    }

    findById(id: NodeId): number | undefined {
        this.#extend(this.#semantics.program.symbols.length - 1);
        return this.#byId.get(id);
    }

    /** Symbols are identified in order, so that ordinals of duplicates follow the source. */
    #extend(upTo: number): void {
        for (let index = this.#ids.length; index <= upTo; index++) {
            const symbol = this.#semantics.program.symbolAt(index);
            const path = this.#unique(index, symbol.kind === "external");
            const id = this.#idOf(path);
            this.#paths.push(path);
            this.#ids.push(id);
            this.#byId.set(id, index);
        }
    }

    #idOf(path: string): NodeId {
        let id = this.#known.get(path);
        if (id === undefined) {
            id = nodeIdOf(path);
            this.#known.set(path, id);
        }
        return id;
    }

    /** True duplicates (invalid code, macro output, blocks) get an ordinal; they are never merged. */
    #unique(index: number, isExternal: boolean): string {
        const path = this.#texts.of(index);
        const count = (this.#counts.get(path) ?? 0) + 1;
        this.#counts.set(path, count);
        // Crates have paths of their own kind, without segments: only another crate can have the same one.
        const isCrate = this.#semantics.program.symbolAt(index).parent === -1;
        if (count === 1 || isCrate || isExternal) {
            return path;
        }
        this.#duplicates.add(index);
        return encodeOrdinalPath(path, count);
    }
}
