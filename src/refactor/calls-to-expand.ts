// Which macro calls must be seen expanded to know what some tokens mean: the call in whose input a token stands;
// for a token of a macro's body every call of that macro, also those that other macros' bodies make.

import { compareText } from "../base/index.ts";
import { UNOWNED_REASON, type Occurrence, type SymbolInfo } from "../resolve/index.ts";
import { KIND } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { canReachCrate } from "./crate-reach.ts";
import { prepareSubject } from "./subject.ts";
import {
    asTwins,
    definitionKey,
    macrosOfCall,
    siteOfCall,
    type CallSite,
} from "./written-calls.ts";

const CALLS_MAX = 600;

/** Macros of well-known crates whose input is functions, which they make tests of: a name behind `fn` calls no macro. */
const FUNCTION_MACROS: ReadonlySet<string> = new Set(["proptest", "quickcheck"]);

/** Finds the calls; undefined where one that matters cannot be expanded or is not seen. */
export function callsToExpand(
    context: RenameContext,
    tokens: readonly Occurrence[],
): readonly CallSite[] | undefined {
    const finder = new CallFinder(context);
    return tokens.every((token) => finder.addToken(token)) ? finder.calls() : undefined;
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
            (a, b) => compareText(a.path, b.path) || a.start - b.start,
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
        if (role === "attribute" || role === "doc-link" || this.#isNamedFunction(use)) {
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

    /** Whether a token is the name of a function in the input of a macro that makes functions of them, outside the workspace. */
    #isNamedFunction({ role, file, span }: Occurrence): boolean {
        const { resolution } = this.#context;
        const text = this.#context.textOf(file);
        const isName =
            /(?<!\p{XID_Continue})fn\s+$/u.test(
                text.slice(Math.max(0, span.start - 32), span.start),
            ) && /^\s*\(/u.test(text.slice(span.end, span.end + 32));
        const tree = role === "macro-input" && isName ? this.#context.treeOf(file) : undefined;
        if (tree === undefined) {
            return false;
        }
        const { kind, parent, start, end } = tree.columns;
        for (let at = tree.nodeAt(span.start) ?? 0; at !== 0; at = parent[at] ?? 0) {
            const macro =
                kind[at] === KIND.macro_invocation ? tree.findChild(at, "macro") : undefined;
            if (macro !== undefined) {
                const name = text.slice(start[macro], end[macro]).replace(/^.*::/u, "");
                const isOwn = resolution
                    .findByName(name)
                    .some((one) => resolution.symbol(one).kind === "macro");
                return FUNCTION_MACROS.has(name) && !isOwn;
            }
        }
        return false;
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
                const macros = macrosOfCall(resolution, tree, { path, node: at });
                if (macros !== undefined) {
                    const twins = asTwins(resolution, macros);
                    const text = this.#context.textOf(path);
                    return twins && siteOfCall(text, tree, { path, node: at, macros: twins });
                }
            }
        }
        return undefined;
    }
}
