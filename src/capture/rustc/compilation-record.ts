// Compilation records: how Cargo compiled each target of the members, written by the wrapper (data/
// rustc-wrapper.mjs) beside our target folder, because Cargo does not run the compiler for what is fresh.

import { basename, extname, join } from "node:path";

import { readBytesIfThere } from "../../platform/index.ts";

/** How one target was compiled. */
export interface CompilationRecord {
    /** Crate name with the suffix that Cargo gives its files. */
    readonly name: string;
    readonly rustc: string;
    readonly args: readonly string[];
    readonly cwd: string;
    /** What Cargo and build scripts added to the environment. */
    readonly env: Readonly<Record<string, string>>;
}

const RECORD_FORMAT = 1;

/** Folder of the records inside our folder. */
export function recordsFolder(folder: string): string {
    return join(folder, "records");
}

/** The name of the record of the compilation that a library is the output of. */
export function recordNameOf(file: string): string {
    return basename(file, extname(file)).replace(/^lib/u, "");
}

/** Reads the record of a compilation; undefined when there is none that can be understood. */
export async function readRecord(
    folder: string,
    name: string,
): Promise<CompilationRecord | undefined> {
    const bytes = await readBytesIfThere(join(recordsFolder(folder), `${name}.json`));
    return bytes === undefined ? undefined : parseRecord(Buffer.from(bytes).toString("utf8"));
}

function parseRecord(text: string): CompilationRecord | undefined {
    let value: Partial<CompilationRecord> & { readonly format?: unknown };
    try {
        value = JSON.parse(text) as typeof value;
    } catch {
        return undefined;
    }
    const { name, rustc, args, cwd, env } = value;
    const isWhole =
        value.format === RECORD_FORMAT &&
        typeof name === "string" &&
        typeof rustc === "string" &&
        typeof cwd === "string" &&
        isTexts(args) &&
        typeof env === "object" &&
        isTexts(Object.values(env));
    return isWhole ? { name, rustc, args, cwd, env } : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
    return Array.isArray(value) && value.every((each) => typeof each === "string");
}
