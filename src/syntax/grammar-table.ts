// The queries compiled into look-up tables by symbol of the grammar, which the flattening walk obeys.

import { assert, required } from "../base/index.ts";
import { FLAG, KIND, ROLE, SYNTAX_ROLES, type SyntaxKind, type SyntaxRole } from "./kinds.ts";
import type { GrammarNames } from "./parsed-text.ts";
import { parseQueryRules, type QueryRule } from "./query-rules.ts";

/** What the walk does with a node. */
export const ACTION = { token: 0, keep: 1, elide: 2, leaf: 3, name: 4 } as const;

/** The form of the arguments of a macro of std. */
export type MacroStyle =
    | "format"
    | "format-second"
    | "format-third"
    | "expressions"
    | "elements"
    | "text"
    | "matches"
    | "asm"
    | "items"
    /** Braces of a macro that is not known, where items stand: perhaps items. */
    | "maybe-items"
    /** Input of a macro that is not known: perhaps expressions. */
    | "maybe-expressions"
    | "cfg-if"
    | "cfg-select"
    | "definition";

/** What a token or child says about its parent. */
export interface TokenRule {
    readonly flag: number;
    readonly first: boolean;
    /** Whether the token's text is the parent's name. */
    readonly operator: boolean;
}

/** Look-up tables by symbol id; index 65535 (ERROR) is mapped to the last entry. */
export interface GrammarTable {
    readonly action: Uint8Array;
    readonly kind: Uint8Array;
    /** 1 where a symbol has token rules under some parent. */
    readonly hasRule: Uint8Array;
    /** Keyed by parent symbol × symbolCount + symbol. */
    readonly rules: ReadonlyMap<number, TokenRule>;
    /** Rules for any parent, by symbol. */
    readonly anyParent: readonly (TokenRule | undefined)[];
    /** Rules by field, keyed by parent symbol × 256 + field id. */
    readonly fieldRules: ReadonlyMap<number, TokenRule>;
    /** 1 where a parent has field rules. */
    readonly hasFieldRule: Uint8Array;
    /** Flags that a node of this kind lends to its parent. */
    readonly lift: Uint8Array;
    /** Role in which a leaf of this symbol has a name, 0 for none. */
    readonly nameInRole: Uint8Array;
    /** 1 where string literals below the symbol are named by their contents. */
    readonly contents: Uint8Array;
    readonly roleOfField: Uint8Array;
    readonly symbolCount: number;
    readonly errorSymbol: number;
    readonly macroStyles: ReadonlyMap<string, MacroStyle>;
    /** Symbols that the walk knows by name. */
    symbol(name: string, named: boolean): number;
}

/** Names of the query files, in the order in which they are read. */
export const QUERY_FILES = [
    "items.scm",
    "types.scm",
    "patterns.scm",
    "expressions.scm",
    "macros.scm",
    "attributes.scm",
] as const;

/** Compiles query texts (in the order of QUERY_FILES) for a language. */
export function compileGrammarTable(
    language: GrammarNames,
    texts: readonly string[],
): GrammarTable {
    return new TableBuilder(language).build(
        texts.flatMap((text, index) => parseQueryRules(text, QUERY_FILES[index] ?? "query")),
    );
}

class TableBuilder {
    readonly #language: GrammarNames;
    readonly #symbols = new Map<string, number[]>();
    readonly #count: number;
    readonly #rules = new Map<number, TokenRule>();
    readonly #anyParent: (TokenRule | undefined)[] = [];
    readonly #fieldRules = new Map<number, TokenRule>();
    readonly #macroStyles = new Map<string, MacroStyle>();
    readonly #bytes: Record<
        "action" | "kind" | "hasRule" | "hasFieldRule" | "lift" | "nameInRole" | "contents",
        Uint8Array
    >;

    constructor(language: GrammarNames) {
        this.#language = language;
        this.#count = language.nodeTypeCount + 1;
        const column = (): Uint8Array => new Uint8Array(this.#count);
        this.#bytes = {
            action: column(),
            kind: column(),
            hasRule: column(),
            hasFieldRule: column(),
            lift: column(),
            nameInRole: column(),
            contents: column(),
        };
        for (let id = 0; id < language.nodeTypeCount; id++) {
            const name = language.nodeTypeForId(id);
            if (name !== null) {
                const key = `${language.nodeTypeIsNamed(id) ? "n" : "t"}${name}`;
                this.#symbols.set(key, [...(this.#symbols.get(key) ?? []), id]);
            }
        }
        this.#symbols.set("nERROR", [this.#count - 1]);
    }

