// Fills the holes that the walk leaves for calls of std's macros: the arguments of all calls of a round are
// parsed as one text, and walked; calls among them are the next round's. What does not parse stays tokens.

import { listAttempts, type ArgumentPart, type Attempt } from "./argument-parts.ts";
import type { Filling, Flattener, Hole, WalkInput } from "./flatten.ts";
import type { MacroTwo } from "./bridge-gaps.ts";
import { FLAG, KIND, ROLE } from "./kinds.ts";
import type { ParsedText, TextParser } from "./parsed-text.ts";
import { RowBuffer } from "./row-buffer.ts";
import type { WalkCursor } from "./walk-cursor.ts";

/** Deeper calls stay token trees; real code nests three or four deep. */
const ROUNDS_MAX = 16;

/** Styles of macros that are not known: their input may be no Rust at all. */
const GUESSED: ReadonlySet<string> = new Set(["maybe-items", "maybe-expressions"]);

/** How many calls were met and how many parsed. */
export interface ArgumentCounts {
    calls: number;
    parsed: number;
}

interface PlacedPart {
    readonly part: ArgumentPart;
    readonly hole: Hole;
    /** Where the part's text begins in the joint text, prefix included. */
    readonly at: number;
    readonly end: number;
}

interface JointText {
    readonly text: string;
    readonly parts: readonly PlacedPart[];
}

/** Parses and walks the arguments of macro calls. */
export class ArgumentParser {
    readonly counts: ArgumentCounts = { calls: 0, parsed: 0 };
    readonly #parser: TextParser;
    readonly #flattener: Flattener;
    /** Trees of the file at work: holes refer to them until the file is done. */
    readonly #trees: ParsedText[] = [];
    readonly #buffers: RowBuffer[] = [];
    #text = "";
    #original = "";

    constructor(parser: TextParser, flattener: Flattener) {
        this.#parser = parser;
        this.#flattener = flattener;
    }

