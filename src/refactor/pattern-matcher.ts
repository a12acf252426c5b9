// Whether a call fits a pattern, and what its metavariables take.

import type { Occurrence } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import type { FileSyntax } from "./file-syntax.ts";
import { variableOf, type Snippet } from "./snippet.ts";

/** A call that fits. */
export interface Match {
    readonly file: FileSyntax;
    /** Node of the whole call. */
    readonly node: number;
    /** Where the called name begins. */
    readonly nameStart: number;
    /** Nodes by metavariable. */
    readonly taken: ReadonlyMap<string, number>;
    /** The metavariable that took the receiver of a method call, which that borrows by itself. */
    readonly receiver: string | undefined;
}

/** Matches calls against one pattern. */
export class PatternMatcher {
    readonly #context: RenameContext;
    readonly #pattern: Snippet;

    constructor(context: RenameContext, pattern: Snippet) {
        this.#context = context;
        this.#pattern = pattern;
    }

    /** A match; `unfit` where the call means the function and its receiver cannot be written as an argument. */
    matchCall(file: FileSyntax, occurrence: Occurrence): Match | "unfit" | undefined {
        const call = callAt(file, occurrence);
        if (call === undefined) {
            return undefined;
        }
        const { file: own, root } = this.#pattern;
        const list = own.child(root, "arguments");
        const wanted = list === undefined ? [] : own.parts(list);
        const given =
            call.receiver === undefined ? call.arguments : [call.receiver, ...call.arguments];
        const taken = new Map<string, number>();
        const fits =
            wanted.length === given.length &&
            wanted.every((node, at) => this.#fits(node, file, given[at] ?? 0, taken));
        if (!fits) {
            return undefined;
        }
        const first = wanted[0];
        const isMethod = call.receiver !== undefined;
        const receiver =
            isMethod && first !== undefined ? variableOf(own.textOf(first)) : undefined;
        return isMethod && receiver === undefined
            ? "unfit"
            : { file, node: call.node, nameStart: occurrence.span.start, taken, receiver };
    }

    /** Compares a node of the pattern with one of the text. */
    #fits(wanted: number, file: FileSyntax, node: number, taken: Map<string, number>): boolean {
        const { file: own } = this.#pattern;
        const variable = own.is(wanted, "identifier") ? variableOf(own.textOf(wanted)) : undefined;
        if (variable !== undefined) {
            const before = taken.get(variable);
            taken.set(variable, before ?? node);
            return before === undefined || file.plainText(before) === file.plainText(node);
        }
        if (own.tree.kindOf(wanted) !== file.tree.kindOf(node)) {
            return false;
        }
        const parts = own.parts(wanted);
        const others = file.parts(node);
        if (own.is(wanted, "identifier", "scoped_identifier")) {
            return this.#meansPath(own.textOf(wanted), file, node);
        }
        if (parts.length !== others.length) {
            return false;
        }
        return parts.length === 0
            ? own.textOf(wanted) === file.textOf(node)
            : own.tree.nameOf(wanted) === file.tree.nameOf(node) &&
                  parts.every((part, at) => this.#fits(part, file, others[at] ?? 0, taken));
    }

    /** Whether a path of the text means what a path of the pattern names. */
    #meansPath(written: string, file: FileSyntax, node: number): boolean {
        const path = written.replace(/\s+/gu, "");
        const { resolution } = this.#context;
        return resolution.occurrencesAt(file.path, file.end(node)).some(({ binding, span }) => {
            if (span.end !== file.end(node)) {
                return false;
            }
            if (binding.kind === "external") {
                return binding.path === path || isPreludePath(binding.path, path);
            }
            return (
                binding.kind === "symbol" &&
                binding.symbols.some((symbol) => resolution.symbol(symbol).display === path)
            );
        });
    }
}

/** Names of std's prelude are written without their path. */
function isPreludePath(resolved: string, written: string): boolean {
    return /^(?:std|core|alloc)::/u.test(resolved) && resolved.endsWith(`::${written}`);
}

interface CallSyntax {
    readonly node: number;
    readonly receiver: number | undefined;
    readonly arguments: readonly number[];
}

function callAt(file: FileSyntax, { span, role }: Occurrence): CallSyntax | undefined {
    const isMethod = role === "method-call";
    const name = file.nodeStartingAt(span.start, isMethod ? "field_identifier" : "identifier");
    if (name === undefined || file.isMacroToken(name)) {
        return undefined;
    }
    let at = name;
    let receiver: number | undefined;
    while (file.is(file.parent(at), "field_expression", "generic_function", "scoped_identifier")) {
        at = file.parent(at);
        receiver ??= file.is(at, "field_expression") ? file.child(at, "value") : undefined;
    }
    const node = file.parent(at);
    const list = file.is(node, "call_expression") ? file.child(node, "arguments") : undefined;
    return list === undefined || file.child(node, "function") !== at
        ? undefined
        : { node, receiver: isMethod ? receiver : undefined, arguments: file.parts(list) };
}
