// Expands all macro calls of a text whose macros are in the same text, calls inside of expansions too. Scopes
// are simple: the last definition of a name above the call.

import { Language, Parser, type Node } from "web-tree-sitter";

import {
    expandMacro,
    isMacroProblem,
    lexMacroTokens,
    MACRO_LIMITS,
    parseMacroDefinition,
    parseMacroTokens,
    renderTokens,
    type Expansion,
    type MacroDefinition,
    type MacroPosition,
    type MacroToken,
    type RenderedTokens,
} from "../../src/syntax/index.ts";

/** A text with its calls expanded. */
export interface ExpandedText {
    readonly text: string;
    /** `call => output`, one for each call of the text itself. */
    readonly expansions: readonly string[];
    readonly problems: readonly string[];
    /** What all calls of the text expand to, down to the last call inside; without written macros. */
    readonly tokens: readonly MacroToken[];
}

/** A call and what takes its place. */
interface Edit {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    readonly tokens: readonly MacroToken[];
}

/** Where the calls of a text get their input from, and what they are replaced in. */
interface Site {
    readonly text: string;
    readonly tokensIn: (start: number, end: number) => readonly MacroToken[];
    readonly depth: number;
}

const POSITIONS: readonly MacroPosition[] = [
    ...(["items", "associated-items", "foreign-items", "statements"] as const),
    ...(["expression", "pattern", "type"] as const),
];
const CRATE = 7;

/** Expands texts. */
export class MacroReader {
    readonly #parser: Parser;
    #definitions = new Map<string, MacroDefinition>();
    #expansions: string[] = [];
    #problems: string[] = [];
    #edition = 2021;

    constructor(parser: Parser) {
        this.#parser = parser;
    }

    expandAll(text: string, edition: number): ExpandedText {
        this.#definitions = new Map();
        this.#expansions = [];
        this.#problems = [];
        this.#edition = edition;
        const tokensIn = (start: number, end: number): readonly MacroToken[] => {
            const tokens = lexMacroTokens({ text, start, end, source: 0 });
            return isMacroProblem(tokens) ? [] : tokens;
        };
        const site = { text, tokensIn, depth: 0 };
        const edits = this.#expandSite(site, this.#parse(text));
        return {
            text: edited(text, edits),
            expansions: this.#expansions,
            problems: this.#problems,
            tokens: edits.flatMap((edit) => edit.tokens),
        };
    }

    #parse(text: string): Node {
        const tree = this.#parser.parse(text);
        if (tree === null) {
            throw new Error("no tree");
        }
        return tree.rootNode;
    }

    #expandSite(site: Site, root: Node): readonly Edit[] {
        const edits: Edit[] = [];
        const nodes = root.descendantsOfType(["macro_invocation", "macro_definition"]);
        for (const node of nodes) {
            if (node.type === "macro_definition") {
                this.#define(site, node);
            } else {
                const edit = this.#expandCall(site, node);
                if (edit !== undefined) {
                    edits.push(edit);
                }
            }
        }
        return edits;
    }

    #define(site: Site, node: Node): void {
        const { startIndex: start, endIndex: end } = node;
        const context = { source: 0, crate: CRATE, edition: this.#edition };
        const definition =
            site.depth === 0
                ? parseMacroDefinition({ ...context, text: site.text, start, end })
                : parseMacroTokens(site.tokensIn(start, end), context);
        if (isMacroProblem(definition)) {
            this.#problems.push(definition.problem);
        } else {
            this.#definitions.set(definition.name, definition);
        }
    }

    #expandCall(site: Site, node: Node): Edit | undefined {
        const name = node.childForFieldName("macro")?.text.split("::").at(-1)?.trim() ?? "";
        const definition = this.#definitions.get(name);
        const tree = node.children.find((child) => child.type === "token_tree");
        if (definition === undefined || tree === undefined) {
            return undefined;
        }
        const tokens = site.tokensIn(tree.startIndex + 1, tree.endIndex - 1);
        const expansion = expandMacro(definition, { tokens, edition: this.#edition });
        if (isMacroProblem(expansion)) {
            this.#problems.push(`${node.text}: ${expansion.problem}`);
            return undefined;
        }
        const [rendered, position, root] = this.#render(expansion, node);
        if (site.depth === 0) {
            this.#expansions.push(`${node.text.replace(/\s+/gu, " ")}\n    => ${inner(rendered)}`);
        }
        if (site.depth > MACRO_LIMITS.depthMax) {
            throw new Error("macros nest too deep");
        }
        const tokensIn = (start: number, end: number): readonly MacroToken[] =>
            rendered.tokensBetween(start, end);
        const edits = this.#expandSite(
            { text: rendered.text, tokensIn, depth: site.depth + 1 },
            root,
        );
        const whole = edited(rendered.text, edits);
        const frame = renderTokens([], position).text.length - rendered.frameLength;
        const text = whole.slice(rendered.frameLength, whole.length - frame);
        const isDefinition = expansion.tokens[0]?.text === "macro_rules";
        const isUnit = position === "expression" || position === "type";
        return {
            start: node.startIndex,
            end: node.endIndex,
            text: isUnit ? `(${text})` : ` ${text} `,
            tokens: isDefinition ? [] : spliced(rendered, edits),
        };
    }

    #render(expansion: Expansion, call: Node): readonly [RenderedTokens, MacroPosition, Node] {
        const wanted = positionOf(call);
        for (const position of [wanted, ...POSITIONS]) {
            const rendered = renderTokens(expansion.tokens, position);
            const root = this.#parse(rendered.text);
            if (!root.hasError) {
                return [rendered, position, root];
            }
        }
        this.#problems.push(`${call.text}: the output is not parsed`);
        const rendered = renderTokens(expansion.tokens, wanted);
        return [rendered, wanted, this.#parse(rendered.text)];
    }
}

function edited(text: string, edits: readonly Edit[]): string {
    return edits.reduceRight(
        (whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end),
        text,
    );
}

function spliced(rendered: RenderedTokens, edits: readonly Edit[]): readonly MacroToken[] {
    let from = 0;
    const tokens: MacroToken[] = [];
    for (const edit of edits) {
        tokens.push(...rendered.tokensBetween(from, edit.start), ...edit.tokens);
        from = edit.end;
    }
    return [...tokens, ...rendered.tokensBetween(from, rendered.text.length)];
}

function inner(rendered: RenderedTokens): string {
    return rendered.tokens.map((token) => (token.text === "" ? "\u00b7" : token.text)).join(" ");
}

function positionOf(call: Node): MacroPosition {
    const parent = call.parent?.type ?? "";
    const outer = call.parent?.parent?.type ?? "";
    switch (parent) {
        case "source_file":
            return "items";
        case "declaration_list":
            return outer === "foreign_mod_item"
                ? "foreign-items"
                : outer === "mod_item"
                  ? "items"
                  : "associated-items";
        case "block":
        case "expression_statement":
            return "statements";
        case "match_pattern":
            return "pattern";
        case "type_item":
            return "type";
        default:
            return call.parent?.childForFieldName("type")?.id === call.id ? "type" : "expression";
    }
}

/** Loads the grammar. */
export async function openMacroReader(): Promise<MacroReader> {
    await Parser.init();
    const wasm = new URL(
        "../../node_modules/tree-sitter-rust/tree-sitter-rust.wasm",
        import.meta.url,
    );
    const parser = new Parser();
    parser.setLanguage(await Language.load(wasm.pathname));
    return new MacroReader(parser);
}
