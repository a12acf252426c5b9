// The nodes of a dependence graph: symbols of the workspace as it is written, packages, everything, items that others
// implement, names, and last what only expanded macros make.

import { appendTo } from "../../base/index.ts";
import type { Csr } from "../../csr/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import { traversalHere } from "../traversal-here.ts";
import { crateUnits, type CrateUnit } from "./crate-units.ts";
import type { MadeItem } from "./expanded-uses.ts";
import { testOnlySymbols } from "./test-only.ts";
import { translateSymbols } from "./translate-symbols.ts";
import { WAY, type EdgeSink, type ExpandedInput } from "./ways.ts";

/** Edges from what may change to what depends on it, and what its nodes are. */
export interface DependenceGraph {
    readonly csr: Csr;
    /** Nodes below it are symbols. */
    readonly symbolCount: number;
    readonly units: ReadonlyMap<number, CrateUnit>;
    /** Functions that are tests by their attributes. */
    readonly tests: ReadonlySet<number>;
    /** Modules with calls of macros where items stand; what these make is not known. */
    readonly macroModules: ReadonlySet<number>;
    /** The package of each node; -1 for what is of none, or of any. */
    readonly packages: Int32Array;
    /** 1 for nodes that only the tests of their own package have. */
    readonly testOnly: Uint8Array;
    /** What expansions make, and the text has no item for. */
    readonly made: readonly MadeItem[];
    /** What a node stands for that an expansion made; undefined for others. */
    madeAt(node: number): MadeItem | undefined;
    /** Node of a package of the model. */
    packageNode(index: number): number;
    /** Node of everything. */
    readonly everything: number;
    /** Nodes of a name that undecided tokens have, one for each package with such tokens. */
    nameNodes(name: string): readonly number[];
    /** What a node is, for people. */
    label(node: number): string;
}

/** A graph whose nodes are numbered by the symbols that it was built from. */
export interface GraphDraft {
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly kinds: readonly number[];
    readonly tests: ReadonlySet<number>;
    readonly names: readonly NameLabel[];
    /** Symbols that the nodes after everything stand for. */
    readonly implemented: readonly number[];
    readonly packageBase: number;
}

interface NameLabel {
    readonly name: string;
    /** It is the body of a macro of that name. */
    readonly isBody: boolean;
    /** -1 for any. */
    readonly package: number;
}

/** Numbers the nodes by the symbols of the workspace as it is written. */
export function finishGraph(builder: EdgeSink, draft: GraphDraft): DependenceGraph {
    const { source, units, input } = builder;
    const { names, packageBase } = draft;
    const written = input.expanded?.written ?? source;
    const translation = translateSymbols(input);
    const shift = translation.symbolCount - packageBase;
    const everything = builder.everything + shift;
    const nameBase = everything + 1 + draft.implemented.length;
    const madeBase = nameBase + names.length;
    const nodeOf = (node: number): number =>
        node >= packageBase ? node + shift : translation.nodeOf(node, madeBase);
    const nodesOf = new Map<string, number[]>();
    names.forEach(({ name, isBody }, at) => {
        if (!isBody) {
            appendTo(nodesOf, name, nameBase + at);
        }
    });
    const nodeCount = madeBase + translation.made.length;
    const { packages, testOnly } = placesOf(builder, { nodeCount, packageBase, nodeOf });
    input.model.packages.forEach((_, at) => {
        packages[translation.symbolCount + at] = at;
    });
    names.forEach((name, at) => {
        packages[nameBase + at] = name.package;
    });
    const { symbolCount } = translation;
    const edges = new Edges();
    draft.from.forEach((from, at) => {
        edges.add(nodeOf(from), nodeOf(draft.to[at] ?? 0), draft.kinds[at] ?? 0);
    });
    // What is not found again in the expanded text may be used by all of its package.
    for (const { symbol, package: index } of translation.lost) {
        edges.add(symbol, symbolCount + index, WAY.package);
    }
    if (input.expanded !== undefined) {
        const items = draft.implemented.map(
            (one, at) => [nodeOf(one), everything + 1 + at] as const,
        );
        addImplicit(edges, input.expanded, new Map(items));
    }
    const made = translation.made.map((one, at) => ({ ...one, node: madeBase + at }));
    // It is kept as long as its state is: nothing in it may hold the builder, and so the syntax of all files.
    return {
        csr: edges.build(packages.length),
        units: input.expanded === undefined ? units : crateUnits({ ...input, source: written }),
        tests: new Set([...draft.tests].map(nodeOf)),
        macroModules: new Set([...builder.macroModules].map(nodeOf)),
        ...{ packages, testOnly, everything, made },
        ...lookUps(written, {
            ...{ symbolCount, everything, nameBase, madeBase, made, nodesOf },
            names,
            models: input.model.packages.map(({ name }) => name),
            implemented: draft.implemented.map((one) => source.displayOf(one)),
        }),
    };
}