    /** Fills all holes; `text` is the text as it was parsed, `original` the file's own. */
    fill(text: string, original: string, holes: readonly Hole[]): void {
        this.#text = text;
        this.#original = original;
        try {
            let round = holes;
            for (let count = 0; round.length > 0; count++) {
                const rows = (this.#buffers[count] ??= new RowBuffer());
                rows.clear();
                round = this.#fillRound(round, rows, count >= ROUNDS_MAX);
            }
        } finally {
            for (const tree of this.#trees.splice(0)) {
                tree.delete();
            }
        }
    }

    #fillRound(holes: readonly Hole[], rows: RowBuffer, tooDeep: boolean): Hole[] {
        const attempts = holes.map((hole) => (tooDeep ? [] : listAttempts(hole, this.#text)));
        // What may not be Rust at all is parsed alone, so that it spoils no other call's parse.
        const joint = holes.flatMap((hole, index) => {
            const attempt = attempts[index]?.[0];
            const isOdd = attempt === undefined || GUESSED.has(hole.style);
            return isOdd ? [] : [{ hole, attempt }];
        });
        const next: Hole[] = [];
        this.#parseTogether(joint, rows, next);
        holes.forEach((hole, index) => {
            const ways = attempts[index] ?? [];
            // The first way has had its own parse already where it was alone.
            const wasAlone = joint.length === 1 && joint[0]?.hole === hole;
            for (const attempt of wasAlone ? ways.slice(1) : ways) {
                if (hole.filling === undefined) {
                    this.#parseTogether([{ hole, attempt }], rows, next);
                }
            }
            const isCounted = hole.definition === undefined && !GUESSED.has(hole.style);
            this.counts.calls += isCounted ? 1 : 0;
            if (hole.filling === undefined) {
                this.#keepTokens(hole, rows);
            } else {
                this.counts.parsed += isCounted ? 1 : 0;
            }
        });
        return next;
    }

    #parseTogether(
        calls: readonly { hole: Hole; attempt: Attempt }[],
        rows: RowBuffer,
        next: Hole[],
    ): void {
        if (calls.length === 0) {
            return;
        }
        const joint = joinParts(calls, this.#text, this.#original);
        const tree = this.#parser.parse(joint.text);
        this.#trees.push(tree);
        const cursor = tree.open();
        try {
            const found = groupByPart(cursor, joint.parts, tree.hasError);
            let index = 0;
            for (const { hole, attempt } of calls) {
                const parts = joint.parts.slice(index, index + attempt.length);
                const places = found.slice(index, index + attempt.length);
                index += attempt.length;
                if (places.every((place) => place !== undefined)) {
                    const walk = { cursor, tree, rows, parsedText: joint.text };
                    hole.filling = this.#walkParts(hole, parts, places, walk);
                    next.push(...hole.filling.holes);
                }
            }
        } finally {
            cursor.delete();
        }
    }

    #walkParts(
        hole: Hole,
        parts: readonly PlacedPart[],
        places: readonly (readonly number[] | undefined)[],
        walk: Pick<WalkInput, "tree" | "rows" | "parsedText"> & { cursor: WalkCursor },
    ): Filling {
        const { cursor, rows } = walk;
        const isDefinition = hole.definition !== undefined;
        const depth = (hole.rows.depth[hole.row] ?? 0) + (isDefinition ? 0 : 1);
        const from = rows.count;
        if (!isDefinition) {
            const row = rows.add(KIND.macro_arguments, hole.rows.role[hole.row] ?? 0, depth - 1);
            rows.start[row] = hole.start;
            rows.end[row] = hole.end;
            rows.flags[row] = hole.style === "maybe-expressions" ? FLAG.maybeItems : 0;
        }
        const holes: Hole[] = [];
        parts.forEach(({ part, at }, index) => {
            const shift = part.start - at - part.prefix.length;
            const place = { shift, first: part.start, last: part.end, depth };
            const input: WalkInput = { ...walk, ...place, holes };
            for (const descendant of places[index] ?? []) {
                cursor.gotoDescendant(descendant);
                this.#walkPicked(cursor, part, input);
            }
        });
        if (isDefinition) {
            nameDefinition(rows, from, hole.definition);
        } else if (hole.style !== "maybe-expressions") {
            const { flags } = hole.rows;
            const flag = hole.style === "maybe-items" ? FLAG.maybeItems : FLAG.parsed;
            flags[hole.invocation] = (flags[hole.invocation] ?? 0) | flag;
        }
        return { rows, ranges: [[from, rows.count]], holes, parsed: !isDefinition };
    }

    /** Walks the arguments of a part whose root node the cursor stands on. */
    #walkPicked(cursor: WalkCursor, part: ArgumentPart, input: WalkInput): void {
        const walkSiblings = (): void => {
            do {
                this.#flattener.walk(cursor, input);
            } while (cursor.gotoNextSibling());
        };
        if (part.pick === "first") {
            cursor.gotoFirstChild();
            this.#flattener.walk(cursor, input);
        } else if (part.pick === "tokens") {
            if (cursor.nodeType === "expression_statement") {
                cursor.gotoFirstChild();
            }
            cursor.gotoLastChild();
            this.#flattener.walk(cursor, input);
        } else if (part.pick === "itself") {
            this.#flattener.walk(cursor, input);
        } else if (part.pick === "body") {
            cursor.gotoLastChild();
            this.#flattener.walk(cursor, input);
        } else if (part.pick === "inside") {
            cursor.gotoFirstChild();
            if (part.prefix === "") {
                this.#flattener.walk(cursor, input);
            } else if (cursor.gotoFirstChild()) {
                walkSiblings();
            }
        } else {
            this.#walkMatch(cursor, input);
        }
    }

    /** `match value { pattern => {} }`: walks the value and the pattern. */
    #walkMatch(cursor: WalkCursor, input: WalkInput): void {
        const isNode = (type: string): boolean => cursor.nodeType === type;
        cursor.gotoFirstChild();
        if (isNode("match_expression")) {
            cursor.gotoFirstChild();
        }
        while (cursor.gotoNextSibling() && !isNode("match_block")) {
            this.#flattener.walk(cursor, input);
        }
        cursor.gotoFirstChild();
        let found = true;
        while (found && !isNode("match_arm")) {
            found = cursor.gotoNextSibling();
        }
        found = cursor.gotoFirstChild();
        while (found && !isNode("match_pattern")) {
            found = cursor.gotoNextSibling();
        }
        this.#flattener.walk(cursor, input);
    }

