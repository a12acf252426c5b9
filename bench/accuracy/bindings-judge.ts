// What the compiler itself binds each name to, before and after: the second judge. It dumps what it knows of
// every crate that is edited, or that uses such a one and writes one of the two names: HIR and THIR, where
// every name has the number of its definition, and MIR of every body. All of it must be equal but for the name.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { OperatingError } from "../../src/base/index.ts";
import { startProcess } from "../../src/platform/index.ts";
import type { Verdict } from "./cargo-judge.ts";
import {
    dependsOn,
    dumpArguments,
    DUMPS,
    packageFolder,
    readRecords,
    type CompileRecord,
    type Dump,
} from "./compile-records.ts";
import { DumpComparison, DumpLines, LineHashes } from "./dump-lines.ts";
import type { PlannedChange } from "./workspace-copy.ts";

/** A change that compiles, and the names that it is about. */
export interface MadeChange {
    readonly change: PlannedChange;
    readonly oldName: string;
    readonly newName: string;
}

/** Says whether every name still means what it meant, of a change that is made in the copy. */
export interface BindingsJudge {
    judge(made: MadeChange): Promise<Pick<Verdict, "first" | "ok">>;
}

/** Where things are. */
export interface DumpFolders {
    /** The copy in which changes are made. */
    readonly root: string;
    /** Command lines, kept by the wrapper. */
    readonly records: string;
    /** Dumps of the copy as it was, as hashes. */
    readonly before: string;
}

interface Crate {
    readonly record: CompileRecord;
    /** Folder of its package, relative to the copy. */
    readonly folder: string;
    /** Every word of its sources. */
    readonly words: ReadonlySet<string>;
    /** Words that its macros may write in other crates. */
    readonly macroWords: ReadonlySet<string>;
}

const DUMPS_AT_A_TIME = 2;

/** Judges by dumps of the compiler that cargo has just run. */
export class DumpJudge implements BindingsJudge {
    readonly #folders: DumpFolders;
    readonly #crates: readonly Crate[];

    private constructor(folders: DumpFolders, crates: readonly Crate[]) {
        this.#folders = folders;
        this.#crates = crates;
    }

    /** Dumps these units as they are before any change; what is there from an earlier run is used again. */
    static async prepare(folders: DumpFolders, units: ReadonlySet<string>): Promise<DumpJudge> {
        mkdirSync(folders.before, { recursive: true });
        const crates = readRecords(folders.records, units).map((one) => readCrate(one, folders));
        const judge = new DumpJudge(folders, crates);
        await judge.#eachDump(crates, async (crate, dump) => judge.#keep(crate, dump));
        return judge;
    }

    /** Crates that can be dumped. */
    get crateCount(): number {
        return this.#crates.length;
    }

