// Examples in documentation: code that names an item by its crate's path, and what that path brings into the
// example. An example is a crate of its own, so that `krate::…::Name` can mean nothing else where the crate has
// one item of the name.

import type { SymbolInfo } from "../resolve/index.ts";
import type { SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { includedDocuments } from "./included-documents.ts";
import type { TextEdit, UnprovedPlace } from "./model.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import type { Subject } from "./subject.ts";

const EXAMPLE_REASON = "an example of the documentation, which is not resolved";

/** Kinds that are named through paths of modules. */
const BY_PATH: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "type-alias",
    "function",
    "const",
    "static",
    "macro",
    "module",
]);

/** What examples have of a name. */
export interface DoctestFinds {
    readonly edits: readonly PlannedEdit[];
    /** In documents that are included. */
    readonly plain: readonly TextEdit[];
    /** Tokens that may name the item, and are left. */
    readonly left: readonly UnprovedPlace[];
}

/** Reads the examples that may name what is renamed. */
export function readDoctests(
    context: RenameContext,
    subject: Subject,
    newName: string,
): DoctestFinds {
    const { oldName, members } = subject;
    // An example sees what is public.
    const seen = members.filter(({ visibility }) => visibility === "public");
    const namesOf = (symbols: readonly SymbolInfo[]): Set<string> =>
        new Set(
            symbols.flatMap(({ crate }) =>
                crate === undefined ? [] : [context.resolution.symbol(crate).name],
            ),
        );
    const crates = namesOf(seen);
    const certain = namesOf(
        seen.filter((one) => BY_PATH.has(one.kind) && isOnlyOne(context, subject, one)),
    );
    const found: TextEdit[] = [];
    const left: UnprovedPlace[] = [];
    const documents = new Set<string>();
    const read = (path: string, examples: readonly Example[]): void => {
        for (const block of examples) {
            const { decided, open } = tokensIn(block.code, { crates, certain, name: oldName });
            for (const start of decided) {
                found.push(editAt(path, block.offsetOf(start), oldName, newName));
            }
            for (const at of open) {
                const start = block.offsetOf(at);
                const span = { start, end: start + oldName.length };
                left.push({ path, span, reason: EXAMPLE_REASON });
            }
        }
    };
    for (const path of crates.size === 0 ? [] : context.model.rustFiles) {
        read(path, examplesNaming(context, path, oldName));
        knownOf(context, path).documents.forEach((one) => documents.add(one));
    }
    for (const path of documents) {
        const text = context.readPlain?.(path) ?? "";
        read(path, text.includes(oldName) ? examplesIn(text, () => BARE_LINE) : []);
    }
    return {
        edits: found
            .filter(({ path }) => !documents.has(path))
            .map((edit) => ({ ...edit, tokens: [] })),
        plain: found.filter(({ path }) => documents.has(path)),
        left,
    };
}

/** In which comments a file has examples, if it has any: lines that document something, or others as well. */
type ExampleStyle = "none" | "lines" | "blocks";

/** What is known of the examples in a file: every rename asks for them in every file. */
interface KnownExamples {
    readonly style: ExampleStyle;
    /** Documents that it includes as documentation. */
    readonly documents: readonly string[];
    /** Undefined as long as none has been asked for by a name. */
    all: readonly Example[] | undefined;
}

const knownExamples = new WeakMap<SyntaxTree, KnownExamples>();

function knownOf(context: RenameContext, path: string): KnownExamples {
    const tree = context.treeOf(path);
    let known = tree && knownExamples.get(tree);
    if (known === undefined) {
        const text = context.textOf(path);
        const documents = includedDocuments(context.model, path, text);
        known = { style: readStyle(text), documents, all: undefined };
        if (tree !== undefined) {
            knownExamples.set(tree, known);
        }
    }
    return known;
}

/** The examples of a file in which a name stands. */
function examplesNaming(context: RenameContext, path: string, name: string): readonly Example[] {
    const known = knownOf(context, path);
    if (known.style === "none") {
        return [];
    }
    if (known.all === undefined) {
        const text = context.textOf(path);
        if (known.style === "lines" && !isDocumented(text, name)) {
            return [];
        }
        known.all = examplesIn(text, readDocLine);
    }
    return known.all.filter(({ code }) => code.includes(name));
}

