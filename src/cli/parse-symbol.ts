// What a person writes for SYMBOL: a path, or FILE:LINE:COLUMN counted from 1.

import path from "node:path";

import { LineIndex, refuse, splitPlace, type Refusal } from "../base/index.ts";
import type { SymbolSelector } from "../protocol/index.ts";

/** Where files are looked for, and how they are read. */
export interface SymbolContext {
    readonly root: string;
    readonly currentFolder: string;
    /** Text of a file by absolute path; undefined when there is none. */
    readonly readText: (file: string) => string | undefined;
}

/** Understands SYMBOL; refuses a place that does not exist. */
export function parseSymbol(written: string, context: SymbolContext): SymbolSelector | Refusal {
    const place = splitPlace(written);
    if (place === undefined) {
        return { kind: "path", path: written.trim() };
    }
    const found = findFile(place.file, context);
    if (found === undefined) {
        return refuse("FILE_NOT_IN_WORKSPACE", `there is no file ${place.file} in the workspace`, {
            advice: `give a path relative to the current folder or to ${context.root}`,
        });
    }
    const lines = new LineIndex(found.text);
    const line = place.line - 1;
    const start = lines.lineStart(line);
    const isInside = line >= 0 && line < lines.lineCount && place.column >= 1;
    // People count characters; inside the program columns are UTF-16 units.
    const offset = lines.offset({ line, column: place.column - 1 }, "utf-32");
    const columns = lines.position(lines.lineEnd(Math.max(line, 0)), "utf-32").column;
    if (!isInside || place.column > columns + 1) {
        return refuse(
            "PLACE_OUTSIDE_FILE",
            `${place.file} has no line ${place.line} with a column ${place.column}`,
            { advice: "lines and columns are counted from 1" },
        );
    }
    return {
        kind: "place",
        place: { path: found.path, line, column: offset - start },
    };
}

function findFile(
    file: string,
    context: SymbolContext,
): { readonly path: string; readonly text: string } | undefined {
    for (const folder of [context.currentFolder, context.root]) {
        const absolute = path.resolve(folder, file);
        const relative = path.relative(context.root, absolute);
        if (relative.startsWith("..") || path.isAbsolute(relative)) {
            continue;
        }
        const text = context.readText(absolute);
        if (text !== undefined) {
            return { path: relative.split(path.sep).join("/"), text };
        }
    }
    return undefined;
}
