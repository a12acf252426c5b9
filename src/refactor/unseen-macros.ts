// Attributes and macro calls around an item whose output is not seen: what they make beside it is named in the workspace,
// and nothing there declares it.

import type { Span } from "../base/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { MeaningContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";

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

/** Lists the spans of the attributes on the items around a node, its own included. */
export function attributesAround(file: FileSyntax, node: number): Span[] {
    const spans: Span[] = [];
    for (let at = node; at !== 0; at = file.parent(at)) {
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

/**
 * Whether a macro is given what a symbol is a part of (the enum of a variant, the impl, trait or module of an item), so that
 * it may write a copy of another name beside it.
 */
export function mayBeCopied(context: MeaningContext, symbol: SymbolInfo): boolean {
    const answers = known.get(context.resolution) ?? new Map<number, boolean>();
    known.set(context.resolution, answers);
    const answer = answers.get(symbol.index) ?? isGiven(context, symbol);
    answers.set(symbol.index, answer);
    return answer;
}

function isGiven(context: MeaningContext, { file: path, nameSpan, kind }: SymbolInfo): boolean {
    const tree = path === undefined ? undefined : context.treeOf(path);
    if (path === undefined || nameSpan === undefined || tree === undefined) {
        return true;
    }
    const file = new FileSyntax(path, tree, context.textOf(path));
    const name = tree.nodeAt(nameSpan.start) ?? 0;
    // An attribute of a function itself makes no other one of its name.
    const from = kind === "variant" ? name : file.parent(file.parent(name));
    return (
        isInCall(context, file, from, kind === "variant") ||
        attributesAround(file, from).some(
            (span) => unseenAttributeIn(context.resolution, path, span) !== undefined,
        )
    );
}

/** Whether a node stands in the input of a macro: of one that is not seen, or of any. */
function isInCall(
    { resolution }: MeaningContext,
    file: FileSyntax,
    from: number,
    isAny: boolean,
): boolean {
    for (let at = from; at !== 0; at = file.parent(at)) {
        if (file.is(at, "macro_definition")) {
            return true;
        }
        const path = file.is(at, "macro_invocation") ? file.child(at, "macro") : undefined;
        if (path !== undefined && (isAny || !isSeenMacro(resolution, file, path))) {
            return true;
        }
    }
    return false;
}

/** Whether a call's macro is the workspace's or std's, or gives its input back. */
function isSeenMacro(resolution: Resolution, file: FileSyntax, path: number): boolean {
    const start = file.start(file.child(path, "name") ?? path);
    const found = resolution
        .occurrencesAt(file.path, start)
        .filter((one) => one.span.start === start);
    return (
        found.length > 0 &&
        found.every(({ binding }) =>
            binding.kind === "symbol"
                ? binding.symbols.every((one) => resolution.symbol(one).file !== undefined)
                : binding.kind === "builtin" ||
                  (binding.kind === "external" &&
                      (OF_STD.test(binding.path) || binding.path.startsWith("cfg_if"))),
        )
    );
}
