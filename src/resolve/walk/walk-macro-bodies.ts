// Bodies of declarative macros: what their tokens mean depends on the calls, but for paths from the macro's
// own crate, macros that are the only ones of their name, and attributes of the language. All else is opaque.

import { FLAG, KIND } from "../../syntax/index.ts";
import { NS } from "../file-items.ts";
import { BUILTIN_ATTRIBUTES, STD_MACROS } from "../known-names.ts";
import { isFound, type Found, type Lookup } from "../lookup.ts";
import { lookupTextual } from "../lookup-macros.ts";
import { stepInto } from "../paths.ts";
import { isMemberFound } from "../types/method-lookup.ts";
import { foundType } from "../types/type-lowering.ts";
import { peel } from "../types/types.ts";
import type { Walk } from "./walk.ts";

/** Nodes of a macro's body that mean the same in every expansion, by what they mean. */
export type BodyMeanings = ReadonlyMap<number, Lookup>;

/** Attributes of the language mean this. */
const BUILTIN: Found = { symbols: [], alias: false, builtin: "attribute" };

/** Finds what is certain of a macro's body; `symbol` is the macro's. */
export function readMacroBody(walk: Walk, definition: number, symbol: number): BodyMeanings {
    return new BodyReader(walk, symbol).read(definition);
}

class BodyReader {
    readonly #walk: Walk;
    readonly #isExported: boolean;
    readonly #meanings = new Map<number, Lookup>();

    constructor(walk: Walk, symbol: number) {
        this.#walk = walk;
        this.#isExported = walk.program.symbolAt(symbol).visibility === "public";
    }

    read(definition: number): BodyMeanings {
        const { tree } = this.#walk;
        for (const rule of tree.childrenOf(definition)) {
            const body =
                this.#walk.kind(rule) === KIND.macro_rule
                    ? tree.findChild(rule, "right")
                    : undefined;
            if (body !== undefined) {
                this.#readTokens(tree.childrenOf(body));
            }
        }
        return this.#meanings;
    }