function readStyle(text: string): ExampleStyle {
    if (!text.includes("```")) {
        return "none";
    }
    return /^\s*\/\*[*!]/mu.test(text) ? "blocks" : "lines";
}

/** Whether a name stands in a line that documents something. */
function isDocumented(text: string, name: string): boolean {
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
        const line = text.lastIndexOf("\n", at) + 1;
        if (/^[ \t]*\/\/[/!]/u.test(text.slice(line, at))) {
            return true;
        }
    }
    return false;
}

function editAt(path: string, start: number, oldText: string, newText: string): TextEdit {
    return {
        path,
        span: { start, end: start + oldText.length },
        oldText,
        newText,
        role: "doctest",
        precision: "syntactic",
    };
}

/** Whether the crate has no other item of the name, which the path could mean. */
function isOnlyOne({ resolution }: RenameContext, subject: Subject, one: SymbolInfo): boolean {
    return resolution.findByName(subject.oldName).every((index) => {
        const other = resolution.symbol(index);
        const isAside =
            other.crate !== one.crate || !BY_PATH.has(other.kind) || subject.family.has(index);
        return isAside;
    });
}

/** The code of one example, and the way back from its offsets. */
interface Example {
    readonly code: string;
    offsetOf(index: number): number;
}

const LINE = /^([ \t]*\/\/[/!] ?)/u;
const FENCE = /^\s*```\s*(.*)$/u;
/** Words behind a fence with which the block is still Rust. */
const RUST =
    /^(?:rust|should_panic|no_run|ignore[-\w]*|compile_fail|edition\d+|E\d+|standalone\w*)?$/u;

/** What a line has of documentation: how long its mark is, -1 where it has none. */
interface DocLine {
    readonly mark: number;
    /** It begins or ends a comment of several lines, or lies outside of one. */
    readonly isBlock: boolean;
}

/** Reads a line; `inBlock` says whether a comment of several lines has begun before it. */
function readDocLine(line: string, inBlock: boolean): DocLine {
    if (inBlock) {
        const isEnd = line.includes("*/");
        return { mark: isEnd ? -1 : (/^\s*\* /u.exec(line)?.[0].length ?? 0), isBlock: !isEnd };
    }
    const mark = LINE.exec(line)?.[1]?.length;
    const isBlock = /^\s*\/\*[*!](?!.*\*\/)/u.test(line);
    return { mark: mark ?? -1, isBlock };
}

/** All lines of a document are documentation. */
const BARE_LINE: DocLine = { mark: 0, isBlock: false };

/** Code blocks of what documents something: the comments of a Rust file, or all of a document. */
function examplesIn(text: string, readLine: typeof readDocLine): Example[] {
    const found: Example[] = [];
    let open: { lines: string[]; starts: number[] } | undefined;
    let isRust = false;
    let inBlock = false;
    let at = 0;
    for (const line of text.split("\n")) {
        const { mark, isBlock } = readLine(line, inBlock);
        inBlock = isBlock;
        const content = line.slice(Math.max(mark, 0)).replace(/\r$/u, "");
        const fence = mark === -1 ? null : FENCE.exec(content);
        if (mark === -1) {
            open = undefined;
        } else if (fence !== null && open === undefined) {
            isRust = (fence[1] ?? "").split(/[\s,]+/u).every((word) => RUST.test(word));
            open = { lines: [], starts: [] };
        } else if (fence !== null && open !== undefined) {
            if (isRust) {
                found.push(exampleOf(open));
            }
            open = undefined;
        } else {
            // `# hidden` and `##` are code as well.
            open?.lines.push(content.replace(/^(\s*)# /u, "$1  "));
            open?.starts.push(at + mark);
        }
        at += line.length + 1;
    }
    return found;
}

/** It is kept as long as its file is as it is: one text, and where each of its lines begins in the file. */
function exampleOf({ lines, starts }: { lines: string[]; starts: number[] }): Example {
    const code = lines.join("\n");
    const begins = Uint32Array.from(starts);
    return {
        code,
        offsetOf: (index) => {
            const before = code.slice(0, index);
            const line = before.split("\n").length - 1;
            return (begins[line] ?? 0) + index - (before.lastIndexOf("\n") + 1);
        },
    };
}