    async judge(made: MadeChange): Promise<Pick<Verdict, "first" | "ok">> {
        const found: string[] = [];
        await this.#eachDump(this.#affected(made), async (crate, dump) => {
            const difference = found.length > 0 ? "" : await this.#compare(crate, dump, made);
            if (difference !== "") {
                found.push(`${crate.record.name} (${dump}):\n${difference}`);
            }
        });
        const [first = ""] = found;
        return { ok: first === "", first };
    }

    #affected({ change, oldName, newName }: MadeChange): Crate[] {
        const touched = [
            ...change.edits.map((edit) => edit.path),
            ...change.moves.flatMap(({ from, to }) => [from, to]),
        ];
        const isEdited = (crate: Crate): boolean =>
            touched.some((file) => file.startsWith(`${crate.folder}/`) || crate.folder === "");
        const edited = this.#crates.filter(isEdited);
        const reached = new Set(edited);
        for (let before = -1; before < reached.size;) {
            before = reached.size;
            for (const crate of this.#crates) {
                if ([...reached].some((one) => dependsOn(crate.record, one.record))) {
                    reached.add(crate);
                }
            }
        }
        const isOfMacros = edited.some(
            ({ macroWords }) => macroWords.has(oldName) || macroWords.has(newName),
        );
        return [...reached].filter(
            (crate) =>
                edited.includes(crate) ||
                isOfMacros ||
                crate.words.has(oldName) ||
                crate.words.has(newName) ||
                WRITTEN_BY_MACROS.has(newName),
        );
    }

    async #eachDump(
        crates: readonly Crate[],
        work: (crate: Crate, dump: Dump) => Promise<void>,
    ): Promise<void> {
        const queue = crates.flatMap((crate) => DUMPS.map((dump) => ({ crate, dump })));
        const worker = async (): Promise<void> => {
            for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
                await work(next.crate, next.dump);
            }
        };
        await Promise.all(Array.from({ length: DUMPS_AT_A_TIME }, worker));
    }

    #hashFile({ record }: Crate, dump: Dump): string {
        return path.join(this.#folders.before, `${record.name}.${dump}`);
    }

    async #keep(crate: Crate, dump: Dump): Promise<void> {
        const file = this.#hashFile(crate, dump);
        if (!existsSync(file)) {
            const hashes = new LineHashes();
            await this.#dump(crate.record, dump, hashes.add);
            writeFileSync(file, new Uint8Array(hashes.finish().buffer));
        }
    }

    async #compare(crate: Crate, dump: Dump, made: MadeChange): Promise<string> {
        const bytes = readFileSync(this.#hashFile(crate, dump));
        const before = new Uint32Array(Uint8Array.from(bytes).buffer);
        const comparison = new DumpComparison(before, {
            oldName: made.oldName,
            newName: made.newName,
            moves: made.change.moves.map(({ from, to }) => ({ from: to, to: from })),
        });
        await this.#dump(crate.record, dump, comparison.add);
        comparison.finish();
        return comparison.difference;
    }

    async #dump(record: CompileRecord, dump: Dump, take: (line: string) => void): Promise<void> {
        const child = await startProcess(record.rustc, dumpArguments(record, dump), {
            cwd: record.cwd,
            env: { ...record.env, RUSTC_BOOTSTRAP: "1", CARGO_MAKEFLAGS: "" },
        });
        const lines = new DumpLines(take);
        let complaint = "";
        child.stderr.on("data", (chunk: Buffer) => {
            complaint += complaint.length < COMPLAINT_MAX ? chunk.toString() : "";
        });
        child.stdin.end();
        child.stdout.setEncoding("utf8");
        for await (const chunk of child.stdout) {
            lines.write(chunk as string);
        }
        lines.end();
        const { code } = await child.ended;
        if (code !== 0) {
            throw new OperatingError(
                "ACCURACY_DUMP_FAILED",
                `${record.name} cannot be dumped (${dump}): ${complaint}`,
            );
        }
    }
}

const COMPLAINT_MAX = 4000;

// Names that macros of std write at their call, which no source shows.
const WRITTEN_BY_MACROS = new Set(["write_fmt", "into_iter", "next"]);

function readCrate(record: CompileRecord, { root }: DumpFolders): Crate {
    const full = packageFolder(record);
    const words = new Set<string>();
    const macroWords = new Set<string>();
    for (const name of readdirSync(full, { recursive: true, encoding: "utf8" })) {
        if (name.endsWith(".rs")) {
            const text = readFileSync(path.join(full, name), "utf8");
            wordsOf(text).forEach((word) => words.add(word));
            wordsOfMacros(text).forEach((word) => macroWords.add(word));
        }
    }
    return { record, folder: path.relative(root, full), words, macroWords };
}

function wordsOf(text: string): string[] {
    return [...text.matchAll(/[\p{XID_Start}_]\p{XID_Continue}*/gu)].map(([word]) => word);
}

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
        return wordsOf(text.slice(start, end));
    });
}

/** Names the folder for the dumps of a state, which nothing of another state can be in. */
export function folderOfState(scratch: string, state: readonly string[]): string {
    const digest = createHash("sha256").update(state.join("\0")).digest("hex").slice(0, 12);
    return path.join(scratch, `before-${digest}`);
}

/** Forgets the command lines of an earlier run. */
export function emptyFolder(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
}
