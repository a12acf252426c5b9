// Gathers what the readers find into the columns of RustcFacts: interned targets and types, uses sorted and
// without doubles. Counts what had to be left out, by reason.

import { doubled, appendTo } from "../../../base/index.ts";
import {
    FACT_FLAG,
    FACT_ROLE,
    type CompilationUnit,
    type FactDefinition,
    type FactRole,
    type FactTarget,
    type ImplicitUse,
    type RustcFacts,
} from "../facts.ts";
import { isPathKeyword, ownText } from "./dump-words.ts";
import type { SourceFiles, SourceSpan } from "./source-files.ts";

/** Raised when the meaning of the facts changes. */
export const FACTS_FORMAT = 2;

/** Why something that a dump mentions has no use in the facts. */
export type DropReason =
    /** Text at the place is another: nothing is said of it. */
    | "mismatch"
    /** Expansion of a macro, and no token of the workspace stands for it. */
    | "expanded"
    /** Written at a macro call, which of its tokens is not certain. */
    | "hygiene"
    /** Associated types by projection, and what stands in bodies without THIR. */
    | "unresolved"
    /** A field of a type whose definition the printed type does not tell. */
    | "field-type"
    /** A body of MIR whose DefPath is not certain: impls of macros share one place. */
    | "owner"
    /** Lifetimes whose token is not certain. */
    | "lifetime"
    /** An entry of a dump beyond the limit. */
    | "giant"
    /** An entry of a dump that is not of the known form. */
    | "malformed";

/** How often each reason applied. */
export type DropCounts = Partial<Record<DropReason, number>>;

/** A use about to be added. */
export interface NewUse {
    readonly at: SourceSpan;
    readonly role: FactRole;
    readonly flags: number;
    readonly target: number;
    readonly receiver?: number;
}

const COLUMNS = 7;

/** Collects facts of one compilation. */
export class FactCollector {
    readonly files: SourceFiles;
    readonly dropped: DropCounts = {};
    readonly definitions = new Map<string, FactDefinition>();
    readonly implicit: ImplicitUse[] = [];
    /** Impls by the printed start of their span; empty where several share one. */
    readonly impls = new Map<string, string>();
    #pathsByPlace: Map<string, number[]> | undefined;
    #openTarget: number | undefined;
    readonly #targets: FactTarget[] = [];
    readonly #targetIndex = new Map<string, number>();
    readonly #types: string[] = [""];
    readonly #typeIndex = new Map<string, number>([["", 0]]);
    #uses = new Uint32Array(COLUMNS * 1024);
    #count = 0;

    constructor(files: SourceFiles) {
        this.files = files;
    }

    drop(reason: DropReason): void {
        this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
    }

    /** Paths of all definitions that something names. */
    targetPaths(): string[] {
        return this.#targets.filter((each) => each.kind === "definition").map((each) => each.path);
    }

    /** DefPath of the crate. */
    crateRoot(): string {
        const [first] = this.definitions.keys();
        return first?.split("::")[0] ?? "";
    }

    /**
     * Path of a field or variant by the name in its parent. The compiler numbers names of one parent that
     * are spelled alike (`Either::Left#1` beside the parameter `Left`); of other crates that is not known.
     */
    memberPath(parent: string, name: string, kind: "Field" | "Variant"): string | undefined {
        const plain = `${parent}::${name}`;
        if (parent.split("::")[0] !== this.crateRoot()) {
            return plain;
        }
        const numbered = ["", "#1", "#2", "#3"].map((suffix) => plain + suffix);
        return numbered.find((path) => this.definitions.get(path)?.kind === kind);
    }

    /** Takes note of an impl's place. */
    addImpl(printedSpan: string, path: string): void {
        const start = printedSpan.slice(0, printedSpan.indexOf(": "));
        this.impls.set(ownText(start), this.impls.has(start) ? "" : ownText(path));
    }

    /** Paths of the definitions that the token at a place names; for use once all uses are in. */
    pathsAt(file: number, start: number): string[] {
        if (this.#pathsByPlace === undefined) {
            this.#pathsByPlace = new Map();
            for (let row = 0; row < this.#count; row += 1) {
                const [at = 0, from = 0, , , , target = 0] = this.#uses.subarray(row * COLUMNS);
                appendTo(this.#pathsByPlace, `${at}:${from}`, target);
            }
        }
        const found = this.#pathsByPlace.get(`${file}:${start}`) ?? [];
        return found.map((target) => this.#targets[target]?.path ?? "");
    }

    /** Adds a definition unless its path is known. */
    define(path: string, kind: string, at: SourceSpan | undefined): void {
        if (this.definitions.has(path)) {
            return;
        }
        const own = ownText(path);
        this.definitions.set(own, {
            path: own,
            kind: ownText(kind),
            file: at?.file ?? -1,
            start: at?.start ?? 0,
            end: at?.end ?? 0,
        });
    }

    /** Index of a definition or primitive as target. */
    target(kind: "definition" | "primitive", path: string): number {
        const key = kind === "definition" ? path : `primitive ${path}`;
        const known = this.#targetIndex.get(key);
        if (known !== undefined) {
            return known;
        }
        return this.#addTarget(ownText(key), { kind, path: ownText(path) });
    }

    /** Index of a local as target, named by its binding token. */
    local(at: SourceSpan): number {
        const key = `local ${at.file}:${at.start}`;
        const known = this.#targetIndex.get(key);
        if (known !== undefined) {
            return known;
        }
        return this.#addTarget(key, {
            kind: "local",
            path: "",
            file: at.file,
            start: at.start,
            end: at.end,
        });
    }