    build(rules: readonly QueryRule[]): GrammarTable {
        for (const rule of rules) {
            this.#add(rule);
        }
        const language = this.#language;
        const roleOfField = new Uint8Array(256);
        for (let id = 1; id <= language.fieldCount; id++) {
            const role = SYNTAX_ROLES.indexOf((language.fieldNameForId(id) ?? "") as SyntaxRole);
            roleOfField[id] = Math.max(role, 0);
        }
        const { action } = this.#bytes;
        for (const [key, ids] of this.#symbols) {
            const known = key.startsWith("t") || key.startsWith("n_") || action[ids[0] ?? 0] !== 0;
            assert(known || key === "nend" || key === "nERROR", `no query names ${key.slice(1)}`);
        }
        return {
            ...this.#bytes,
            rules: this.#rules,
            anyParent: this.#anyParent,
            fieldRules: this.#fieldRules,
            roleOfField,
            symbolCount: this.#count,
            errorSymbol: this.#count - 1,
            macroStyles: this.#macroStyles,
            symbol: (name, named) => required(this.#ids(name, named)[0], `no symbol ${name}`),
        };
    }

    #ids(name: string, named: boolean): readonly number[] {
        return required(this.#symbols.get((named ? "n" : "t") + name), `no symbol ${name}`);
    }

    #add(rule: QueryRule): void {
        if (rule.capture.startsWith("macro.")) {
            for (const text of rule.texts) {
                this.#macroStyles.set(text, rule.capture.slice("macro.".length) as MacroStyle);
            }
        } else if (rule.capture === "name.text") {
            for (const id of this.#ids(rule.child, true)) {
                this.#bytes.nameInRole[id] = ROLE[rule.field as SyntaxRole];
            }
        } else if (rule.capture.startsWith("flag.") || rule.capture === "name.operator") {
            this.#addTokenRule(rule);
        } else {
            this.#addNodeRule(rule);
        }
    }

    #addNodeRule(rule: QueryRule): void {
        const { action, kind, lift, contents } = this.#bytes;
        const [name = "", suffix = ""] = rule.capture.split(".");
        for (const id of this.#ids(rule.node, true)) {
            if (rule.capture === "lift") {
                lift[id] = 1;
            } else if (rule.capture === "contents") {
                contents[id] = 1;
            } else if (rule.capture === "elide") {
                action[id] = ACTION.elide;
            } else {
                kind[id] = required(KIND[name as SyntaxKind], `no kind ${name}`);
                const leaf = suffix === "leaf" ? ACTION.leaf : ACTION.keep;
                action[id] = suffix === "name" ? ACTION.name : leaf;
            }
        }
    }

    #addTokenRule(rule: QueryRule): void {
        const { hasRule, hasFieldRule } = this.#bytes;
        const operator = rule.capture === "name.operator";
        const flagName = rule.capture.slice("flag.".length) as keyof typeof FLAG;
        const flag = operator ? 0 : required(FLAG[flagName], `no flag ${flagName}`);
        const value: TokenRule = { flag, first: rule.first, operator };
        const parents = rule.node === "_" ? [-1] : this.#ids(rule.node, true);
        if (rule.field !== "") {
            const field = required(this.#language.fieldIdForName(rule.field), "no such field");
            for (const parent of parents) {
                hasFieldRule[parent] = 1;
                this.#fieldRules.set(parent * 256 + field, value);
            }
            return;
        }
        const children =
            rule.child === ""
                ? rule.tokens.flatMap((token) => this.#ids(token, false))
                : this.#ids(rule.child, true);
        for (const child of children) {
            hasRule[child] = 1;
            for (const parent of parents) {
                if (parent === -1) {
                    this.#anyParent[child] = value;
                } else {
                    this.#rules.set(parent * this.#count + child, value);
                }
            }
        }
    }
}
