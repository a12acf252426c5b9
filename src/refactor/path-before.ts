// What stands before a token's `::` can tell that the token names no member of a type: the type has another
// name, and no alias has the one that is written.

import {
    UNOWNED_REASON,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import { KIND } from "../syntax/index.ts";
import type { MeaningContext } from "./context.ts";
import { isUndecided } from "./find-target.ts";
import { firstAfter, lastBefore } from "./places.ts";
import { isNoHolder, mayHoldItem, mayStandFor } from "./path-holders.ts";
import { isQuoted } from "./quoted-code.ts";
import { mayBeCopied } from "./unseen-macros.ts";

/** Whether the path before an undecided token can lead to the symbol. Says no only when it is certain. */
export function fitsPath(
    context: MeaningContext,
    symbol: SymbolInfo,
    occurrence: Occurrence,
): boolean {
    const { resolution } = context;
    const text = context.textOf(occurrence.file);
    if (!isReadAsPath(context, occurrence)) {
        return true;
    }
    const before = segmentBefore(text, listStart(text, occurrence));
    if (before === undefined) {
        return true;
    }
    if (isFreeItem(resolution, symbol)) {
        return (
            before.name !== "Self" &&
            !isType(resolution, occurrence.file, before) &&
            !isStdCrate(context, before) &&
            (mayHoldItem(context, symbol, before.name) ||
                mayBeMade(context, symbol, occurrence.file, before))
        );
    }
    if (before.name === "Self") {
        return true;
    }
    const types = typesOfMember(resolution, symbol);
    if (types === undefined) {
        return symbol.kind === "variant" || !isNoHolder(context, before.name, symbol);
    }
    const decided = typesAt(resolution, occurrence.file, before);
    return decided === undefined
        ? types.some(
              (type) =>
                  before.name === type.name ||
                  mayStandFor(context, before.name, type) ||
                  mayBeMade(context, symbol, occurrence.file, before),
          )
        : types.some(({ index }) => decided.has(index));
}

/** Whether nothing that is seen declares a segment, and a macro may, with what the symbol is a part of in it. */
function mayBeMade(
    context: MeaningContext,
    symbol: SymbolInfo,
    file: string,
    { start }: Segment,
): boolean {
    const isOpen = context.resolution
        .occurrencesAt(file, start)
        .filter((one) => one.span.start === start)
        .some(({ binding }) => isUndecided(binding));
    return isOpen && mayBeCopied(context, symbol);
}

/** Whether a token is read in its place: a macro may take its input apart, so the input of macros in its body. */
export function isReadAsPath(context: MeaningContext, occurrence: Occurrence): boolean {
    const { role, file, span } = occurrence;
    if (isQuoted(context, occurrence)) {
        // It is written as it stands, but for what a `#` brings.
        return isOutsideInput(context, { file, span });
    }
    if (role !== "macro-body") {
        return role !== "macro-input" && role !== "attribute" && role !== "doc-link";
    }
    return isOutsideInput(context, { file, span });
}

/** Whether no macro inside a body, or inside of quoted code, gets a token as its input. */
function isOutsideInput(
    context: MeaningContext,
    { file, span }: Pick<Occurrence, "file" | "span">,
): boolean {
    const tree = context.treeOf(file);
    if (tree === undefined) {
        return false;
    }
    const text = context.textOf(file);
    const { kind, parent, start } = tree.columns;
    for (let at = tree.nodeAt(span.start) ?? 0; at !== 0; at = parent[at] ?? 0) {
        const call = parent[at] ?? 0;
        if (kind[call] === KIND.macro_invocation) {
            // A call inside of quoted code is not read as one.
            const name = start[tree.findChild(call, "macro") ?? call] ?? 0;
            const found = context.resolution.occurrencesAt(file, name);
            return found.every(({ binding }) => binding.kind !== "opaque");
        }
        const isMatcher = kind[at] === KIND.token_tree_pattern;
        if (
            isMatcher ||
            (kind[at] === KIND.token_tree && isMacroInput(context, text, start[at] ?? 0))
        ) {
            return false;
        }
    }
    return true;
}

/** Whether a bracket begins the input of a macro that is not one of std's. */
function isMacroInput({ resolution }: MeaningContext, text: string, open: number): boolean {
    const bang = lastBefore(text, open);
    if (text[bang] !== "!") {
        return text[bang] === "#" || isDefined(text, bang);
    }
    const end = lastBefore(text, bang) + 1;
    const name = nameBefore(text, end);
    if (name === undefined) {
        return true;
    }
    const isOwn = resolution
        .findByName(name)
        .some((one) => resolution.symbol(one).kind === "macro");
    return isOwn || !READING_MACROS.has(name);
}

/** Whether the word that ends here is what a macro defines: `macro_rules! name {`. */
function isDefined(text: string, last: number): boolean {
    let at = last;
    while (at >= 0 && /[\p{XID_Continue}$]/u.test(text[at] ?? "")) {
        at -= 1;
    }
    const bang = lastBefore(text, at + 1);
    const before = text.slice(Math.max(0, bang - NAME_MAX), bang);
    // `if !$x {` calls nothing.
    return at < last && text[bang] === "!" && !/\b(?:if|while|match|return)\s*$/u.test(before);
}

/** Macros of std that read their input as expressions. */
const READING_MACROS: ReadonlySet<string> = new Set(
    "assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne vec".split(" "),
);

interface Segment {
    readonly name: string;
    readonly start: number;
}

/** Where a name in an import's list would stand without the list; where the token stands for any other. */
function listStart(text: string, { role, span }: Occurrence): number {
    const sign = text[lastBefore(text, span.start)] ?? "";
    if (role !== "import" || !/[{,]/u.test(sign)) {
        return span.start;
    }
    let depth = 1;
    for (let at = span.start - 1; at >= 0 && depth > 0; at--) {
        const char = text[at] ?? "";
        if (/[;/]/u.test(char)) {
            return span.start;
        }
        depth += char === "}" ? 1 : char === "{" ? -1 : 0;
        if (depth === 0) {
            return at;
        }
    }
    return span.start;
}

/** The plain name before the `::` that a token follows; undefined where there is none, or a metavariable. */
function segmentBefore(text: string, start: number): Segment | undefined {
    const colons = lastBefore(text, start) - 1;
    if (!text.startsWith("::", colons)) {
        return undefined;
    }
    const end = beforeArguments(text, lastBefore(text, colons) + 1);
    const name = nameBefore(text, end);
    if (name === undefined || name.length === NAME_MAX) {
        return undefined;
    }
    const at = end - name.length;
    const isMetavariable = text[lastBefore(text, at)] === "$";
    return isMetavariable || text[at - 1] === "#" ? undefined : { name, start: at };
}

/** The name that ends at an offset, of at most `NAME_MAX` units. */
function nameBefore(text: string, end: number): string | undefined {
    const from = Math.max(0, end - NAME_MAX);
    let start = end;
    while (start > from && ASCII_NAME.test(text[start - 1] ?? "")) {
        start -= 1;
    }
    // Most names are plain; a search by the tables of Unicode tries each of the characters before.
    if (start > from && (text.codePointAt(start - 1) ?? 0) < 0x80) {
        while (start < end && /\d/u.test(text[start] ?? "")) {
            start += 1;
        }
        return start === end ? undefined : text.slice(start, end);
    }
    return /[\p{XID_Start}_]\p{XID_Continue}*$/u.exec(text.slice(from, end))?.[0];
}

const ASCII_NAME = /^[0-9A-Za-z_]$/u;

const NAME_MAX = 256;

/** Where a segment ends whose generic arguments, `::<…>`, end at an offset: the offset itself where there are none. */
function beforeArguments(text: string, end: number): number {
    if (text[end - 1] !== ">") {
        return end;
    }
    let depth = 0;
    for (let at = end - 1; at >= Math.max(0, end - NAME_MAX); at--) {
        const char = text[at] ?? "";
        if (char === '"' || char === "/" || (char === "'" && text[at + 2] === "'")) {
            return end;
        }
        const isArrow = char === ">" && /[-=]/u.test(text[at - 1] ?? "");
        depth += char === ">" && !isArrow ? 1 : char === "<" ? -1 : 0;
        if (depth === 0) {
            const colons = lastBefore(text, at);
            const isTurbofish = text[colons] === ":" && text[colons - 1] === ":";
            return isTurbofish ? lastBefore(text, colons - 1) + 1 : end;
        }
    }
    return end;
}

/** Items that a path reaches through modules only. */
function isFreeItem(resolution: Resolution, { kind, parent }: SymbolInfo): boolean {
    const holder = parent === undefined ? undefined : resolution.symbol(parent).kind;
    return FREE_KINDS.has(kind) && (holder === "module" || holder === "crate");
}

const FREE_KINDS: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "function",
    "const",
    "static",
    "struct",
    "enum",
    "union",
    "trait",
    "trait-alias",
    "type-alias",
    "macro",
    "module",
]);

