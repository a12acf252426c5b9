// The source files that a dump speaks of: reads printed spans and turns them into offsets of decoded text.
// Only files inside the workspace's root are kept; every other place is "nowhere".

import type { FactFile } from "../facts.ts";
import { findMacroBodies, type MacroBody } from "./macro-bodies.ts";
import { RustTokens } from "./rust-tokens.ts";

/** How the texts of the compilation's files are had. */
export interface SourceAccess {
    /** Absolute folder of the workspace. */
    readonly root: string;
    /** Folder that the compiler ran in; printed paths are relative to it. */
    readonly cwd: string;
    textOf(absolutePath: string): string | undefined;
    hashOf(absolutePath: string): string | undefined;
}

/** A place in a file of the workspace. */
export interface SourceSpan {
    readonly file: number;
    readonly start: number;
    readonly end: number;
    /** The syntax context: 0 for tokens written in the source, else an expansion's number. */
    readonly context: number;
}

/** A place in any file. */
export interface PlaceAnywhere {
    readonly tokens: RustTokens;
    readonly range: { readonly start: number; readonly end: number };
}

/** One file. */
export class SourceFile {
    readonly index: number;
    readonly path: string;
    readonly contentHash: string;
    readonly text: string;
    readonly #lines: number[];
    #tokens: RustTokens | undefined;
    #macros: readonly MacroBody[] | undefined;

    constructor(index: number, path: string, contentHash: string, text: string) {
        this.index = index;
        this.path = path;
        this.contentHash = contentHash;
        this.text = text;
        // The compiler counts neither a byte order mark nor a lone carriage return.
        this.#lines = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
        for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
            this.#lines.push(at + 1);
        }
    }

    get tokens(): RustTokens {
        return (this.#tokens ??= new RustTokens(this.text));
    }

    get macros(): readonly MacroBody[] {
        return (this.#macros ??= findMacroBodies(this.tokens));
    }

    /** Offset of a 1-based line and column in characters; -1 beyond the text. */
    offset(line: number, column: number): number {
        const start = this.#lines[line - 1];
        if (start === undefined) {
            return -1;
        }
        const end = this.#lines[line] ?? this.text.length;
        let at = start;
        for (let left = column - 1; left > 0; left -= 1) {
            const code = this.text.charCodeAt(at);
            at += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
        }
        return at <= end ? at : -1;
    }

    /** The macro whose body holds an offset. */
    macroAt(offset: number): MacroBody | undefined {
        return this.macros.find((body) => body.start <= offset && offset < body.end);
    }
}

const SPAN = /^(.*?):(\d+):(\d+): (\d+):(\d+)(?: \(#(\d+)\))?$/;

/** The files of one compilation, in order of first mention. */
export class SourceFiles {
    readonly #access: SourceAccess;
    readonly #byPrinted = new Map<string, SourceFile | undefined>();
    readonly #byPath = new Map<string, SourceFile>();
    /** Files outside the workspace, whose macros the workspace calls. */
    readonly #foreign = new Map<string, SourceFile | undefined>();
    readonly files: SourceFile[] = [];
    /** Spans repeat: an expression, its path and its scope often share one. */
    readonly #recent = new Map<string, SourceSpan | undefined>();

    constructor(access: SourceAccess) {
        this.#access = access;
    }

    /** The file of an index that this table gave out. */
    file(index: number): SourceFile {
        const file = this.files[index];
        if (file === undefined) {
            throw new RangeError(`no source file ${index}`);
        }
        return file;
    }

    /** Place of a printed span; undefined when it lies outside the workspace or nowhere. */
    span(printed: string | undefined): SourceSpan | undefined {
        if (printed === undefined) {
            return undefined;
        }
        if (this.#recent.has(printed)) {
            return this.#recent.get(printed);
        }
        const span = this.#parse(printed);
        if (this.#recent.size > 4096) {
            this.#recent.clear();
        }
        this.#recent.set(printed, span);
        return span;
    }

    /** Tokens and range of a printed span in any file that can be read, of the workspace or not. */
    placeAnywhere(printed: string): PlaceAnywhere | undefined {
        const match = SPAN.exec(printed);
        if (match === null) {
            return undefined;
        }
        const file = this.#open(match[1] ?? "") ?? this.#outside(match[1] ?? "");
        const start = file?.offset(Number(match[2]), Number(match[3])) ?? -1;
        const end = file?.offset(Number(match[4]), Number(match[5])) ?? -1;
        return file === undefined || start < 0 || end < start
            ? undefined
            : { tokens: file.tokens, range: { start, end } };
    }

    #outside(printed: string): SourceFile | undefined {
        if (!this.#foreign.has(printed)) {
            const path = isAbsolute(printed) ? printed : `${this.#access.cwd}/${printed}`;
            const text = this.#access.textOf(normalizePath(path));
            const file = text === undefined ? undefined : new SourceFile(-1, printed, "", text);
            this.#foreign.set(Buffer.from(printed).toString(), file);
        }
        return this.#foreign.get(printed);
    }

    facts(): FactFile[] {
        return this.files.map((file) => ({ path: file.path, contentHash: file.contentHash }));
    }

    #parse(printed: string): SourceSpan | undefined {
        const match = SPAN.exec(printed);
        const name = match?.[1];
        const file = name === undefined ? undefined : this.#open(name);
        if (match === null || file === undefined) {
            return undefined;
        }
        const start = file.offset(Number(match[2]), Number(match[3]));
        const end = file.offset(Number(match[4]), Number(match[5]));
        if (start < 0 || end < start) {
            return undefined;
        }
        return { file: file.index, start, end, context: Number(match[6] ?? "0") };
    }

    #open(printed: string): SourceFile | undefined {
        if (this.#byPrinted.has(printed)) {
            return this.#byPrinted.get(printed);
        }
        const file = this.#load(printed);
        // The key is a slice of a whole dump entry; a copy lets the entry go.
        this.#byPrinted.set(Buffer.from(printed).toString(), file);
        return file;
    }

    #load(printed: string): SourceFile | undefined {
        const absolute = normalizePath(
            isAbsolute(printed) ? printed : `${this.#access.cwd}/${printed}`,
        );
        const root = normalizePath(this.#access.root);
        const prefix = root.endsWith("/") ? root : `${root}/`;
        if (!absolute.startsWith(prefix)) {
            return undefined;
        }
        const path = absolute.slice(prefix.length);
        const known = this.#byPath.get(path);
        if (known !== undefined) {
            return known;
        }
        const text = this.#access.textOf(absolute);
        const hash = this.#access.hashOf(absolute);
        if (text === undefined || hash === undefined) {
            return undefined;
        }
        const file = new SourceFile(this.files.length, path, hash, text);
        this.files.push(file);
        this.#byPath.set(path, file);
        return file;
    }
}

function isAbsolute(path: string): boolean {
    return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
}

/** Takes `.` and `..` out of a path and turns backslashes of Windows into slashes. */
function normalizePath(path: string): string {
    const windows = /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
    const parts: string[] = [];
    for (const part of (windows ? path.replaceAll("\\", "/") : path).split("/")) {
        if (part === ".." && parts.length > 0 && parts.at(-1) !== "") {
            parts.pop();
        } else if (part !== "." && (part !== "" || parts.length === 0)) {
            parts.push(part);
        }
    }
    return parts.join("/");
}
