// Texts of workspace files for excerpts and places, read when they are first needed.

import { readFileSync } from "node:fs";
import path from "node:path";

import { LineIndex } from "../base/index.ts";
import type { SourceLines } from "./source-lines.ts";

/** Text of a file; undefined when it cannot be read as UTF-8. */
export function readSourceText(file: string): string | undefined {
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
    } catch {
        return undefined;
    }
}

/** Lines of the files below a root, each file read once. */
export function openSourceLines(root: string): SourceLines {
    const files = new Map<string, LineIndex | undefined>();
    return (file, line) => {
        if (!files.has(file)) {
            const text = readSourceText(path.join(root, file));
            files.set(file, text === undefined ? undefined : new LineIndex(text));
        }
        const lines = files.get(file);
        return lines === undefined || line >= lines.lineCount
            ? undefined
            : lines.text.slice(lines.lineStart(line), lines.lineEnd(line));
    };
}
