// Input of the macros that make tokens of what is written in them: it is code for elsewhere, and means nothing
// here, but for `#name`, which takes the value that `name` has here.
// Source: the documentation of quote, "Interpolation"; syn's `parse_quote!` and its like are built on it.

import { FLAG, KIND, type SyntaxTree } from "../../syntax/index.ts";
import { NS } from "../file-items.ts";
import { QUOTED_REASON, SPANNED_REASON } from "../opaque-table.ts";
import type { Program } from "../program.ts";
import { itemOf } from "../symbols.ts";
import type { Walk } from "./walk.ts";

/** Macros whose whole input is quoted, by their crate and name. */
const WHOLE = /^(?:quote::(?:\w+::)*quote|syn::(?:\w+::)*parse_quote)$/u;

/** Those whose input begins with an expression and `=>`. */
const SPANNED = /^(?:quote::(?:\w+::)*quote_spanned|syn::(?:\w+::)*parse_quote_spanned)$/u;

const INNER: ReadonlySet<string> = new Set(["quote", "parse_quote"]);
const INNER_SPANNED: ReadonlySet<string> = new Set(["quote_spanned", "parse_quote_spanned"]);

/** How a macro quotes its input: all of it, or what follows a span; undefined for other macros. */
export type Quoting = "whole" | "spanned";

const known = new WeakMap<SyntaxTree, Map<number, Quoting | undefined>>();

/** How the macros that a call may mean quote their input; undefined where one does not. */
export function quotingOf(program: Program, symbols: readonly number[]): Quoting | undefined {
    const all = new Set(symbols.map((symbol) => quotingOfMacro(program, symbol)));
    const [only] = all;
    return all.size === 1 ? only : undefined;
}

function quotingOfMacro(program: Program, symbol: number): Quoting | undefined {
    const record = program.symbolAt(symbol);
    if (record.external !== "") {
        return WHOLE.test(record.external)
            ? "whole"
            : SPANNED.test(record.external)
              ? "spanned"
              : undefined;
    }
    const crate = program.crateOfSymbol.get(record.crate)?.name ?? "";
    const path = `${crate}::${record.name}`;
    if (WHOLE.test(path) || SPANNED.test(path)) {
        return WHOLE.test(path) ? "whole" : "spanned";
    }
    const tree = record.inst?.tree;
    const node = itemOf(record)?.node;
    if (tree === undefined || node === undefined || tree.kindOf(node) !== "macro_definition") {
        return undefined;
    }
    const ofTree = known.get(tree) ?? new Map<number, Quoting | undefined>();
    known.set(tree, ofTree);
    if (!ofTree.has(node)) {
        ofTree.set(node, handsOn(program, tree, node) ? "whole" : undefined);
    }
    return ofTree.get(node);
}

/** Whether a macro's only rule gives all that it is given to one that quotes it, behind everything else. */
function handsOn(program: Program, tree: SyntaxTree, definition: number): boolean {
    const rules = tree.childrenOf(definition).filter((one) => tree.kindOf(one) === "macro_rule");
    const [rule] = rules;
    const [pattern, body] = rule === undefined ? [] : tree.childrenOf(rule);
    if (rules.length !== 1 || pattern === undefined || body === undefined) {
        return false;
    }
    const [repetition, ...more] = tree.childrenOf(pattern);
    const [binding, ...others] =
        repetition === undefined || tree.kindOf(repetition) !== "token_repetition_pattern"
            ? []
            : tree.childrenOf(repetition);
    if (binding === undefined || more.length > 0 || others.length > 0) {
        return false;
    }
    const [variable, fragment] = tree.childrenOf(binding);
    const isTokens = fragment !== undefined && tree.nameOf(fragment) === "tt";
    const list =
        variable === undefined || !isTokens
            ? undefined
            : onlyList(tree, body, tree.nameOf(variable));
    const input = list === undefined ? 0 : (tree.columns.parent[list] ?? 0);
    const inside = tree.childrenOf(input);
    const beside = tree.childrenOf(tree.columns.parent[input] ?? 0);
    const call = beside[beside.indexOf(input) - 1];
    if (list === undefined || call === undefined || tree.kindOf(input) !== "token_tree") {
        return false;
    }
    const name = tree.nameOf(call);
    const isFirst = INNER.has(name) && inside.length === 1;
    return (
        inside.at(-1) === list &&
        tree.hasFlag(call, FLAG.beforeBang) &&
        (isFirst || INNER_SPANNED.has(name)) &&
        isOutside(program, name)
    );
}

/** The `$(…)*` of one variable, where the body has the variable nowhere else. */
function onlyList(tree: SyntaxTree, body: number, variable: string): number | undefined {
    const { kind, next, parent } = tree.columns;
    const found: number[] = [];
    for (let at = body; at < (next[body] ?? 0); at++) {
        if (kind[at] === KIND.metavariable && tree.nameOf(at) === variable) {
            found.push(parent[at] ?? 0);
        }
    }
    const [only, ...more] = found;
    return only !== undefined && more.length === 0 && isOnly(tree, only, variable)
        ? only
        : undefined;
}

/** Whether a node is `$(…)*` of one variable. */
function isOnly(tree: SyntaxTree, node: number, variable: string): boolean {
    const [only, ...more] = tree.kindOf(node) === "token_repetition" ? tree.childrenOf(node) : [];
    return (
        only !== undefined &&
        more.length === 0 &&
        tree.kindOf(only) === "metavariable" &&
        tree.nameOf(only) === variable
    );
}

/** Whether no macro of the workspace but those of quote and syn has a name. */
function isOutside(program: Program, name: string): boolean {
    return (program.byName.get(name) ?? []).every((one) => {
        const { kind, external, crate } = program.symbolAt(one);
        const home = program.crateOfSymbol.get(crate)?.name ?? "";
        return kind !== "macro" || external !== "" || home === "quote" || home === "syn";
    });
}

/** Records the tokens of quoted input: what is taken from here, and what is written for elsewhere. */
export function visitQuoted(walk: Walk, node: number, quoting: Quoting): void {
    const { tree } = walk;
    const { next } = tree.columns;
    const end = next[node] ?? 0;
    const reason = quoting === "whole" ? QUOTED_REASON : SPANNED_REASON;
    for (let at = node; at < end; at++) {
        const name = tree.nameOf(at);
        if (!NAMES.has(walk.kind(at)) || name === "") {
            continue;
        }
        const isTaken = tree.hasFlag(at, FLAG.question) && walk.kind(at) === KIND.identifier;
        const meaning = isTaken ? walk.lookupName(name, NS.value) : undefined;
        if (meaning === undefined) {
            walk.recordUnknown(at, "macro-input", reason, { opaque: true });
        } else if ("local" in meaning) {
            walk.recordLocal(at, "value", meaning.local);
        } else {
            walk.record(at, "value", meaning);
        }
    }
}

const NAMES: ReadonlySet<number> = new Set([
    KIND.identifier,
    KIND.type_identifier,
    KIND.field_identifier,
    KIND.shorthand_field_identifier,
    KIND.format_capture,
]);
