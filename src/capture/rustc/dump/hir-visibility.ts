// Paths in `pub(in path)`. The dumps print their span alone; what they name follows from the language:
// a module that holds the item.

import { childText, type DebugNode } from "./debug-tree.ts";
import { contextOf, isPathKeyword, parentPath } from "./dump-words.ts";
import type { HirScope } from "./hir-scope.ts";
import { pathIdents } from "./path-tokens.ts";
import { tokenSpan } from "./place-finder.ts";

/** Adds the modules that the visibility of an item, member or field names. */
export function addVisibility(reader: HirScope, owner: string, node: DebugNode): void {
    const printed = childText(node, "vis_span");
    if (printed === undefined || contextOf(printed) !== 0) {
        return;
    }
    const { collector } = reader;
    const span = collector.files.span(printed);
    if (span === undefined || span.end - span.start < "pub(in a)".length) {
        return;
    }
    const file = collector.files.file(span.file);
    const { tokens } = file;
    const pub = tokens.at(span.start);
    if (!tokens.isPunctuation(pub + 1, "(") || tokens.name(pub + 2) !== "in") {
        return;
    }
    const idents = pathIdents(tokens, tokens.starts[pub + 3] ?? span.end, span.end);
    const names = idents.map((index) => tokens.name(index));
    const modules = modulesAround(reader, owner);
    if (names[0] !== "crate") {
        return;
    }
    for (let at = 1; at < names.length; at += 1) {
        const path = modules.find(
            (each) => each.split("::").slice(1).join("::") === names.slice(1, at + 1).join("::"),
        );
        const name = names[at] ?? "";
        const index = idents[at] ?? -1;
        if (path === undefined || isPathKeyword(name)) {
            return;
        }
        const target = collector.target("definition", path);
        collector.use(name, { at: tokenSpan(file, index, 0), role: "path", flags: 0, target });
    }
}

/** DefPaths of the modules that hold a definition, the crate left out. */
function modulesAround(reader: HirScope, owner: string): string[] {
    const found: string[] = [];
    for (let at = parentPath(owner); at !== undefined; at = parentPath(at)) {
        if (reader.collector.definitions.get(at)?.kind === "Mod") {
            found.push(at);
        }
    }
    return found;
}
