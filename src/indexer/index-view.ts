// A state of the workspace as its rows are made from it: symbols by file, and what each file's rows
// depend on, as one digest.

import { createHash } from "node:crypto";

import { appendTo } from "../base/index.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    SymbolFacts,
    type OccurrenceTable,
    type ResolutionSource,
    type ResolvedWorkspace,
} from "../resolve/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";

type Hash = ReturnType<typeof createHash>;

/** Codes of bindings whose target is a symbol. */
const NAMING: ReadonlySet<number> = new Set([BIND.symbol, BIND.external]);

/** What rows are made from. */
export interface IndexInput {
    readonly model: WorkspaceModel;
    readonly resolution: ResolvedWorkspace;
    readonly captures: ReadonlyMap<string, FileCapture>;
}

/** The tokens of a file as one crate sees them. */
export interface OwnedTable {
    readonly table: OccurrenceTable;
    /** Whether there is such a crate: else the symbols around tokens mean nothing. */
    readonly isOwned: boolean;
}

/** The state, prepared. */
export class IndexView {
    readonly input: IndexInput;
    readonly source: ResolutionSource;
    readonly #facts: SymbolFacts;
    /** Crates by the file that is their body: no other defines them. */
    readonly #crates = new Map<string, number[]>();
    /** Low and high word of each symbol's id, in turn. */
    readonly #idWords: Uint32Array;
    readonly #owners = new Map<
        string,
        { readonly crates: readonly string[]; readonly cfg: string }
    >();

    constructor(input: IndexInput) {
        this.input = input;
        this.source = input.resolution.source;
        // Walking every file is what makes externals.
        for (let file = 0; file < this.source.files.length; file++) {
            this.source.table(file);
        }
        this.#facts = SymbolFacts.of(this.source);
        this.#idWords = new Uint32Array(this.#facts.ids.buffer);
        const bodies = new Map<number, string>();
        for (const file of this.source.ownership()) {
            file.modules.forEach((module) => bodies.set(module, file.path));
            const crates = file.owners.map((owner) => this.source.symbol(owner).name).sort();
            this.#owners.set(file.path, { crates: [...new Set(crates)], cfg: file.cfg });
        }
        for (const crate of this.#facts.nodesIn("")) {
            appendTo(this.#crates, bodies.get(crate) ?? "", crate);
        }
    }

    /** Captured files, sorted. */
    paths(): string[] {
        return [...this.input.captures.keys()].sort();
    }

    /** Graph nodes that a file defines. */
    symbolsOf(path: string): readonly number[] {
        const own = this.#facts.nodesIn(path);
        const crates = this.#crates.get(path);
        return crates === undefined ? own : [...crates, ...own].sort((a, b) => a - b);
    }

    /** Symbols of other packages, whether something uses them or not. */
    get externals(): readonly number[] {
        return this.#facts.externals;
    }

    /** Crates of a file, and the predicate under which it is theirs. */
    ownersOf(path: string): { readonly crates: readonly string[]; readonly cfg: string } {
        return this.#owners.get(path) ?? { crates: [], cfg: "" };
    }

    /** Tables of a file, one for each crate that owns it. */
    tablesOf(path: string): readonly OwnedTable[] {
        return this.source.filesOf(path).map((file) => ({
            table: this.source.table(file),
            isOwned: this.source.files[file]?.crate !== -1,
        }));
    }

    /** Digest of all that a file's rows are made from, hex. */
    digestOf(path: string): string {
        const hash = createHash("sha256");
        hash.update(this.input.captures.get(path)?.contentHash ?? "");
        const { crates, cfg } = this.ownersOf(path);
        hash.update(`\n${crates.join(" ")}\n${cfg}\n`);
        const lines: string[] = [];
        for (const index of this.symbolsOf(path)) {
            const symbol = this.source.symbol(index);
            const { display, flags, cfg: own, visibility, parent, crate } = symbol;
            const ofCrate = crate === undefined ? "" : this.source.displayOf(crate);
            const above = parent === undefined ? "" : this.#facts.idText(parent);
            const id = this.#facts.idText(index);
            lines.push(`${id} ${display} ${flags} ${visibility} ${own} ${above} ${ofCrate}\n`);
        }
        hash.update(lines.join(""));
        for (const file of this.source.filesOf(path)) {
            this.#hashTable(hash, this.source.table(file));
        }
        return hash.digest("hex").slice(0, 32);
    }

    /** Numbers of symbols mean nothing outside a session: their ids stand for them. */
    #hashTable(hash: Hash, table: OccurrenceTable): void {
        hash.update(bytesOf(table.start)).update(bytesOf(table.end)).update(table.role);
        hash.update(table.bind).update(table.flags).update(bytesOf(table.reason));
        hash.update(table.reasons.join("\n"));
        // Two ids a row, as words: making a bigint of each takes longer than hashing them.
        const ids = new Uint32Array(4 * table.target.length);
        for (let row = 0; row < table.target.length; row++) {
            const target = table.target[row] ?? 0;
            const isSymbol = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) === 0;
            this.#putId(ids, 4 * row, table.enclosing[row] ?? 0);
            if (isSymbol && NAMING.has(table.bind[row] ?? 0)) {
                this.#putId(ids, 4 * row + 2, target);
            } else {
                ids[4 * row + 2] = target;
            }
        }
        hash.update(bytesOf(ids));
        table.sets.forEach((set) => {
            hash.update(set.map((symbol) => `${this.#idAt(symbol)} `).join("") + "\n");
        });
    }

    #putId(words: Uint32Array, at: number, symbol: number): void {
        if (symbol < this.source.symbolCount) {
            words[at] = this.#idWords[2 * symbol] ?? 0;
            words[at + 1] = this.#idWords[2 * symbol + 1] ?? 0;
        }
    }

    #idAt(symbol: number): string {
        return symbol < this.source.symbolCount ? this.#facts.idText(symbol) : "0";
    }
}

function bytesOf(column: Uint32Array | Uint16Array): Uint8Array {
    return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
