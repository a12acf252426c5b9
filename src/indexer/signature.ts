// The header of a definition as one line.

import type { SymbolKind } from "../graph/index.ts";
import type { FileToIndex } from "./file-to-index.ts";

/** Definitions that say nothing in their header but what other columns say. */
const WITHOUT: ReadonlySet<SymbolKind> = new Set(["crate", "module", "macro"]);

/** The text of a definition up to its body, in one line; null where there is none to speak of. */
export function signatureOf(file: FileToIndex, kind: SymbolKind, node: number): string | null {
    const { tree } = file.capture;
    if (WITHOUT.has(kind)) {
        return null;
    }
    const { start, end } = tree.columns;
    // A value is no part of a signature, a type is.
    const cut = tree.findChild(node, "body") ?? tree.findChild(node, "value");
    const from = start[node] ?? 0;
    const to = cut === undefined ? (end[node] ?? 0) : (start[cut] ?? 0);
    return oneLine(file.text.slice(from, to)).replace(/\s*[=;]$/u, "");
}

/** A text with comments taken out and every run of white space as one blank. */
export function oneLine(text: string): string {
    return text
        .replace(/\/\/[^\n]*|\/\*[^]*?\*\//gu, " ")
        .replace(/\s+/gu, " ")
        .trim();
}
