// What the compiler says of code, with all the places that it names.

import { jsonObject, jsonObjects, jsonText, type Json } from "./json.ts";

/** A place that a diagnostic names. */
export interface DiagnosticSpan {
    /** As the compiler was given it: absolute, or relative to the workspace's folder. */
    readonly file: string;
    /** 0-based; columns in UTF-16 units. */
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly isPrimary: boolean;
    /** What is said of it; empty for nothing. */
    readonly label: string;
    /** Calls of macros that it is from, the innermost first. */
    readonly calls: readonly Omit<DiagnosticSpan, "calls" | "isPrimary" | "label">[];
}

/** An error or a warning. */
export interface Diagnostic {
    readonly level: "error" | "warning";
    /** `E0425`, or the lint; empty where it has none. */
    readonly code: string;
    readonly message: string;
    /** As it would be shown. */
    readonly rendered: string;
    readonly manifestPath: string;
    readonly targetName: string;
    readonly spans: readonly DiagnosticSpan[];
}

/** The diagnostic that a message of Cargo tells of; undefined for others, and for those without a place. */
export function readDiagnostic(message: Json): Diagnostic | undefined {
    if (message["reason"] !== "compiler-message") {
        return undefined;
    }
    const said = jsonObject(message["message"]);
    const level = jsonText(said["level"]);
    const spans = jsonObjects(said["spans"]);
    if ((level !== "error" && level !== "warning") || spans.length === 0) {
        return undefined;
    }
    return {
        level,
        code: jsonText(jsonObject(said["code"])["code"]),
        message: jsonText(said["message"]),
        rendered: jsonText(said["rendered"]),
        manifestPath: jsonText(message["manifest_path"]),
        targetName: jsonText(jsonObject(message["target"])["name"]),
        spans: spans.map(spanOf),
    };
}

function spanOf(span: Json): DiagnosticSpan {
    const calls: ReturnType<typeof placeOf>[] = [];
    let expansion = jsonObject(span["expansion"]);
    while (Object.keys(expansion).length > 0 && calls.length < CALLS_MAX) {
        const call = jsonObject(expansion["span"]);
        calls.push(placeOf(call));
        expansion = jsonObject(call["expansion"]);
    }
    return {
        ...placeOf(span),
        isPrimary: span["is_primary"] === true,
        label: jsonText(span["label"]),
        calls,
    };
}

const CALLS_MAX = 64;

function placeOf(span: Json): Omit<DiagnosticSpan, "calls" | "isPrimary" | "label"> {
    const lines = jsonObjects(span["text"]).map((line) => jsonText(line["text"]));
    return {
        file: jsonText(span["file_name"]),
        line: Math.max(0, Number(span["line_start"] ?? 1) - 1),
        column: utf16Column(lines[0], span["column_start"]),
        endLine: Math.max(0, Number(span["line_end"] ?? 1) - 1),
        endColumn: utf16Column(lines.at(-1), span["column_end"]),
    };
}

/** The compiler counts characters from 1. */
export function utf16Column(line: string | undefined, column: unknown): number {
    const before = Math.max(0, Number(column ?? 1) - 1);
    return line === undefined ? before : Array.from(line).slice(0, before).join("").length;
}

/** Lints that can betray a changed meaning. */
const TELLING_LINTS: ReadonlySet<string> = new Set([
    // A constant that is not found any more becomes a binding that matches everything.
    "unreachable_patterns",
    "unused_variables",
    "bindings_with_variant_name",
    // An import or an item that nobody uses any more was taken for another.
    "unused_imports",
    "unused_macros",
    "unused_labels",
    "dead_code",
    "ambiguous_glob_reexports",
    "hidden_glob_reexports",
    "unconditional_recursion",
]);

/** A binding that is called like a constant; that an item is called so is what was asked for. */
const STYLE_OF_BINDING = /^(?:warning: )?variable /u;

/** Whether a warning can betray a changed meaning, by its lint and its text. */
export function isTellingWarning(code: string, text: string): boolean {
    return code === "non_snake_case" ? STYLE_OF_BINDING.test(text) : TELLING_LINTS.has(code);
}

/** First warning of a lint that warns more often than before. */
export function firstNewWarning(
    before: ReadonlyMap<string, readonly string[]> | undefined,
    now: ReadonlyMap<string, readonly string[]>,
): string | undefined {
    for (const [lint, texts] of now) {
        const known = before?.get(lint) ?? [];
        if (texts.length > known.length) {
            return texts.find((text) => !known.includes(text)) ?? texts[texts.length - 1];
        }
    }
    return undefined;
}