    /** Reads tokens that stand beside each other, and those in brackets among them. */
    #readTokens(tokens: readonly number[]): void {
        tokens.forEach((token, i) => {
            const kind = this.#walk.kind(token);
            if (kind === KIND.token_tree) {
                this.#readBrackets(token, tokens[i - 1]);
            } else if (kind === KIND.token_repetition) {
                this.#readTokens(this.#walk.tree.childrenOf(token));
            } else if (this.#isCrate(token)) {
                const isImport = this.#has(token, FLAG.extern);
                const root = this.#walk.scope.crate.symbol;
                const found = { symbols: [root], alias: false };
                this.#readPath(tokens.slice(i + 1), found, isImport);
            } else if (kind === KIND.identifier && this.#has(token, FLAG.beforeBang)) {
                this.#readMacro(token);
            }
        });
    }

    #readBrackets(brackets: number, before: number | undefined): void {
        const inside = this.#walk.tree.childrenOf(brackets);
        if (this.#has(brackets, FLAG.question)) {
            this.#readAttribute(inside);
        } else if (before === undefined || !this.#takesApart(before)) {
            this.#readTokens(inside);
        }
    }

    /** Whether a token names a macro, called with what follows, that may take its input apart. */
    #takesApart(token: number): boolean {
        const { tree, program } = this.#walk;
        const name = tree.nameOf(token);
        return (
            this.#has(token, FLAG.beforeBang) &&
            (!STD_MACROS.has(name) || name === "stringify" || macrosNamed(program, name).length > 0)
        );
    }

    #readAttribute([name]: readonly number[]): void {
        if (name === undefined || this.#has(name, FLAG.beforeColons)) {
            return;
        }
        const { tree, program } = this.#walk;
        const isOwn = macrosNamed(program, tree.nameOf(name)).length > 0;
        if (BUILTIN_ATTRIBUTES.has(tree.nameOf(name)) && !isOwn) {
            this.#meanings.set(name, BUILTIN);
        }
    }

    /** `$crate`, or `crate` where all expansions are in the crate itself. */
    #isCrate(token: number): boolean {
        const kind = this.#walk.kind(token);
        const isStart = this.#has(token, FLAG.beforeColons) && !this.#has(token, FLAG.afterColons);
        return kind === KIND.metavariable
            ? isStart && this.#walk.tree.nameOf(token) === "crate"
            : isStart && kind === KIND.crate && !this.#isExported;
    }

    /** Reads the segments of a path after what the first of them is in; all or the first few. */
    #readPath(tokens: readonly number[], start: Found, isImport: boolean): void {
        let at = start;
        for (const token of tokens) {
            if (this.#walk.kind(token) === KIND.token_tree && isImport) {
                this.#readGroup(token, at);
                return;
            }
            if (!this.#isSegment(token) || !this.#has(token, FLAG.afterColons)) {
                return;
            }
            const next = this.#readSegment(token, at, isImport);
            if (next === undefined || !this.#has(token, FLAG.beforeColons)) {
                return;
            }
            at = next;
        }
    }

    /** `use $crate::a::{b, c::d}`. */
    #readGroup(group: number, at: Found): void {
        const tokens = this.#walk.tree.childrenOf(group);
        tokens.forEach((token, i) => {
            const isFirst = this.#isSegment(token) && !this.#has(token, FLAG.afterColons);
            const next = isFirst ? this.#readSegment(token, at, true) : undefined;
            if (next !== undefined && this.#has(token, FLAG.beforeColons)) {
                this.#readPath(tokens.slice(i + 1), next, true);
            }
        });
    }

    #isSegment(token: number): boolean {
        const kind = this.#walk.kind(token);
        return (
            (kind === KIND.identifier || kind === KIND.type_identifier) &&
            !this.#has(token, FLAG.afterDollar)
        );
    }

    #readSegment(token: number, at: Found, isImport: boolean): Found | undefined {
        const isLast = !this.#has(token, FLAG.beforeColons);
        const spaces = !isLast
            ? [NS.type]
            : this.#has(token, FLAG.beforeBang)
              ? [NS.macro]
              : isImport
                ? [NS.type, NS.value, NS.macro]
                : [NS.type, NS.value];
        const name = this.#walk.tree.nameOf(token);
        const symbols = new Set<number>();
        let alias = false;
        for (const namespace of spaces) {
            const found = this.#stepInto(at, name, namespace);
            found?.symbols.forEach((one) => symbols.add(one));
            alias ||= found?.alias === true;
        }
        if (symbols.size === 0) {
            return undefined;
        }
        const found = { symbols: [...symbols], alias };
        this.#meanings.set(token, found);
        return found;
    }

    #stepInto(at: Found, name: string, namespace: number): Found | undefined {
        const { program, scope, semantics, members } = this.#walk;
        const inside = stepInto(program, at, { name, namespace, from: scope });
        if (isFound(inside)) {
            return inside;
        }
        const isModule = at.symbols.some((one) => program.scopeOfModule.has(one));
        if (isModule) {
            return undefined;
        }
        const member = members.associated(
            peel(foundType(semantics, at, [])),
            { name, from: scope },
            namespace,
        );
        return isMemberFound(member) && member.ambiguous === undefined ? member : undefined;
    }

    /** A macro called by a plain name, where no other has it: bodies look it up where they are expanded. */
    #readMacro(token: number): void {
        const { tree, program, scope } = this.#walk;
        if (this.#has(token, FLAG.afterColons) || this.#has(token, FLAG.afterDollar)) {
            return;
        }
        const name = tree.nameOf(token);
        const found = lookupTextual(program, scope, name, Number.MAX_SAFE_INTEGER);
        const isOnly = macrosNamed(program, name).every(
            (one) => found?.symbols.includes(one) === true,
        );
        if (found !== undefined && isOnly && !STD_MACROS.has(name)) {
            this.#meanings.set(token, found);
        }
    }

    #has(node: number, flag: number): boolean {
        return this.#walk.tree.hasFlag(node, flag);
    }
}

/** Macros of the workspace that have a name. */
function macrosNamed(program: Walk["program"], name: string): readonly number[] {
    return (program.byName.get(name) ?? []).filter((one) => {
        const { kind, external, namespaces } = program.symbolAt(one);
        return external === "" && (kind === "macro" || (namespaces & NS.macro) !== 0);
    });
}