/** The packages of symbols' nodes, and which of these only tests have. */
function placesOf(
    builder: EdgeSink,
    to: {
        readonly nodeCount: number;
        readonly packageBase: number;
        readonly nodeOf: (node: number) => number;
    },
): Pick<DependenceGraph, "testOnly"> & { readonly packages: Int32Array } {
    const { source, units } = builder;
    const packages = new Int32Array(to.nodeCount).fill(-1);
    const testOnly = new Uint8Array(to.nodeCount);
    const plain = new Uint8Array(to.nodeCount);
    const ofTests = testOnlySymbols(builder, units);
    for (let symbol = 0; symbol < to.packageBase; symbol++) {
        const node = to.nodeOf(symbol);
        if (node === -1 || source.externalPath(symbol) !== "") {
            continue;
        }
        packages[node] = units.get(source.symbol(symbol).crate ?? symbol)?.package ?? -1;
        // Of one that a macro gives twice, each under a predicate, one may be in every build.
        plain[node] ||= ofTests[symbol] === 1 ? 0 : 1;
        testOnly[node] = plain[node] === 1 ? 0 : 1;
    }
    return { packages, testOnly };
}

function lookUps(
    written: ResolutionSource,
    to: {
        readonly symbolCount: number;
        readonly everything: number;
        readonly nameBase: number;
        readonly madeBase: number;
        readonly made: readonly MadeItem[];
        readonly nodesOf: ReadonlyMap<string, readonly number[]>;
        readonly names: readonly NameLabel[];
        readonly models: readonly string[];
        readonly implemented: readonly string[];
    },
): Pick<DependenceGraph, "symbolCount" | "madeAt" | "packageNode" | "nameNodes" | "label"> {
    const { symbolCount, everything, nameBase, madeBase, made, nodesOf, names } = to;
    return {
        symbolCount,
        madeAt: (node) => made[node - madeBase],
        packageNode: (index) => symbolCount + index,
        nameNodes: (name) => nodesOf.get(name) ?? [],
        label: (node) => {
            if (node < symbolCount) {
                return written.displayOf(node);
            }
            if (node < everything) {
                return `package ${to.models[node - symbolCount] ?? ""}`;
            }
            if (node < nameBase) {
                const item = to.implemented[node - everything - 1];
                return item === undefined ? "everything" : `an impl of ${item}`;
            }
            const name = names[node - nameBase];
            if (name === undefined) {
                return made[node - madeBase]?.display ?? "";
            }
            return name.isBody
                ? `the body of \`${name.name}!\``
                : `a token \`${name.name}\` that is not decided`;
        },
    };
}

/** Edges between numbered nodes; -1 is no node. */
class Edges {
    readonly #sources: number[] = [];
    readonly #targets: number[] = [];
    readonly #kinds: number[] = [];

    add(dependency: number, dependent: number, why: number): void {
        if (dependency !== -1 && dependent !== -1 && dependency !== dependent) {
            this.#sources.push(dependency);
            this.#targets.push(dependent);
            this.#kinds.push(why);
        }
    }

    build(nodeCount: number): Csr {
        return traversalHere().buildCsr(nodeCount, {
            sources: Uint32Array.from(this.#sources),
            targets: Uint32Array.from(this.#targets),
            kinds: Uint8Array.from(this.#kinds),
        });
    }
}

/** Adds calls that rustc saw in the written text and that no token names. */
function addImplicit(
    edges: Edges,
    { written }: ExpandedInput,
    implementors: ReadonlyMap<number, number>,
): void {
    for (let file = 0; file < written.files.length; file++) {
        const calls = written.implicitCalls(file);
        calls.source.forEach((from, row) => {
            const caller = written.nodeOf(from);
            const called = written.nodeOf(calls.target[row] ?? 0);
            edges.add(called, caller, WAY.calls);
            edges.add(implementors.get(called) ?? -1, caller, WAY.calls);
        });
    }
}
