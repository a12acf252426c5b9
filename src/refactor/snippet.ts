// Patterns and templates as people write them: one Rust expression with metavariables (`$x`).

import { refuse, type Refusal } from "../base/index.ts";
import { KIND } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";

/** One use of a metavariable. */
export interface SnippetVariable {
    readonly name: string;
    /** Offsets in the source, the `$` included. */
    readonly start: number;
    readonly end: number;
    /** What stands for it must be one operand: it is followed by a dot, say. */
    readonly isTight: boolean;
    /** A method is called on it. */
    readonly isReceiver: boolean;
}

/** A snippet that was read. */
export interface Snippet {
    /** As it was written. */
    readonly source: string;
    /** Its tree; metavariables are identifiers in it. */
    readonly file: FileSyntax;
    /** Node of the expression. */
    readonly root: number;
    readonly variables: readonly SnippetVariable[];
}

const HEAD = "fn snippet() { let _ = ";
const VARIABLE = /\$([A-Za-z_][A-Za-z0-9_]*)/gu;
/** What a metavariable is written as, so that the text is Rust: of the same length as `$x` is not needed. */
const PREFIX = "metavariable_";

/** Name of the metavariable that an identifier of a snippet's tree stands for. */
export function variableOf(identifier: string): string | undefined {
    return identifier.startsWith(PREFIX) ? identifier.slice(PREFIX.length) : undefined;
}

/** Reads a snippet. */
export function readSnippet(context: RenameContext, source: string): Snippet | Refusal {
    const text = `${HEAD}${source.replace(VARIABLE, `${PREFIX}$1`)}; }\n`;
    const tree = context.parse?.(text);
    const broken = refuse("REWRITE_SNIPPET", `\`${source}\` is no Rust expression`);
    if (tree === undefined) {
        return broken;
    }
    const file = new FileSyntax("snippet.rs", tree, text);
    const kinds = tree.columns.kind;
    const statement = kinds.indexOf(KIND.let_declaration);
    const root = statement === -1 ? undefined : file.child(statement, "value");
    // Where something is missing the parser puts a node without a text.
    const isMended = kinds.some(
        (kind, node) => kind === KIND.identifier && file.start(node) === file.end(node),
    );
    const isWhole =
        !isMended &&
        !kinds.includes(KIND.ERROR) &&
        root !== undefined &&
        file.end(root) === text.length - "; }\n".length;
    if (root === undefined || !isWhole) {
        return broken;
    }
    return { source, file, root, variables: variablesOf(source, file) };
}

function variablesOf(source: string, file: FileSyntax): SnippetVariable[] {
    let shift = HEAD.length;
    return [...source.matchAll(VARIABLE)].map((match) => {
        const [written, name = ""] = match;
        const node = file.tree.nodeAt(match.index + shift) ?? 0;
        shift += PREFIX.length - 1;
        return {
            name,
            start: match.index,
            end: match.index + written.length,
            isTight: isOperand(file, node),
            isReceiver: isReceiver(file, node),
        };
    });
}

function isReceiver(file: FileSyntax, node: number): boolean {
    const access = file.parent(node);
    const call = file.parent(access);
    return (
        file.is(access, "field_expression") &&
        file.child(access, "value") === node &&
        file.is(call, "call_expression", "generic_function")
    );
}

function isOperand(file: FileSyntax, node: number): boolean {
    const above = file.parent(node);
    return file.is(
        above,
        "await_expression",
        "binary_expression",
        "call_expression",
        "field_expression",
        "index_expression",
        "range_expression",
        "reference_expression",
        "try_expression",
        "type_cast_expression",
        "unary_expression",
    );
}

/** Whether an expression needs no parentheses as an operand. */
export function isPrimary(file: FileSyntax, node: number): boolean {
    return file.is(
        node,
        "array_expression",
        "await_expression",
        "boolean_literal",
        "call_expression",
        "char_literal",
        "field_expression",
        "float_literal",
        "identifier",
        "index_expression",
        "integer_literal",
        "macro_invocation",
        "parenthesized_expression",
        "raw_string_literal",
        "scoped_identifier",
        "self",
        "string_literal",
        "try_expression",
        "tuple_expression",
        "unit_expression",
    );
}
