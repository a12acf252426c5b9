// Compares a dump of the compiler with the one before, of which the hashes of lines are kept, but for a name.

import { doubled } from "../../../base/index.ts";
import { hashLine, type DumpLine } from "./dump-lines.ts";

/** The lines of a dump, kept as their hashes. */
export class LineHashes {
    #hashes = new Uint32Array(1 << 16);
    #count = 0;

    readonly add = ({ hash }: Pick<DumpLine, "hash">): void => {
        if (this.#count === this.#hashes.length) {
            this.#hashes = doubled(this.#hashes);
        }
        this.#hashes[this.#count] = hash;
        this.#count += 1;
    };

    finish(): Uint32Array {
        return this.#hashes.slice(0, this.#count);
    }
}

/** What is taken for the same name, and what for the same file. */
export interface Renaming {
    readonly oldName: string;
    readonly newName: string;
    /** Other names that were changed with it. */
    readonly others?: readonly { readonly oldName: string; readonly newName: string }[];
    /** From where a file is now to where it was. */
    readonly moves: readonly { readonly from: string; readonly to: string }[];
}

// A definition as `comparableLine` leaves it: its crate and its number.
const BOUND = /\w\[[0-9a-f]{4,}\] \d/u;

const NAMES_IN_A_LINE_MAX = 6;

/** Compares a dump with the hashes of the one before, but for a name. */
export class DumpComparison {
    readonly #before: Uint32Array;
    readonly #renaming: Renaming;
    readonly #name: RegExp;
    /** What a name may have been called, each with itself. */
    readonly #spellings: ReadonlyMap<string, readonly string[]>;
    #at = 0;
    /** Definitions that names are bound to, and bodies, that were compared. */
    bindings = 0;
    bodies = 0;
    /** The last lines, to show where a difference is. */
    readonly #context: string[] = [];
    /** The first line that differs, with those before it; empty when there is none. */
    difference = "";

    constructor(before: Uint32Array, renaming: Renaming) {
        this.#before = before;
        this.#renaming = renaming;
        const pairs = [renaming, ...(renaming.others ?? [])];
        const spellings = new Map<string, string[]>();
        for (const { oldName, newName } of pairs) {
            const known = spellings.get(newName) ?? [newName];
            spellings.set(newName, known.includes(oldName) ? known : [...known, oldName]);
        }
        this.#spellings = spellings;
        const names = [...spellings.keys()].join("|");
        this.#name = new RegExp(`(?<![\\w])(?:${names})(?![\\w])`, "gu");
    }

    readonly add = (found: DumpLine): void => {
        const expected = this.#before[this.#at];
        this.#at += 1;
        if (this.difference !== "" || (found.isPlain && found.hash === expected)) {
            return;
        }
        const line = found.text;
        this.#count(line);
        const isEqual =
            expected !== undefined && (found.hash === expected || this.#canBe(line, expected));
        if (!isEqual) {
            this.difference = [...this.#context, line].join("\n");
        }
        if (/span: |DefId|\[[0-9a-f]{4}\] \d/u.test(line)) {
            this.#context.push(line);
            this.#context.splice(0, this.#context.length - CONTEXT_LINES);
        }
    };

    /** Says whether there is no difference, and nothing is left. */
    finish(): boolean {
        if (this.difference === "" && this.#at !== this.#before.length) {
            this.difference = `the dump has ${this.#at} lines, and had ${this.#before.length}`;
        }
        return this.difference === "";
    }

    #count(line: string): void {
        if (line.startsWith("bb0:") || line.startsWith("bb0 ")) {
            this.bodies += 1;
        } else if (line.includes("] ")) {
            this.bindings += BOUND.test(line) ? 1 : 0;
        }
    }

    // Each of the new names in the line may be an old one, or have been there before.
    #canBe(line: string, expected: number): boolean {
        let moved = line;
        for (const { from, to } of this.#renaming.moves) {
            moved = moved.replaceAll(from, to);
        }
        const places = [...moved.matchAll(this.#name)].map(({ index, 0: name }) => ({
            index,
            name,
            spellings: this.#spellings.get(name) ?? [name],
        }));
        // What is beyond the limit counts as renamed.
        const open = places.slice(0, NAMES_IN_A_LINE_MAX);
        const choices = open.reduce((product, { spellings }) => product * spellings.length, 1);
        for (let choice = 0; choice < choices; choice++) {
            let written = "";
            let from = 0;
            let rest = choice;
            places.forEach(({ index, name, spellings }, at) => {
                const spelling = spellings[rest % spellings.length];
                rest = at < open.length ? Math.floor(rest / spellings.length) : rest;
                const chosen = at < open.length ? spelling : spellings.at(-1);
                written += moved.slice(from, index) + (chosen ?? name);
                from = index + name.length;
            });
            if (hashLine(written + moved.slice(from)) === expected) {
                return true;
            }
        }
        return false;
    }
}

const CONTEXT_LINES = 4;
