// Reads fields of parsed JSON or TOML whose shape is not trusted: a field of another type than
// expected counts as absent.

/** A parsed table: a JSON object or a TOML table. */
export type Table = Readonly<Record<string, unknown>>;

/** Views a value as a table; undefined when it is none. */
export function asTable(value: unknown): Table | undefined {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Table)
        : undefined;
}

/** Views a value as a list; empty when it is none. */
export function asList(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A field that is a table. */
export function tableAt(table: Table | undefined, key: string): Table | undefined {
    return asTable(table?.[key]);
}

/** A field that is text. */
export function textAt(table: Table | undefined, key: string): string | undefined {
    const value = table?.[key];
    return typeof value === "string" ? value : undefined;
}

/** A field that is true or false. */
export function flagAt(table: Table | undefined, key: string): boolean | undefined {
    const value = table?.[key];
    return typeof value === "boolean" ? value : undefined;
}

/** The texts of a field that is a list. */
export function textsAt(table: Table | undefined, key: string): readonly string[] {
    return asList(table?.[key]).filter((item) => typeof item === "string");
}

/** The tables of a field that is a list. */
export function tablesAt(table: Table | undefined, key: string): readonly Table[] {
    return asList(table?.[key])
        .map(asTable)
        .filter((item) => item !== undefined);
}
