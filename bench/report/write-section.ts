// A document of measurements, of which each run writes its own part.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { fillSection } from "./markdown-table.ts";

const TITLE = "# Measured\n";

/** Writes a section of a document, which is begun with a title where it does not exist; nothing without a file. */
export function writeSection(
    file: string | undefined,
    name: string,
    text: string,
    title = TITLE,
): void {
    if (file !== undefined) {
        const document = existsSync(file) ? readFileSync(file, "utf8") : title;
        writeFileSync(file, fillSection(document, name, text));
    }
}
