// Compares the MIR of two versions of a crate: after a rename every body must be the same but for the name.
// Positions do not count, nor the numbers of allocations; text that programs carry as data is counted apart.

import { readEntries, type DumpStream } from "./dump-entries.ts";

/** A rename that was done between the two versions. */
export interface Renamed {
    readonly old: string;
    readonly new: string;
}

/** Whether two dumps say the same. */
export interface MirComparison {
    readonly equal: boolean;
    /** Header and lines of the first difference. */
    readonly firstDifference?: string;
    /** String constants that differ by the names alone, as derived `Debug` prints them. */
    readonly changedText: number;
}

const ENTRY_BYTES_MAX = 256 * 1024 * 1024;

/** Decides whether every body of two MIR dumps is the same but for the names given. */
export async function sameMirButForNames(
    before: DumpStream,
    after: DumpStream,
    renames: readonly Renamed[],
): Promise<MirComparison> {
    const comparer = new LineComparer(renames);
    const left = readEntries(before, ENTRY_BYTES_MAX)[Symbol.asyncIterator]();
    const right = readEntries(after, ENTRY_BYTES_MAX)[Symbol.asyncIterator]();
    let changedText = 0;
    try {
        for (;;) {
            const [a, b] = await Promise.all([left.next(), right.next()]);
            if (a.done === true || b.done === true) {
                const equal = a.done === b.done;
                const rest = a.done === true ? b : a;
                const text = rest.done === true ? "" : (rest.value.text ?? "");
                const where = a.done === true ? "added" : "removed";
                return equal
                    ? { equal, changedText }
                    : { equal, changedText, firstDifference: `${where}: ${headerOf(text)}` };
            }
            const found = comparer.compare(a.value.text, b.value.text);
            changedText += found.changedText;
            if (found.difference !== undefined) {
                return { equal: false, firstDifference: found.difference, changedText };
            }
        }
    } finally {
        await left.return(undefined);
        await right.return(undefined);
    }
}

function headerOf(text: string): string {
    return text.split("\n").find((line) => line !== "" && !line.startsWith("//")) ?? "";
}

interface EntryComparison {
    readonly difference: string | undefined;
    readonly changedText: number;
}

class LineComparer {
    readonly #newNames = new Map<string, Set<string>>();

    constructor(renames: readonly Renamed[]) {
        for (const renamed of renames) {
            const names = this.#newNames.get(renamed.old) ?? new Set();
            names.add(renamed.new);
            this.#newNames.set(renamed.old, names);
        }
    }

    compare(before: string | undefined, after: string | undefined): EntryComparison {
        if (before === undefined || after === undefined) {
            return { difference: "a body beyond the limit", changedText: 0 };
        }
        const left = codeLines(before);
        const right = codeLines(after);
        let changedText = 0;
        const length = Math.max(left.length, right.length);
        for (let at = 0; at < length; at += 1) {
            const a = left[at];
            const b = right[at];
            if (a === b) {
                continue;
            }
            const verdict = a === undefined || b === undefined ? "differs" : this.#line(a, b);
            if (verdict === "differs") {
                const difference = `${headerOf(before)}\n- ${a ?? ""}\n+ ${b ?? ""}`;
                return { difference, changedText };
            }
            changedText += verdict === "text" ? 1 : 0;
        }
        return { difference: undefined, changedText };
    }

    #line(a: string, b: string): "same" | "text" | "differs" {
        const left = pieces(a);
        const right = pieces(b);
        if (left.length !== right.length) {
            return "differs";
        }
        let verdict: "same" | "text" = "same";
        for (const [at, piece] of left.entries()) {
            const other = right[at] ?? "";
            if (piece === other) {
                continue;
            }
            if (isString(piece) && isString(other)) {
                if (!this.#sameWords(piece, other)) {
                    return "differs";
                }
                verdict = "text";
            } else if (!this.#renamed(piece, other)) {
                return "differs";
            }
        }
        return verdict;
    }

    /** Strings that differ by nothing but the names. */
    #sameWords(a: string, b: string): boolean {
        const left = a.slice(1, -1).split(WORD);
        const right = b.slice(1, -1).split(WORD);
        return (
            left.length === right.length &&
            left.every((word, at) => word === right[at] || this.#renamed(word, right[at] ?? ""))
        );
    }

    #renamed(old: string, name: string): boolean {
        return this.#newNames.get(plainName(old))?.has(plainName(name)) === true;
    }
}

function plainName(word: string): string {
    return word.startsWith("r#") ? word.slice(2) : word;
}

function isString(piece: string): boolean {
    return piece.startsWith('"');
}

const WORD = /((?:r#)?[\p{XID_Start}_]\p{XID_Continue}*)/u;
const PIECE = /("(?:[^"\\]|\\.)*"|(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*)/u;

/** A line as strings, words and what stands between. */
function pieces(line: string): string[] {
    return line.split(PIECE);
}

/** Lines of a body that mean something, without places; allocations as their text. */
function codeLines(text: string): string[] {
    const lines: string[] = [];
    const allocations = new Map<string, string>();
    const number = (name: string): string => {
        const known = allocations.get(name) ?? `alloc#${allocations.size}`;
        allocations.set(name, known);
        return known;
    };
    let bytes: string | undefined;
    for (const line of text.split("\n")) {
        if (/^alloc\d+ \(/.test(line)) {
            bytes = "";
            // A renamed string has another length: its bytes are compared, not its size.
            lines.push(line.replace(/size: \d+/, "size").replace(/alloc\d+/g, number));
        } else if (bytes !== undefined && line.startsWith("    ")) {
            bytes += allocationText(line);
            continue;
        } else {
            const code = withoutPlaces(line);
            if (code !== "") {
                lines.push(code.replace(/\balloc\d+\b/g, number));
            }
        }
        if (bytes !== undefined && bytes !== "") {
            lines.splice(lines.length - 1, 0, `bytes ${JSON.stringify(bytes)}`);
            bytes = undefined;
        }
    }
    if (bytes !== undefined && bytes !== "") {
        lines.push(`bytes ${JSON.stringify(bytes)}`);
    }
    return lines;
}

/** The bytes of one line of a printed allocation, one character each; pointers as printed. */
function allocationText(line: string): string {
    const hex = line.replace(/^ *0x[0-9a-f]+ │/, "").split("│")[0] ?? "";
    return hex
        .trim()
        .split(/\s+/)
        .map((part) =>
            /^[0-9a-f]{2}$/.test(part)
                ? String.fromCharCode(Number.parseInt(part, 16))
                : `<${part}>`,
        )
        .join("");
}

/** A line without comments and without positions in printed paths. */
function withoutPlaces(line: string): string {
    const trimmed = line.trim();
    if (trimmed.startsWith("//")) {
        const constant = /^\/\/ \+ const_: (.*)$/.exec(trimmed)?.[1];
        return constant === undefined ? "" : withoutPositions(constant);
    }
    const comment = /\s*\/\/ (?:in |return place in )?scope \d+ at .*$/.exec(trimmed);
    return withoutPositions(comment === null ? trimmed : trimmed.slice(0, comment.index));
}

function withoutPositions(code: string): string {
    return code.replace(/([@ ])[^\s<>{}@]*:\d+:\d+: \d+:\d+(?: \(#\d+\))?/g, "$1here");
}
