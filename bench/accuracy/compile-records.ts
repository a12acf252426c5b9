// How cargo compiled the crates of a workspace, as the wrapper has kept it.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { CompilationRecord } from "../../src/capture/index.ts";

/** Reads the records of these units. */
export function readRecords(folder: string, units: ReadonlySet<string>): CompilationRecord[] {
    return readdirSync(folder)
        .sort()
        .map((file) => readFileSync(path.join(folder, file), "utf8"))
        .map((text) => JSON.parse(text) as CompilationRecord)
        .filter(({ name }) => units.has(name));
}
