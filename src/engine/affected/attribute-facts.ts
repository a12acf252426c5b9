// What attributes say of items without a token that resolves: names in strings, tests, what runs unasked.

import { appendTo, type Span } from "../../base/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import type { FileCapture, SyntaxTree } from "../../syntax/index.ts";

/** What the attributes of one file say. */
export interface AttributeFacts {
    /** Words in attributes of items, which a macro may turn into names. */
    readonly words: readonly { readonly symbol: number; readonly word: string }[];
    readonly tests: readonly number[];
    /** Items that run, or are linked, without being named. */
    readonly alwaysRun: readonly number[];
}

const ALWAYS_RUN: ReadonlySet<string> = new Set([
    "ctor",
    "dtor",
    "distributed_slice",
    "no_mangle",
    "export_name",
    "global_allocator",
    "panic_handler",
    "alloc_error_handler",
    "used",
    "link_section",
]);

/** Attributes of the language, which name no item that no token names. */
const BUILTIN: ReadonlySet<string> = new Set([
    "allow",
    "cfg",
    "cold",
    "default",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "forbid",
    "ignore",
    "inline",
    "macro_export",
    "macro_use",
    "must_use",
    "non_exhaustive",
    "path",
    "repr",
    "should_panic",
    "test",
    "track_caller",
    "warn",
]);

/** Reads the attributes of a file. */
export function attributeFactsOf(
    source: ResolutionSource,
    path: string,
    { tree }: Pick<FileCapture, "tree">,
): AttributeFacts {
    const words: { symbol: number; word: string }[] = [];
    const tests: number[] = [];
    const alwaysRun: number[] = [];
    const attributes = attributesByItem(tree);
    if (attributes.size === 0) {
        return { words, tests, alwaysRun };
    }
    const byName = symbolsByName(source, path);
    for (const [item, nodes] of attributes) {
        const name = tree.findChild(item, "name");
        const symbols = byName.get(tree.columns.start[name ?? item] ?? 0) ?? [];
        for (const node of nodes) {
            const named = namesUnder(tree, node);
            const isTest = named.some((each) => /test|quickcheck/u.test(each));
            for (const symbol of symbols) {
                if (isTest && !named.includes("cfg") && source.kindOf(symbol) === "function") {
                    tests.push(symbol);
                }
                if (named.some((each) => ALWAYS_RUN.has(each))) {
                    alwaysRun.push(symbol);
                }
                if (!BUILTIN.has(named[0] ?? "")) {
                    named.forEach((word) => words.push({ symbol, word }));
                }
            }
        }
    }
    return { words, tests, alwaysRun };
}

const underMacros = new WeakMap<SyntaxTree, readonly Span[]>();

/** Items with attributes that may be macros, which may do anything with what stands in them. */
export function spansUnderMacros(tree: SyntaxTree): readonly Span[] {
    let spans = underMacros.get(tree);
    if (spans === undefined) {
        const { start, end } = tree.columns;
        spans = [...attributesByItem(tree)].flatMap(([item, nodes]) =>
            nodes.every((node) => BUILTIN.has(namesUnder(tree, node)[0] ?? ""))
                ? []
                : [{ start: start[item] ?? 0, end: end[item] ?? 0 }],
        );
        underMacros.set(tree, spans);
    }
    return spans;
}

function attributesByItem(tree: SyntaxTree): Map<number, number[]> {
    const found = new Map<number, number[]>();
    const { next, parent } = tree.columns;
    for (let node = 0; node < tree.count; node++) {
        if (tree.kindOf(node) !== "attribute_item") {
            continue;
        }
        const end = next[parent[node] ?? 0] ?? 0;
        let item = next[node] ?? end;
        while (item < end && ["attribute_item", "doc_comment"].includes(tree.kindOf(item))) {
            item = next[item] ?? end;
        }
        if (item < end) {
            appendTo(found, item, node);
        }
    }
    return found;
}

function namesUnder(tree: SyntaxTree, node: number): string[] {
    const names = new Set<string>();
    for (let at = node; at < (tree.columns.next[node] ?? 0); at++) {
        for (const [word] of tree.nameOf(at).matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
            names.add(word);
        }
    }
    return [...names];
}

const cache = new WeakMap<ResolutionSource, Map<string, Map<number, number[]>>>();

/** Symbols of a file by the start of their name. */
export function symbolsByName(
    source: ResolutionSource,
    path: string,
): ReadonlyMap<number, readonly number[]> {
    let files = cache.get(source);
    if (files === undefined) {
        files = new Map();
        for (let index = 0; index < source.symbolCount; index++) {
            if (source.externalPath(index) === "" && source.nodeOf(index) === index) {
                const { file, nameSpan, extent } = source.symbol(index);
                const start = (nameSpan ?? extent)?.start;
                if (file !== undefined && start !== undefined) {
                    const symbols = files.get(file) ?? new Map<number, number[]>();
                    files.set(file, symbols);
                    appendTo(symbols, start, index);
                }
            }
        }
        cache.set(source, files);
    }
    return files.get(path) ?? new Map();
}
