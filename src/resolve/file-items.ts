// The items of one file, read from its syntax tree without looking anywhere else: definitions, imports,
// impl headers, item-position macro calls. Items inside function bodies are listed too, with their block.
//
// An item's number is its position in source order; it does not change when only a body's text changes.

import { NODE_FLAG, type SymbolKind } from "../graph/index.ts";
import { FLAG, KIND, ROLE, type SyntaxTree } from "../syntax/index.ts";
import { readAttributes, type Attributes } from "./attributes.ts";
import { allOf, readBareCfg } from "./cfg.ts";
import { BUILTIN_ATTRIBUTES } from "./known-names.ts";
import { readPassing, type PassingCall, type PassingRule } from "./passing-macros.ts";
import { readUseTree, type UseLeaf } from "./use-tree.ts";

/** Bits of the name spaces that a definition takes. */
export const NS = { type: 1, value: 2, macro: 4, any: 7 } as const;

/** A definition of one file. */
export interface ItemRecord {
    readonly node: number;
    /** Node of the defining identifier; -1 for impls. */
    readonly nameNode: number;
    readonly name: string;
    readonly kind: SymbolKind;
    readonly namespaces: number;
    /** Number of the enclosing item; -1 for the file's own module. */
    readonly parent: number;
    /** The block that holds the item, when that is nearer than the enclosing item's own body; else -1. */
    readonly block: number;
    readonly visibilityNode: number;
    readonly cfg: string;
    /** Bits of NODE_FLAG that the item itself shows. */
    readonly flags: number;
    readonly attributes: Attributes;
    /** Node that holds the members (declaration_list, field list, …); -1 when there is none. */
    readonly body: number;
    /** Call that the item is input of; it exists only if the macro passes its items on. */
    readonly through: PassingCall | undefined;
}

/** A `use` or `extern crate` declaration's leaves, where it stands. */
export interface UseRecord {
    readonly node: number;
    readonly parent: number;
    readonly block: number;
    readonly visibilityNode: number;
    readonly cfg: string;
    readonly leaves: readonly UseLeaf[];
    readonly externCrate: boolean;
    readonly macroUse: boolean;
    /** As for items. */
    readonly through: PassingCall | undefined;
}

/** A macro call in item position: it may define names that are not seen here. */
export interface ItemMacroCall {
    readonly node: number;
    readonly parent: number;
    readonly block: number;
}

/** A macro_rules definition, as far as its calls need it. */
export interface MacroShape {
    /** Number of the item. */
    readonly item: number;
    readonly name: string;
    /** How it passes on a list of items, at most under more attributes; undefined where it does not. */
    readonly passing: readonly PassingRule[] | undefined;
}

/** Tokens of a macro's definition, or of an item-position call: which names they hold, which macros they call. */
export interface MacroTokens {
    /** Name that the definition gives; undefined for a call. */
    readonly defines: string | undefined;
    readonly names: readonly string[];
    /** Names that stand directly after `mod` or `use`. */
    readonly moduleNames: readonly string[];
    /** Macros that are called: of a call, its own too. */
    readonly calls: readonly string[];
    /** `mod $name`: a name that is given becomes a module's. */
    readonly declaresGiven: boolean;
}

/** All that one file declares. */
export interface FileItems {
    readonly items: readonly ItemRecord[];
    readonly uses: readonly UseRecord[];
    readonly macroCalls: readonly ItemMacroCall[];
    /** Names in macro bodies and in the input of item-position macro calls. */
    readonly macroNames: readonly string[];
    /** Those of them that a macro may define: they stand somewhere else than after `.` or `::`. */
    readonly macroDefines: readonly string[];
    readonly macroTokens: readonly MacroTokens[];
    readonly macroShapes: readonly MacroShape[];
    /** Calls whose input reads as items. */
    readonly passingCalls: readonly PassingCall[];
    /** cfg of inner attributes of the file itself (`#![cfg(…)]`). */
    readonly cfg: string;
    readonly attributes: Attributes;
}

