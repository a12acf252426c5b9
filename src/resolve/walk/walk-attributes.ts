// Attributes and doc links: what their tokens and strings name, where the language or a well-known derive says so;
// what another macro reads is opaque.

import { findFormatCaptures, FLAG, KIND } from "../../syntax/index.ts";
import { NS } from "../file-items.ts";
import { BUILTIN_ATTRIBUTES, STD_DERIVES, TOOL_MODULES } from "../known-names.ts";
import { isFound, noneInScope, type Found, type Lookup } from "../lookup.ts";
import { lookupMacro } from "../lookup-macros.ts";
import { DEAD_LINK_REASON } from "../opaque-table.ts";
import { isMemberFound } from "../types/method-lookup.ts";
import { stepInto } from "../paths.ts";
import { foundType, lookupFirst } from "../types/type-lowering.ts";
import { UNKNOWN, peel } from "../types/types.ts";
import type { Handler, Walk } from "./walk.ts";
import { visitPath } from "./walk-paths.ts";

const visitAttribute: Handler = (walk, node) => {
    const path = node + 1;
    const name = lastName(walk, path);
    const tokens = walk.tree.findChild(node, "arguments");
    const value = walk.tree.findChild(node, "value");
    visitAttributePath(walk, path);
    if (name === "derive" && tokens !== undefined) {
        visitDerives(walk, tokens);
    } else if (name === "proc_macro_derive" && tokens !== undefined) {
        visitProcMacroDerive(walk, tokens);
    } else if (tokens !== undefined && READERS.has(name) && walk.kind(path) === KIND.identifier) {
        READERS.get(name)?.(walk, tokens);
    } else if (!isPlainAttribute(name)) {
        for (const part of [tokens, value]) {
            if (part !== undefined) {
                visitAttributeTokens(walk, part, name);
            }
        }
    }
    return UNKNOWN;
};

/** Attributes whose arguments name nothing of the program. */
function isPlainAttribute(name: string): boolean {
    return BUILTIN_ATTRIBUTES.has(name) && name !== "cfg_attr" && name !== "test_case";
}

function visitAttributePath(walk: Walk, path: number): void {
    if (walk.kind(path) !== KIND.identifier) {
        const first = path + 1;
        if (TOOL_MODULES.has(walk.tree.nameOf(first))) {
            return;
        }
        visitPath(walk, path, NS.macro, "attribute");
        return;
    }
    const name = walk.tree.nameOf(path);
    const lookup = lookupMacro(walk.program, walk.scope, name, path);
    if (BUILTIN_ATTRIBUTES.has(name) && !(isFound(lookup) && isWorkspace(walk, lookup))) {
        walk.recordBuiltin(path, "attribute");
    } else {
        walk.record(path, "attribute", lookup);
    }
}

function isWorkspace(walk: Walk, lookup: Lookup): boolean {
    return (
        isFound(lookup) && lookup.symbols.some((one) => walk.program.symbolAt(one).external === "")
    );
}

/** Names in `derive(…)`: macros; where one is not found it is a dependency's, brought in by a glob or macro. */
function visitDerives(walk: Walk, tokens: number): void {
    let path: Lookup | undefined;
    for (const token of walk.tree.childrenOf(tokens)) {
        if (!SEGMENT_KINDS.has(walk.kind(token))) {
            continue;
        }
        const name = walk.tree.nameOf(token);
        const isLast = !walk.tree.hasFlag(token, FLAG.beforeColons);
        const isFirst = !walk.tree.hasFlag(token, FLAG.afterColons);
        const lookup: Lookup =
            isFirst && isLast
                ? lookupMacro(walk.program, walk.scope, name, token)
                : isFirst && !/^(?:crate|self|super)$/u.test(name)
                  ? walk.lookupMacroModule(name, token)
                  : segmentOf(walk, isFirst ? undefined : path, {
                        ...{ name, isLast, spaces: [NS.macro] },
                    });
        path = isLast ? undefined : lookup;
        if (isFirst && isLast && !isFound(lookup) && STD_DERIVES.has(name)) {
            walk.recordBuiltin(token, "attribute");
        } else if (walk.kind(token) === KIND.identifier) {
            walk.record(token, "attribute", lookup);
        }
    }
}

const SEGMENT_KINDS: ReadonlySet<number> = new Set([
    KIND.identifier,
    KIND.crate,
    KIND.self,
    KIND.super,
]);

