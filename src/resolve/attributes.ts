// What the attributes before an item say, as far as names and cfg are concerned.

import { KIND, type SyntaxTree } from "../syntax/index.ts";
import { allOf, readCfg } from "./cfg.ts";

/** Facts of an attribute list. */
export interface Attributes {
    /** Paths of the attributes, `::`-joined; those inside cfg_attr included. */
    readonly names: ReadonlySet<string>;
    /** Conjunction of all `cfg(…)`, canonical; empty when none. */
    readonly cfg: string;
    /** Last segments of the paths named in `derive(…)`, those inside cfg_attr included. */
    readonly derives: readonly string[];
    /** Value of `#[path = "…"]`, with the predicate of the cfg_attr that holds it. */
    readonly paths: readonly { readonly value: string; readonly cfg: string }[];
    readonly isTest: boolean;
    /** Identifier in `#[proc_macro_derive(Name, …)]`; -1 when there is none. */
    readonly deriveMacroNode: number;
}

const NO_ATTRIBUTES: Attributes = {
    names: new Set(),
    cfg: "",
    derives: [],
    paths: [],
    isTest: false,
    deriveMacroNode: -1,
};

interface Reading {
    readonly names: Set<string>;
    readonly cfgs: string[];
    readonly derives: string[];
    readonly paths: { value: string; cfg: string }[];
    deriveMacroNode: number;
}

/** Reads outer attributes and, for modules and files, inner ones. */
export function readAttributes(
    tree: SyntaxTree,
    outer: readonly number[],
    inner: readonly number[] = [],
): Attributes {
    if (outer.length === 0 && inner.length === 0) {
        return NO_ATTRIBUTES;
    }
    const reading: Reading = {
        names: new Set(),
        cfgs: [],
        derives: [],
        paths: [],
        deriveMacroNode: -1,
    };
    for (const item of [...outer, ...inner]) {
        const attribute = tree.findKind(item, "attribute");
        if (attribute !== undefined) {
            readAttribute(tree, attribute, reading);
        }
    }
    const last = [...reading.names].map((name) => name.slice(name.lastIndexOf(":") + 1));
    return {
        names: reading.names,
        cfg: allOf(...reading.cfgs),
        derives: reading.derives,
        paths: reading.paths,
        isTest: last.some((name) => name === "test" || name === "bench" || name === "rstest"),
        deriveMacroNode: reading.deriveMacroNode,
    };
}

/** Conjunction of the predicates that stand before an item; empty when there are none. */
export function predicateOf(tree: SyntaxTree, item: number): string {
    const { kind, parent } = tree.columns;
    const around = parent[item] ?? 0;
    // The attributes of an arm are its first parts, and are its pattern's and its value's.
    const isArm = kind[around] === KIND.match_arm;
    const before: number[] = [];
    for (const sibling of tree.childrenOf(around)) {
        if (sibling === item) {
            break;
        }
        if (kind[sibling] === KIND.attribute_item) {
            before.push(sibling);
        } else if (kind[sibling] !== KIND.doc_comment && !isArm) {
            before.length = 0;
        }
    }
    return readAttributes(tree, before).cfg;
}

function readAttribute(tree: SyntaxTree, attribute: number, reading: Reading): void {
    const path = attribute + 1;
    const name = attributePath(tree, path);
    const tokens = tree.findChild(attribute, "arguments");
    reading.names.add(name);
    const value = tree.findChild(attribute, "value");
    if (name === "path" && value !== undefined) {
        reading.paths.push({ value: tree.nameOf(value), cfg: "" });
    }
    if (tokens === undefined) {
        return;
    }
    switch (name) {
        case "cfg":
            reading.cfgs.push(readCfg(tree, tokens));
            return;
        case "derive":
            readDerives(tree, tree.childrenOf(tokens), reading);
            return;
        case "proc_macro_derive":
            reading.deriveMacroNode = tree.findKind(tokens, "identifier") ?? -1;
            return;
        case "cfg_attr":
            readCfgAttr(tree, tokens, reading);
            return;
        default:
    }
}

/** The attributes inside `cfg_attr(predicate, a, b(…), path = "…")`. */
function readCfgAttr(tree: SyntaxTree, tokens: number, reading: Reading): void {
    const cfg = readCfg(tree, tokens);
    const children = tree.childrenOf(tokens);
    for (let i = 1; i < children.length; i++) {
        const node = children[i] ?? 0;
        const following = children[i + 1];
        const name = tree.nameOf(node);
        if (name === "" || tree.columns.kind[node] !== KIND.identifier) {
            continue;
        }
        reading.names.add(name);
        if (name === "path" && following !== undefined && tree.nameOf(following) !== "") {
            reading.paths.push({ value: tree.nameOf(following), cfg });
        }
        if (name === "derive" && following !== undefined) {
            readDerives(tree, tree.childrenOf(following), reading);
        }
    }
}

function readDerives(tree: SyntaxTree, tokens: readonly number[], reading: Reading): void {
    for (const token of tokens) {
        if (tree.columns.kind[token] === KIND.identifier) {
            reading.derives.push(tree.nameOf(token));
        }
    }
}

/** Path of an attribute as text. */
export function attributePath(tree: SyntaxTree, node: number): string {
    if (tree.columns.kind[node] !== KIND.scoped_identifier) {
        return tree.nameOf(node);
    }
    return tree
        .childrenOf(node)
        .map((child) => attributePath(tree, child))
        .join("::");
}
