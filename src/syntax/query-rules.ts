// Reads the restricted tree-sitter queries of queries/*.scm into rules. The forms are listed at the top
// of queries/items.scm; anything else is an error, so that a query never means less than it says.

import { assert, InvariantError } from "../base/index.ts";

/** One capture of a query file: what is matched and what the capture's name says of it. */
export interface QueryRule {
    /** Name of the node type, `_` for any, of the node or of the parent where a child is captured. */
    readonly node: string;
    /** What is captured below the node: nothing (the node itself), tokens, a named child, or a field. */
    readonly tokens: readonly string[];
    readonly child: string;
    readonly field: string;
    /** Whether only a first child matches. */
    readonly first: boolean;
    readonly capture: string;
    /** Texts that the captured node may have (`#any-of?`); empty for any. */
    readonly texts: readonly string[];
}

type Form = string | Form[];

/** Parses one query file. */
export function parseQueryRules(text: string, file: string): QueryRule[] {
    const words = text.match(/"[^"]*"|;[^\n]*|[()[\]]|[^\s()[\]";]+/gu) ?? [];
    const tokens = words.filter((word) => !word.startsWith(";"));
    let position = 0;
    const readForm = (): Form => {
        const token = tokens[position++];
        assert(token !== undefined, `${file}: unexpected end of query`);
        if (token !== "(" && token !== "[") {
            return token;
        }
        const close = token === "(" ? ")" : "]";
        const items: Form[] = token === "[" ? ["["] : [];
        while (tokens[position] !== close) {
            items.push(readForm());
        }
        position += 1;
        return items;
    };
    const rules: QueryRule[] = [];
    while (position < tokens.length) {
        const form = readForm();
        const next = tokens[position];
        const capture = next?.startsWith("@") === true ? next.slice(1) : "";
        position += capture === "" ? 0 : 1;
        rules.push(toRule(form, capture, file));
    }
    return rules;
}

function toRule(form: Form, capture: string, file: string): QueryRule {
    const bad = (): never => {
        throw new InvariantError(`${file}: query form not supported: ${JSON.stringify(form)}`);
    };
    if (typeof form === "string") {
        return bad();
    }
    if (Array.isArray(form[0])) {
        const predicate = form[1];
        if (!Array.isArray(predicate) || predicate[0] !== "#any-of?") {
            return bad();
        }
        return { ...toRule(form[0], "", file), texts: predicate.slice(2).map(unquote) };
    }
    const node = form[0] ?? "";
    const rest = form.slice(1);
    const rule = { node, tokens: [], child: "", field: "", first: false, texts: [] };
    if (rest.length === 0) {
        return capture === "" ? bad() : { ...rule, capture };
    }
    const first = rest[0] === ".";
    const inner = first ? rest.slice(1) : rest;
    const head = inner[0];
    const field = typeof head === "string" && head.endsWith(":") ? head.slice(0, -1) : "";
    const [target, name, ...more] = field === "" ? inner : inner.slice(1);
    if (typeof name !== "string" || !name.startsWith("@") || more.length > 0) {
        return bad();
    }
    const base = { ...rule, first, field, capture: name.slice(1) };
    if (typeof target === "string") {
        return target === "_" ? base : { ...base, tokens: [unquote(target)] };
    }
    if (target?.[0] === "[") {
        return { ...base, tokens: target.slice(1).map(unquote) };
    }
    const child = target?.[0];
    return typeof child === "string" ? { ...base, child } : bad();
}

function unquote(form: Form): string {
    assert(typeof form === "string" && form.startsWith('"'), "a query's token is a quoted string");
    return form.slice(1, -1);
}
