// Calls by path written as method calls: `Type::f(&x, a)` becomes `x.f(a)`, where `x` is known to be of the
// type. All other calls stay: a method can be called by its path.

import { appendTo } from "../base/index.ts";
import { expressionShapes, type Occurrence } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { MethodSyntax } from "./method-syntax.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { placeKey, tokenKey } from "./proof-view.ts";

/** Rewritten calls. */
export interface MethodCalls {
    readonly edits: readonly PlannedEdit[];
    /** Tokens of the function's name, by `placeKey`, that begin to be method calls. */
    readonly recast: ReadonlySet<string>;
    /** Tokens of the paths before the name, by `tokenKey`. */
    readonly removed: ReadonlySet<string>;
}

interface PathCall {
    readonly file: FileSyntax;
    readonly occurrence: Occurrence;
    readonly node: number;
    /** The first argument without the `&` or `*` that a method call takes by itself. */
    readonly receiver: number;
    readonly first: number;
    readonly second: number | undefined;
    readonly generics: number | undefined;
}

/** Rewrites the calls of a function as calls of a method. */
export function writeMethodCalls(context: RenameContext, method: MethodSyntax): MethodCalls {
    const { type } = method;
    const calls = pathCalls(context, method);
    const edits: PlannedEdit[] = [];
    const recast = new Set<string>();
    const removed = new Set<string>();
    const live = calls.size === 0 ? context.resolution : context.reResolve(new Map(), []);
    for (const [path, group] of calls) {
        const shapes = expressionShapes(live, path, new Set(group.map((call) => call.receiver)));
        const occurrences = context.resolution.occurrencesIn(path);
        for (const call of group) {
            const symbol = shapes.get(call.receiver)?.symbol;
            if (symbol !== undefined && live.symbol(symbol).id === type?.id) {
                edits.push(...write(call, occurrences));
                recast.add(placeKey(path, call.occurrence.span.start));
                for (const one of qualifiers(call, occurrences)) {
                    removed.add(tokenKey(one));
                }
            }
        }
    }
    return { edits, recast, removed };
}

function pathCalls(context: RenameContext, method: MethodSyntax): Map<string, PathCall[]> {
    const found = new Map<string, PathCall>();
    for (const symbol of method.symbols) {
        for (const occurrence of context.resolution.occurrencesOf(symbol)) {
            const call = occurrence.role === "call" ? readCall(context, occurrence) : undefined;
            if (call !== undefined) {
                found.set(placeKey(occurrence.file, occurrence.span.start), call);
            }
        }
    }
    const byFile = new Map<string, PathCall[]>();
    for (const call of found.values()) {
        appendTo(byFile, call.file.path, call);
    }
    return byFile;
}

function readCall(context: RenameContext, occurrence: Occurrence): PathCall | undefined {
    const file = FileSyntax.of(context, occurrence.file);
    const name = file?.nodeStartingAt(occurrence.span.start, "identifier");
    if (file === undefined || name === undefined) {
        return undefined;
    }
    const path = file.parent(name);
    const above = file.parent(path);
    const isGeneric = file.is(above, "generic_function");
    const node = isGeneric ? file.parent(above) : above;
    const list = file.child(node, "arguments");
    const [first, second] = list === undefined ? [] : file.parts(list);
    const isPlain =
        file.is(path, "scoped_identifier") &&
        file.is(node, "call_expression") &&
        /^[\p{XID_Continue}#:\s]+$/u.test(file.textOf(path));
    return !isPlain || first === undefined
        ? undefined
        : {
              file,
              occurrence,
              node,
              receiver: withoutReference(file, first),
              first,
              second,
              generics: isGeneric ? file.child(above, "type_arguments") : undefined,
          };
}

function withoutReference(file: FileSyntax, node: number): number {
    const isTaken =
        file.is(node, "reference_expression") ||
        (file.is(node, "unary_expression") && file.tree.nameOf(node) === "*");
    const inner = isTaken ? (file.child(node, "value") ?? file.parts(node).at(-1)) : undefined;
    return inner ?? node;
}

/** Occurrences of the path before the name, which go away. */
function qualifiers(
    { file, node, occurrence }: PathCall,
    occurrences: readonly Occurrence[],
): Occurrence[] {
    return occurrences.filter(
        ({ span }) => file.start(node) <= span.start && span.end < occurrence.span.start,
    );
}

function write(call: PathCall, occurrences: readonly Occurrence[]): PlannedEdit[] {
    const { file, occurrence, node, receiver, first, second, generics } = call;
    const isBare = standsAlone(file, receiver);
    const { span } = occurrence;
    const turbofish = generics === undefined ? "" : file.text.slice(span.end, file.end(generics));
    const head = `${isBare ? "" : ")"}.`;
    const name = file.text.slice(span.start, span.end);
    const end = second === undefined ? file.end(node) - 1 : file.start(second);
    const common = { path: file.path, role: occurrence.role, precision: occurrence.precision };
    const carried = occurrences.filter(
        (one) =>
            one.span.start === span.start ||
            (generics !== undefined &&
                file.start(generics) <= one.span.start &&
                one.span.end <= file.end(generics)),
    );
    return [
        {
            ...common,
            span: { start: file.start(node), end: file.start(receiver) },
            oldText: file.text.slice(file.start(node), file.start(receiver)),
            newText: isBare ? "" : "(",
            tokens: [],
        },
        {
            ...common,
            span: { start: file.end(first), end },
            oldText: file.text.slice(file.end(first), end),
            newText: `${head}${name}${turbofish}(`,
            tokens: carried.map((one) => ({
                before: one.span,
                part: undefined,
                partAfter: undefined,
                at: head.length + one.span.start - span.start,
                length: one.span.end - one.span.start,
            })),
        },
    ];
}

/** Whether an expression needs no parentheses before a dot. */
function standsAlone(file: FileSyntax, node: number): boolean {
    return file.is(
        node,
        "array_expression",
        "await_expression",
        "call_expression",
        "field_expression",
        "identifier",
        "index_expression",
        "parenthesized_expression",
        "scoped_identifier",
        "self",
        "string_literal",
        "try_expression",
    );
}
