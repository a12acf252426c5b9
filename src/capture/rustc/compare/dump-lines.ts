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
    if (isDigit(first) && /^\d+,$/u.test(plain)) {
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

/** A hash of 32 bits (FNV-1a). */
export function hashLine(line: string): number {
    let hash = HASH_BEGIN;
    for (let at = 0; at < line.length; at++) {
        hash = Math.imul(hash ^ line.charCodeAt(at), HASH_PRIME);
    }
    return hash >>> 0;
}

const HASH_BEGIN = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

/** A line as it is told of; it holds for that moment only. */
export interface DumpLine {
    /** `hashLine` of its comparable text. */
    readonly hash: number;
    /** It is comparable as it is printed, and names no definition and no place. */
    readonly isPlain: boolean;
    /** The comparable text. */
    readonly text: string;
}

const NEWLINE = 10;
const SPACE = 32;
const ASCII_MAX = 127;

/**
 * Cuts a dump into comparable lines, as it streams in. Dumps are hundreds of millions of bytes, and of most lines
 * nothing is wanted but the hash, which is made of the bytes as they come: no text is made of them.
 */
export class DumpLines implements DumpLine {
    readonly #take: (line: DumpLine) => void;
    readonly #see: ((line: string) => void) | undefined;
    /** The beginning of a line whose end has not come. */
    #rest: Buffer = NOTHING;
    #isData = false;
    #isHarness = false;
    #bytes: Buffer = NOTHING;
    #start = 0;
    #end = 0;
    #made: string | undefined;
    hash = 0;

    /** `see` is told of every line that holds a place, as it is printed. */
    constructor(take: (line: DumpLine) => void, see?: (line: string) => void) {
        this.#take = take;
        this.#see = see;
    }

    get isPlain(): boolean {
        return this.#made === undefined;
    }

    get text(): string {
        return this.#made ?? this.#bytes.toString("latin1", this.#start, this.#end);
    }

    write(bytes: Buffer): void {
        const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
        this.#bytes = all;
        let start = 0;
        for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
            this.#line(start, end);
            start = end + 1;
        }
        this.#rest = Buffer.from(all.subarray(start));
    }

    end(): void {
        this.#bytes = this.#rest;
        this.#line(0, this.#rest.length);
        this.#rest = NOTHING;
    }

    #line(start: number, end: number): void {
        if (this.#isData || this.#isHarness || !this.#hashPlain(start, end)) {
            this.#whole(this.#bytes.toString("utf8", start, end));
        } else if (this.#end - this.#start > SHORT || this.#hasLetter()) {
            this.#take(this);
        }
    }

    /** Hashes a line that is comparable as it is; false where it may not be. */
    #hashPlain(from: number, to: number): boolean {
        const bytes = this.#bytes;
        let start = from;
        while (start < to && bytes[start] === SPACE) {
            start += 1;
        }
        if (isSpecial(bytes, start, to, start > from)) {
            return this.#skipNumber(start, to);
        }
        let hash = HASH_BEGIN;
        let last = SPACE;
        for (let at = start; at < to; at++) {
            const byte = bytes[at] ?? 0;
            if (
                byte > ASCII_MAX ||
                byte < SPACE ||
                (SIGNS[byte] === 1 && isTelling(bytes, at, byte, last))
            ) {
                return false;
            }
            hash = Math.imul(hash ^ byte, HASH_PRIME);
            last = byte;
        }
        this.#start = start;
        this.#end = to;
        this.#made = undefined;
        this.hash = hash >>> 0;
        return last !== SPACE || start === to;
    }

    /** Takes a number with a comma for an empty line. */
    #skipNumber(start: number, to: number): boolean {
        let at = start;
        while (at < to - 1 && isDigit(this.#bytes[at] ?? 0)) {
            at += 1;
        }
        this.#start = to;
        this.#end = to;
        return at > start && at === to - 1 && this.#bytes[at] === SIGN.comma;
    }

    #hasLetter(): boolean {
        for (let at = this.#start; at < this.#end; at++) {
            if (isLetter(this.#bytes[at] ?? 0)) {
                return true;
            }
        }
        return false;
    }

    /** A line of which more is asked than its hash. */
    #whole(line: string): void {
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
            this.#made = plain;
            this.hash = hashLine(plain);
            this.#take(this);
        }
    }
}

const NOTHING = Buffer.alloc(0);

/** Whether the beginning of a line asks for more: numbers alone, `is_shorthand`, blocks, data and the harness. */
function isSpecial(bytes: Buffer, start: number, end: number, isIndented: boolean): boolean {
    const first = bytes[start] ?? SPACE;
    const second = start + 1 < end ? bytes[start + 1] : undefined;
    return (
        isDigit(first) ||
        (first === LETTER.i && second === LETTER.s) ||
        (first === LETTER.b && second === LETTER.b) ||
        (!isIndented && (first === LETTER.a || first === LETTER.c))
    );
}

/** Whether a sign stands where a line may name a definition, a place, or a raw name. */
function isTelling(bytes: Buffer, at: number, byte: number, last: number): boolean {
    const next = bytes[at + 1] ?? 0;
    switch (byte) {
        case SIGN.open: // `DefId(`
            return last === LETTER.d;
        case SIGN.colon: // `3: 4`, `span: `, `start_col: `
            return next === SPACE && (isDigit(last) || last === LETTER.n || last === LETTER.l);
        case SIGN.hash: // `r#`
            return last === LETTER.r;
        default: // `[1f2e] 7`
            return next === SPACE;
    }
}

const SIGN = { open: 40, colon: 58, hash: 35, close: 93, comma: 44 };
const LETTER = { a: 97, b: 98, c: 99, d: 100, i: 105, l: 108, n: 110, r: 114, s: 115 };

/** By byte: 1 for a sign that `isTelling` is asked of. */
const SIGNS = Uint8Array.from({ length: 256 }, (_, byte) =>
    byte !== SIGN.comma && Object.values(SIGN).includes(byte) ? 1 : 0,
);

function isDigit(byte: number): boolean {
    return byte >= 48 && byte <= 57;
}

function isLetter(byte: number): boolean {
    const lower = byte | 32;
    return lower >= LETTER.a && lower <= 122;
}
