// Macros that take a list of items and give it back, at most under attributes: what `cfg_feature! { … }` and
// its like are. Said of each definition by itself; whether a macro that it hands the items to gives them back
// too is found out once all definitions are known.

import { FLAG, KIND, type SyntaxTree } from "../syntax/index.ts";
import { allOf, readCfg, readMeta } from "./cfg.ts";

/** One rule of a macro that gives its items back. */
export interface PassingRule {
    /** The input begins with `#![…]`. */
    readonly hasHead: boolean;
    /** Predicate that the items get, without the head's. */
    readonly cfg: string;
    /** The predicate of the call's head joins it. */
    readonly takesHead: boolean;
    /** Macro that gets the items in turn; empty where the body gives them itself. */
    readonly via: string;
    /** Head that the body writes for that macro; undefined for none. */
    readonly given: string | undefined;
}

/** A call in whose input items stand. */
export interface PassingCall {
    /** Its position among such calls of the file. */
    readonly index: number;
    readonly node: number;
    /** Last segment of the macro's path. */
    readonly macro: string;
    /** The path has one segment: the macro is found in textual order, too. */
    readonly isPlain: boolean;
    /** Predicate of the input's `#![…]`; undefined without one. */
    readonly head: string | undefined;
    /** The call that stands in the input of this one. */
    readonly outer: PassingCall | undefined;
}

/** The rules of the macro that a name means at a place; undefined where it does not pass items on. */
export type RulesOf = (name: string) => readonly PassingRule[] | undefined;

const DEPTH_MAX = 16;

/** How every rule of a definition passes items on; undefined where one does not. */
export function readPassing(
    tree: SyntaxTree,
    definition: number,
): readonly PassingRule[] | undefined {
    const rules: PassingRule[] = [];
    for (const rule of tree.childrenOf(definition)) {
        if (tree.columns.kind[rule] === KIND.macro_rule) {
            const read = readRule(tree, rule);
            if (read === undefined) {
                return undefined;
            }
            rules.push(read);
        }
    }
    return rules.length === 0 ? undefined : rules;
}

/** Whether rules pass items on, those of the macros that they hand the items to included. */
export function doPass(rules: readonly PassingRule[], rulesOf: RulesOf, depth = 0): boolean {
    return (
        depth <= DEPTH_MAX &&
        rules.every(({ via }) => {
            const next = via === "" ? [] : rulesOf(via);
            return next !== undefined && doPass(next, rulesOf, depth + 1);
        })
    );
}

/** The predicate under which the input of a call stands once its macro has passed it on. */
export function predicateOfRules(
    rules: readonly PassingRule[],
    head: string | undefined,
    rulesOf: RulesOf,
): string {
    const fitting = rules.filter((rule) => rule.hasHead === (head !== undefined));
    const found = new Set(
        fitting.map((rule) => {
            const next = rule.via === "" ? [] : (rulesOf(rule.via) ?? []);
            const inner = predicateOfRules(next, rule.given, rulesOf);
            return allOf(rule.cfg, rule.takesHead ? (head ?? "") : "", inner);
        }),
    );
    const [only = ""] = found;
    // Definitions that say different things: under a predicate that is like no other.
    return found.size > 1 ? unknownPredicate([...found].sort().join(" or ")) : only;
}

function unknownPredicate(what: string): string {
    return `of_macro="${what}"`;
}

function readRule(tree: SyntaxTree, rule: number): PassingRule | undefined {
    const [pattern, body] = tree.childrenOf(rule);
    if (pattern === undefined || body === undefined) {
        return undefined;
    }
    const parts = tree.childrenOf(pattern);
    const list = parts.at(-1);
    const head = parts.length === 2 ? headVariable(tree, parts[0] ?? 0) : undefined;
    if (list === undefined || parts.length > 2 || (parts.length === 2 && head === undefined)) {
        return undefined;
    }
    const items = listVariable(tree, list);
    return items === undefined ? undefined : readBody(tree, body, { items, head });
}

interface Variables {
    /** Stands for the items, one by one or token by token. */
    readonly items: string;
    /** Stands for what is in the brackets of `#![…]`. */
    readonly head: string | undefined;
}

/** The variable of `#![$meta:meta]`, whose signs are no nodes. */
function headVariable(tree: SyntaxTree, node: number): string | undefined {
    const [binding, ...more] =
        tree.columns.kind[node] === KIND.token_tree_pattern ? tree.childrenOf(node) : [];
    return binding === undefined || more.length > 0
        ? undefined
        : boundVariable(tree, binding, /^meta$/u);
}

