// Rust text to token trees and back, as far as macro expansion and signatures need it. Comments are dropped.

const MULTI = "<<= >>= ... ..= :: -> => == != <= >= && || += -= *= /= %= ^= &= |= << >> .." // longest first
    .split(" ");

const LITERAL =
    /(?:b|c)?"(?:[^"\\]|\\[^])*"|b'(?:[^'\\]|\\[^]+?)'|'(?:[^'\\\n]|\\(?:u\{[^}]*\}|x..|.))'|\d[\w]*(?:\.\d[\w]*)?/y;
const RAW_STRING = /(?:b|c)?r(#*)"[^]*?"\1/y;
const WORD = /(?:r#)?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const LIFETIME = /'[A-Za-z_]\w*/y;
const CLOSE = { "(": ")", "[": "]", "{": "}" };

function match(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
}

function skipBlockComment(text, at) {
    let depth = 0;
    let i = at;
    do {
        if (text.startsWith("/*", i)) {
            depth += 1;
            i += 2;
        } else if (text.startsWith("*/", i)) {
            depth -= 1;
            i += 2;
        } else {
            i += 1;
        }
    } while (depth > 0 && i < text.length);
    return i;
}

function nextLeaf(text, at) {
    const raw = match(RAW_STRING, text, at);
    if (raw !== undefined) {
        return { k: "lit", s: raw };
    }
    const literal = match(LITERAL, text, at);
    if (literal !== undefined) {
        return { k: "lit", s: literal };
    }
    const lifetime = match(LIFETIME, text, at);
    if (lifetime !== undefined) {
        return { k: "life", s: lifetime };
    }
    const word = match(WORD, text, at);
    if (word !== undefined) {
        return { k: "word", s: word };
    }
    const multi = MULTI.find((one) => text.startsWith(one, at));
    return { k: "punct", s: multi ?? text[at] };
}

/** Token trees of a text: leaves `{k, s}` and groups `{k: "group", s: open, c: children}`. */
export function tokenize(text) {
    const stack = [{ c: [] }];
    let at = 0;
    while (at < text.length) {
        const char = text[at];
        if (/\s/.test(char)) {
            at += 1;
        } else if (text.startsWith("//", at)) {
            const end = text.indexOf("\n", at);
            at = end < 0 ? text.length : end;
        } else if (text.startsWith("/*", at)) {
            at = skipBlockComment(text, at);
        } else if (char in CLOSE) {
            const group = { k: "group", s: char, c: [] };
            stack[stack.length - 1].c.push(group);
            stack.push(group);
            at += 1;
        } else if (char === ")" || char === "]" || char === "}") {
            if (stack.length > 1) {
                stack.pop();
            }
            at += 1;
        } else {
            const leaf = nextLeaf(text, at);
            stack[stack.length - 1].c.push(leaf);
            at += leaf.s.length;
        }
    }
    return stack[0].c;
}

/** The leaves of token trees in order, brackets as punctuation. */
export function flatten(tokens, into = []) {
    for (const token of tokens) {
        if (token.k === "group") {
            into.push({ k: "punct", s: token.s });
            flatten(token.c, into);
            into.push({ k: "punct", s: CLOSE[token.s] });
        } else {
            into.push(token);
        }
    }
    return into;
}

/** Text that tokenizes to the same tokens, without care for looks. */
export function printLoose(tokens) {
    return flatten(tokens)
        .map((token) => token.s)
        .join(" ");
}

const SPACED = new Set(["->", "=", "+", "=>", "|", "=="]);
const KEYWORDS_BEFORE_TYPE = new Set(
    "mut const dyn where impl as in for unsafe async ref move".split(" "),
);

/** Text of a type, bound or signature in one canonical layout. */
export function printCompact(tokens) {
    let out = "";
    let before;
    for (const token of flatten(tokens)) {
        out += spaceBetween(before, token) + token.s;
        before = token;
    }
    return out;
}

function spaceBetween(before, token) {
    if (before === undefined) {
        return "";
    }
    const isWord = token.k !== "punct";
    if (SPACED.has(before.s) || SPACED.has(token.s) || before.s === "," || before.s === ":") {
        return before.s === "," && /^[>)\]]/.test(token.s) ? "" : " ";
    }
    if (before.k !== "punct") {
        const opens = /^[[&*(!{?]|^<$/.test(token.s) && KEYWORDS_BEFORE_TYPE.has(before.s);
        const isGenerics = token.s === "<" && /^(for|impl)$/.test(before.s);
        return isWord || (opens && !isGenerics) ? " " : "";
    }
    return isWord && /^(>|>>|\)|\]|\}|;)$/.test(before.s) ? " " : "";
}
