// The HTML of the extension's panels: nothing is loaded but the extension's own script and style, and
// no script runs but those that carry the page's nonce.

/** What a page is made of. */
export interface PageParts {
    readonly title: string;
    readonly nonce: string;
    /** Source that the editor's resources may come from. */
    readonly cspSource: string;
    readonly styles: readonly string[];
    readonly script?: string;
    /** The page's content; already escaped. */
    readonly body: string;
}

/** Writes a page. */
export function pageHtml({ title, nonce, cspSource, styles, script, body }: PageParts): string {
    const policy = [
        "default-src 'none'",
        `style-src ${cspSource} 'nonce-${nonce}'`,
        ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    ].join("; ");
    const lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        `<title>${escapeHtml(title)}</title>`,
        ...styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`),
        // Cytoscape adds a style sheet of this name unless there is one: the policy would keep it out.
        `<style nonce="${nonce}" id="__________cytoscape_stylesheet">.__________cytoscape_container { position: relative; }</style>`,
        "</head>",
        "<body>",
        body,
        ...(script === undefined
            ? []
            : [`<script nonce="${nonce}" src="${escapeHtml(script)}"></script>`]),
        "</body>",
        "</html>",
    ];
    return lines.join("\n");
}

/** Text as HTML, in content and in quoted attributes alike. */
export function escapeHtml(text: string): string {
    return text
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");
}