/** Whether a segment begins a path into std: nothing of the workspace, and no import, has the crate's name. */
function isStdCrate({ resolution, textOf }: MeaningContext, { name }: Segment): boolean {
    if (!STD_CRATES.has(name)) {
        return false;
    }
    const isOutside = resolution
        .findByName(name)
        .every((one) => resolution.symbol(one).kind === "external");
    return (
        isOutside &&
        resolution.occurrencesNamed(name).every(({ binding, file, span }) => {
            switch (binding.kind) {
                case "external":
                    // `extern crate core as std;` is one, too.
                    return STD_CRATES.has(binding.path);
                case "builtin":
                case "local":
                    return true;
                case "symbol":
                    return false;
                case "ambiguous":
                case "unresolved":
                case "opaque": {
                    if ("reason" in binding && binding.reason === UNOWNED_REASON) {
                        return true;
                    }
                    // What stands before `::` defines nothing.
                    const text = textOf(file);
                    const from = firstAfter(text, span.end);
                    return text.startsWith("::", from);
                }
            }
        })
    );
}

const STD_CRATES: ReadonlySet<string> = new Set(["std", "core", "alloc", "proc_macro"]);

const TYPE_KINDS: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "type-alias",
    "assoc-type",
]);

/** Whether a segment is decided, and names a type: no module. */
function isType(resolution: Resolution, file: string, { start }: Segment): boolean {
    const found = resolution.occurrencesAt(file, start).filter((one) => one.span.start === start);
    return (
        found.length > 0 &&
        found.every(({ binding }) =>
            binding.kind === "local"
                ? binding.local.kind === "type-parameter"
                : binding.kind === "symbol" &&
                  binding.symbols.every((one) => TYPE_KINDS.has(resolution.symbol(one).kind)),
        )
    );
}

