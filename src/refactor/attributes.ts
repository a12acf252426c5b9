// The attributes of a definition, as text.

import type { Span } from "../base/index.ts";
import type { SymbolInfo } from "../resolve/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";

/** One attribute, without `#[` and `]`. */
export interface AttributeText {
    /** `derive(Debug, Clone)`. */
    readonly text: string;
    /** `derive`; `::`-joined, `unsafe(…)` taken off. */
    readonly path: string;
    readonly span: Span;
}

/** Reads the outer attributes of the item whose name stands at an offset. */
export function readAttributes(
    tree: SyntaxTree,
    text: string,
    nameOffset: number,
): AttributeText[] {
    const { kind, parent, start, end } = tree.columns;
    const name = tree.nodeAt(nameOffset);
    if (name === undefined || name === 0) {
        return [];
    }
    const item = parent[name] ?? 0;
    const found: AttributeText[] = [];
    for (const sibling of tree.childrenOf(parent[item] ?? 0)) {
        if (sibling === item) {
            return found;
        }
        if (kind[sibling] === KIND.attribute_item) {
            const attribute = tree.findKind(sibling, "attribute") ?? sibling;
            const span = { start: start[attribute] ?? 0, end: end[attribute] ?? 0 };
            const content = text.slice(span.start, span.end);
            const bare = content.replace(/^unsafe\s*\(/u, "");
            found.push({
                text: content,
                path: /^[\p{XID_Continue}:]+/u.exec(bare)?.[0] ?? "",
                span,
            });
        } else if (kind[sibling] !== KIND.doc_comment) {
            found.length = 0;
        }
    }
    return [];
}

/** The attributes of a symbol's definition; none where it is not in an open file. */
export function attributesOf(context: RenameContext, symbol: SymbolInfo): AttributeText[] {
    const { file, nameSpan } = symbol;
    const tree = file === undefined ? undefined : context.treeOf(file);
    return file === undefined || nameSpan === undefined || tree === undefined
        ? []
        : readAttributes(tree, context.textOf(file), nameSpan.start);
}

/** Last segments of the traits that the attributes derive, those inside `cfg_attr` included. */
export function derivesOf(attributes: readonly AttributeText[]): string[] {
    return attributes.flatMap(({ text }) =>
        [...text.matchAll(/\bderive\s*\(([^)]*)\)/gu)].flatMap((match) =>
            (match[1] ?? "")
                .split(",")
                .map((path) => path.trim().split("::").at(-1)?.trim() ?? "")
                .filter((last) => last !== ""),
        ),
    );
}
