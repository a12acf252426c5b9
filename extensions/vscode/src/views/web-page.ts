// A page of the extension in a panel: its HTML with the addresses that the editor gives its files.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

import { pageHtml } from "../model/page.ts";

/** A page's own parts. */
export interface WebPage {
    readonly title: string;
    /** Name of its style sheet in `media`, without ending. */
    readonly style: string;
    /** Name of its script in `dist`, without ending. */
    readonly script?: string;
    readonly body: string;
}

/** Folders that pages may load from. */
export function pageRoots(extension: vscode.ExtensionContext): vscode.Uri[] {
    return ["dist", "media"].map((name) => vscode.Uri.joinPath(extension.extensionUri, name));
}

/** Puts a page into a panel. */
export function showPage(
    extension: vscode.ExtensionContext,
    webview: vscode.Webview,
    page: WebPage,
): void {
    const address = (folder: string, file: string): string =>
        webview.asWebviewUri(vscode.Uri.joinPath(extension.extensionUri, folder, file)).toString();
    webview.html = pageHtml({
        title: page.title,
        nonce: randomBytes(16).toString("hex"),
        cspSource: webview.cspSource,
        styles: [address("media", "page.css"), address("media", `${page.style}.css`)],
        body: page.body,
        ...(page.script === undefined ? {} : { script: address("dist", `${page.script}.js`) }),
    });
}