/** Reads the items of a file. */
export function collectItems(tree: SyntaxTree): FileItems {
    return new Collector(tree).run();
}

const ITEM_KINDS = new Map<number, SymbolKind>([
    [KIND.mod_item, "module"],
    [KIND.function_item, "function"],
    [KIND.function_signature_item, "function"],
    [KIND.struct_item, "struct"],
    [KIND.enum_item, "enum"],
    [KIND.union_item, "union"],
    [KIND.trait_item, "trait"],
    [KIND.impl_item, "impl"],
    [KIND.const_item, "const"],
    [KIND.static_item, "static"],
    [KIND.type_item, "type-alias"],
    [KIND.associated_type, "assoc-type"],
    [KIND.macro_definition, "macro"],
    [KIND.enum_variant, "variant"],
    [KIND.field_declaration, "field"],
]);

/** Kinds of nodes that spell a name in macro input, as tokens or as parsed items. */
const NAME_KINDS: ReadonlySet<number> = new Set([
    KIND.identifier,
    KIND.type_identifier,
    KIND.field_identifier,
    KIND.shorthand_field_identifier,
]);

/** Where a node stands: the enclosing item and the nearest block inside it. */
interface Position {
    readonly parent: number;
    readonly block: number;
}

class Collector {
    readonly #tree: SyntaxTree;
    readonly #items: ItemRecord[] = [];
    readonly #uses: UseRecord[] = [];
    readonly #macroCalls: ItemMacroCall[] = [];
    readonly #macroNames = new Set<string>();
    readonly #macroDefines = new Set<string>();
    readonly #macroTokens: MacroTokens[] = [];
    readonly #macroShapes: MacroShape[] = [];
    readonly #passingCalls: PassingCall[] = [];
    /** The call in whose input the walk is, when that only reads as items. */
    #through: PassingCall | undefined;
    /** Predicate of the macro call, or the cfg_if! branch, that is being read. */
    #ambientCfg = "";
    /** Inner attributes, in order: few files have any below their first lines. */
    readonly #inner: number[] = [];

    constructor(tree: SyntaxTree) {
        this.#tree = tree;
        const { kind } = tree.columns;
        const inner = KIND.inner_attribute_item;
        for (let at = kind.indexOf(inner); at !== -1; at = kind.indexOf(inner, at + 1)) {
            this.#inner.push(at);
        }
    }

    run(): FileItems {
        const tree = this.#tree;
        const inner = this.#inner.filter((node) => node > 0 && tree.columns.parent[node] === 0);
        const attributes = readAttributes(tree, inner);
        this.#visitChildren(0, { parent: -1, block: -1 });
        return {
            items: this.#items,
            uses: this.#uses,
            macroCalls: this.#macroCalls,
            macroNames: [...this.#macroNames],
            macroDefines: [...this.#macroDefines],
            macroTokens: this.#macroTokens,
            macroShapes: this.#macroShapes,
            passingCalls: this.#passingCalls,
            cfg: attributes.cfg,
            attributes,
        };
    }

    #visitChildren(node: number, at: Position): void {
        const { kind, next } = this.#tree.columns;
        const end = next[node] ?? 0;
        let pending: number[] = [];
        for (let child = node + 1; child < end; child = next[child] ?? end) {
            const code = kind[child] ?? 0;
            if (code === KIND.attribute_item) {
                pending.push(child);
                continue;
            }
            this.#visit(child, at, pending);
            if (code !== KIND.visibility_modifier && code !== KIND.doc_comment) {
                pending = pending.length === 0 ? pending : [];
            }
        }
    }

    #visit(node: number, at: Position, attributes: readonly number[]): void {
        const tree = this.#tree;
        const code = tree.columns.kind[node] ?? 0;
        const kind = ITEM_KINDS.get(code);
        if (kind !== undefined) {
            this.#item(node, kind, at, attributes);
            return;
        }
        switch (code) {
            case KIND.use_declaration:
            case KIND.extern_crate_declaration:
                this.#use(node, at, attributes);
                return;
            case KIND.macro_invocation:
                this.#macroCall(node, at, attributes);
                return;
            case KIND.expression_statement:
                this.#visitChildren(node, at);
                return;
            case KIND.block:
                this.#visitChildren(node, { parent: at.parent, block: node });
                return;
            case KIND.declaration_list:
                this.#visitBranch(node, at, attributes);
                return;
            case KIND.token_tree:
            case KIND.attribute_item:
            case KIND.inner_attribute_item:
                return;
            default:
                if ((tree.columns.next[node] ?? 0) > node + 1) {
                    this.#visitChildren(node, at);
                }
        }
    }

