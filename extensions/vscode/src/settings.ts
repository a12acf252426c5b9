// The extension's settings, and who else speaks Rust here.

import * as vscode from "vscode";

const RUST_ANALYZER = "rust-lang.rust-analyzer";

/** Reads a setting of the section `ferrograph`. */
export function setting<T>(name: string, otherwise: T): T {
    return vscode.workspace.getConfiguration("ferrograph").get(name, otherwise);
}

/** Whether rust-analyzer's extension is installed and not disabled. */
export function hasRustAnalyzer(): boolean {
    return vscode.extensions.getExtension(RUST_ANALYZER) !== undefined;
}