    /** Walks the tokens of a call whose arguments did not parse. */
    #keepTokens(hole: Hole, rows: RowBuffer): void {
        const { tree, shift, first, last } = hole.input;
        const cursor = tree.open();
        try {
            cursor.gotoDescendant(hole.descendant);
            const from = rows.count;
            const depth = hole.rows.depth[hole.row] ?? 0;
            this.#flattener.walk(cursor, { tree, rows, shift, first, last, depth });
            hole.filling = { rows, ranges: [[from, rows.count]], holes: [], parsed: false };
        } finally {
            cursor.delete();
        }
    }
}

/** The identifier among a definition's rows is its name. */
function nameDefinition(rows: RowBuffer, from: number, { name }: MacroTwo): void {
    for (let row = from; row < rows.count; row++) {
        if (rows.start[row] === name.start && rows.kind[row] === KIND.identifier) {
            rows.role[row] = ROLE.name;
        }
    }
}

function joinParts(
    calls: readonly { hole: Hole; attempt: Attempt }[],
    bridged: string,
    original: string,
): JointText {
    const pieces: string[] = [];
    const parts: PlacedPart[] = [];
    let at = 0;
    for (const { hole, attempt } of calls) {
        for (const part of attempt) {
            const { start, end, brace, blank } = part;
            const text = part.original === true ? original : bridged;
            const body =
                blank !== undefined
                    ? `${text.slice(start, blank.start)}${" ".repeat(blank.end - blank.start)}${text.slice(blank.end, end)}`
                    : brace === undefined
                      ? text.slice(start, end)
                      : `${text.slice(start, brace)}{${text.slice(brace + 1, end)}`;
            const piece = part.prefix + body + part.suffix;
            pieces.push(piece);
            parts.push({ part, hole, at, end: at + piece.length });
            at += piece.length;
        }
    }
    return { text: pieces.join(""), parts };
}

/**
 * Finds the root nodes of each part, as descendant indices; undefined for a part with an error, or one
 * whose nodes do not lie within it.
 */
function groupByPart(
    cursor: WalkCursor,
    parts: readonly PlacedPart[],
    hasError: boolean,
): (readonly number[] | undefined)[] {
    const found: (number[] | undefined)[] = parts.map(() => []);
    let index = 0;
    if (!cursor.gotoFirstChild()) {
        return found;
    }
    do {
        const start = cursor.startIndex;
        const end = cursor.endIndex;
        while (start >= (parts[index]?.end ?? Infinity)) {
            index += 1;
        }
        const bad = hasError && cursor.currentNode.hasError;
        if (bad || end > (parts[index]?.end ?? 0)) {
            for (let i = index; i < parts.length && (parts[i]?.at ?? 0) < end; i++) {
                found[i] = undefined;
            }
        } else if (!isTrivial(cursor.nodeType)) {
            found[index]?.push(cursor.currentDescendantIndex);
        }
    } while (cursor.gotoNextSibling());
    return found.map((nodes, i) => (isComplete(nodes, parts[i]) ? nodes : undefined));
}

function isTrivial(type: string): boolean {
    return type === "empty_statement" || type === "line_comment" || type === "block_comment";
}

/** All but items are one node each. */
function isComplete(nodes: readonly number[] | undefined, part: PlacedPart | undefined): boolean {
    const many = part?.part.pick === "itself";
    return nodes !== undefined && (many || nodes.length === 1);
}
