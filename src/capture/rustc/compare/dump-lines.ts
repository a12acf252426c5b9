// The compiler's dumps (HIR, THIR, MIR) as lines that can be compared before and after a rename: identity is
// in the numbers of definitions, so their paths go, and the columns of places, and nothing else.

const SPAN = /(\d+):\d+: (\d+):\d+/gu;
const DEFINITION = /DefId\(\d+:(\d+) ~ (\w+\[[0-9a-f]+\])[^)]*\)/gu;
const RAW = /\br#/gu;
const TEST_COLUMN = /\b(start_col|end_col): const \d+_usize/gu;
// Bytes of constants: what they were made from is dumped too.
const DATA_BEGIN = /^alloc\d+ /u;
// The harness lists the tests by their paths, so that a module's new name changes their order, and nothing else.
const HARNESS_BEGIN = /^const main::promoted\[\d+\]: .*\bTestDescAndFn; \d+\] = \{$/u;
const LISTED_TEST = /^_\d+ = const (?:\w+::)+\w+;/u;

/** Makes one line of a dump comparable; empty for a line that says nothing of meaning. */
export function comparableLine(line: string): string {
    const plain = line.trim();
    const first = plain.charCodeAt(0);
    // Brackets that close: what they close was compared. Numbers alone: fingerprints, literals, columns.
    if (plain.length <= SHORT && !/[a-z]/iu.test(plain)) {
        return "";
    }
    if (first >= DIGIT_0 && first <= DIGIT_9 && /^\d+,$/u.test(plain)) {
        return "";
    }
    if (plain.startsWith("is_shorthand: ")) {
        return "";
    }
    let made = plain;
    if (made.includes("DefId(")) {
        made = made.replace(DEFINITION, "$2 $1");
    }
    if (made.includes(": ")) {
        made = made.replace(SPAN, "$1 $2");
        made = made.includes("_col: ") ? made.replace(TEST_COLUMN, "$1") : made;
    }
    return made.includes("r#") ? made.replace(RAW, "") : made;
}

const SHORT = 3;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** A hash of 32 bits (FNV-1a). */
export function hashLine(line: string): number {
    let hash = 0x811c9dc5;
    for (let at = 0; at < line.length; at++) {
        hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
    }
    return hash >>> 0;
}

/** Cuts a dump into comparable lines, as it streams in. */
export class DumpLines {
    readonly #take: (line: string) => void;
    readonly #see: ((line: string) => void) | undefined;
    #rest = "";
    #isData = false;
    #isHarness = false;

    /** `see` is told of every line as it is printed. */
    constructor(take: (line: string) => void, see?: (line: string) => void) {
        this.#take = take;
        this.#see = see;
    }

    write(text: string): void {
        const lines = (this.#rest + text).split("\n");
        this.#rest = lines.pop() ?? "";
        for (const line of lines) {
            this.#line(line);
        }
    }

    end(): void {
        this.#line(this.#rest);
        this.#rest = "";
    }

    #line(line: string): void {
        this.#see?.(line);
        if (this.#isData || (line.startsWith("alloc") && DATA_BEGIN.test(line))) {
            this.#isData = line !== "}" && !line.endsWith("{}");
            return;
        }
        this.#isHarness = this.#isHarness
            ? line !== "}"
            : line.startsWith("const main::") && HARNESS_BEGIN.test(line);
        const plain = comparableLine(line);
        if (plain !== "" && !(this.#isHarness && LISTED_TEST.test(plain))) {
            this.#take(plain);
        }
    }
}

/** The lines of a dump, kept as their hashes. */
export class LineHashes {
    #hashes = new Uint32Array(1 << 16);
    #count = 0;

    readonly add = (line: string): void => {
        if (this.#count === this.#hashes.length) {
            const grown = new Uint32Array(this.#count * 2);
            grown.set(this.#hashes);
            this.#hashes = grown;
        }
        this.#hashes[this.#count] = hashLine(line);
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

    readonly add = (line: string): void => {
        const expected = this.#before[this.#at];
        this.#at += 1;
        if (this.difference !== "") {
            return;
        }
        this.#count(line);
        if (expected === undefined || !this.#canBe(line, expected)) {
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
        if (hashLine(line) === expected) {
            return true;
        }
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
