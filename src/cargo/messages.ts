// Messages of Cargo: one JSON object in a line each.

import { utf16Column } from "./diagnostics.ts";
import { jsonObject, jsonObjects, jsonText, type Json } from "./json.ts";

/** An error of the compiler. */
export interface CargoError {
    readonly message: string;
    readonly code: string | undefined;
    readonly manifestPath: string;
    readonly targetName: string;
    /** As the compiler was given it: absolute, or relative to the workspace's folder. */
    readonly file: string | undefined;
    /** 0-based; the column in UTF-16 units. */
    readonly line: number;
    readonly column: number;
}

/** A line as a message; undefined for one that only looks like it. */
export function parseMessage(line: string): Json | undefined {
    try {
        return jsonObject(JSON.parse(line));
    } catch {
        return undefined;
    }
}

/** The error that a message tells of; undefined for all others. */
export function readError(message: Json): CargoError | undefined {
    const isError =
        message["reason"] === "compiler-message" &&
        jsonObject(message["message"])["level"] === "error";
    return isError ? errorOf(message) : undefined;
}

function errorOf(message: Json): CargoError {
    const said = jsonObject(message["message"]);
    const span = jsonObjects(said["spans"]).find((each) => each["is_primary"] === true) ?? {};
    const code = jsonText(jsonObject(said["code"])["code"]);
    const file = jsonText(span["file_name"]);
    return {
        message: jsonText(said["message"]),
        code: code === "" ? undefined : code,
        manifestPath: jsonText(message["manifest_path"]),
        targetName: jsonText(jsonObject(message["target"])["name"]),
        file: file === "" ? undefined : file,
        line: Math.max(0, Number(span["line_start"] ?? 1) - 1),
        column: utf16Column(jsonText(jsonObjects(span["text"])[0]?.["text"]), span["column_start"]),
    };
}