/** A segment of a path; the first one where nothing comes before it, or a crate's after `::`. */
function segmentOf(
    walk: Walk,
    before: Lookup | undefined,
    at: { readonly name: string; readonly isLast: boolean; readonly spaces: readonly number[] },
): Lookup {
    const { name, isLast } = at;
    const spaces = isLast ? at.spaces : [NS.type];
    if (before === undefined) {
        const [space = NS.type] = spaces;
        const isPath = space === NS.type || /^(?:crate|self|super)$/u.test(name);
        return isPath
            ? lookupFirst(walk.semantics, name, walk.scope, !isLast)
            : walk.lookupItem(name, space);
    }
    if (!isFound(before)) {
        return before;
    }
    const inside = spaces
        .map((namespace) => stepInto(walk.program, before, { name, namespace, from: walk.scope }))
        .find(isFound);
    return inside ?? memberOf(walk, before, name, spaces) ?? { reason: `no ${name} there` };
}

/** What a type that was found has under a name. */
function memberOf(
    walk: Walk,
    found: Found,
    name: string,
    spaces: readonly number[],
): Lookup | undefined {
    const ty = peel(foundType(walk.semantics, found, []));
    for (const namespace of spaces) {
        const member = walk.members.associated(ty, { name, from: walk.scope }, namespace);
        if (isMemberFound(member) && member.ambiguous === undefined) {
            return member;
        }
    }
    return undefined;
}

function visitProcMacroDerive(walk: Walk, tokens: number): void {
    const name = walk.tree.findKind(tokens, "identifier");
    const index = walk.inst.items.items.findIndex((item) => item.nameNode === name);
    const symbol = index === -1 ? -1 : (walk.inst.symbols[index] ?? -1);
    if (name !== undefined && symbol !== -1) {
        walk.record(name, "definition", { symbols: [symbol], alias: false });
    }
}

const IDENTIFIER = /[\p{XID_Start}_]\p{XID_Continue}*/gu;

/** Tokens of an attribute that a macro reads; its strings may hold paths. */
function visitAttributeTokens(walk: Walk, node: number, name: string): void {
    const reason = `argument of #[${name}]`;
    const { kind, next } = walk.tree.columns;
    const end = next[node] ?? 0;
    for (let at = node; at < end; at++) {
        const code = kind[at] ?? 0;
        if (code === KIND.identifier) {
            const tokens = at + 1;
            const isKnown = READERS.get(walk.tree.nameOf(at));
            const isInner = name === "cfg_attr" && kind[tokens] === KIND.token_tree;
            if (isInner && isKnown !== undefined) {
                isKnown(walk, tokens);
                at = (next[tokens] ?? end) - 1;
                continue;
            }
            if (isInner && NAMELESS.has(walk.tree.nameOf(at)) && isWhole(walk, node, at)) {
                walk.recordUnknown(at, "attribute", reason, { opaque: true });
                at = (next[tokens] ?? end) - 1;
                continue;
            }
            walk.recordUnknown(at, "attribute", reason, { opaque: true });
        } else if (isString(code) && !isFeature(walk, at, name)) {
            recordWords(walk, at, name);
        }
    }
}

/** Attributes that are the language's in whatever place, and whose arguments name nothing of the program. */
const NAMELESS: ReadonlySet<string> = new Set(
    "feature allow expect warn deny forbid repr inline cold doc deprecated must_use".split(" "),
);

/** Whether a token begins one of the attributes that a `cfg_attr` holds: it stands in it, not in brackets. */
function isWhole(walk: Walk, attribute: number, token: number): boolean {
    const { parent } = walk.tree.columns;
    return (
        parent[token] === attribute &&
        !walk.tree.hasFlag(token, FLAG.afterColons) &&
        !walk.tree.hasFlag(token, FLAG.beforeColons)
    );
}

function isString(kind: number): boolean {
    return kind === KIND.string_literal || kind === KIND.raw_string_literal;
}

/** All words of a string, as what may name something. */
function recordWords(walk: Walk, string: number, name: string): void {
    for (const [word] of walk.tree.nameOf(string).matchAll(IDENTIFIER)) {
        walk.recordUnknown(string, "attribute", `string in #[${name}]`, {
            opaque: true,
            name: word,
        });
    }
}

/** Where the contents of a literal begin; undefined where it is spelled otherwise than what it says. */
function contentsOf(walk: Walk, string: number): number | undefined {
    const { start, end, kind } = walk.tree.columns;
    const from = start[string] ?? 0;
    const around = (end[string] ?? 0) - from - walk.tree.nameOf(string).length;
    if (kind[string] === KIND.raw_string_literal) {
        const hashes = (around - 3) / 2;
        return Number.isInteger(hashes) && hashes >= 0 ? from + 2 + hashes : undefined;
    }
    return around === 2 ? from + 1 : undefined;
}

/** Keys of `#[serde(…)]` whose string is a path, by the name spaces of what it names. */
const SERDE_PATHS: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
    ...["default", "serialize_with", "deserialize_with", "skip_serializing_if", "getter"].map(
        (key) => [key, [NS.value]] as const,
    ),
    ...["with", "crate", "from", "try_from", "into", "remote"].map(
        (key) => [key, [NS.type]] as const,
    ),
]);

