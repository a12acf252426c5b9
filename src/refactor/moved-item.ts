// The text of an item that moves: its attributes and comments, the impls of a type, and its names as they are to
// be written elsewhere.

import type { Span } from "../base/index.ts";
import type { Occurrence, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { joinEdits } from "./join-edits.ts";
import { namesIn, type MovedText } from "./list-slots.ts";
import { pathEdit } from "./path-edit.ts";
import { firstAfter, lastBefore } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { selfTypeOf } from "./self-type.ts";
import { isImportedName } from "./type-path.ts";

/** An item with what moves along. */
export class MovedItem {
    readonly #context: RenameContext;
    readonly #item: SymbolInfo;
    readonly #file: FileSyntax;
    /** Pieces of the text, in their order; the first is the item's or an impl's. */
    readonly #pieces: readonly Span[];
    /** Node of the item. */
    readonly #node: number;

    private constructor(
        context: RenameContext,
        item: SymbolInfo,
        place: { readonly file: FileSyntax; readonly node: number },
    ) {
        this.#context = context;
        this.#item = item;
        this.#file = place.file;
        this.#node = place.node;
        this.#pieces = piecesOf(context, item, place);
    }

    /** Reads an item; undefined where its text is not at hand. */
    static read(context: RenameContext, item: SymbolInfo): MovedItem | undefined {
        const { file: path, nameSpan } = item;
        const file = path === undefined ? undefined : FileSyntax.of(context, path);
        const name =
            nameSpan === undefined
                ? undefined
                : file?.nodeStartingAt(nameSpan.start, "identifier", "type_identifier");
        return file === undefined || name === undefined
            ? undefined
            : new MovedItem(context, item, { file, node: file.parent(name) });
    }

    /** Whether a place lies in what moves. */
    holds(path: string, offset: number): boolean {
        return (
            path === this.#file.path &&
            this.#pieces.some(({ start, end }) => start <= offset && offset < end)
        );
    }

    /** Everything that is named in it. */
    occurrences(): Occurrence[] {
        return this.#context.resolution
            .occurrencesIn(this.#file.path)
            .filter(({ file, span }) => this.holds(file, span.start));
    }

    /** The text for the new place; with `pub(crate)` where it is used outside and was private. */
    textFor(isUsedOutside: boolean): MovedText {
        const inside = this.occurrences();
        const edits = [...this.#names(inside), ...this.#visibility(isUsedOutside)];
        let text = "";
        const tokens: MovedText["tokens"][number][] = [];
        const added: number[] = [];
        for (const { start, end } of this.#pieces) {
            const own = edits
                .filter(({ span }) => start <= span.start && span.end <= end)
                .sort((a, b) => a.span.start - b.span.start);
            const piece = joinEdits(this.#pieceText({ start, end }, inside), start, own);
            text += text === "" ? "" : "\n\n";
            const shift = text.length;
            text += piece.text;
            tokens.push(
                ...piece.tokens.map((token) => ({
                    ...token,
                    file: this.#file.path,
                    at: token.at + shift,
                })),
            );
            added.push(...piece.added.map((at) => at + shift));
        }
        return { text, tokens, added };
    }

    /**
     * Takes the pieces away, with the lines that they leave empty. A trait whose methods are called in what
     * stays is imported there by its new path.
     */
    removals(newPath: string): PlannedEdit[] {
        let last = 0;
        return this.#pieces.map((piece, at) => {
            const { text, path } = this.#file;
            const wide = withBlankLines(text, piece);
            const span = { start: Math.max(wide.start, last), end: wide.end };
            last = span.end;
            const newText = at === 0 && this.#isCalledBeside() ? `use ${newPath};\n` : "";
            return {
                path,
                span,
                oldText: text.slice(span.start, span.end),
                newText,
                role: "definition",
                precision: "syntactic",
                tokens: [],
                added: namesIn(newText)
                    .slice(1)
                    .map((offset) => ({ at: offset })),
            };
        });
    }

    /** Whether the item is a trait whose methods the rest of its file calls. */
    #isCalledBeside(): boolean {
        const { resolution } = this.#context;
        const { index, kind } = this.#item;
        return (
            kind === "trait" &&
            resolution
                .childrenOf(index)
                .flatMap((child) => resolution.renameFamily(child))
                .flatMap((member) => [...resolution.occurrencesOf(member)])
                .some(
                    ({ file, role, span }) =>
                        role === "method-call" &&
                        file === this.#file.path &&
                        !this.holds(file, span.start),
                )
        );
    }

    #pieceText({ start, end }: Span, inside: readonly Occurrence[]): MovedText {
        return {
            text: this.#file.text.slice(start, end),
            tokens: inside
                .filter(({ span }) => start <= span.start && span.end <= end)
                .map(({ span, shorthand }) => ({
                    before: span,
                    part: shorthand,
                    partAfter: shorthand,
                    at: span.start - start,
                    length: span.end - span.start,
                })),
            added: [],
        };
    }

    /** Names that only the old place knows, by their whole path. */
    #names(inside: readonly Occurrence[]): PlannedEdit[] {
        const edits = new Map<number, PlannedEdit>();
        for (const occurrence of inside) {
            const start = this.#startOf(occurrence);
            const path = start === undefined ? undefined : this.#pathFor(occurrence);
            const isPlain = occurrence.shorthand === undefined;
            if (start !== undefined && path !== undefined && path !== occurrence.name && isPlain) {
                edits.set(start, pathEdit(this.#file, occurrence, start, path));
            }
        }
        return [...edits.values()];
    }

    /** Where the path begins whose first name a token is, `self` and `super` before it included. */
    #startOf({ role, span }: Occurrence): number | undefined {
        const { text } = this.#file;
        const before = lastBefore(text, span.start);
        const isMember = text[before] === "." && text[before - 1] !== ".";
        if (isMember || !PATH_ROLES.has(role) || this.#isBound(span.start)) {
            return undefined;
        }
        if (text[before] !== ":" || text[before - 1] !== ":") {
            return span.start;
        }
        const head = /(?<![\p{XID_Continue}:])(?:self|super)(?:\s*::\s*super)*\s*::\s*$/u.exec(
            text.slice(0, span.start),
        );
        return head?.index;
    }

    /** Whether a name is that of an associated type which a bound gives a type (`Iterator<Item = u8>`). */
    #isBound(start: number): boolean {
        const file = this.#file;
        const name = file.nodeStartingAt(start, "type_identifier", "identifier");
        const binding = name === undefined ? undefined : file.parent(name);
        return (
            binding !== undefined &&
            file.is(binding, "type_binding") &&
            file.child(binding, "name") === name
        );
    }

    /** How a name is written elsewhere; undefined where it is known there as it is. */
    #pathFor({ binding, crate, name }: Occurrence): string | undefined {
        const { resolution } = this.#context;
        if (binding.kind === "external") {
            return this.#isImported(name, binding.path) ? binding.path : undefined;
        }
        const index = binding.kind === "symbol" ? binding.symbols[0] : undefined;
        const symbol = index === undefined ? undefined : resolution.symbol(index);
        if (symbol === undefined || symbol.kind === "crate" || index === this.#item.index) {
            return undefined;
        }
        const { file, nameSpan, display } = symbol;
        if (file !== undefined && nameSpan !== undefined && this.holds(file, nameSpan.start)) {
            return undefined;
        }
        const [first = "", ...rest] = display.split("::");
        const isPath = /^[\p{XID_Continue}:]+$/u.test(display);
        return isPath ? [symbol.crate === crate ? "crate" : first, ...rest].join("::") : undefined;
    }

    /** Whether an import of the item's file brings a name from outside of the workspace. */
    #isImported(name: string, path: string): boolean {
        return this.#context.resolution
            .occurrencesIn(this.#file.path)
            .some(
                (one) =>
                    one.name === name &&
                    one.binding.kind === "external" &&
                    one.binding.path === path &&
                    !this.holds(one.file, one.span.start) &&
                    isImportedName(this.#context, one),
            );
    }

    /** Makes an item that is used from elsewhere seen in its crate. */
    #visibility(isUsedOutside: boolean): PlannedEdit[] {
        const file = this.#file;
        const modifier = file.tree
            .childrenOf(this.#node)
            .find((child) => file.is(child, "visibility_modifier"));
        const written = modifier === undefined ? "" : file.textOf(modifier);
        if (written === "pub" || written === "pub(crate)" || !isUsedOutside) {
            return [];
        }
        const start = file.start(modifier ?? this.#node);
        const end = modifier === undefined ? start : file.end(modifier);
        const newText = modifier === undefined ? "pub(crate) " : "pub(crate)";
        return [
            {
                path: file.path,
                span: { start, end },
                oldText: file.text.slice(start, end),
                newText,
                role: "visibility",
                precision: "syntactic",
                tokens: [],
                added: [{ at: newText.indexOf("crate") }],
            },
        ];
    }
}

/** Roles of tokens that begin paths. */
const PATH_ROLES: ReadonlySet<Occurrence["role"]> = new Set([
    "attribute",
    "call",
    "import",
    "macro-call",
    "module",
    "pattern",
    "type",
    "value",
]);

/** The item with its attributes and comments; of a type also the impls beside it. */
function piecesOf(
    context: RenameContext,
    item: SymbolInfo,
    { file, node }: { readonly file: FileSyntax; readonly node: number },
): Span[] {
    const siblings = file.tree.childrenOf(file.parent(node));
    const isType = item.kind === "struct" || item.kind === "enum" || item.kind === "union";
    const isImplOf = (one: number): boolean =>
        file.is(one, "impl_item") && selfTypeOf(context.resolution, file, one).includes(item.index);
    const own = siblings.filter((one) => one === node || (isType && isImplOf(one)));
    return own.map((one) => ({
        start: startWithAttributes(file, siblings, one),
        end: file.end(one),
    }));
}

function startWithAttributes(file: FileSyntax, siblings: readonly number[], node: number): number {
    let start = file.start(node);
    for (let at = siblings.indexOf(node) - 1; at >= 0; at--) {
        const before = siblings[at] ?? 0;
        if (!file.is(before, "attribute_item", "doc_comment")) {
            break;
        }
        const marker = file.is(before, "doc_comment")
            ? /(?:\/\/\/|\/\*\*)[ \t]*$/u.exec(file.text.slice(0, file.start(before)))
            : undefined;
        if (marker === null) {
            break; // It speaks of what is around.
        }
        start = file.start(before) - (marker?.[0].length ?? 0);
    }
    // Comments right above belong to it, without a blank line between.
    for (;;) {
        const line = /(?:^|\n)([ \t]*\/\/[^\n]*\n[ \t]*)$/u.exec(file.text.slice(0, start))?.[1];
        if (line === undefined || line.trimStart().startsWith("//!")) {
            return start;
        }
        start -= line.trimStart().length;
    }
}

/** A span with the rest of its last line, the blanks before it, and one empty line. */
function withBlankLines(text: string, { start, end }: Span): Span {
    const from = start - (/[ \t]*$/u.exec(text.slice(0, start))?.[0].length ?? 0);
    const rest = /^[ \t]*\r?\n/u.exec(text.slice(end))?.[0].length ?? 0;
    const to = end + rest;
    const isLast = firstAfter(text, to) >= text.length;
    const gap = /^(?:[ \t]*\r?\n)/u.exec(text.slice(to))?.[0].length ?? 0;
    const before = isLast ? (/(?:\r?\n)$/u.exec(text.slice(0, from))?.[0].length ?? 0) : 0;
    return {
        start: isLast && text.slice(0, from).endsWith("\n\n") ? from - before : from,
        end: isLast ? to : to + gap,
    };
}
