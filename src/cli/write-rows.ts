// Rows of an answer as text: a table for people, CSV and JSON for programs. Pure.

/** Columns of an answer. */
export type Columns = readonly { readonly name: string; readonly type: string }[];

/** Rows of an answer. */
export type Rows = readonly (readonly unknown[])[];

/** Writes an answer part by part. */
export interface RowsWriter {
    rows(rows: Rows): string;
    /** What comes after the last row. */
    end(): string;
}

/** Widest cell of a table; what is longer is cut. */
const CELL_WIDTH_MAX = 72;

/** A table with aligned columns; the rows of the first part decide how wide they are. */
export function tableWriter(columns: Columns): RowsWriter {
    let widths: readonly number[] | undefined;
    let count = 0;
    const line = (cells: readonly string[]): string =>
        cells
            .map((cell, at) => pad(cell, widths?.[at] ?? 0, isNumber(columns[at]?.type)))
            .join("  ")
            .trimEnd();
    const begin = (texts: readonly (readonly string[])[]): string => {
        widths = columns.map(({ name }, at) =>
            Math.max(name.length, ...texts.map((row) => row[at]?.length ?? 0)),
        );
        const rule = widths.map((width) => "─".repeat(width)).join("  ");
        return `${line(columns.map(({ name }) => name))}\n${rule}\n`;
    };
    return {
        rows: (rows) => {
            const texts = rows.map((row) => row.map((value) => cut(showValue(value))));
            const head = widths === undefined ? begin(texts) : "";
            count += rows.length;
            return head + texts.map((row) => `${line(row)}\n`).join("");
        },
        end: () =>
            `${widths === undefined ? begin([]) : ""}\n${count} ${count === 1 ? "row" : "rows"}\n`,
    };
}

/** Comma-separated values as RFC 4180 has them, with a header. */
export function csvWriter(columns: Columns): RowsWriter {
    let hasBegun = false;
    const header = (): string => {
        const text = hasBegun ? "" : csvLine(columns.map(({ name }) => name));
        hasBegun = true;
        return text;
    };
    return {
        rows: (rows) => header() + rows.map(csvLine).join(""),
        end: header,
    };
}

/** A JSON array with one object for each row. */
export function jsonWriter(columns: Columns): RowsWriter {
    let count = 0;
    return {
        rows: (rows) =>
            rows
                .map((row) => {
                    const entries = columns.map(({ name }, at) => [name, row[at] ?? null]);
                    count += 1;
                    return `${count === 1 ? "[" : ","}\n${JSON.stringify(Object.fromEntries(entries))}`;
                })
                .join(""),
        end: () => (count === 0 ? "[]\n" : "\n]\n"),
    };
}

function csvLine(values: readonly unknown[]): string {
    return `${values.map((value) => quote(value === null ? "" : showValue(value))).join(",")}\r\n`;
}

function quote(text: string): string {
    return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function showValue(value: unknown): string {
    if (value === null || value === undefined) {
        return "";
    }
    return typeof value === "string" ? value : JSON.stringify(value);
}

function cut(text: string): string {
    const line = text.replace(/\s+/gu, " ");
    return line.length > CELL_WIDTH_MAX ? `${line.slice(0, CELL_WIDTH_MAX - 1)}…` : line;
}

function pad(text: string, width: number, isRight: boolean): string {
    return isRight ? text.padStart(width) : text.padEnd(width);
}

function isNumber(type: string | undefined): boolean {
    return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL)/u.test(type ?? "");
}
