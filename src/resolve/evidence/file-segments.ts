// A file's tokens in segments: one for each function body, one for all the rest. A fact is tied to the
// segment that holds it and to its token's number there, so that it outlives edits elsewhere in the file,
// and comments and blanks anywhere.

import { createHash, type Hash } from "node:crypto";

import { FLAG, KIND, ROLE, TOKEN, TokenScanner, type SyntaxTree } from "../../syntax/index.ts";

/** Hashes of a file's segments; equal hashes mean equal tokens. */
export interface SegmentHashes {
    /** Tokens outside function bodies, and bodies that declare something: all that other files can see. */
    readonly outside: string;
    /** Entry 0 is the rest, entry n the n-th body. */
    readonly segments: readonly string[];
}

/** A file cut into segments. */
export interface FileSegments extends SegmentHashes {
    readonly tokenStart: Uint32Array;
    readonly tokenEnd: Uint32Array;
    /** Segment of each token. */
    readonly segmentOf: Uint32Array;
    /** Number of each token in its segment. */
    readonly ordinalOf: Uint32Array;
    /** Tokens by segment and number: those of segment n begin at `firstOf[n]`. */
    readonly tokens: Uint32Array;
    readonly firstOf: Uint32Array;
}

const scanner = new TokenScanner();
const HASH_DIGITS = 32;
const SIGNS = "!#$%&*+,-./:;<=>?@^|~";

/** Cuts a file. The tree must be the text's. */
export function cutFile(text: string, tree: SyntaxTree): FileSegments {
    const scanned = scanner.scan(text);
    const bodies = bodiesOf(tree);
    const keep = significantTokens(scanned.kind, scanned.count);
    const tokenStart = keep.map((token) => scanned.start[token] ?? 0);
    const tokenEnd = keep.map((token) => scanned.end[token] ?? 0);
    const segmentOf = segmentsOf(tokenStart, bodies);
    const counts = new Uint32Array(bodies.length + 1);
    const ordinalOf = segmentOf.map((segment) => {
        const ordinal = counts[segment] ?? 0;
        counts[segment] = ordinal + 1;
        return ordinal;
    });
    const firstOf = new Uint32Array(counts.length + 1);
    counts.forEach((count, segment) => {
        firstOf[segment + 1] = (firstOf[segment] ?? 0) + count;
    });
    const tokens = new Uint32Array(segmentOf.length);
    segmentOf.forEach((segment, token) => {
        tokens[(firstOf[segment] ?? 0) + (ordinalOf[token] ?? 0)] = token;
    });
    const columns = { tokenStart, tokenEnd, segmentOf, ordinalOf, tokens, firstOf };
    return { ...columns, ...hashSegments(text, columns, bodies) };
}

/** The token that contains an offset, -1 for none. */
export function tokenAt({ tokenStart, tokenEnd }: FileSegments, offset: number): number {
    const at = lastAtMost(tokenStart, offset);
    return at >= 0 && offset < (tokenEnd[at] ?? 0) ? at : -1;
}

/** Offset of a token by segment and number; -1 where there is none. */
export function tokenPlace(file: FileSegments, segment: number, ordinal: number): number {
    const at = (file.firstOf[segment] ?? 0) + ordinal;
    const token = at < (file.firstOf[segment + 1] ?? 0) ? file.tokens[at] : undefined;
    return token === undefined ? -1 : (file.tokenStart[token] ?? -1);
}

/** Doc comments mean nothing to the compiler but a name's documentation. */
function significantTokens(kind: Uint8Array, count: number): Uint32Array {
    const kept = new Uint32Array(count);
    let length = 0;
    for (let token = 0; token < count; token++) {
        if (kind[token] !== TOKEN.doc) {
            kept[length] = token;
            length += 1;
        }
    }
    return kept.slice(0, length);
}

interface Body {
    readonly start: number;
    readonly end: number;
    /** Something in it matters to others: an item, a macro, a value that types may depend on. */
    readonly declares: boolean;
}

/** Nodes that make a body matter to others. */
const DECLARING = new Set<number>([
    KIND.mod_item,
    KIND.function_item,
    KIND.struct_item,
    KIND.enum_item,
    KIND.union_item,
    KIND.trait_item,
    KIND.impl_item,
    KIND.const_item,
    KIND.static_item,
    KIND.type_item,
    KIND.macro_definition,
    KIND.use_declaration,
    KIND.extern_crate_declaration,
    KIND.foreign_mod_item,
]);

/** Bodies of the outermost functions, in order. */
function bodiesOf(tree: SyntaxTree): Body[] {
    const { kind, role, next, start, end } = tree.columns;
    const bodies: Body[] = [];
    for (let node = 0; node < tree.count;) {
        const body = kind[node] === KIND.function_item ? bodyOf(tree, node) : -1;
        if (body === -1) {
            node += 1;
            continue;
        }
        const last = next[body] ?? tree.count;
        let declares = tree.hasFlag(node, FLAG.const) || role[body] !== ROLE.body;
        for (let inner = body + 1; inner < last && !declares; inner++) {
            declares = DECLARING.has(kind[inner] ?? 0);
        }
        bodies.push({ start: start[body] ?? 0, end: end[body] ?? 0, declares });
        node = next[node] ?? tree.count;
    }
    return bodies;
}

function bodyOf(tree: SyntaxTree, node: number): number {
    return tree.findChild(node, "body") ?? -1;
}

function segmentsOf(starts: Uint32Array, bodies: readonly Body[]): Uint32Array {
    let at = 0;
    return starts.map((start) => {
        while (at < bodies.length && (bodies[at]?.end ?? 0) <= start) {
            at += 1;
        }
        const body = bodies[at];
        return body !== undefined && start >= body.start ? at + 1 : 0;
    });
}

type Columns = Omit<FileSegments, keyof SegmentHashes>;

function hashSegments(text: string, columns: Columns, bodies: readonly Body[]): SegmentHashes {
    const { tokenStart, tokenEnd, tokens, firstOf } = columns;
    const outside = createHash("sha256");
    const segments: string[] = [];
    for (let segment = 0; segment <= bodies.length; segment++) {
        const parts: string[] = [];
        let last = -1;
        for (let i = firstOf[segment] ?? 0; i < (firstOf[segment + 1] ?? 0); i++) {
            const token = tokens[i] ?? 0;
            const start = tokenStart[token] ?? 0;
            // Whether two signs touch can change what they are.
            const touches = start === last && isSign(text, start) && isSign(text, start - 1);
            parts.push(touches ? "\u0001" : " ", text.slice(start, tokenEnd[token]));
            last = tokenEnd[token] ?? 0;
        }
        const hash = createHash("sha256").update(parts.join(""), "utf8");
        if (segment === 0 || bodies[segment - 1]?.declares === true) {
            outside.update(hash.copy().digest());
        } else {
            // Where a body stands is seen by others, what is in it is not.
            outside.update("{}");
        }
        segments.push(short(hash));
    }
    return { outside: short(outside), segments };
}

function isSign(text: string, at: number): boolean {
    return SIGNS.includes(text[at] ?? " ");
}

function short(hash: Hash): string {
    return hash.digest("hex").slice(0, HASH_DIGITS);
}

function lastAtMost(column: Uint32Array, value: number): number {
    let low = -1;
    let high = column.length - 1;
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((column[middle] ?? 0) <= value) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}
