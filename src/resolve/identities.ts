// Ids and texts of symbols: canonical paths made unique, and display paths. Computed when first asked for;
// externals that are made later get theirs then.

import {
    encodeOrdinalPath,
    NODE_FLAG,
    nodeIdOf,
    type GraphNode,
    type NodeId,
} from "../graph/index.ts";
import { CanonicalTexts } from "./canonical-texts.ts";
import type { Semantics } from "./semantics.ts";
import { displayOf, implHeader } from "./symbol-paths.ts";

/** Ids by path of the programs of one model: a path's id is always the same. */
const knownIds = new WeakMap<object, Map<string, NodeId>>();
/** Paths that are remembered beyond those of the newest program. */
const SPARE_PATHS = 4096;

/** Identities of an earlier program whose symbols have the same paths in a later one. */
export interface KnownIdentities {
    readonly paths: readonly string[];
    readonly ids: readonly NodeId[];
    readonly duplicates: ReadonlySet<number>;
    readonly nodes: readonly (GraphNode | undefined)[];
    /** Externals of that program by path. */
    readonly externals: ReadonlyMap<string, number>;
    /** Its number of each symbol of the later program; -1 where the path may be another, or there was none. */
    readonly numbers: Int32Array;
}

/** Identities of a program's symbols, by index. */
export class Identities {
    readonly #semantics: Semantics;
    readonly #ids: NodeId[] = [];
    readonly #paths: string[] = [];
    readonly #displays: (string | undefined)[] = [];
    readonly #nodes: (GraphNode | undefined)[] = [];
    readonly #counts = new Map<string, number>();
    /** As far as they were looked for. */
    readonly #byId = new Map<NodeId, number>();
    #foundCount = 0;
    readonly #duplicates = new Set<number>();
    readonly #texts: CanonicalTexts;
    readonly #known: Map<string, NodeId>;
    readonly #earlier: KnownIdentities | undefined;

    constructor(semantics: Semantics, earlier?: KnownIdentities) {
        this.#semantics = semantics;
        this.#earlier = earlier;
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

    /** The graph's node of a symbol: the very object that an earlier program had, if it says the same. */
    node(index: number): GraphNode {
        this.#extend(index);
        const { kind, name, flags } = this.#semantics.program.symbolAt(index);
        const earlier = this.#nodes[index];
        const own = this.#duplicates.has(index) ? flags | NODE_FLAG.duplicate : flags;
        const isImpl = kind === "impl";
        if (earlier?.flags === own && earlier.kind === kind && (isImpl || earlier.name === name)) {
            return earlier;
        }
        const id = this.#ids[index] ?? (0n as NodeId);
        const shown = isImpl ? this.display(index) : name;
        const node = { id, kind, name: shown, path: this.#paths[index] ?? "", flags: own };
        this.#nodes[index] = node;
        return node;
    }

    findById(id: NodeId): number | undefined {
        this.#extend(this.#semantics.program.symbols.length - 1);
        for (; this.#foundCount < this.#ids.length; this.#foundCount++) {
            this.#byId.set(this.#ids[this.#foundCount] ?? (0n as NodeId), this.#foundCount);
        }
        return this.#byId.get(id);
    }

    /** What a later program can take over; undefined where not all of these symbols were identified. */
    known(numbers: Int32Array): KnownIdentities | undefined {
        const { symbols, externals } = this.#semantics.program;
        return this.#ids.length < symbols.length
            ? undefined
            : {
                  paths: this.#paths,
                  ids: this.#ids,
                  duplicates: this.#duplicates,
                  nodes: this.#nodes,
                  externals,
                  numbers,
              };
    }

    /** Symbols are identified in order, so that ordinals of duplicates follow the source. */
    #extend(upTo: number): void {
        for (let index = this.#ids.length; index <= upTo; index++) {
            const symbol = this.#semantics.program.symbolAt(index);
            if (this.#takeOver(index, symbol.external)) {
                continue;
            }
            const path = this.#unique(index, symbol.kind === "external");
            this.#paths.push(path);
            this.#ids.push(this.#idOf(path));
        }
    }

    /** Takes the next symbol's identity from an earlier program. */
    #takeOver(index: number, external: string): boolean {
        const earlier = this.#earlier;
        const number = external === "" ? earlier?.numbers[index] : earlier?.externals.get(external);
        const path = earlier?.paths[number ?? -1];
        const id = earlier?.ids[number ?? -1];
        if (
            earlier === undefined ||
            number === undefined ||
            path === undefined ||
            id === undefined
        ) {
            return false;
        }
        this.#paths.push(path);
        this.#ids.push(id);
        this.#nodes[index] = earlier.nodes[number];
        if (earlier.duplicates.has(number)) {
            this.#duplicates.add(index);
        }
        return true;
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
