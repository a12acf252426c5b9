// Attributes and macro calls around an item whose output is not seen: what they make beside it is named in the workspace,
// and nothing there declares it.

import type { Span } from "../base/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { MeaningContext } from "./context.ts";

/** Paths of what std gives. */
export const OF_STD = /^(?:std|core|alloc)(?:::|$)/u;

/** Finds a macro among the attributes of a range that neither the language nor std has; a derive is one, too. */
export function unseenAttributeIn(
    resolution: Resolution,
    path: string,
    range: Span,
): Occurrence | undefined {
    return resolution
        .occurrencesIn(path)
        .find(
            ({ role, span, binding }) =>
                role === "attribute" &&
                span.start >= range.start &&
                span.end <= range.end &&
                binding.kind !== "builtin" &&
                (binding.kind !== "external" || !OF_STD.test(binding.path)),
        );
}

/** Lists the spans of the attributes on the items around an offset, the innermost included. */
export function attributesAround(file: FileSyntax, offset: number): Span[] {
    const spans: Span[] = [];
    for (let at = file.tree.nodeAt(offset) ?? 0; at !== 0; at = file.parent(at)) {
        const before: Span[] = [];
        for (const sibling of file.tree.childrenOf(file.parent(at))) {
            if (file.is(sibling, "inner_attribute_item")) {
                spans.push(file.span(sibling));
            } else if (file.is(sibling, "attribute_item")) {
                before.push(file.span(sibling));
            } else if (sibling === at) {
                spans.push(...before);
            } else if (!file.is(sibling, "doc_comment")) {
                before.length = 0;
            }
        }
    }
    return spans;
}

const known = new WeakMap<Resolution, Map<number, boolean>>();

/** Whether a macro is given a type, so that it may write others that have members of the same names. */
export function mayBeCopied(context: MeaningContext, type: SymbolInfo): boolean {
    const answers = known.get(context.resolution) ?? new Map<number, boolean>();
    known.set(context.resolution, answers);
    const answer = answers.get(type.index) ?? isGiven(context, type);
    answers.set(type.index, answer);
    return answer;
}

function isGiven(context: MeaningContext, { file: path, nameSpan }: SymbolInfo): boolean {
    const tree = path === undefined ? undefined : context.treeOf(path);
    if (path === undefined || nameSpan === undefined || tree === undefined) {
        return true;
    }
    const file = new FileSyntax(path, tree, context.textOf(path));
    const name = tree.nodeAt(nameSpan.start) ?? 0;
    return (
        file.around(name, "macro_invocation", "macro_definition") !== undefined ||
        attributesAround(file, nameSpan.start).some(
            (span) => unseenAttributeIn(context.resolution, path, span) !== undefined,
        )
    );
}