    /** Items in braces: a branch of cfg_if!, under the attribute before it, or an item's own body. */
    #visitBranch(node: number, at: Position, attributes: readonly number[]): void {
        const outer = this.#ambientCfg;
        this.#ambientCfg = allOf(outer, readAttributes(this.#tree, attributes).cfg);
        this.#visitChildren(node, at);
        this.#ambientCfg = outer;
    }

    #macroCall(node: number, at: Position, attributes: readonly number[]): void {
        const tree = this.#tree;
        const ambient = this.#ambientCfg;
        this.#ambientCfg = allOf(ambient, readAttributes(tree, attributes).cfg);
        const parentKind = tree.columns.kind[tree.columns.parent[node] ?? 0];
        const isItem =
            parentKind === KIND.source_file ||
            parentKind === KIND.declaration_list ||
            parentKind === KIND.macro_arguments ||
            parentKind === KIND.expression_statement;
        const outer = this.#through;
        if (tree.hasFlag(node, FLAG.maybeItems)) {
            this.#through = this.#passingCall(node, outer);
            this.#passingCalls.push(this.#through);
            this.#noteTokens(node, undefined);
        } else if (isItem && at.block === -1 && !tree.hasFlag(node, FLAG.parsed)) {
            // Inside a block a macro can define names for that block only; what it hides there stays unresolved.
            this.#macroCalls.push({ node, parent: at.parent, block: at.block });
            this.#noteTokens(node, undefined);
        }
        this.#visitChildren(node, at);
        this.#through = outer;
        this.#ambientCfg = ambient;
    }

    #passingCall(node: number, outer: PassingCall | undefined): PassingCall {
        const tree = this.#tree;
        const path = tree.findChild(node, "macro");
        const name = path === undefined ? undefined : (tree.findChild(path, "name") ?? path);
        return {
            index: this.#passingCalls.length,
            node,
            macro: name === undefined ? "" : tree.nameOf(name),
            isPlain: name === path,
            head: headOf(tree, node),
            outer,
        };
    }

    #use(node: number, at: Position, attributeNodes: readonly number[]): void {
        const tree = this.#tree;
        const attributes = readAttributes(tree, attributeNodes);
        this.#uses.push({
            node,
            parent: at.parent,
            block: at.block,
            visibilityNode: tree.findKind(node, "visibility_modifier") ?? -1,
            cfg: allOf(this.#ambientCfg, attributes.cfg),
            leaves: readUseTree(tree, node),
            externCrate: tree.columns.kind[node] === KIND.extern_crate_declaration,
            macroUse: attributes.names.has("macro_use"),
            through: this.#through,
        });
    }

    #item(node: number, kind: SymbolKind, at: Position, attributeNodes: readonly number[]): void {
        const tree = this.#tree;
        const attributes = readAttributes(tree, attributeNodes, this.#innerAttributes(node));
        const number = this.#items.length;
        const parent = this.#items[at.parent];
        const nameNode = this.#nameNode(node);
        const actual = memberKind(kind, at.block === -1 ? parent?.kind : undefined);
        this.#items.push({
            node,
            nameNode,
            name: nameNode === -1 ? "" : tree.nameOf(nameNode),
            kind: actual,
            namespaces: this.#namespaces(node, actual, attributes),
            parent: at.parent,
            block: at.block,
            visibilityNode: tree.findKind(node, "visibility_modifier") ?? -1,
            cfg: allOf(this.#ambientCfg, attributes.cfg),
            flags: this.#flags(node, actual, attributes),
            attributes,
            body: tree.findChild(node, "body") ?? -1,
            through: this.#through,
        });
        this.#deriveMacro(node, at, attributes);
        if (kind === "macro") {
            this.#macroShapes.push({
                item: number,
                name: nameNode === -1 ? "" : tree.nameOf(nameNode),
                passing: readPassing(tree, node),
            });
            this.#noteTokens(node, nameNode === -1 ? "" : tree.nameOf(nameNode));
        } else {
            this.#visitChildren(node, { parent: number, block: -1 });
        }
    }

    #noteTokens(node: number, defines: string | undefined): void {
        const tree = this.#tree;
        const { next, kind } = tree.columns;
        const end = next[node] ?? 0;
        const names = new Set<string>();
        const moduleNames = new Set<string>();
        const calls = new Set<string>();
        const mayDefine = defines === undefined ? () => true : definingTokens(tree, node);
        let declaresGiven = false;
        for (let at = node + 1; at < end; at++) {
            const isName = NAME_KINDS.has(kind[at] ?? 0);
            const name = tree.nameOf(at);
            const mayDeclare =
                tree.hasFlag(at, FLAG.extern) && !tree.hasFlag(at, FLAG.beforeColons);
            if (isName) {
                names.add(name);
                this.#macroNames.add(name);
                const isInPath =
                    tree.hasFlag(at, FLAG.afterDot) || tree.hasFlag(at, FLAG.afterColons);
                if (!isInPath && mayDefine(at)) {
                    this.#macroDefines.add(name);
                }
                if (mayDeclare) {
                    moduleNames.add(name);
                }
                if (tree.hasFlag(at, FLAG.beforeBang) || isCalled(tree, at)) {
                    calls.add(name);
                }
            }
            const isGiven = kind[at] === KIND.metavariable || tree.hasFlag(at, FLAG.afterDollar);
            declaresGiven ||= mayDeclare && isGiven;
        }
        if (defines === undefined) {
            const path = tree.findChild(node, "macro") ?? node;
            calls.add(tree.nameOf(tree.findChild(path, "name") ?? path));
        }
        this.#macroTokens.push({
            defines,
            names: [...names],
            moduleNames: [...moduleNames],
            calls: [...calls],
            declaresGiven,
        });
    }

    /** A proc-macro crate's derive defines its name in an attribute. */
    #deriveMacro(node: number, at: Position, attributes: Attributes): void {
        if (attributes.deriveMacroNode !== -1) {
            this.#items.push({
                node,
                nameNode: attributes.deriveMacroNode,
                name: this.#tree.nameOf(attributes.deriveMacroNode),
                kind: "macro",
                namespaces: NS.macro,
                parent: at.parent,
                block: at.block,
                visibilityNode: -1,
                cfg: attributes.cfg,
                flags: NODE_FLAG.publicApi,
                attributes,
                body: -1,
                through: this.#through,
            });
        }
    }

    #innerAttributes(node: number): readonly number[] {
        const tree = this.#tree;
        const body = this.#inner.length === 0 ? undefined : tree.findChild(node, "body");
        return this.#inner.filter((each) => each > node && tree.columns.parent[each] === body);
    }

    #nameNode(node: number): number {
        return this.#tree.columns.kind[node] === KIND.impl_item
            ? -1
            : (this.#tree.findChild(node, "name") ?? -1);
    }

    #namespaces(node: number, kind: SymbolKind, attributes: Attributes): number {
        switch (kind) {
            case "function": {
                const { names } = attributes;
                const isMacro = names.has("proc_macro") || names.has("proc_macro_attribute");
                return isMacro ? NS.value | NS.macro : NS.value;
            }
            case "method":
            case "const":
            case "static":
            case "assoc-const":
            case "field":
                return NS.value;
            case "struct":
                return this.#hasNamedFields(node) ? NS.type : NS.type | NS.value;
            case "variant":
                return NS.type | NS.value;
            case "macro":
                return NS.macro;
            case "impl":
                return 0;
            default:
                return NS.type;
        }
    }

    #hasNamedFields(node: number): boolean {
        const body = this.#tree.findChild(node, "body");
        return body !== undefined && this.#tree.columns.kind[body] === KIND.field_declaration_list;
    }

    #flags(node: number, kind: SymbolKind, attributes: Attributes): number {
        const tree = this.#tree;
        let flags = attributes.cfg === "" ? 0 : NODE_FLAG.cfgGated;
        if (attributes.isTest) {
            flags |= NODE_FLAG.test;
        }
        if (attributes.names.has("no_mangle") || attributes.names.has("export_name")) {
            flags |= NODE_FLAG.noMangle;
        }
        const modifiers =
            kind === "function" || kind === "method"
                ? tree.findKind(node, "function_modifiers")
                : undefined;
        for (const holder of modifiers === undefined ? [node] : [node, modifiers]) {
            if (tree.hasFlag(holder, FLAG.unsafe)) {
                flags |= NODE_FLAG.unsafe;
            }
            if (tree.hasFlag(holder, FLAG.async)) {
                flags |= NODE_FLAG.async;
            }
        }
        return flags;
    }
}