/** Keys of `#[serde(…)]` whose string is data. */
const SERDE_DATA = new Set(
    "rename rename_all rename_all_fields alias tag content expecting".split(" "),
);

/** `#[serde(key = "path", …)]`. */
function readSerde(walk: Walk, tokens: number): void {
    let key = "";
    for (const token of walk.tree.childrenOf(tokens)) {
        const kind = walk.kind(token);
        if (isString(kind)) {
            // `default` is a word of the grammar, and no row.
            const spaces = SERDE_PATHS.get(key === "" ? "default" : key);
            if (spaces !== undefined) {
                recordPath(walk, token, spaces, "serde");
            } else if (!SERDE_DATA.has(key)) {
                recordWords(walk, token, "serde");
            }
            key = "";
        } else if (kind === KIND.token_tree) {
            if (key === "bound") {
                readBounds(walk, token);
            } else if (!SERDE_DATA.has(key)) {
                visitAttributeTokens(walk, token, "serde");
            }
        } else {
            key = walk.tree.nameOf(token);
        }
    }
}

/** `bound(serialize = "T: Bound", deserialize = "…")`: serde's own words before code in strings. */
function readBounds(walk: Walk, tokens: number): void {
    for (const token of walk.tree.childrenOf(tokens)) {
        const name = walk.tree.nameOf(token);
        if (isString(walk.kind(token))) {
            recordWords(walk, token, "serde");
        } else if (name !== "serialize" && name !== "deserialize") {
            visitAttributeTokens(walk, token, "serde");
        }
    }
}

const PATH =
    /^\s*(?:::)?\s*[\p{XID_Start}_]\p{XID_Continue}*(?:\s*::\s*[\p{XID_Start}_]\p{XID_Continue}*)*\s*$/u;

/** A string that is a path, read where the attribute stands. */
function recordPath(walk: Walk, string: number, spaces: readonly number[], name: string): void {
    const text = walk.tree.nameOf(string);
    const start = contentsOf(walk, string);
    const words = [...text.matchAll(IDENTIFIER)];
    if (start === undefined || !PATH.test(text) || /^\s*(?:::|Self\b)/u.test(text)) {
        recordWords(walk, string, name);
        return;
    }
    let before: Lookup | undefined;
    words.forEach((match, i) => {
        const [word] = match;
        before = segmentOf(walk, before, { name: word, isLast: i === words.length - 1, spaces });
        if (!/^(?:crate|self|super)$/u.test(word)) {
            const place = { node: string, start: start + match.index, name: word };
            walk.recordInside(place, "attribute", before);
        }
    });
}

/** `#[error("… {field} …", .field, …)]` of thiserror: the names are fields of the item. */
function readErrorFormat(walk: Walk, tokens: number): void {
    const holder = holderOf(walk, tokens);
    const named = new Set(namesOfArguments(walk, tokens));
    const { start, end } = walk.tree.columns;
    let last = -1;
    walk.tree.childrenOf(tokens).forEach((token, i) => {
        const kind = walk.kind(token);
        const name = walk.tree.nameOf(token);
        // `.a.b`: what follows a field at once is another type's.
        const isShort = walk.tree.hasFlag(token, FLAG.afterDot) && last !== (start[token] ?? 0) - 1;
        last = end[token] ?? 0;
        if (isString(kind) && i === 0) {
            recordCaptures(walk, token, holder, named);
        } else if (kind === KIND.identifier && isShort) {
            recordField(walk, token, fieldOf(walk, holder, name));
        } else {
            visitAttributeTokens(walk, token, "error");
        }
    });
}

function recordField(walk: Walk, node: number, field: Lookup | undefined): void {
    if (field === undefined) {
        walk.recordUnknown(node, "attribute", "argument of #[error]", { opaque: true });
    } else {
        walk.record(node, "field", field);
    }
}

function recordCaptures(
    walk: Walk,
    string: number,
    holder: number,
    named: ReadonlySet<string>,
): void {
    const start = contentsOf(walk, string);
    if (start === undefined) {
        recordWords(walk, string, "error");
        return;
    }
    const raw = 'r"';
    for (const capture of findFormatCaptures(`${raw}${walk.tree.nameOf(string)}"`)) {
        const { name } = capture;
        const field = named.has(name) ? undefined : fieldOf(walk, holder, name);
        const unknown = { reason: `string in #[error]` };
        const place = { node: string, start: start + capture.start - raw.length, name };
        walk.recordInside(place, "attribute", field ?? unknown);
    }
}