    /** Says that a token may mean something of which the compiler does not say that it is written there. */
    open(at: SourceSpan): void {
        this.#openTarget ??= this.#addTarget("open", { kind: "local", path: "" });
        this.#add(at, { role: "path", flags: FACT_FLAG.byHygiene, target: this.#openTarget });
    }

    /** Index of a printed type. */
    type(printed: string | undefined): number {
        if (printed === undefined) {
            return 0;
        }
        const known = this.#typeIndex.get(printed);
        if (known !== undefined) {
            return known;
        }
        const own = ownText(stableType(printed));
        const index = this.#typeIndex.get(own) ?? this.#types.push(own) - 1;
        this.#typeIndex.set(own, index);
        this.#typeIndex.set(ownText(printed), index);
        return index;
    }

    /** Adds a use whose text is the name; anything else is dropped and counted. */
    use(name: string, use: NewUse): boolean {
        const { at } = use;
        const text = this.files.file(at.file).text;
        const raw = text.startsWith("r#", at.start) || text.startsWith("'r#", at.start);
        const written = text.slice(at.start, at.end);
        if ((raw ? written.replace("r#", "") : written) !== name || isPathKeyword(name)) {
            if (!isPathKeyword(name)) {
                this.drop("mismatch");
            }
            return false;
        }
        this.#add(at, use);
        return true;
    }

    #add(at: SourceSpan, use: Omit<NewUse, "at">): void {
        if ((this.#count + 1) * COLUMNS > this.#uses.length) {
            this.#uses = doubled(this.#uses);
        }
        const role = FACT_ROLE[use.role];
        const row = [at.file, at.start, at.end, role, use.flags, use.target, use.receiver ?? 0];
        this.#uses.set(row, this.#count * COLUMNS);
        this.#count += 1;
    }

    /** Everything, in its final order. */
    finish(compiler: string, unit: CompilationUnit): RustcFacts {
        const rows = this.#sortedRows();
        const column = (at: number): number[] =>
            rows.map((row) => this.#uses[row * COLUMNS + at] ?? 0);
        return {
            format: FACTS_FORMAT,
            compiler,
            unit,
            files: this.files.facts(),
            definitions: [...this.definitions.values()],
            targets: this.#targets,
            types: this.#types,
            uses: {
                file: Uint32Array.from(column(0)),
                start: Uint32Array.from(column(1)),
                end: Uint32Array.from(column(2)),
                role: Uint8Array.from(column(3)),
                flags: Uint8Array.from(column(4)),
                target: Uint32Array.from(column(5)),
                receiver: Uint32Array.from(column(6)),
            },
            implicit: this.implicit,
        };
    }

    /** Rows by place; one of several that differ in nothing but flags or receiver. */
    #sortedRows(): number[] {
        const uses = this.#uses;
        const keys = [0, 1, 2, 3, 5];
        const compare = (a: number, b: number): number => {
            for (const key of keys) {
                const difference = (uses[a * COLUMNS + key] ?? 0) - (uses[b * COLUMNS + key] ?? 0);
                if (difference !== 0) {
                    return difference;
                }
            }
            // The row that says more first: without flags, with a receiver.
            return (
                (uses[a * COLUMNS + 4] ?? 0) - (uses[b * COLUMNS + 4] ?? 0) ||
                (uses[b * COLUMNS + 6] ?? 0) - (uses[a * COLUMNS + 6] ?? 0)
            );
        };
        const rows = Array.from({ length: this.#count }, (_, row) => row).sort(compare);
        return rows.filter((row, at) => {
            const before = rows[at - 1];
            const isNew =
                before === undefined ||
                keys.some((key) => uses[row * COLUMNS + key] !== uses[before * COLUMNS + key]);
            return isNew && !this.#isOwnName(row);
        });
    }

    /** A name that the compiler mentions again where it is defined: bounds of `T: Clone`, derived impls. */
    #isOwnName(row: number): boolean {
        const [file, start, , role, , target = 0] = this.#uses.subarray(row * COLUMNS);
        const named = this.#targets[target];
        const at = named?.kind === "local" ? named : this.definitions.get(named?.path ?? "");
        return role !== FACT_ROLE.definition && at?.file === file && at?.start === start;
    }

    #addTarget(key: string, target: FactTarget): number {
        const index = this.#targets.push(target) - 1;
        this.#targetIndex.set(key, index);
        return index;
    }
}

/** A printed type without what differs from run to run: numbers of definitions, erased lifetimes. */
function stableType(printed: string): string {
    return printed
        .replaceAll("'{erased} ", "")
        .replaceAll("'{erased}", "'_")
        .replace(/DefId\(\d+:\d+ ~ ([^)]*)\)/g, "$1");
}