interface Wanted {
    /** Crates that have an item of the name. */
    readonly crates: ReadonlySet<string>;
    /** Those that have one only. */
    readonly certain: ReadonlySet<string>;
    readonly name: string;
}

/** Where an example names the item, and where it may. */
function tokensIn(
    code: string,
    { crates, certain, name }: Wanted,
): { readonly decided: readonly number[]; readonly open: readonly number[] } {
    const plain = blankTexts(code);
    const isNear = [...crates].some((crate) => plain.includes(crate));
    const words = new RegExp(`(?<![\\p{XID_Continue}#'])${name}(?!\\p{XID_Continue})`, "gu");
    const all = isNear ? [...plain.matchAll(words)].map(({ index }) => index) : [];
    if (all.length === 0) {
        return { decided: [], open: [] };
    }
    const named = new Set<number>();
    let isImported = false;
    for (const crate of certain) {
        const found = pathsOf(plain, crate, name);
        found.starts.forEach((start) => named.add(start));
        isImported ||= found.isImported;
    }
    if (isImported) {
        // One that gives the name to something itself is not taken apart.
        if (definitionOf(name).test(plain)) {
            return { decided: [], open: all };
        }
        const free = new RegExp(
            `(?<![\\p{XID_Continue}#.:'])${name}(?!\\p{XID_Continue}|\\s*:[^:])`,
            "gu",
        );
        for (const { index } of plain.matchAll(free)) {
            named.add(index);
        }
    }
    return {
        decided: [...named].sort((a, b) => a - b),
        open: all.filter((start) => !named.has(start)),
    };
}

/** Names at the ends of a crate's paths, and whether one is imported under its own name. */
function pathsOf(
    plain: string,
    crate: string,
    name: string,
): { readonly starts: readonly number[]; readonly isImported: boolean } {
    const starts: number[] = [];
    let isImported = false;
    const path = new RegExp(
        `(?<![\\p{XID_Continue}:])${crate}(?:::\\p{XID_Continue}+)*?::${name}(?!\\p{XID_Continue})`,
        "gu",
    );
    for (const match of plain.matchAll(path)) {
        starts.push(match.index + match[0].length - name.length);
        isImported ||= isUse(plain, match.index) && !/^\s+as\b/u.test(after(plain, match));
    }
    const group = new RegExp(
        `\\buse\\s+(?:::)?${crate}(?:::\\p{XID_Continue}+)*::\\{([^{}]*)\\}`,
        "gu",
    );
    const words = new RegExp(`(?<![\\p{XID_Continue}:])${name}(?!\\p{XID_Continue}|::)`, "gu");
    for (const match of plain.matchAll(group)) {
        const [whole, list = ""] = match;
        const inside = match.index + whole.length - 1 - list.length;
        for (const { index } of list.matchAll(words)) {
            starts.push(inside + index);
            isImported ||= !/^\s+as\b/u.test(list.slice(index + name.length));
        }
    }
    return { starts, isImported };
}

/** What in an example defines a name. */
function definitionOf(name: string): RegExp {
    const words =
        "fn|struct|enum|union|trait|mod|const|static|type|let(?:\\s+mut)?|as|for|macro_rules!";
    const inPattern = `(?<!\\p{XID_Continue})${name}(?!\\p{XID_Continue})`;
    return new RegExp(
        `\\b(?:${words})\\s+${name}(?!\\p{XID_Continue})|\\|[^|]*${inPattern}[^|]*\\||\\blet\\b[^=;:]*${inPattern}[^=;:]*[=:]`,
        "u",
    );
}

function after(code: string, match: RegExpExecArray): string {
    return code.slice(match.index + match[0].length);
}

function isUse(code: string, index: number): boolean {
    return /\buse\s+(?:::)?$/u.test(code.slice(0, index));
}

/** The code with the insides of literals and comments blanked. */
function blankTexts(code: string): string {
    return code.replace(/\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\[^]|[^"\\])*"/gu, (text) =>
        text.replace(/[^\n]/gu, " "),
    );
}
