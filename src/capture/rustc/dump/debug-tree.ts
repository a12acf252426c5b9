// Reads the text of Rust's `{:#?}`: one line per leaf or opening bracket, four blanks per level. Knows
// no type of the compiler; what the readers never look at is passed over without being read.

/** A value with children: `Name { key: value, … }`, `Name( … )`, `[ … ]`. */
export interface DebugNode {
    readonly name: string;
    /** Keys of a `{ … }`, beside `items`; undefined for lists. */
    readonly keys: readonly string[] | undefined;
    readonly items: readonly DebugValue[];
}

/** A leaf is its text without the comma at its end; `undefined` stands for what was passed over. */
export type DebugValue = DebugNode | string | undefined;

/** Which parts of the text need not be read. */
export interface PassOver {
    /** Keys whose values are left out. */
    readonly keys: ReadonlySet<string>;
    /** Names of nodes that are left out. */
    readonly names: ReadonlySet<string>;
}

/** Thrown where the text is not of the expected form. */
export class DebugTextError extends Error {}

/** The child of a node under a key. */
export function child(node: DebugNode, key: string): DebugValue {
    const index = node.keys?.indexOf(key) ?? -1;
    return index < 0 ? undefined : node.items[index];
}

/** The child under a key if it is a node. */
export function childNode(node: DebugNode, key: string): DebugNode | undefined {
    const value = child(node, key);
    return typeof value === "object" ? value : undefined;
}

/** The child under a key if it is a leaf. */
export function childText(node: DebugNode, key: string): string | undefined {
    const value = child(node, key);
    return typeof value === "string" ? value : undefined;
}

/** The item at an index if it is a node. */
export function itemNode(node: DebugNode, index: number): DebugNode | undefined {
    const value = node.items[index];
    return typeof value === "object" ? value : undefined;
}

/** The item at an index if it is a leaf. */
export function itemText(node: DebugNode, index: number): string | undefined {
    const value = node.items[index];
    return typeof value === "string" ? value : undefined;
}

const INDENTS: string[] = [];

function indent(depth: number): string {
    return (INDENTS[depth] ??= " ".repeat(depth * 4));
}

/** Reads the node whose opening bracket ends the line at `lineStart`; the text ends where it closes. */
export function parseDebug(text: string, lineStart: number, pass: PassOver): DebugNode {
    const lineEnd = text.indexOf("\n", lineStart);
    if (lineEnd < 0) {
        throw new DebugTextError("entry of one line");
    }
    return new Parser(text, pass).node(text.slice(lineStart, lineEnd - 1).trimEnd(), lineEnd, 1);
}

const CLOSERS: Readonly<Record<number, string>> = { 123: "}", 40: ")", 91: "]" };

class Parser {
    readonly #text: string;
    readonly #pass: PassOver;
    #at = 0;

    constructor(text: string, pass: PassOver) {
        this.#text = text;
        this.#pass = pass;
    }

    /** Children at `depth` of the node whose line ends at `lineEnd`; leaves #at after its last line. */
    node(name: string, lineEnd: number, depth: number): DebugNode {
        const text = this.#text;
        const keyed = text.charCodeAt(lineEnd - 1) === 123;
        const keys: string[] | undefined = keyed ? [] : undefined;
        const items: DebugValue[] = [];
        const margin = depth * 4;
        this.#at = lineEnd + 1;
        while (this.#at < text.length) {
            const start = this.#at;
            // A closing bracket stands one level to the left of the children.
            if (text.charCodeAt(start + margin - 4) !== 32) {
                break;
            }
            const from = start + margin;
            let end = text.indexOf("\n", from);
            if (end < 0) {
                end = text.length;
            }
            let valueAt = from;
            if (keyed) {
                valueAt = keyEnd(text, from, end);
                keys?.push(text.slice(from, Math.max(from, valueAt - 2)));
            }
            items.push(this.#value(keyed ? keys?.at(-1) : undefined, valueAt, end, depth));
        }
        const close = text.indexOf("\n", this.#at);
        this.#at = close < 0 ? text.length : close + 1;
        return { name, keys, items };
    }

    #value(key: string | undefined, from: number, end: number, depth: number): DebugValue {
        const text = this.#text;
        const last = text.charCodeAt(end - 1);
        const closer = CLOSERS[last];
        if (closer === undefined) {
            this.#at = end + 1;
            return text.slice(from, last === 44 ? end - 1 : end);
        }
        const nameEnd = text.charCodeAt(end - 2) === 32 ? end - 2 : end - 1;
        const name = nameEnd > from ? text.slice(from, nameEnd) : "";
        if ((key !== undefined && this.#pass.keys.has(key)) || this.#pass.names.has(name)) {
            const close = text.indexOf(`\n${indent(depth)}${closer}`, end);
            const after = close < 0 ? -1 : text.indexOf("\n", close + 1);
            this.#at = after < 0 ? text.length : after + 1;
            return undefined;
        }
        return this.node(name, end, depth + 1);
    }
}

function keyEnd(text: string, from: number, end: number): number {
    const colon = text.indexOf(": ", from);
    if (colon < 0 || colon >= end) {
        if (text.startsWith("..", from) && end === from + 2) {
            // Fields that a type chose not to print.
            return from;
        }
        throw new DebugTextError(`no key in ${text.slice(from, end)}`);
    }
    return colon + 2;
}
