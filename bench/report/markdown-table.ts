// Tables for people, in Markdown, and the places in documents that a tool fills in.

/** A cell: text, a number, or nothing. */
export type Cell = string | number | undefined;

/** Renders a table; columns after the first are set to the right when they hold numbers only. */
export function renderTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
    const isNumeric = header.map(
        (_, column) =>
            column > 0 &&
            rows.every((row) => typeof row[column] === "number" || row[column] === undefined),
    );
    const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
    return [
        line(header),
        line(isNumeric.map((numeric) => (numeric ? "---:" : "---"))),
        ...rows.map((row) => line(header.map((_, column) => renderCell(row[column])))),
    ].join("\n");
}

function renderCell(cell: Cell): string {
    if (cell === undefined) {
        return "";
    }
    return typeof cell === "number"
        ? String(cell)
        : cell.replace(/\|/gu, "\\|").replace(/\n/gu, " ");
}

/** Renders a share as a percentage; a dash for nothing of nothing. */
export function percent(part: number, whole: number, digits = 1): string {
    return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(digits)}%`;
}

/**
 * Puts text between the markers of that name, `<!-- begin NAME -->` and `<!-- end NAME -->`; a document
 * without them gets them at its end.
 */
export function fillSection(document: string, name: string, text: string): string {
    const begin = `<!-- begin ${name} -->`;
    const end = `<!-- end ${name} -->`;
    const from = document.indexOf(begin);
    const to = document.indexOf(end);
    const section = `${begin}\n${text.trim()}\n${end}`;
    if (from === -1 && to === -1) {
        return `${document.trimEnd()}\n\n${section}\n`;
    }
    if (from === -1 || to < from) {
        throw new Error(`the document has only one of the markers ${begin} and ${end}`);
    }
    return document.slice(0, from) + section + document.slice(to + end.length);
}
