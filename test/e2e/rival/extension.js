// Stands in for rust-analyzer: a provider of renames for Rust that never refuses, registered late and again.

// eslint-disable-next-line @typescript-eslint/no-require-imports -- an extension of one file, not bundled
const vscode = require("vscode");

exports.activate = (context) => {
    const provider = {
        provideRenameEdits: (document, position, name) => {
            const edit = new vscode.WorkspaceEdit();
            edit.replace(document.uri, document.getWordRangeAtPosition(position), `rival_${name}`);
            return edit;
        },
    };
    const selector = { scheme: "file", language: "rust" };
    const register = () => vscode.languages.registerRenameProvider(selector, provider);
    context.subscriptions.push(register());
    const timer = setTimeout(() => context.subscriptions.push(register()), 4_000);
    context.subscriptions.push({ dispose: () => clearTimeout(timer) });
};
