// Intra-doc links in the text of a run of doc comments: `[path]`, [`path`], [text](path), [text][path],
// and reference definitions. Only what looks like a Rust path is a link.

/** One segment of a link's path, by offset in the run's text. */
export interface LinkSegment {
    readonly start: number;
    readonly end: number;
    readonly name: string;
}

/** A link to a path. */
export interface DocLink {
    readonly segments: readonly LinkSegment[];
    /** What the link says of its target's namespace: `name()` or `fn@`, `name!` or `macro@`. */
    readonly target: "any" | "function" | "macro";
}

const FENCE = /^[ \t*>]*(`{3,}|~{3,})/u;
const DISAMBIGUATOR =
    /^(?:(struct|enum|trait|union|mod|module|const|constant|field|variant|prim|primitive|type|value|static|tyalias|typealias)|(fn|function|method)|(macro|derive|attribute|attr))@/u;
const PATH =
    /^(?:::)?(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*(?:::(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*)*$/u;
const DEFINITION = /^[ \t*>]*\[([^\]]+)\]:[ \t]*(\S+)/u;

/** Finds the links in a run's text, in order of place. */
export function findDocLinks(text: string): DocLink[] {
    if (!text.includes("[")) {
        return [];
    }
    const links: DocLink[] = [];
    const defined = new Set<string>();
    const prose = blankCode(text);
    let at = 0;
    let body = prose;
    for (const line of prose.split("\n")) {
        const match = DEFINITION.exec(line);
        if (match !== null) {
            defined.add(normalizeLabel(match[1] ?? ""));
            const start = at + line.indexOf(match[2] ?? "", match[0].indexOf("]:") + 2);
            pushLink(links, match[2] ?? "", start);
            body = body.slice(0, at) + " ".repeat(line.length) + body.slice(at + line.length);
        }
        at += line.length + 1;
    }
    findInline(body, defined, links);
    return links.sort((a, b) => (a.segments[0]?.start ?? 0) - (b.segments[0]?.start ?? 0));
}

/** Replaces code blocks by blanks of the same length. */
function blankCode(text: string): string {
    let fence = "";
    let wasBlank = true;
    let inCode = false;
    let inList = false;
    const lines = text.split("\n");
    const indents = lines.filter((line) => line.trim() !== "").map(indentOf);
    const margin = Math.min(...indents, 1);
    return lines
        .map((line) => {
            const mark = FENCE.exec(line)?.[1];
            if (fence !== "") {
                if (mark?.startsWith(fence) === true && line.trim().endsWith(mark)) {
                    fence = "";
                }
                return " ".repeat(line.length);
            }
            if (mark !== undefined) {
                fence = mark;
                return " ".repeat(line.length);
            }
            const blank = line.trim() === "";
            const deep = indentOf(line) >= margin + 4;
            if (!blank && !deep) {
                inList = /^\s*(?:[-*+]|[0-9]+[.)])\s/u.test(line);
            }
            inCode = !blank && deep && !inList && (wasBlank || inCode);
            wasBlank = blank;
            return inCode ? " ".repeat(line.length) : line;
        })
        .join("\n");
}

function indentOf(line: string): number {
    return line.length - line.trimStart().length;
}

function findInline(text: string, defined: ReadonlySet<string>, links: DocLink[]): void {
    for (let at = 0; at < text.length;) {
        const char = text[at];
        if (char === "\\") {
            at += 2;
        } else if (char === "`") {
            at = afterCodeSpan(text, at);
        } else if (char === "[") {
            at = readBracket(text, at, defined, links);
        } else {
            at += 1;
        }
    }
}

