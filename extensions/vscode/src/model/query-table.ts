// Rows of a query's answer as text: cells, and comma-separated values (RFC 4180).

/** A cell as it is shown. */
export function cellText(value: unknown): string {
    if (value === null || value === undefined) {
        return "";
    }
    return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a column's values are numbers, by the name of its type. */
export function isNumeric(type: string): boolean {
    return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/u.test(type);
}

/** A table as comma-separated values with a head line. */
export function toCsv(
    columns: readonly { readonly name: string }[],
    rows: readonly (readonly unknown[])[],
): string {
    const line = (cells: readonly string[]): string => cells.map(quoted).join(",");
    return [
        line(columns.map((column) => column.name)),
        ...rows.map((row) => line(row.map(cellText))),
        "",
    ].join("\r\n");
}

function quoted(cell: string): string {
    return /[",\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