/** The type whose own name leads to a member, with its twins: of a variant, of an item in an impl without a trait. */
function typesOfMember(
    resolution: Resolution,
    symbol: SymbolInfo,
): readonly SymbolInfo[] | undefined {
    if (symbol.parent === undefined) {
        return undefined;
    }
    const parent = resolution.symbol(symbol.parent);
    if (symbol.kind === "variant") {
        return parent.kind === "enum" ? [parent] : undefined;
    }
    const path = /^[^<>&[\]() ]+(?=::[^:]+$)/u.exec(symbol.display)?.[0];
    if (path === undefined || resolution.externalTraitOf(symbol.index) !== undefined) {
        return undefined;
    }
    const name = path.slice(path.lastIndexOf(":") + 1);
    const found = resolution
        .findByName(name)
        .map((one) => resolution.symbol(one))
        .filter(({ kind, display }) => DATA_KINDS.has(kind) && display === path);
    return found.length > 0 && parent.kind !== "trait" ? found : undefined;
}

const DATA_KINDS: ReadonlySet<SymbolInfo["kind"]> = new Set(["struct", "enum", "union"]);

/** The data types that a segment is decided to name, none where it names one from outside; undefined for what else it may. */
function typesAt(
    resolution: Resolution,
    file: string,
    { start }: Segment,
): ReadonlySet<number> | undefined {
    const types = new Set<number>();
    const found = resolution.occurrencesAt(file, start).filter((one) => one.span.start === start);
    for (const { binding } of found) {
        const isData =
            binding.kind === "symbol" &&
            binding.symbols.every((one) => DATA_KINDS.has(resolution.symbol(one).kind));
        if (!isData) {
            return undefined;
        }
        binding.symbols.forEach((one) => types.add(one));
    }
    return types.size === 0 ? undefined : types;
}