/** Plain names among the arguments: what is written before `=` is seen by the format alone. */
function namesOfArguments(walk: Walk, tokens: number): string[] {
    return walk.tree
        .childrenOf(tokens)
        .filter(
            (token) =>
                walk.kind(token) === KIND.identifier && !walk.tree.hasFlag(token, FLAG.afterDot),
        )
        .map((token) => walk.tree.nameOf(token));
}

/** The item that an attribute's tokens stand before; -1 where that is none with fields. */
function holderOf(walk: Walk, tokens: number): number {
    const { parent } = walk.tree.columns;
    let item = tokens;
    while (item > 0 && walk.kind(item) !== KIND.attribute_item) {
        item = parent[item] ?? 0;
    }
    const after = walk.tree
        .childrenOf(parent[item] ?? 0)
        .find(
            (one) =>
                one > item &&
                walk.kind(one) !== KIND.attribute_item &&
                walk.kind(one) !== KIND.doc_comment,
        );
    const number = after === undefined ? undefined : walk.itemOfNode.get(after);
    return number === undefined ? -1 : (walk.inst.symbols[number] ?? -1);
}

function fieldOf(walk: Walk, holder: number, name: string): Found | undefined {
    const symbols = (walk.program.members.get(holder)?.get(name) ?? []).filter(
        (one) => walk.program.symbolAt(one).kind === "field",
    );
    return symbols.length === 0 ? undefined : { symbols, alias: false };
}

/** Attributes whose tokens are read for what they say. */
const READERS: ReadonlyMap<string, (walk: Walk, tokens: number) => void> = new Map([
    ["serde", readSerde],
    ["error", readErrorFormat],
]);

/** Whether a string is a feature's name, in a predicate: `cfg_attr(docsrs, doc(cfg(feature = "…")))`. */
function isFeature(walk: Walk, string: number, name: string): boolean {
    const { kind, parent } = walk.tree.columns;
    const [before] = [string - 1].filter((at) => parent[at] === parent[string]);
    return (
        (name === "cfg_attr" || name === "doc") &&
        before !== undefined &&
        kind[before] === KIND.identifier &&
        walk.tree.nameOf(before) === "feature"
    );
}

function lastName(walk: Walk, path: number): string {
    const name = walk.tree.findChild(path, "name");
    return walk.tree.nameOf(name ?? path);
}

/** `[a::b]` in a doc comment: resolved as a path from here, in any name space. */
const visitDocLink: Handler = (walk, node) => {
    const segments = walk.tree.childrenOf(node);
    let at: Lookup | undefined;
    segments.forEach((segment, i) => {
        const name = walk.tree.nameOf(segment);
        const isLast = i === segments.length - 1;
        at =
            at === undefined ? firstOfLink(walk, name, isLast) : nextOfLink(walk, at, name, isLast);
        const kind = walk.kind(segment);
        if (kind !== KIND.crate && kind !== KIND.self && kind !== KIND.super && name !== "Self") {
            walk.record(segment, "doc-link", at);
        }
    });
    return UNKNOWN;
};

const SPACES = [NS.type, NS.value, NS.macro];

function firstOfLink(walk: Walk, name: string, isLast: boolean): Lookup {
    if (name === "Self" && walk.self.k === "adt") {
        return { symbols: [walk.self.symbol], alias: true };
    }
    const type = lookupFirst(walk.semantics, name, walk.scope, !isLast);
    if (!isLast || isFound(type)) {
        return type;
    }
    const value = walk.lookupItem(name, NS.value);
    if (isFound(value)) {
        return value;
    }
    const macro = lookupMacro(walk.program, walk.scope, name, Number.MAX_SAFE_INTEGER);
    const isNowhere = [type, value].every(({ reason }) => reason === noneInScope(name));
    return !isFound(macro) && isNowhere ? { reason: DEAD_LINK_REASON } : macro;
}

function nextOfLink(walk: Walk, at: Lookup, name: string, isLast: boolean): Lookup {
    if (!isFound(at)) {
        return at;
    }
    const inside = SPACES.slice(0, isLast ? 3 : 1)
        .map((namespace) => stepInto(walk.program, at, { name, namespace, from: walk.scope }))
        .find(isFound);
    if (inside !== undefined) {
        return inside;
    }
    const member = memberOf(walk, at, name, SPACES);
    if (member !== undefined) {
        return member;
    }
    const ty = peel(foundType(walk.semantics, at, []));
    const field = ty.k === "adt" ? walk.members.fieldOf(ty.symbol, ty, name) : undefined;
    return field ?? { reason: `no ${name} there` };
}

/** Handlers of attributes and doc links, by node kind. */
export const ATTRIBUTE_HANDLERS: readonly (readonly [number, Handler])[] = [
    [KIND.attribute, visitAttribute],
    [KIND.doc_link, visitDocLink],
];