/** Reads a `[…]` and what follows; returns the offset to go on from. */
function readBracket(
    text: string,
    open: number,
    defined: ReadonlySet<string>,
    links: DocLink[],
): number {
    const close = closingBracket(text, open);
    if (close < 0) {
        return open + 1;
    }
    const next = text[close + 1];
    if (next === "(") {
        const end = text.indexOf(")", afterCall(text, close + 2));
        const dest = /^\s*<?([^\s>]*(?:<[^>\s]*>)?[^\s>)]*)/u.exec(
            text.slice(close + 2, Math.max(end, 0)),
        );
        if (end >= 0 && dest !== null) {
            const target = dest[1] ?? "";
            pushLink(links, target, close + 2 + dest[0].length - target.length);
            return end + 1;
        }
    }
    if (next === "[") {
        const end = closingBracket(text, close + 1);
        const label = end < 0 ? "" : text.slice(close + 2, end);
        if (label.trim() !== "") {
            if (!defined.has(normalizeLabel(label))) {
                pushLink(links, label, close + 2);
            }
            return end + 1;
        }
    }
    const content = text.slice(open + 1, close);
    const isTask = /^[ xX]$/u.test(content) && /[-*+]\s$/u.test(text.slice(0, open));
    if (isTask || text[open - 1] === "!" || defined.has(normalizeLabel(content))) {
        return close + 1;
    }
    // Not a link itself: there may be links inside.
    return pushLink(links, content, open + 1) ? close + 1 : open + 1;
}

/** `(name())`: the parentheses of a call belong to the target. */
function afterCall(text: string, at: number): number {
    const call = /^[^()\s]*\(\)/u.exec(text.slice(at, at + 200));
    return at + (call?.[0].length ?? 0);
}

function closingBracket(text: string, open: number): number {
    let depth = 0;
    for (let at = open; at < text.length;) {
        const char = text[at];
        if (char === "\\") {
            at += 2;
            continue;
        }
        if (char === "`") {
            at = afterCodeSpan(text, at);
            continue;
        }
        if (char === "\n" && /^\s*(?:\n|$)/u.test(text.slice(at + 1, at + 200))) {
            return -1;
        }
        depth += char === "[" ? 1 : 0;
        depth -= char === "]" ? 1 : 0;
        if (depth === 0) {
            return at;
        }
        at += 1;
    }
    return -1;
}

/** Offset after a code span, or after its backticks when it does not end. */
function afterCodeSpan(text: string, open: number): number {
    let ticks = open;
    while (text[ticks] === "`") {
        ticks += 1;
    }
    const fence = text.slice(open, ticks);
    for (let at = text.indexOf(fence, ticks); at >= 0; at = text.indexOf(fence, at)) {
        let end = at;
        while (text[end] === "`") {
            end += 1;
        }
        if (end - at === fence.length) {
            return end;
        }
        at = end;
    }
    return ticks;
}

/** Adds a link if the target looks like a Rust path. */
function pushLink(links: DocLink[], target: string, offset: number): boolean {
    const head = /^[\s`]*/u.exec(target)?.[0].length ?? 0;
    let at = offset + head;
    let path = target.slice(head).replace(/[\s`]+$/u, "");
    const word = DISAMBIGUATOR.exec(path);
    let kind: DocLink["target"] = "any";
    if (word !== null) {
        at += word[0].length;
        path = path.slice(word[0].length);
        kind = word[2] === undefined ? (word[3] === undefined ? "any" : "macro") : "function";
    }
    path = path.replace(/#.*$/u, (fragment) =>
        fragment.startsWith("#") && path.startsWith("r#") ? fragment : "",
    );
    const suffix = /(?:\(\)|!(?:\(\)|\{\}|\[\])?)$/u.exec(path)?.[0] ?? "";
    if (suffix !== "") {
        kind = suffix.startsWith("!") ? "macro" : "function";
        path = path.slice(0, path.length - suffix.length);
    }
    path = path.replace(/(?:::)?<[^<>]*(?:<[^<>]*>[^<>]*)*>$/u, "");
    if (!PATH.test(path)) {
        return false;
    }
    links.push({ segments: splitPath(path, at), target: kind });
    return true;
}

function splitPath(path: string, offset: number): LinkSegment[] {
    const segments: LinkSegment[] = [];
    for (const match of path.matchAll(/(r#)?([\p{XID_Start}_]\p{XID_Continue}*)/gu)) {
        const start = offset + match.index;
        segments.push({ start, end: start + match[0].length, name: match[2] ?? "" });
    }
    return segments;
}

function normalizeLabel(label: string): string {
    return label.trim().replace(/\s+/gu, " ").toLowerCase();
}
