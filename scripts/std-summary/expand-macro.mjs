// A macro_rules expander for std's item macros: token trees in, token trees out. Fragments are found by
// their extent alone, which is enough where the input is known to compile.

const STOP_TYPE = new Set([",", ";", "=", "=>", ":", "{", ">", "where", "as", "|", "=="]);

function isPunct(token, text) {
    return token !== undefined && token.k === "punct" && token.s === text;
}

function pathEnd(tokens, at) {
    let i = at;
    let depth = 0;
    let complete = false;
    for (; i < tokens.length; i++) {
        const { s, k } = tokens[i];
        if (depth === 0 && i > at) {
            if (STOP_TYPE.has(s) && !(s === "as" && depth > 0)) {
                break;
            }
            if (complete && (k === "word" || k === "group" || k === "lit") && !isJoin(tokens, i)) {
                break;
            }
        }
        if (s === "<") {
            depth += 1;
        } else if (s === ">" || s === ">>") {
            depth -= s.length;
            if (depth < 0) {
                break;
            }
        }
        complete =
            depth === 0 && (k === "word" || k === "group" || s === ">" || s === ">>" || s === "!");
        complete &&= !/^(dyn|impl|mut|const|for|fn|unsafe|extern|pub)$/.test(s);
    }
    return i;
}

function isJoin(tokens, i) {
    const before = tokens[i - 1];
    return before.s === "::" || before.s === "fn" || (before.s === "Fn" && tokens[i].s === "(");
}

function until(tokens, at, stops) {
    let i = at;
    while (i < tokens.length && !(tokens[i].k !== "group" && stops.has(tokens[i].s))) {
        i += 1;
    }
    return i;
}

function itemEnd(tokens, at) {
    const isUse = tokens.slice(at, at + 3).some((token) => token.s === "use");
    for (let i = at; i < tokens.length; i++) {
        if (isPunct(tokens[i], ";") || (!isUse && tokens[i].k === "group" && tokens[i].s === "{")) {
            return i + 1;
        }
    }
    return tokens.length;
}

const EXPRESSION_STOPS = new Set([",", ";", "=>"]);
const PATTERN_STOPS = new Set([",", ";", "=>", "=", "if"]);

/** End of the fragment that begins at a token, or -1. */
function fragmentEnd(kind, tokens, at) {
    const token = tokens[at];
    if (kind === "vis") {
        const isPub = token?.s === "pub";
        const next = tokens[at + 1];
        const isLimited =
            isPub && next?.s === "(" && /^(crate|super|self|in)$/.test(next.c[0]?.s ?? "");
        return isPub ? at + (isLimited ? 2 : 1) : at;
    }
    if (token === undefined) {
        return -1;
    }
    const longer = (end) => (end > at ? end : -1);
    switch (kind) {
        case "ident":
            return token.k === "word" && token.s !== "_" ? at + 1 : -1;
        case "lifetime":
            return token.k === "life" ? at + 1 : -1;
        case "literal":
            if (isPunct(token, "-")) {
                return tokens[at + 1]?.k === "lit" ? at + 2 : -1;
            }
            return token.k === "lit" || /^(true|false)$/.test(token.s) ? at + 1 : -1;
        case "tt":
            return at + 1;
        case "block":
            return token.k === "group" && token.s === "{" ? at + 1 : -1;
        case "ty":
        case "path":
            return EXPRESSION_STOPS.has(token.s) ? -1 : longer(pathEnd(tokens, at));
        case "meta": {
            const end = until(tokens, at, EXPRESSION_STOPS);
            return longer(end);
        }
        case "pat":
            return longer(until(tokens, at, PATTERN_STOPS));
        case "pat_param":
            return longer(until(tokens, at, new Set([...PATTERN_STOPS, "|"])));
        case "item":
            return longer(itemEnd(tokens, at));
        default:
            return longer(until(tokens, at, EXPRESSION_STOPS));
    }
}

