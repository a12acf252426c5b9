// How cargo compiled the crates of a workspace, as the wrapper has kept it, and how each is dumped again.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One compilation of one crate. */
export interface CompileRecord {
    /** Crate name and the suffix that cargo gives its files. */
    readonly name: string;
    readonly rustc: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
}

/** What can be dumped. */
export const DUMPS = ["mir", "thir-flat", "hir-tree"] as const;

/** A dump. */
export type Dump = (typeof DUMPS)[number];

/** Reads the records of these units, one for each package and crate: a test's before its library's. */
export function readRecords(folder: string, units: ReadonlySet<string>): CompileRecord[] {
    const chosen = new Map<string, CompileRecord>();
    for (const file of readdirSync(folder).sort()) {
        const record = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as CompileRecord;
        if (!units.has(record.name)) {
            continue;
        }
        const { env, args } = record;
        const key = `${env["CARGO_MANIFEST_DIR"] ?? ""} ${sourceOf(args)}`;
        // A crate compiled as a test holds the crate itself too.
        if (!chosen.has(key) || args.includes("--test")) {
            chosen.set(key, record);
        }
    }
    return [...chosen.values()].filter(({ args }) => !args.includes("build_script_build"));
}

function sourceOf(args: readonly string[]): string {
    return args.find((arg) => arg.endsWith(".rs")) ?? "";
}

/** Folder of the package that a record is of. */
export function packageFolder(record: CompileRecord): string {
    return record.env["CARGO_MANIFEST_DIR"] ?? record.cwd;
}

/** Files that a record's crate is compiled against: the suffixes of crates of the same workspace. */
export function dependsOn(record: CompileRecord, other: CompileRecord): boolean {
    const crate = other.name.replace(/-[0-9a-f]+$/u, "");
    return record.args.some(
        (arg, index) =>
            record.args[index - 1] === "--extern" &&
            (arg.includes(`/lib${crate}-`) || arg.startsWith(`${crate}=`)),
    );
}

const WITH_VALUE = new Set(["--emit", "--error-format", "--json", "--diagnostic-width", "-o"]);

/** The command line that dumps what a record compiled. */
export function dumpArguments(record: CompileRecord, dump: Dump): string[] {
    const kept: string[] = [];
    for (let at = 0; at < record.args.length; at++) {
        const arg = record.args[at] ?? "";
        const next = record.args[at + 1] ?? "";
        const option = arg.split("=")[0] ?? "";
        if (WITH_VALUE.has(option)) {
            at += arg === option ? 1 : 0;
        } else if (arg === "-C" && next.startsWith("incremental=")) {
            at += 1;
        } else {
            kept.push(arg);
        }
    }
    const more = dump === "mir" ? ["-Zmir-opt-level=0"] : [];
    return [
        ...kept,
        "--cap-lints=allow",
        `-Zunpretty=${dump}`,
        "-Ztrim-diagnostic-paths=no",
        ...more,
    ];
}
