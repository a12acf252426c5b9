// The editor reads files again that somebody else has written; until it has, its text is what the server goes by.

import * as vscode from "vscode";

/** How often it is looked. */
const LOOK_MS = 50;
/** When the editor does not read them: what is shown follows later. */
const PATIENCE_MS = 3_000;

/** Waits until what is open of the given files, and not edited, has the text on disk; not for long. */
export async function untilReloaded(files: readonly vscode.Uri[]): Promise<void> {
    const names = new Set(files.map(String));
    const until = Date.now() + PATIENCE_MS;
    let waiting = vscode.workspace.textDocuments.filter(({ uri }) => names.has(uri.toString()));
    while (waiting.length > 0 && Date.now() < until) {
        const isBehind = await Promise.all(waiting.map(differsFromDisk));
        waiting = waiting.filter((_, at) => isBehind[at] === true);
        if (waiting.length > 0) {
            await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
    }
}

async function differsFromDisk(document: vscode.TextDocument): Promise<boolean> {
    if (document.isDirty || document.isClosed) {
        return false;
    }
    try {
        const bytes = await vscode.workspace.fs.readFile(document.uri);
        const normal = (text: string): string => text.replaceAll("\r\n", "\n");
        return normal(new TextDecoder().decode(bytes)) !== normal(document.getText());
    } catch {
        return false; // It is gone, and with it what the editor could read.
    }
}
