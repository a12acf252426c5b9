// The graph of what depends on what: its nodes.

import { expect, test } from "vitest";

import { finishSteps } from "../../../../src/base/index.ts";
import { buildDependenceGraph } from "../../../../src/engine/affected/dependence-graph.ts";
import { resolveWorkspace } from "../../../../src/resolve/index.ts";
import { openSyntax } from "../../../../src/syntax/index.ts";
import { parseFixture } from "../../../support/fixture.ts";

test("what is no symbol is numbered after all symbols, those that walking the files makes included", async () => {
    const { files, model } = parseFixture(`//- /src/lib.rs crate:demo
pub fn one(text: &str) -> usize { text.trim().len() + std::mem::size_of::<u8>() }
pub fn two(map: std::collections::BTreeMap<u8, u8>) -> usize { map.len() + undecided!() }
#[test]
fn tested() { one("a"); }
`);
    const syntax = await openSyntax();
    const captures = new Map(
        [...files].map(([path, text]) => [path, syntax.capture(path, text)] as const),
    );
    const { source } = resolveWorkspace({ model, captures });
    const before = source.symbolCount;
    const graph = finishSteps(buildDependenceGraph({ model, source, captures }));
    expect(source.symbolCount).toBeGreaterThan(before);
    expect(graph.packageNode(0)).toBe(source.symbolCount);
    expect(graph.label(graph.packageNode(0))).toBe("package demo");
});
