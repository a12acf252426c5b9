// The shape of printed MIR: bodies, their blocks, statements and the comments that carry spans.

import { readEntries, type DumpStream } from "./dump-entries.ts";

/** One basic block. */
export interface MirBlock {
    readonly number: number;
    /** Lines of code with what belongs to them. */
    readonly statements: readonly MirStatement[];
}

/** One statement or terminator. */
export interface MirStatement {
    /** Without its comment and the semicolon. */
    readonly text: string;
    /** Printed span of the source it was made from. */
    readonly span: string;
    /** Constants in it: printed span, and the printed value. */
    readonly constants: readonly { readonly span: string; readonly value: string }[];
}

/** One body as printed. */
export interface MirBody {
    /** Printed path: `shapes::<impl at src/shapes.rs:2:10: 2:15>::clone`. */
    readonly path: string;
    readonly blocks: readonly MirBlock[];
    /** Printed types of locals by name (`_4`). */
    readonly locals: ReadonlyMap<string, string>;
}

/** The bodies of a MIR dump; those longer than the limit are passed over. */
export async function* readMirBodies(
    stream: DumpStream,
    entryBytesMax: number,
): AsyncGenerator<MirBody> {
    for await (const entry of readEntries(stream, entryBytesMax)) {
        const body = entry.text === undefined ? undefined : parseMirBody(entry.text);
        if (body !== undefined) {
            yield body;
        }
    }
}

const HEADER = /^(?:promoted\[\d+\] in |fn |const |static mut |static )(.*)$/;

/** Reads the body that a text ends with; undefined for what is none (allocations, constants' values). */
export function parseMirBody(text: string): MirBody | undefined {
    const lines = text.split("\n");
    // The brace of a coroutine's body stands lines below its header; values of constants are one line.
    const start = lines.findLastIndex((line) => HEADER.test(line) && !line.endsWith(";"));
    const header = HEADER.exec(lines[start] ?? "")?.[1];
    if (header === undefined) {
        return undefined;
    }
    const path = headerPath(header);
    const locals = new Map<string, string>();
    for (const parameter of splitTopLevel(header.slice(path.length + 1))) {
        const colon = parameter.indexOf(": ");
        locals.set(parameter.slice(0, colon), parameter.slice(colon + 2));
    }
    const blocks: MirBlock[] = [];
    for (let at = start + 1; at < lines.length; at += 1) {
        const line = lines[at] ?? "";
        const local = /^ +let (?:mut )?(_\d+): (.*?);(?: +\/\/.*)?$/.exec(line);
        const block = /^ {4}bb(\d+)(?: \(cleanup\))?: \{$/.exec(line);
        if (local?.[1] !== undefined && local[2] !== undefined) {
            locals.set(local[1], local[2]);
        } else if (block !== null) {
            const end = lines.indexOf("    }", at);
            const to = end < 0 ? lines.length : end;
            blocks.push({
                number: Number(block[1]),
                statements: readStatements(lines.slice(at + 1, to)),
            });
            at = to;
        }
    }
    return { path, blocks, locals };
}

function readStatements(lines: readonly string[]): MirStatement[] {
    const statements: {
        text: string;
        span: string;
        constants: { span: string; value: string }[];
    }[] = [];
    for (const line of lines) {
        const code = line.trimStart();
        const last = statements.at(-1);
        if (code.startsWith("// + span: ")) {
            last?.constants.push({ span: code.slice("// + span: ".length), value: "" });
        } else if (code.startsWith("// + const_: ")) {
            const constant = last?.constants.at(-1);
            if (constant !== undefined) {
                constant.value = code.slice("// + const_: ".length);
            }
        } else if (!code.startsWith("//")) {
            statements.push({ ...splitComment(code), constants: [] });
        }
    }
    return statements;
}

/** A line's code and the span in the comment at its end. */
function splitComment(code: string): { text: string; span: string } {
    const at = code.lastIndexOf("// scope ");
    const comment = at < 0 ? "" : code.slice(at);
    const text = (at < 0 ? code : code.slice(0, at)).trimEnd();
    return {
        text: text.endsWith(";") ? text.slice(0, -1) : text,
        span: comment.slice(comment.indexOf(" at ") + 4),
    };
}

/** The path in a header, up to the parameters or the type. */
function headerPath(header: string): string {
    let depth = 0;
    for (let at = 0; at < header.length; at += 1) {
        const character = header[at];
        if (character === "<") {
            depth += 1;
        } else if (character === ">" && header[at - 1] !== "-") {
            depth -= 1;
        } else if (depth === 0 && (character === "(" || header.startsWith(": ", at))) {
            return header.slice(0, at);
        }
    }
    return header;
}

/** Parameters of a header, `_1: T, _2: U) -> V {`. */
function splitTopLevel(text: string): string[] {
    const parts: string[] = [];
    let depth = 0;
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
        const character = text[at] ?? "";
        if ("<([{".includes(character)) {
            depth += 1;
        } else if (depth > 0 && (")]}".includes(character) || isClosingAngle(text, at))) {
            depth -= 1;
        } else if (depth === 0 && (character === "," || character === ")")) {
            parts.push(text.slice(from, at).trim());
            from = at + 1;
            if (character === ")") {
                break;
            }
        }
    }
    return parts.filter((part) => /^_\d+: /.test(part));
}

function isClosingAngle(text: string, at: number): boolean {
    return text[at] === ">" && text[at - 1] !== "-";
}

/** The callee of a call and what is assigned from it; undefined for other statements. */
export function calleeOf(statement: string): string | undefined {
    const jump = statement.lastIndexOf(") -> ");
    const assign = statement.indexOf(" = ");
    if (jump < 0 || assign < 0) {
        return undefined;
    }
    const call = statement.slice(assign + 3, jump + 1);
    let depth = 0;
    for (let at = 0; at < call.length; at += 1) {
        const character = call[at];
        if (character === "<" || character === "{" || character === "[") {
            depth += 1;
        } else if (
            character === "}" ||
            character === "]" ||
            (character === ">" && call[at - 1] !== "-")
        ) {
            depth -= 1;
        } else if (depth === 0 && character === "(") {
            return call.slice(0, at);
        }
    }
    return undefined;
}

/** Blocks that a terminator may go on to. */
export function successorsOf(terminator: string): number[] {
    const arrow = terminator.lastIndexOf("-> ");
    const targets = arrow < 0 ? "" : terminator.slice(arrow);
    const found = [...targets.matchAll(/\bbb(\d+)\b/g)].map((match) => Number(match[1]));
    return [...new Set(found)];
}
