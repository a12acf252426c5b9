// Compiles small programs with rustc alone, and runs them.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { OperatingError } from "../../src/base/index.ts";
import { runProcess, type RunResult } from "../../src/platform/index.ts";
import type { Program, Texts } from "./part.ts";

/** What rustc says against a program. */
export interface Complaint {
    readonly level: "error" | "warning";
    readonly code: string;
    readonly message: string;
    /** Places from the outermost macro call to where it is; lines from 1. */
    readonly at: readonly { readonly path: string; readonly line: number }[];
}

/** What became of a program. */
export interface Outcome {
    readonly complaints: readonly Complaint[];
    /** Undefined where it does not compile, or does not end well. */
    readonly printed: string | undefined;
}

/** Predicates under which every program is compiled. */
export const CONFIGURATIONS = [[], ["--cfg", "zx"]] as const;

const RUN_MS_MAX = 60_000;

/** Programs print some lines: what takes longer never ends. */
const PROGRAM_MS_MAX = 10_000;
const OUTPUT_BYTES_MAX = 1_000_000;

/** Warnings that tell that a pattern or a name means something else than it did. */
const LINTS: ReadonlySet<string> = new Set([
    "unreachable_patterns",
    "unused_variables",
    "unconditional_recursion",
]);

// As rustc writes them.
interface Span {
    readonly [field: string]: unknown;
    readonly expansion: { readonly span: Span } | null;
}

interface Message {
    readonly level: string;
    readonly message: string;
    readonly code: { readonly code: string } | null;
    readonly spans: readonly Span[];
}

/** rustc, as it is called by itself. */
export class RustCompiler {
    readonly #folder: string;
    readonly #program: string;
    readonly #libraries: string;
    #runs = 0;

    /** Folder for programs, which is made anew for each. */
    constructor(folder: string) {
        this.#folder = folder;
        const ask = (what: string): string =>
            execFileSync("rustc", ["--print", what], { encoding: "utf8" }).trim();
        // Not the name: what rustup puts there decides anew each time which compiler is meant.
        this.#program = path.join(ask("sysroot"), "bin", "rustc");
        this.#libraries = ask("target-libdir");
    }

    /** Compiles and runs in each configuration. */
    async judge(program: Program, texts: Texts): Promise<Outcome> {
        const outcomes: Outcome[] = [];
        for (const configuration of configurationsOf(texts)) {
            const outcome = await this.#judgeIn(program, texts, configuration);
            outcomes.push(outcome);
            if (outcome.printed === undefined) {
                break;
            }
        }
        const isWell = outcomes.every((one) => one.printed !== undefined);
        return {
            complaints: outcomes.flatMap((one) => one.complaints),
            printed: isWell ? outcomes.map((one) => one.printed).join("----\n") : undefined,
        };
    }

    async #judgeIn(
        { edition }: Program,
        texts: Texts,
        configuration: readonly string[],
    ): Promise<Outcome> {
        this.#runs += 1;
        const folder = path.join(this.#folder, `${process.pid}-${this.#runs}`);
        const complaints: Complaint[] = [];
        try {
            for (const [file, text] of texts) {
                mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
                writeFileSync(path.join(folder, file), text);
            }
            for (const file of texts.keys()) {
                const isLibrary = file.endsWith("lib.rs");
                const crate = isLibrary
                    ? ["--crate-type", "lib", "--crate-name", "zl", "-o", "libzl.rlib"]
                    : ["--extern", "zl=libzl.rlib", "--crate-name", "main", "-o", "main"];
                const given = texts.size > 1 || isLibrary ? crate : crate.slice(2);
                const args = ["--edition", edition, ...configuration, ...given, file];
                const ran = await this.#rustc(folder, args);
                complaints.push(...readComplaints(ran.stderr));
                if (ran.code !== 0) {
                    return { complaints, printed: undefined };
                }
            }
            return { complaints, printed: await this.#run(path.join(folder, "main")) };
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }

    async #run(program: string): Promise<string | undefined> {
        try {
            const ran = await runProcess(program, [], {
                env: { LD_LIBRARY_PATH: this.#libraries },
                timeoutMs: PROGRAM_MS_MAX,
                maxOutputBytes: OUTPUT_BYTES_MAX,
            });
            return ran.code === 0 ? ran.stdout : undefined;
        } catch (error) {
            if (error instanceof OperatingError) {
                return undefined; // Endless, or endlessly printing.
            }
            throw error;
        }
    }

    #rustc(cwd: string, args: readonly string[]): Promise<RunResult> {
        return runProcess(
            this.#program,
            ["--error-format=json", "-Cprefer-dynamic", "-Cdebuginfo=0", ...args],
            { cwd, timeoutMs: RUN_MS_MAX },
        );
    }
}

function configurationsOf(texts: Texts): readonly (readonly string[])[] {
    const hasTwins = [...texts.values()].some((text) => text.includes("#[cfg("));
    return hasTwins ? CONFIGURATIONS : CONFIGURATIONS.slice(0, 1);
}

function readComplaints(output: string): Complaint[] {
    return output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Message)
        .filter(({ level, code }) => level === "error" || LINTS.has(code?.code ?? ""))
        .map(({ level, message, code, spans }) => ({
            level: level === "error" ? "error" : "warning",
            code: code?.code ?? "",
            message,
            at: placesOf(spans),
        }));
}

function placesOf(spans: readonly Span[]): Complaint["at"] {
    const primary = spans.find((one) => one["is_primary"] === true) ?? spans[0];
    const places: { path: string; line: number }[] = [];
    for (let span = primary; span !== undefined; span = span.expansion?.span) {
        places.unshift({ path: String(span["file_name"]), line: Number(span["line_start"]) });
    }
    return places;
}
