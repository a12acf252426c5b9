// Rows of the model as a tree of the editor.

import * as vscode from "vscode";

import { spoken, type TreeNode } from "../model/tree-node.ts";

/** Gives the editor rows, and keeps those that are shown. */
export class RowTree implements vscode.TreeDataProvider<TreeNode> {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly onDidChangeTreeData = this.#changed.event;
    #rows: readonly TreeNode[] = [];

    /** The outermost rows. */
    get rows(): readonly TreeNode[] {
        return this.#rows;
    }

    /** Shows other rows. */
    show(rows: readonly TreeNode[]): void {
        this.#rows = rows;
        this.#changed.fire();
    }

    getChildren(row?: TreeNode): TreeNode[] {
        return [...(row?.children ?? this.#rows)];
    }

    getTreeItem(row: TreeNode): vscode.TreeItem {
        const state =
            row.children.length === 0
                ? vscode.TreeItemCollapsibleState.None
                : row.isOpen === true
                  ? vscode.TreeItemCollapsibleState.Expanded
                  : vscode.TreeItemCollapsibleState.Collapsed;
        const item = new vscode.TreeItem(row.label, state);
        item.id = row.id;
        item.description = row.description;
        item.tooltip = row.tooltip;
        item.iconPath = new vscode.ThemeIcon(row.icon);
        item.contextValue = row.kind;
        item.accessibilityInformation = { label: spoken(row) };
        if (row.at !== undefined) {
            item.command = { command: "ferrograph.open", title: "Open", arguments: [row.at] };
        }
        return item;
    }
}
