// The graph of what depends on what, of the workspace with macro calls expanded: what stands in a macro's body and input
// then means what it means in each call.

import { expandEverywhere } from "../../refactor/index.ts";
import { Resolver, type ResolvedWorkspace } from "../../resolve/index.ts";
import type { FileCapture, SyntaxParser } from "../../syntax/index.ts";
import type { View } from "../view.ts";
import { spansUnderMacros } from "./attribute-facts.ts";
import { buildDependenceGraph } from "./dependence-graph.ts";
import type { DependenceGraph } from "./graph-layout.ts";

/** Builds the graph of a state. */
export function buildExpandedGraph(
    parser: SyntaxParser,
    state: {
        readonly view: Pick<View, "model" | "text">;
        readonly resolution: ResolvedWorkspace;
        readonly captures: ReadonlyMap<string, FileCapture>;
    },
): DependenceGraph {
    const { view, resolution, captures } = state;
    const { model } = view;
    const { source: written } = resolution;
    // What is taken back afterwards changes few files: the next round takes over the tables of the others.
    const resolver = new Resolver();
    const code = expandEverywhere({
        ...{ resolution, model, captures },
        textOf: (path) => view.text(path),
        isTakenApart: (path, offset) => {
            const tree = captures.get(path)?.tree;
            const spans = tree === undefined ? [] : spansUnderMacros(tree);
            return spans.some(({ start, end }) => start <= offset && offset < end);
        },
        capture: (path, text) => parser.capture(path, text),
        resolve: (changed) => resolver.resolve({ model, captures: changed }),
    });
    return code === undefined
        ? buildDependenceGraph({ model, source: written, captures })
        : buildDependenceGraph({
              model,
              source: code.resolution.source,
              captures: code.captures,
              expanded: { code, written },
          });
}