function parsePattern(tokens) {
    const elements = [];
    for (let i = 0; i < tokens.length; i++) {
        const token = tokens[i];
        const next = tokens[i + 1];
        if (!isPunct(token, "$") || next === undefined) {
            elements.push(
                token.k === "group"
                    ? { k: "group", s: token.s, of: parsePattern(token.c) }
                    : { k: "token", s: token.s },
            );
        } else if (next.k === "group") {
            const { separator, operator, end } = repetition(tokens, i + 2);
            elements.push({ k: "rep", of: parsePattern(next.c), separator, operator });
            i = end;
        } else if (isPunct(tokens[i + 2], ":")) {
            elements.push({ k: "var", name: next.s, fragment: tokens[i + 3].s });
            i += 3;
        } else {
            elements.push({ k: "token", s: `$${next.s}` });
            i += 1;
        }
    }
    return elements;
}

/** Separator and operator after `$(…)`; `end` is the operator's place. */
function repetition(tokens, at) {
    const isOperator = (token) => token !== undefined && /^[*+?]$/.test(token.s);
    if (isOperator(tokens[at]) && !isOperator(tokens[at + 1])) {
        return { separator: undefined, operator: tokens[at].s, end: at };
    }
    if (isOperator(tokens[at + 1])) {
        return { separator: tokens[at].s, operator: tokens[at + 1].s, end: at + 1 };
    }
    return { separator: undefined, operator: tokens[at]?.s, end: at };
}

/** Matches elements from `i` on with tokens from `at` on; `then` says whether the rest fits. */
function matchFrom(of, at, bound, then) {
    const { elements, i, tokens } = of;
    if (i === elements.length) {
        return then(at, bound);
    }
    const element = elements[i];
    const rest = { elements, i: i + 1, tokens };
    const token = tokens[at];
    switch (element.k) {
        case "token":
            return token !== undefined && token.k !== "group" && token.s === element.s
                ? matchFrom(rest, at + 1, bound, then)
                : undefined;
        case "group": {
            if (token?.k !== "group" || token.s !== element.s) {
                return undefined;
            }
            const inner = { elements: element.of, i: 0, tokens: token.c };
            return matchFrom(inner, 0, bound, (end, found) =>
                end === token.c.length ? matchFrom(rest, at + 1, found, then) : undefined,
            );
        }
        case "var": {
            const end = fragmentEnd(element.fragment, tokens, at);
            return end < 0
                ? undefined
                : matchFrom(rest, end, { ...bound, [element.name]: tokens.slice(at, end) }, then);
        }
        default:
            return matchRepeated({ element, rest, tokens }, at, [], (end, rounds) =>
                matchFrom(rest, end, { ...bound, ...collectRounds(element.of, rounds) }, then),
            );
    }
}

function matchRepeated(of, at, rounds, then) {
    const { element, tokens } = of;
    let start = at;
    let mayStart = element.operator !== "?" || rounds.length === 0;
    if (rounds.length > 0 && element.separator !== undefined) {
        mayStart &&= tokens[at]?.s === element.separator;
        start = at + 1;
    }
    if (mayStart && start <= tokens.length) {
        const inner = { elements: element.of, i: 0, tokens };
        const longer = matchFrom(inner, start, {}, (end, found) =>
            end > at ? matchRepeated(of, end, [...rounds, found], then) : undefined,
        );
        if (longer !== undefined) {
            return longer;
        }
    }
    return rounds.length === 0 && element.operator === "+" ? undefined : then(at, rounds);
}

function namesIn(elements) {
    return elements.flatMap((one) =>
        one.k === "var" ? [one.name] : one.of === undefined ? [] : namesIn(one.of),
    );
}

function collectRounds(elements, rounds) {
    return Object.fromEntries(
        namesIn(elements).map((name) => [name, { rounds: rounds.map((round) => round[name]) }]),
    );
}

