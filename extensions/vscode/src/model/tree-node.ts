// A row of one of the extension's trees, free of the editor: the views turn it into the editor's items.

import type { PlaceDto } from "../../../../src/protocol/index.ts";

/** One row. */
export interface TreeNode {
    /** Unique in its tree, and the same when the tree is made again. */
    readonly id: string;
    /** What the row is: decides which commands are offered on it. */
    readonly kind: string;
    readonly label: string;
    /** Shown dimmed after the label. */
    readonly description: string;
    readonly tooltip: string;
    /** Name of a codicon. */
    readonly icon: string;
    /** Where a click leads. */
    readonly at?: PlaceDto;
    /** Path of the symbol that the row stands for. */
    readonly path?: string;
    readonly children: readonly TreeNode[];
    readonly isOpen?: boolean;
}

const SYMBOL_ICONS: Readonly<Record<string, string>> = {
    crate: "package",
    module: "symbol-module",
    function: "symbol-function",
    method: "symbol-method",
    struct: "symbol-structure",
    union: "symbol-structure",
    enum: "symbol-enum",
    variant: "symbol-enum-member",
    field: "symbol-field",
    trait: "symbol-interface",
    "trait-alias": "symbol-interface",
    impl: "symbol-class",
    const: "symbol-constant",
    static: "symbol-constant",
    "assoc-const": "symbol-constant",
    "type-alias": "symbol-type-parameter",
    "assoc-type": "symbol-type-parameter",
    macro: "symbol-snippet",
};

/** The codicon of a kind of symbol. */
export function iconOf(kind: string, isTest = false): string {
    return isTest ? "beaker" : (SYMBOL_ICONS[kind] ?? "symbol-misc");
}

/** A row's words for a screen reader. */
export function spoken(node: TreeNode): string {
    return [node.label, node.description].filter((part) => part !== "").join(", ");
}
