// Places as people read them: a path, a line and a column counted from 1, columns in characters.

import { LineIndex } from "../base/index.ts";
import type { PlaceDto } from "../protocol/index.ts";

/** Gives the text of a line of a workspace file, 0-based; undefined when it cannot be had. */
export type SourceLines = (path: string, line: number) => string | undefined;

/** `path:line:column` of a place. */
export function showPlace(place: PlaceDto, source: SourceLines): string {
    return `${place.path}:${place.line + 1}:${showColumn(place, source) + 1}`;
}

/** The line of a place with a caret under the column, indented; nothing when the text is not known. */
export function showExcerpt(place: PlaceDto, source: SourceLines): string[] {
    const text = source(place.path, place.line);
    if (text === undefined) {
        return [];
    }
    const number = String(place.line + 1);
    const before = text.slice(0, place.column).replace(/[^\t]/gu, " ");
    return [`${number} | ${text}`, `${" ".repeat(number.length)} | ${before}^`];
}

function showColumn(place: PlaceDto, source: SourceLines): number {
    const text = source(place.path, place.line);
    if (text === undefined) {
        return place.column;
    }
    return new LineIndex(text).position(Math.min(place.column, text.length), "utf-32").column;
}
