// The crates of a workspace as they were compiled: which of them hold a change, and which could come to mean
// something else by it.

import { resolve } from "node:path";

import { readBytesIfThere } from "../../../platform/index.ts";
import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
import { listDependencies } from "../dependency-file.ts";
import { readCommand } from "../rustc-arguments.ts";

/** A compilation of a crate, and what it is made from. */
export interface ComparedCrate {
    readonly record: CompilationRecord;
    /** The files that it was compiled from; absolute. */
    readonly files: readonly string[];
    /** Their texts before any change. */
    readonly texts: readonly string[];
}

/** A change, and the names that it is about. */
export interface NamedChange {
    /** Files that it edits or moves, as they lay before; absolute. */
    readonly touched: ReadonlySet<string>;
    readonly oldName: string;
    readonly newName: string;
    /** Nothing outside of its crate can name what it changes, unless a macro writes the name there. */
    readonly isHidden?: boolean;
}

/** Files of compilations by their names, where that is known of an earlier time. */
export type ListedFiles = ReadonlyMap<string, readonly string[]>;

/** Reads what crates are made from. */
export function readCrates(
    records: readonly CompilationRecord[],
    listed?: ListedFiles,
): Promise<ComparedCrate[]> {
    return Promise.all(
        records.map(async (record) => {
            const files = listed?.get(record.name) ?? (await filesOf(record));
            const bytes = await Promise.all(files.map((file) => readBytesIfThere(file)));
            const texts = bytes.map((each) => Buffer.from(each ?? []).toString("utf8"));
            return { record, files, texts };
        }),
    );
}

/** Files that a crate was compiled from, by the compiler's own list. */
export async function filesOf(record: CompilationRecord): Promise<string[]> {
    const { outputFolder } = readCommand(record.args);
    const list = resolve(record.cwd, outputFolder, `${record.name}.d`);
    const text = Buffer.from((await readBytesIfThere(list)) ?? []).toString("utf8");
    return listDependencies(text, record.cwd);
}

/** What Cargo makes of those compilations that others of them are compiled against, by their names. */
export function linkedOutputs(records: readonly CompilationRecord[]): ReadonlyMap<string, string> {
    const names = new Set(records.map(({ name }) => name));
    const paths = records.flatMap(({ args }) => [...readCommand(args).externs.values()]);
    return new Map(
        paths.flatMap((path) => {
            const name = recordNameOf(path);
            return names.has(name) ? [[name, path] as const] : [];
        }),
    );
}

/**
 * The compilations to compare. A crate compiled as a test holds the crate itself too, so that one is enough,
 * unless some of it is compiled for no test.
 */
export function chooseCompilations(crates: readonly ComparedCrate[]): ComparedCrate[] {
    const chosen = new Map<string, ComparedCrate>();
    for (const crate of crates) {
        const { env, args } = crate.record;
        if (args.includes("build_script_build")) {
            continue;
        }
        const isTest = args.includes("--test");
        const source = args.find((arg) => arg.endsWith(".rs")) ?? "";
        const cfgs = args.filter((_, at) => args[at - 1] === "--cfg").join(" ");
        const key = `${env["CARGO_MANIFEST_DIR"] ?? ""} ${source} ${cfgs}`;
        const own = `${key} ${String(isTest)}`;
        if (crate.texts.some((text) => NOT_FOR_TESTS.test(text))) {
            chosen.set(own, crate);
        } else if (!chosen.has(key) || isTest) {
            chosen.set(key, crate);
        }
    }
    return [...chosen.values()];
}

const NOT_FOR_TESTS = /\bnot\s*\(\s*test\s*\)/u;

/** Names that macros of std write at their call, which no source shows. */
const WRITTEN_BY_MACROS: ReadonlySet<string> = new Set(["write_fmt", "into_iter", "next"]);

/** The crates that hold a change, and those that could mean something else by it. */
export function affectedCrates(
    crates: readonly ComparedCrate[],
    { touched, oldName, newName, isHidden = false }: NamedChange,
): ComparedCrate[] {
    const edited = crates.filter(({ files }) => files.some((file) => touched.has(file)));
    const names = [oldName, newName];
    const isOfMacros = edited.some(({ texts }) =>
        texts.some((text) => {
            const words = hasWord(text, names) ? wordsOfMacros(text) : [];
            return words.some((word) => names.includes(word));
        }),
    );
    // What a procedural macro does is known by no text.
    if (isHidden && !isOfMacros && !edited.some(({ record }) => isProcMacro(record))) {
        return edited;
    }
    return [...withDependents(crates, edited)].filter(
        (crate) =>
            edited.includes(crate) ||
            isOfMacros ||
            crate.texts.some((text) => hasWord(text, names)) ||
            WRITTEN_BY_MACROS.has(newName),
    );
}

function withDependents(
    crates: readonly ComparedCrate[],
    edited: readonly ComparedCrate[],
): Set<ComparedCrate> {
    const reached = new Set(edited);
    for (let before = -1; before < reached.size;) {
        before = reached.size;
        for (const crate of crates) {
            if ([...reached].some((one) => dependsOn(crate.record, one.record))) {
                reached.add(crate);
            }
        }
    }
    return reached;
}

function isProcMacro({ args }: CompilationRecord): boolean {
    return readCommand(args).crateTypes.includes("proc-macro");
}

/** Whether a crate is compiled against another one of the same workspace. */
function dependsOn(record: CompilationRecord, other: CompilationRecord): boolean {
    const crate = other.name.replace(/-[0-9a-f]+$/u, "");
    const externs = [...readCommand(record.args).externs];
    return (
        record !== other &&
        externs.some(([name, path]) => name === crate || path.includes(`/lib${crate}-`))
    );
}

/** Whether a text holds one of some words. */
export function hasWord(text: string, words: readonly string[]): boolean {
    return words.some((word) => {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            const isInside =
                WORD_SIGN.test(text[at - 1] ?? "") || WORD_SIGN.test(text[at + word.length] ?? "");
            if (!isInside) {
                return true;
            }
        }
        return false;
    });
}

const WORD_SIGN = /\p{XID_Continue}/u;

const TEMPLATES = /\b(?:macro_rules!\s*\w+|\w*quote\w*!|format_ident!|Ident::new)\s*[({[]/gu;

/** Words in what makes code for others: bodies of macros, and the templates of procedural ones. */
export function wordsOfMacros(text: string): string[] {
    return [...text.matchAll(TEMPLATES)].flatMap((found) => {
        const start = found.index + found[0].length;
        let end = start;
        for (let depth = 1; depth > 0 && end < text.length; end++) {
            const char = text[end] ?? "";
            depth += "({[".includes(char) ? 1 : ")}]".includes(char) ? -1 : 0;
        }
        return [...text.slice(start, end).matchAll(/[\p{XID_Start}_]\p{XID_Continue}*/gu)].map(
            ([word]) => word,
        );
    });
}