/**
 * Which tokens of a macro's definition may give something their name. Not those that stand where Rust only uses names:
 * after `impl` or `:`, before `for`; but in the input of a call anything may, and of an impl under an attribute that is not
 * the language's (`#[extension_trait] impl Name for …`).
 */
function definingTokens(tree: SyntaxTree, definition: number): (node: number) => boolean {
    const { kind, next } = tree.columns;
    const end = next[definition] ?? 0;
    const isTree = (at: number): boolean => kind[at] === KIND.token_tree;
    const inputs: { readonly from: number; readonly to: number }[] = [];
    for (let at = definition + 1; at < end; at++) {
        const after = next[at] ?? end;
        if (tree.hasFlag(at, FLAG.beforeBang) && isTree(after)) {
            inputs.push({ from: after, to: next[after] ?? end });
        }
        const isAttribute = isTree(at) && tree.hasFlag(at, FLAG.question);
        if (isAttribute && !BUILTIN_ATTRIBUTES.has(tree.nameOf(at + 1))) {
            return () => true;
        }
    }
    return (node) =>
        !tree.hasFlag(node, FLAG.impl) || inputs.some(({ from, to }) => from <= node && node < to);
}

/** What a definition is when it stands in a trait or an impl. */
function memberKind(kind: SymbolKind, container: SymbolKind | undefined): SymbolKind {
    if (container !== "trait" && container !== "impl") {
        return kind;
    }
    switch (kind) {
        case "function":
            return "method";
        case "const":
            return "assoc-const";
        case "type-alias":
            return "assoc-type";
        default:
            return kind;
    }
}