/** Bindings with the place in the innermost repetition. */
function transcribe(body, bound, context) {
    const out = [];
    for (let i = 0; i < body.length; i++) {
        const token = body[i];
        const next = body[i + 1];
        if (token.k === "group") {
            out.push({ ...token, c: transcribe(token.c, bound, context) });
        } else if (!isPunct(token, "$") || next === undefined) {
            out.push(token);
        } else if (next.k === "group" && next.s === "{") {
            out.push(...metavariableExpression(next.c, bound, context));
            i += 1;
        } else if (next.k === "group") {
            const { separator, end } = repetition(body, i + 2);
            out.push(...repeat(next.c, separator, bound, context));
            i = end;
        } else {
            out.push(...variable(next, bound, context));
            i += 1;
        }
    }
    return out;
}

function variable(token, bound, context) {
    if (token.s === "crate") {
        return [{ k: "word", s: context.crate }];
    }
    const value = bound[token.s];
    if (value === undefined) {
        return [{ k: "punct", s: "$" }, token];
    }
    if (!Array.isArray(value)) {
        throw new Error(`$${token.s} is used outside its repetition`);
    }
    return value;
}

function metavariableExpression(tokens, bound, context) {
    const [name, group] = tokens;
    const args = (group?.c ?? []).filter((one) => one.k === "word" || one.k === "lit");
    switch (name?.s) {
        case "ignore":
            return [];
        case "index":
            return [{ k: "lit", s: String(context.index ?? 0) }];
        case "count":
            return [{ k: "lit", s: String(bound[args[0]?.s]?.rounds?.length ?? 0) }];
        case "concat": {
            const text = (group?.c ?? [])
                .filter((one) => one.k === "word" || one.k === "lit")
                .map((one) => (Array.isArray(bound[one.s]) ? bound[one.s][0].s : one.s))
                .join("");
            return [{ k: "word", s: text.replaceAll('"', "") }];
        }
        default:
            throw new Error(`unknown metavariable expression ${name?.s}`);
    }
}

function repeat(body, separator, bound, context) {
    const repeated = usedNames(body).filter((name) => bound[name]?.rounds !== undefined);
    const count = repeated.length === 0 ? 0 : bound[repeated[0]].rounds.length;
    const out = [];
    for (let round = 0; round < count; round++) {
        const inner = { ...bound };
        for (const name of repeated) {
            inner[name] = bound[name].rounds[round];
        }
        if (round > 0 && separator !== undefined) {
            out.push({ k: "punct", s: separator });
        }
        out.push(...transcribe(body, inner, { ...context, index: round }));
    }
    return out;
}

function usedNames(tokens) {
    const names = [];
    tokens.forEach((token, i) => {
        if (token.k === "group") {
            const isExpression = isPunct(tokens[i - 1], "$") && token.s === "{";
            names.push(
                ...(isExpression
                    ? (token.c[1]?.c ?? []).filter((one) => one.k === "word").map((one) => one.s)
                    : usedNames(token.c)),
            );
        } else if (isPunct(token, "$") && tokens[i + 1]?.k === "word") {
            names.push(tokens[i + 1].s);
        }
    });
    return names;
}

/** The rules of a macro from the tokens between its braces. */
export function parseRules(tokens) {
    const rules = [];
    for (let i = 0; i < tokens.length; i++) {
        if (tokens[i].k === "group" && isPunct(tokens[i + 1], "=>")) {
            rules.push({ pattern: parsePattern(tokens[i].c), body: tokens[i + 2]?.c ?? [] });
            i += 2;
        }
    }
    return rules;
}

/** Expands a call; undefined when no rule matches. `crate` is what `$crate` becomes. */
export function expandMacro(rules, tokens, crate) {
    for (const rule of rules) {
        const start = { elements: rule.pattern, i: 0, tokens };
        const bound = matchFrom(start, 0, {}, (end, found) =>
            end === tokens.length ? found : undefined,
        );
        if (bound !== undefined) {
            return transcribe(rule.body, bound, { crate });
        }
    }
    return undefined;
}
