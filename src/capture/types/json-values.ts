// Values of JSON that another program wrote, read without trust in their shape.

/** An object of which nothing is known. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Json {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one. */
export function objectOf(value: unknown): Json {
    return isObject(value) ? value : {};
}

/** The value if it is a list, else an empty one. */
export function arrayOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The value if it is a text, else an empty one. */
export function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** The value if it is a number, else 0. */
export function numberOf(value: unknown): number {
    return typeof value === "number" ? value : 0;
}