/** Whether a name ends the path of a call that was parsed as one, in what reads as items. */
function isCalled(tree: SyntaxTree, node: number): boolean {
    const { parent, role, kind } = tree.columns;
    const above = parent[node] ?? 0;
    const path = kind[above] === KIND.scoped_identifier ? above : node;
    return role[path] === ROLE.macro && kind[parent[path] ?? 0] === KIND.macro_invocation;
}

/** The predicate of `#![…]` at the beginning of a call's input. */
function headOf(tree: SyntaxTree, invocation: number): string | undefined {
    const input = tree.findKind(invocation, "macro_arguments");
    const first = input === undefined ? undefined : tree.childrenOf(input)[0];
    return first !== undefined && tree.columns.kind[first] === KIND.inner_attribute_item
        ? readBareCfg(tree, first + 1)
        : undefined;
}

/** The predicate of an item together with those of the items around it in the same file. */
export function inheritedCfg(
    items: FileItems,
    number: number,
    passed: (item: ItemRecord) => string,
): string {
    const parts: string[] = [items.cfg];
    for (let at = number; at !== -1;) {
        const item = items.items[at];
        if (item === undefined) {
            break;
        }
        parts.push(item.cfg, passed(item));
        at = item.parent;
    }
    return allOf(...parts);
}
