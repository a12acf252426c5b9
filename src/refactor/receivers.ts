// Method calls written as calls of a function: `x.f(a)` becomes `Type::f(&x, a)`. What a method call does by
// itself is written out from the receiver's type; where that is not known, the rewrite is refused.

import { appendTo, refuse, type Place, type Refusal } from "../base/index.ts";
import {
    expressionShapes,
    type ExpressionShape,
    type Occurrence,
    type SymbolInfo,
} from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { declaredReferences } from "./declared-references.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { MethodSyntax, SelfMode } from "./method-syntax.ts";
import { placeAt } from "./places.ts";
import type { EditedToken, PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import { TypePaths } from "./type-path.ts";

/** Rewritten calls. */
export interface WrittenReceivers {
    readonly kind: "calls";
    /** Insertions that begin at one offset stand in their order. */
    readonly edits: readonly PlannedEdit[];
    /** Tokens of the method's name, by `placeKey`, that are no longer method calls. */
    readonly recast: ReadonlySet<string>;
    /** Calls whose argument uses the receiver that the call would have borrowed. */
    readonly conflicts: readonly Place[];
}

/** A method call in the text. */
interface MethodCall {
    readonly file: FileSyntax;
    readonly occurrence: Occurrence;
    readonly node: number;
    readonly receiver: number;
    readonly callee: number;
    readonly arguments: number;
    /** Turbofish. */
    readonly generics: number | undefined;
}

/** Rewrites all method calls of a method. */
export function writeReceivers(
    context: RenameContext,
    method: MethodSyntax,
    mode: SelfMode,
): WrittenReceivers | Refusal {
    const calls = new Map<string, MethodCall[]>();
    const deny = (message: string, { file, span }: Occurrence): Refusal =>
        refuse("RENAME_RECEIVER_UNKNOWN", message, {
            at: [placeAt(context.textOf(file), file, span.start)],
            advice: "Write the receiver's type there, or this call as a path call, first.",
        });
    for (const occurrence of methodCalls(context, method)) {
        const call = readCall(context, occurrence);
        if (call === undefined) {
            return deny("this call is not written so that it could be changed", occurrence);
        }
        appendTo(calls, call.file.path, call);
    }
    const { type } = method;
    if (calls.size > 0 && type === undefined) {
        const first = [...calls.values()][0]?.[0]?.occurrence;
        const message = "the type that the method belongs to has no path of its own";
        return first === undefined ? refuse("RENAME_NOT_SELF", message) : deny(message, first);
    }
    const edits: PlannedEdit[] = [];
    const recast = new Set<string>();
    const conflicts: Place[] = [];
    const writer = type === undefined ? undefined : new CallWriter(context, type, mode);
    for (const group of writer === undefined ? [] : calls.values()) {
        writer?.look(group);
        for (const call of group.sort((a, b) => a.node - b.node)) {
            const written = writer?.write(call);
            if (written === undefined) {
                return deny("what this call does to its receiver is not known", call.occurrence);
            }
            const { occurrence, file } = call;
            edits.push(...written);
            recast.add(placeKey(file.path, occurrence.span.start));
            if (mode === "unique" && usesReceiver(call)) {
                conflicts.push(placeAt(file.text, file.path, file.start(call.node)));
            }
        }
    }
    return { kind: "calls", edits, recast, conflicts };
}

function methodCalls(context: RenameContext, method: MethodSyntax): Occurrence[] {
    const found = new Map<string, Occurrence>();
    for (const symbol of method.symbols) {
        for (const occurrence of context.resolution.occurrencesOf(symbol)) {
            if (occurrence.role === "method-call") {
                found.set(placeKey(occurrence.file, occurrence.span.start), occurrence);
            }
        }
    }
    return [...found.values()];
}

function readCall(context: RenameContext, occurrence: Occurrence): MethodCall | undefined {
    const file = FileSyntax.of(context, occurrence.file);
    const callee = file?.nodeStartingAt(occurrence.span.start, "field_identifier");
    if (file === undefined || callee === undefined) {
        return undefined;
    }
    const access = file.parent(callee);
    const receiver = file.child(access, "value");
    const above = file.parent(access);
    const isGeneric = file.is(above, "generic_function");
    const node = isGeneric ? file.parent(above) : above;
    const list = file.child(node, "arguments");
    const isCall =
        file.is(access, "field_expression") &&
        file.is(node, "call_expression") &&
        list !== undefined;
    return receiver === undefined || !isCall
        ? undefined
        : {
              file,
              occurrence,
              node,
              receiver,
              callee,
              arguments: list,
              generics: isGeneric ? file.child(above, "type_arguments") : undefined,
          };
}

class CallWriter {
    readonly #context: RenameContext;
    readonly #type: SymbolInfo;
    readonly #mode: SelfMode;
    readonly #paths: TypePaths;
    /** The same texts, resolved so that expressions can be asked for their types. */
    readonly #live: RenameContext["resolution"];
    #shapes: ReadonlyMap<number, ExpressionShape> = new Map();

    constructor(context: RenameContext, type: SymbolInfo, mode: SelfMode) {
        this.#context = context;
        this.#type = type;
        this.#mode = mode;
        this.#paths = new TypePaths(context, type);
        this.#live = context.reResolve(new Map(), []);
    }

    /** Learns the receivers' types of one file. */
    look(calls: readonly MethodCall[]): void {
        const path = calls[0]?.file.path ?? "";
        const nodes = new Set(calls.map((call) => call.receiver));
        this.#shapes = expressionShapes(this.#live, path, nodes);
    }

    write(call: MethodCall): PlannedEdit[] | undefined {
        const shape = this.#shapes.get(call.receiver);
        const prefix =
            shape === undefined
                ? undefined
                : this.#prefixFor(
                      shape,
                      declaredReferences(this.#context, call.file, call.receiver),
                  );
        if (prefix === undefined) {
            return undefined;
        }
        const { file, occurrence, receiver } = call;
        const path = this.#paths.at(occurrence.enclosing, occurrence.crate);
        const turbofish = call.generics === undefined ? "" : turbofishOf(call);
        const name = file.textOf(call.callee);
        const head = `${path}::`;
        const start = file.start(receiver);
        const common = { path: file.path, role: occurrence.role, precision: occurrence.precision };
        return [
            {
                ...common,
                span: { start, end: start },
                oldText: "",
                newText: `${head}${name}${turbofish}(${prefix}`,
                tokens: this.#carried(call, head.length, turbofish.length),
                added: pathTokens(path),
            },
            { ...common, ...afterReceiver(call), tokens: [] },
        ];
    }

    /**
     * What is written before the receiver; undefined where its type does not tell. How many references it is
     * is believed of declarations only.
     */
    #prefixFor({ symbol }: ExpressionShape, references: number | undefined): string | undefined {
        const isExact = symbol !== undefined && this.#live.symbol(symbol).id === this.#type.id;
        switch (this.#mode) {
            // A reference to what points to the type is one to the type, where an argument is wanted.
            case "shared":
                return references === undefined || references === 0 ? "&" : "";
            case "unique":
                return references === 0 ? "&mut " : references === 1 ? "" : undefined;
            case "value":
                return isExact && references !== undefined ? "*".repeat(references) : undefined;
            case "typed":
                return undefined;
        }
    }

    /** The tokens that move before the receiver: the name, and what its generic arguments name. */
    #carried(
        { file, occurrence, generics }: MethodCall,
        at: number,
        length: number,
    ): EditedToken[] {
        const { span } = occurrence;
        const found: EditedToken[] = [carry(span, at)];
        if (generics !== undefined) {
            const from = at + (span.end - span.start) + length - file.textOf(generics).length;
            for (const one of this.#context.resolution.occurrencesIn(file.path)) {
                if (file.start(generics) <= one.span.start && one.span.end <= file.end(generics)) {
                    found.push(carry(one.span, from + one.span.start - file.start(generics)));
                }
            }
        }
        return found;
    }
}

