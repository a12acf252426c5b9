// A program as a tree of lines: what does not compile is taken out of it, and what a finding does not need.

/** A line, or a line with what stands between its braces. */
export interface Part {
    /** One line; where there is a body, it ends with the opening brace. */
    readonly head: string;
    readonly body?: Part[];
    /** Line after the body. */
    readonly tail?: string;
    /** Whether the program is nothing without it. */
    readonly isFixed?: boolean;
}

/** A source file. */
export interface SourceFile {
    readonly path: string;
    readonly body: Part[];
}

/** The crates of a program; the library comes first, where there is one. */
export interface Program {
    readonly edition: "2018" | "2021" | "2024";
    readonly files: readonly SourceFile[];
}

/** Texts of a program's files, by path. */
export type Texts = ReadonlyMap<string, string>;

/** A file as text, and the part that each of its lines is of. */
export interface Rendered {
    readonly text: string;
    readonly lines: readonly Part[];
}

/** Renders a file. */
export function renderFile(file: SourceFile): Rendered {
    const texts: string[] = [];
    const lines: Part[] = [];
    const visit = (part: Part, indent: string): void => {
        texts.push(indent + part.head);
        lines.push(part);
        if (part.body !== undefined) {
            part.body.forEach((one) => {
                visit(one, `${indent}    `);
            });
            texts.push(indent + (part.tail ?? "}"));
            lines.push(part);
        }
    };
    file.body.forEach((one) => {
        visit(one, "");
    });
    return { text: texts.map((line) => `${line}\n`).join(""), lines };
}

/** Texts of all files. */
export function textsOf(program: Program): Texts {
    return new Map(program.files.map((file) => [file.path, renderFile(file).text]));
}

/** Takes parts out of a program that is still being made. */
export function removeParts(program: Program, gone: (part: Part) => boolean): void {
    const visit = (parts: Part[]): void => {
        parts.splice(0, parts.length, ...parts.filter((one) => one.isFixed === true || !gone(one)));
        parts.forEach(({ body }) => {
            visit(body ?? []);
        });
    };
    program.files.forEach((file) => {
        visit(file.body);
    });
}

/** The program without some of its parts. */
export function without(program: Program, gone: ReadonlySet<Part>): Program {
    const keep = (parts: readonly Part[]): Part[] =>
        parts.filter((one) => !gone.has(one)).map((one) => keepIn(one));
    const keepIn = (part: Part): Part =>
        part.body === undefined ? part : { ...part, body: keep(part.body) };
    return {
        ...program,
        files: program.files.map((file) => ({ ...file, body: keep(file.body) })),
    };
}

/** All parts that can be taken out, outer ones first. */
export function listParts(program: Program): Part[] {
    const found: Part[] = [];
    const visit = (parts: readonly Part[]): void => {
        for (const part of parts) {
            if (part.isFixed !== true) {
                found.push(part);
            }
            visit(part.body ?? []);
        }
    };
    program.files.forEach((file) => {
        visit(file.body);
    });
    return found;
}
