// What a graph and tables ask of every symbol, each time they are made: remembered with the symbols' basis, so that
// a version of a file in which no symbol came or went asks it of none.

import { appendTo, finishSteps, type Steps } from "../base/index.ts";
import type { GraphNode } from "../graph/index.ts";
import type { ResolutionSource } from "./resolution-source.ts";

/** External paths that begin so are members of types that are not known. */
export const UNKNOWN_OWNER = "_::";

/** Bits of what is said of one symbol. */
export const SYMBOL_TRAIT = {
    /** It is of another package. */
    external: 1,
    /** It is a member of a type that is not known. */
    ofUnknown: 2,
    /** A call of it is a call. */
    callable: 4,
    /** It is a node of the workspace, not only a part of one. */
    ownNode: 8,
} as const;

/** Symbols between two turns for others. */
const STEP_SYMBOLS = 512;

const memos = new WeakMap<object, SymbolFacts>();

/** Facts of the symbols of one basis; they grow with the externals that are made later. */
export class SymbolFacts {
    #source: ResolutionSource;
    #traits = new Uint8Array(0);
    #ids = new BigUint64Array(0);
    #count = 0;
    readonly #idTexts: (string | undefined)[] = [];
    readonly #nodes: (GraphNode | undefined)[] = [];
    /** Own nodes by file, in order; those without a file are bodies of files, under the empty path. */
    readonly #ofFiles = new Map<string, number[]>();
    readonly #externals: number[] = [];

    private constructor(source: ResolutionSource) {
        this.#source = source;
    }

    /** The facts of a source's basis, of as many symbols as were asked for. */
    static known(source: ResolutionSource): SymbolFacts {
        let facts = memos.get(source.basis);
        if (facts === undefined) {
            facts = new SymbolFacts(source);
            memos.set(source.basis, facts);
        }
        return facts;
    }

    /** The facts of a source's basis, of all symbols that there are by now. */
    static of(source: ResolutionSource): SymbolFacts {
        return finishSteps(SymbolFacts.inSteps(source));
    }

    /** The same, with turns for others in between. */
    static *inSteps(source: ResolutionSource): Steps<SymbolFacts> {
        const facts = SymbolFacts.known(source);
        yield* facts.#extend(source);
        return facts;
    }

    /** Bits of SYMBOL_TRAIT. */
    traitsOf(index: number): number {
        return index < this.#count ? (this.#traits[index] ?? 0) : this.#readTraits(index);
    }

    /** Ids of all symbols; there may be places for more. */
    get ids(): BigUint64Array {
        return this.#ids;
    }

    /** An id as a decimal number. */
    idText(index: number): string {
        return (this.#idTexts[index] ??= String(this.#source.idOf(index)));
    }

    /** The graph's node of a symbol that is one. */
    nodeAt(index: number): GraphNode {
        let node = this.#nodes[index];
        if (node === undefined) {
            node = this.#source.graphNode(index);
            this.#nodes[index] = node;
        }
        return node;
    }

    /** Own nodes that are written in a file, in order; under the empty path those that are in none. */
    nodesIn(path: string): readonly number[] {
        return this.#ofFiles.get(path) ?? [];
    }

    /** Symbols of other packages, in order. */
    get externals(): readonly number[] {
        return this.#externals;
    }

    *#extend(source: ResolutionSource): Steps<void> {
        this.#source = source;
        // Ids are made in order, those of all symbols before one at once.
        while (this.#count < source.symbolCount) {
            if (this.#count === this.#traits.length) {
                this.#grow(Math.max(source.symbolCount, this.#count + (this.#count >> 3)));
            }
            this.#note(this.#count, source);
            this.#count += 1;
            if (this.#count % STEP_SYMBOLS === 0) {
                yield;
            }
        }
    }

    #note(index: number, source: ResolutionSource): void {
        const traits = this.#readTraits(index);
        this.#ids[index] = source.idOf(index);
        this.#traits[index] = traits;
        if ((traits & SYMBOL_TRAIT.external) !== 0) {
            this.#externals.push(index);
        } else if ((traits & SYMBOL_TRAIT.ownNode) !== 0) {
            this.#nodes[index] = source.graphNode(index);
            appendTo(this.#ofFiles, source.symbol(index).file ?? "", index);
        }
    }

    #grow(count: number): void {
        const traits = new Uint8Array(count);
        const ids = new BigUint64Array(count);
        traits.set(this.#traits);
        ids.set(this.#ids);
        this.#traits = traits;
        this.#ids = ids;
    }

    #readTraits(index: number): number {
        const source = this.#source;
        const path = source.externalPath(index);
        const kind = source.kindOf(index);
        const isCallable = kind === "function" || kind === "method" || kind === "external";
        const isOwnNode = path === "" && source.nodeOf(index) === index;
        return (
            (path === "" ? 0 : SYMBOL_TRAIT.external) |
            (path.startsWith(UNKNOWN_OWNER) ? SYMBOL_TRAIT.ofUnknown : 0) |
            (isCallable ? SYMBOL_TRAIT.callable : 0) |
            (isOwnNode ? SYMBOL_TRAIT.ownNode : 0)
        );
    }
}
