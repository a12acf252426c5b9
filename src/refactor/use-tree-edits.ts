// Imports of an item that is no longer used by its name: a private one goes, one that gives the item on or
// gives it an alias becomes one of the item that is used instead.

import { appendTo, required } from "../base/index.ts";
import type { FileSyntax } from "./file-syntax.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";

/** An import of the item. */
interface Leaf {
    readonly file: FileSyntax;
    /** Node of the name. */
    readonly name: number;
    /** The whole of what the tree has for it: a path, or a path with an alias. */
    readonly node: number;
    readonly alias: string | undefined;
    readonly declaration: number;
    readonly isShown: boolean;
    readonly path: string;
}

/** The imports of one item in all files. */
export class UseTreeEdits {
    readonly #newName: string;
    readonly #namesIn: (text: string) => number[];
    readonly #leaves: Leaf[] = [];
    readonly #kept: string[] = [];

    constructor(newName: string, namesIn: (text: string) => number[]) {
        this.#newName = newName;
        this.#namesIn = namesIn;
    }

    /** Takes an import in, with the path that it is to have. */
    add(file: FileSyntax, name: number, path: string): void {
        let node = name;
        while (file.is(file.parent(node), "scoped_identifier")) {
            node = file.parent(node);
        }
        const above = file.parent(node);
        const clause = file.is(above, "use_as_clause") ? above : undefined;
        const alias = clause === undefined ? undefined : file.child(clause, "alias");
        const declaration = required(file.around(name, "use_declaration"), "an import is declared");
        this.#leaves.push({
            file,
            name,
            node: clause ?? node,
            alias: alias === undefined ? undefined : file.textOf(alias),
            declaration,
            isShown: file.tree
                .childrenOf(declaration)
                .some((child) => file.is(child, "visibility_modifier")),
            path,
        });
    }

    /** Tokens of the item's name, by `placeKey`, that mean the other item afterwards. */
    keptTokens(): readonly string[] {
        return this.#kept;
    }

    edits(): PlannedEdit[] {
        const byDeclaration = new Map<string, Leaf[]>();
        for (const leaf of this.#leaves) {
            appendTo(byDeclaration, placeKey(leaf.file.path, leaf.declaration), leaf);
        }
        return [...byDeclaration.values()].flatMap((leaves) => this.#declarationEdits(leaves));
    }

    #declarationEdits(leaves: readonly Leaf[]): PlannedEdit[] {
        return leaves.flatMap((leaf) => {
            const { file, node, declaration, alias, isShown, path } = leaf;
            const isAlone = file.is(file.parent(node), "use_declaration");
            const stays = alias !== undefined || isShown;
            if (isAlone) {
                return stays ? [this.#rewrite(leaf)] : [remove(file, wholeLine(file, declaration))];
            }
            const list = file.parent(node);
            const elements = file.parts(list);
            const gone = new Set(leaves.map((one) => one.node));
            const isEmpty = elements.every((element) => gone.has(element));
            const removal =
                isEmpty && file.is(file.parent(file.parent(list)), "use_declaration")
                    ? wholeLine(file, declaration)
                    : elementSpan(file, elements, node, gone);
            const name = oldName(leaf);
            const shown = isShown ? `${visibilityOf(file, declaration)} ` : "";
            const renamed = (alias ?? name) === this.#newName ? "" : ` as ${alias ?? name}`;
            return stays
                ? [
                      insertBefore(
                          file,
                          declaration,
                          `${shown}use ${path}${renamed};\n`,
                          this.#namesIn,
                      ),
                      remove(file, removal),
                  ]
                : [remove(file, removal)];
        });
    }

    /** `pub use a::old;` becomes `pub use b::new as old;`. */
    #rewrite(leaf: Leaf): PlannedEdit {
        const { file, node, name, alias, path } = leaf;
        const token = file.span(name);
        const called = alias ?? oldName(leaf);
        const newText = called === this.#newName ? path : `${path} as ${called}`;
        const at = path.length - this.#newName.length;
        this.#kept.push(placeKey(file.path, token.start));
        const aliasAt = newText.length - called.length;
        return {
            path: file.path,
            span: file.span(node),
            oldText: file.textOf(node),
            newText,
            role: "import",
            precision: "syntactic",
            tokens: [
                {
                    before: token,
                    part: undefined,
                    partAfter: undefined,
                    at,
                    length: this.#newName.length,
                },
                ...aliasTokens(leaf, aliasAt),
            ],
            added: this.#namesIn(newText)
                .filter(
                    (offset) =>
                        offset < at ||
                        (offset === aliasAt && alias === undefined && newText !== path),
                )
                .map((offset) => ({ at: offset })),
        };
    }
}

function aliasTokens({ file, node, alias }: Leaf, at: number): PlannedEdit["tokens"] {
    const token = alias === undefined ? undefined : file.child(node, "alias");
    return token === undefined
        ? []
        : [
              {
                  before: file.span(token),
                  part: undefined,
                  partAfter: undefined,
                  at,
                  length: file.textOf(token).length,
              },
          ];
}

function oldName({ file, name }: Leaf): string {
    return file.textOf(name);
}

function visibilityOf(file: FileSyntax, declaration: number): string {
    const modifier = file.tree
        .childrenOf(declaration)
        .find((child) => file.is(child, "visibility_modifier"));
    return modifier === undefined ? "" : file.textOf(modifier);
}

/** A declaration with the blanks before it and the end of its line, where it has the line for itself. */
function wholeLine(file: FileSyntax, node: number): PlannedEdit["span"] {
    const { text } = file;
    let start = file.start(node);
    while (text[start - 1] === " " || text[start - 1] === "\t") {
        start -= 1;
    }
    const isFirst = start === 0 || text[start - 1] === "\n";
    const end = file.end(node);
    const rest = /^[ \t]*\r?\n/u.exec(text.slice(end))?.[0].length ?? 0;
    return isFirst && rest > 0 ? { start, end: end + rest } : file.span(node);
}

/** An element of a list with its comma. */
function elementSpan(
    file: FileSyntax,
    elements: readonly number[],
    node: number,
    gone: ReadonlySet<number>,
): PlannedEdit["span"] {
    const at = elements.indexOf(node);
    const next = elements[at + 1];
    const hasLater = elements.slice(at + 1).some((element) => !gone.has(element));
    if (hasLater && next !== undefined) {
        return { start: file.start(node), end: file.start(next) };
    }
    const before = elements[at - 1];
    return {
        start: before === undefined ? file.start(node) : file.end(before),
        end: file.end(node),
    };
}

function remove(file: FileSyntax, span: PlannedEdit["span"]): PlannedEdit {
    return {
        path: file.path,
        span,
        oldText: file.text.slice(span.start, span.end),
        newText: "",
        role: "import",
        precision: "syntactic",
        tokens: [],
    };
}

function insertBefore(
    file: FileSyntax,
    declaration: number,
    newText: string,
    namesIn: (text: string) => number[],
): PlannedEdit {
    const start = file.start(declaration);
    const keywords = new Set(["pub", "use", "as", "in"]);
    const added = namesIn(newText).filter(
        (at) => !keywords.has(/^\w+/u.exec(newText.slice(at))?.[0] ?? ""),
    );
    return {
        path: file.path,
        span: { start, end: start },
        oldText: "",
        newText,
        role: "import",
        precision: "syntactic",
        tokens: [],
        added: added.map((at) => ({ at })),
    };
}
