// Reads JSON of other programs: whatever is not of the expected form is taken for absent.

/** An object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none. */
export function jsonObject(value: unknown): Json {
    return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** The objects of a list. */
export function jsonObjects(value: unknown): Json[] {
    return Array.isArray(value) ? value.map(jsonObject) : [];
}

/** The value as text; empty when it is none. */
export function jsonText(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** The texts of a list. */
export function jsonTexts(value: unknown): string[] {
    return Array.isArray(value) ? value.map(jsonText) : [];
}