function carry(before: Occurrence["span"], at: number): EditedToken {
    const length = before.end - before.start;
    return { before, part: undefined, partAfter: undefined, at, length };
}

function turbofishOf({ file, callee, generics }: MethodCall): string {
    return generics === undefined ? "" : file.text.slice(file.end(callee), file.end(generics));
}

/** The names of a path that is written anew; its keywords are no names. */
function pathTokens(path: string): { at: number }[] {
    return [...path.matchAll(/(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/gu)]
        .filter(([word]) => word !== "crate")
        .map(({ index }) => ({ at: index }));
}

/** `.f(` becomes a comma, or nothing where no argument follows; a comment there stays. */
function afterReceiver(call: MethodCall): Pick<PlannedEdit, "span" | "oldText" | "newText"> {
    const { file, receiver } = call;
    const open = file.start(call.arguments) + 1;
    const gap = file.text.slice(file.end(receiver), file.start(call.callee));
    const dot = gap.lastIndexOf(".");
    const start = /[^\s.]/u.test(gap) ? file.end(receiver) + dot : file.end(receiver);
    const hasArguments = file.parts(call.arguments).length > 0;
    const isSpaced = /^\s/u.test(file.text.slice(open, open + 1));
    return {
        span: { start, end: open },
        oldText: file.text.slice(start, open),
        newText: hasArguments ? (isSpaced ? "," : ", ") : "",
    };
}

/** Whether an argument names what the receiver begins with. */
function usesReceiver({ file, receiver, arguments: list }: MethodCall): boolean {
    let root = receiver;
    for (let at = file.parts(root)[0]; at !== undefined; at = file.parts(root)[0]) {
        root = at;
    }
    const name = file.textOf(root);
    const { next } = file.tree.columns;
    for (let at = list + 1; at < (next[list] ?? 0); at++) {
        if (file.is(at, "identifier", "self", "format_capture") && file.textOf(at) === name) {
            return true;
        }
    }
    return false;
}
