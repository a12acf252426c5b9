// The graph of what depends on what, of the workspace with macro calls expanded: what stands in a macro's body and input
// then means what it means in each call.

import type { Steps } from "../../base/index.ts";
import { expandEverywhere } from "../../refactor/index.ts";
import { Resolver, type ResolvedWorkspace } from "../../resolve/index.ts";
import type { FileCapture, SyntaxParser } from "../../syntax/index.ts";
import type { View } from "../view.ts";
import { spansUnderMacros } from "./attribute-facts.ts";
import { buildDependenceGraph } from "./dependence-graph.ts";
import type { DependenceGraph } from "./graph-layout.ts";

/**
 * Builds the graph of a state, a file in each step. A workspace that is too large is taken as it is written: expanded it
 * would be held a second time.
 */
export function* buildExpandedGraph(
    parser: SyntaxParser,
    state: {
        readonly view: Pick<View, "model" | "text">;
        readonly resolution: ResolvedWorkspace;
        readonly captures: ReadonlyMap<string, FileCapture>;
    },
): Steps<DependenceGraph> {
    const { view, resolution, captures } = state;
    const { model } = view;
    const { source: written } = resolution;
    if (isTooLarge(captures)) {
        return yield* buildDependenceGraph({ model, source: written, captures });
    }
    // What is taken back afterwards changes few files: the next round takes over the tables of the others.
    const resolver = new Resolver();
    const code = yield* expandEverywhere({
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
    return yield* buildDependenceGraph(
        code === undefined
            ? { model, source: written, captures }
            : {
                  model,
                  source: code.resolution.source,
                  captures: code.captures,
                  expanded: { code, written },
              },
    );
}

/** Text that is expanded at most, in UTF-16 units; a hundred bytes of memory for each. */
const EXPANDED_MAX = 48 * 1024 * 1024;

/** Whether a workspace is not expanded for its size. */
export function isTooLarge(captures: ReadonlyMap<string, FileCapture>): boolean {
    let length = 0;
    for (const { tree } of captures.values()) {
        length += tree.columns.end[0] ?? 0;
    }
    return length > EXPANDED_MAX;
}