/** The variable of `$($item:item)*` or `$($tokens:tt)*`. */
function listVariable(tree: SyntaxTree, node: number): string | undefined {
    const [binding, ...more] =
        tree.columns.kind[node] === KIND.token_repetition_pattern ? tree.childrenOf(node) : [];
    return binding === undefined || more.length > 0
        ? undefined
        : boundVariable(tree, binding, /^(?:item|tt)$/u);
}

function boundVariable(tree: SyntaxTree, binding: number, wanted: RegExp): string | undefined {
    if (tree.columns.kind[binding] !== KIND.token_binding_pattern) {
        return undefined;
    }
    const [variable, fragment] = tree.childrenOf(binding);
    const fits = fragment !== undefined && wanted.test(tree.nameOf(fragment));
    return variable === undefined || !fits ? undefined : tree.nameOf(variable);
}

/** `$( #[…] $item )*`, or `#[…] other! { #![…] $($item)* }`, and nothing beside it. */
function readBody(tree: SyntaxTree, body: number, names: Variables): PassingRule | undefined {
    const children = tree.childrenOf(body);
    const last = children.at(-1);
    if (last === undefined) {
        return undefined;
    }
    const hasHead = names.head !== undefined;
    if (tree.columns.kind[last] === KIND.token_repetition) {
        const attributes = children.length === 1 ? readGiven(tree, last, names) : undefined;
        return attributes && { hasHead, ...attributes, via: "", given: undefined };
    }
    const call = children.at(-2);
    const before = children.slice(0, -2);
    const isCall = call !== undefined && tree.hasFlag(call, FLAG.beforeBang);
    if (!isCall || !before.every((one) => isTokens(tree, one))) {
        return undefined;
    }
    const input = tree.childrenOf(last);
    const list = input.at(-1);
    if (list === undefined || input.length > 2 || readGiven(tree, list, names) === undefined) {
        return undefined;
    }
    const head = input.length === 2 ? (input[0] ?? 0) : undefined;
    if (head !== undefined && !isTokens(tree, head)) {
        return undefined;
    }
    const attributes = readAttributes(tree, before, names);
    const isOwnHead = head !== undefined && isVariable(tree, tree.childrenOf(head), names.head);
    const given = head === undefined ? undefined : isOwnHead ? "" : readMeta(tree, head);
    return {
        hasHead,
        cfg: attributes.cfg,
        // The head that is handed on becomes a predicate there, as it would here.
        takesHead: attributes.takesHead || isOwnHead,
        via: tree.nameOf(call),
        given,
    };
}

/** The attributes before `$item` in `$( … $item )*`. */
function readGiven(
    tree: SyntaxTree,
    repetition: number,
    names: Variables,
): Pick<PassingRule, "cfg" | "takesHead"> | undefined {
    if (tree.columns.kind[repetition] !== KIND.token_repetition) {
        return undefined;
    }
    const inside = tree.childrenOf(repetition);
    const attributes = inside.slice(0, -1);
    const isList = isVariable(tree, inside.slice(-1), names.items);
    return isList && attributes.every((one) => isTokens(tree, one))
        ? readAttributes(tree, attributes, names)
        : undefined;
}

/** What the `cfg` among attributes says; those are brackets of tokens, their `#` being no node. */
function readAttributes(
    tree: SyntaxTree,
    attributes: readonly number[],
    names: Variables,
): Pick<PassingRule, "cfg" | "takesHead"> {
    const cfgs: string[] = [];
    let takesHead = false;
    for (const attribute of attributes) {
        const [name, tokens] = tree.childrenOf(attribute);
        if (name === undefined || tokens === undefined || tree.nameOf(name) !== "cfg") {
            continue;
        }
        if (isVariable(tree, tree.childrenOf(tokens), names.head)) {
            takesHead = true;
        } else if (hasVariable(tree, tokens)) {
            cfgs.push(unknownPredicate(names.items));
        } else {
            cfgs.push(readCfg(tree, tokens));
        }
    }
    return { cfg: allOf(...cfgs), takesHead };
}

function isTokens(tree: SyntaxTree, node: number): boolean {
    return tree.columns.kind[node] === KIND.token_tree;
}

/** Whether nodes are one metavariable and nothing else. */
function isVariable(tree: SyntaxTree, nodes: readonly number[], name: string | undefined): boolean {
    const [only, ...more] = nodes;
    return (
        only !== undefined &&
        more.length === 0 &&
        name !== undefined &&
        tree.columns.kind[only] === KIND.metavariable &&
        tree.nameOf(only) === name
    );
}

function hasVariable(tree: SyntaxTree, node: number): boolean {
    const { kind, next } = tree.columns;
    return kind.subarray(node, next[node] ?? node + 1).includes(KIND.metavariable);
}
