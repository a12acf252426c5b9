// Which macro calls must be seen expanded to know what some tokens mean: the call in whose input a token stands;
// for a token of a macro's body every call of that macro, also those that other macros' bodies make.

import {
    UNOWNED_REASON,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import { FLAG, KIND, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { canReachCrate } from "./crate-reach.ts";
import { firstAfter } from "./places.ts";
import { prepareSubject } from "./subject.ts";

/** A macro call that can be expanded where it stands. */
export interface CallSite {
    readonly path: string;
    /** From the macro's path to the closing delimiter. */
    readonly start: number;
    readonly end: number;
    /** Between the delimiters. */
    readonly inputStart: number;
    readonly inputEnd: number;
    /** The macro, by one symbol of each of its definitions: several under predicates that exclude each other. */
    readonly macros: readonly SymbolInfo[];
    /** What it gives are items or statements; else it stands for one value. */
    readonly place: "list" | "value" | "other";
}

const CALLS_MAX = 600;

/** Finds the calls; undefined where one that matters cannot be expanded or is not seen. */
export function callsToExpand(
    context: RenameContext,
    tokens: readonly Occurrence[],
): readonly CallSite[] | undefined {
    const finder = new CallFinder(context);
    return tokens.every((token) => finder.addToken(token)) ? finder.calls() : undefined;
}

/** Key of a macro's definition, which a file with several owners defines several times. */
export function definitionKey({ file, nameSpan }: SymbolInfo): string {
    return `${file ?? ""}:${nameSpan?.start ?? -1}`;
}

/** One symbol of each definition of a macro; undefined where they are none, or more than one macro's. */
export function asTwins(
    resolution: Resolution,
    symbols: readonly SymbolInfo[],
): readonly SymbolInfo[] | undefined {
    const byKey = new Map(symbols.map((one) => [definitionKey(one), one]));
    const twins = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    const [first] = twins;
    const family = twins.length > 1 && first ? resolution.renameFamily(first.index) : [];
    const known = new Set(family.map((one) => definitionKey(resolution.symbol(one))));
    return first !== undefined &&
        (twins.length === 1 || twins.every((one) => known.has(definitionKey(one))))
        ? twins
        : undefined;
}

class CallFinder {
    readonly #context: RenameContext;
    readonly #calls = new Map<string, CallSite>();
    readonly #macros = new Set<string>();

    constructor(context: RenameContext) {
        this.#context = context;
    }

    calls(): readonly CallSite[] {
        const sorted = [...this.#calls.values()].sort(
            (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.start - b.start,
        );
        // A call in the input of another is expanded with it.
        const outer: CallSite[] = [];
        for (const call of sorted) {
            const last = outer.at(-1);
            if (last?.path !== call.path || last.end <= call.start) {
                outer.push(call);
            }
        }
        return outer;
    }

    addToken({ role, file, span, enclosing }: Occurrence): boolean {
        if (role !== "macro-body") {
            return this.#addCall(this.#callAround(file, span.start));
        }
        const macro =
            enclosing === undefined ? undefined : this.#context.resolution.symbol(enclosing);
        return macro?.kind === "macro" && this.#addMacro(macro);
    }

    #addCall(call: CallSite | undefined): boolean {
        if (call === undefined || this.#calls.size >= CALLS_MAX) {
            return false;
        }
        this.#calls.set(`${call.path}:${call.start}`, call);
        return true;
    }

    /** Adds every call of a macro. */
    #addMacro(macro: SymbolInfo): boolean {
        const key = definitionKey(macro);
        if (this.#macros.has(key)) {
            return true;
        }
        this.#macros.add(key);
        const { resolution } = this.#context;
        const isRenamed = resolution.occurrencesOf(macro.index).some(({ viaAlias }) => viaAlias);
        return (
            !isRenamed &&
            resolution.occurrencesNamed(macro.name).every((one) => this.#addUse(macro, one))
        );
    }

    /** Adds what calls a macro at a token of its name; false where that is not known. */
    #addUse(macro: SymbolInfo, use: Occurrence): boolean {
        const { resolution, model } = this.#context;
        const { binding, role, file, span, crate } = use;
        if ("reason" in binding && binding.reason === UNOWNED_REASON) {
            return true;
        }
        if (role === "macro-call") {
            switch (binding.kind) {
                case "symbol": {
                    const key = definitionKey(macro);
                    const symbols = binding.symbols.map((one) => resolution.symbol(one));
                    const isMeant = symbols.some((one) => definitionKey(one) === key);
                    return !isMeant || this.#addCall(this.#callAround(file, span.start));
                }
                case "external":
                case "builtin":
                case "local":
                    return true;
                case "ambiguous":
                case "unresolved":
                    return (
                        crate !== undefined &&
                        macro.crate !== undefined &&
                        !canReachCrate(model, resolution, crate, macro.crate)
                    );
                case "opaque":
                    break;
            }
        }
        if (role === "attribute" || role === "doc-link") {
            return true;
        }
        // A name that a macro is given may come to stand before a `!`.
        return (
            (binding.kind !== "opaque" && role !== "macro-body") ||
            !this.#mayCall(macro, use) ||
            this.addToken(use)
        );
    }

    /** Whether a token that a macro is given, or writes, can come to stand where its name means a macro. */
    #mayCall(macro: SymbolInfo, use: Occurrence): boolean {
        const key = definitionKey(macro);
        const { resolution } = this.#context;
        return resolution
            .findByName(macro.name)
            .filter((one) => definitionKey(resolution.symbol(one)) === key)
            .some((symbol) => {
                const subject = prepareSubject(resolution, { kind: "symbol", symbol });
                return couldMean(this.#context, subject, use);
            });
    }

    /** The call whose macro gets a token, the innermost one that is read as a call. */
    #callAround(path: string, offset: number): CallSite | undefined {
        const tree = this.#context.treeOf(path);
        if (tree === undefined) {
            return undefined;
        }
        const { resolution } = this.#context;
        const { kind, parent } = tree.columns;
        for (let at = tree.nodeAt(offset) ?? 0; at !== 0; at = parent[at] ?? 0) {
            if (kind[at] === KIND.macro_definition || kind[at] === KIND.attribute_item) {
                return undefined;
            }
            if (kind[at] === KIND.macro_invocation) {
                const macros = this.#macrosOf(tree, path, at);
                if (macros !== undefined) {
                    const twins = asTwins(resolution, macros);
                    return twins && this.#siteOf(tree, at, { path, macros: twins });
                }
            }
        }
        return undefined;
    }

    /** The workspace's macros that a call means, none for others; undefined where it is not read as a call. */
    #macrosOf(tree: SyntaxTree, path: string, call: number): readonly SymbolInfo[] | undefined {
        const { resolution } = this.#context;
        const macro = tree.findChild(call, "macro");
        const name = macro === undefined ? undefined : (tree.findChild(macro, "name") ?? macro);
        const start = name === undefined ? -1 : (tree.columns.start[name] ?? -1);
        const found = resolution
            .occurrencesAt(path, start)
            .filter((one) => one.span.start === start);
        if (found.length === 0 || found.some(({ binding }) => binding.kind === "opaque")) {
            return undefined;
        }
        return found.every(({ binding }) => binding.kind === "symbol")
            ? found.flatMap(({ binding }) =>
                  binding.kind === "symbol"
                      ? binding.symbols.map((one) => resolution.symbol(one))
                      : [],
              )
            : [];
    }

    #siteOf(
        tree: SyntaxTree,
        node: number,
        { path, macros }: Pick<CallSite, "path" | "macros">,
    ): CallSite | undefined {
        const text = this.#context.textOf(path);
        const { start, end } = tree.columns;
        const [first, last] = [start[node] ?? 0, end[node] ?? 0];
        const name = tree.findChild(node, "macro");
        const bang = name === undefined ? -1 : firstAfter(text, end[name] ?? 0);
        const open = firstAfter(text, bang + 1);
        const isCall = text[bang] === "!" && CLOSING[text[open] ?? ""] === text[last - 1];
        return bang === -1 || !isCall || open >= last
            ? undefined
            : {
                  path,
                  macros,
                  start: first,
                  end: last,
                  inputStart: open + 1,
                  inputEnd: last - 1,
                  place: placeOf(tree, node),
              };
    }
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

const LISTS: ReadonlySet<number> = new Set([
    KIND.source_file,
    KIND.block,
    KIND.declaration_list,
    KIND.expression_statement,
]);

/** What a call stands for. */
function placeOf(tree: SyntaxTree, node: number): CallSite["place"] {
    const holder = tree.columns.parent[node] ?? 0;
    const kind = tree.columns.kind[holder] ?? 0;
    if (LISTS.has(kind)) {
        return "list";
    }
    if (kind === KIND.macro_arguments) {
        return tree.hasFlag(holder, FLAG.maybeItems) ? "list" : "value";
    }
    return /(?:pattern|_type|type_arguments|parameter|field_declaration|_item)$/u.test(
        tree.kindOf(holder),
    )
        ? "other"
        : "value";
}
