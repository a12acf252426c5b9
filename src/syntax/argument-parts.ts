// How the arguments of std's macros are turned into text that the grammar parses: each part of a call is
// a range of the file between a prefix and a suffix that make it an expression, a match or an item.

import type { MacroTwo } from "./bridge-gaps.ts";
import type { Hole, TreePart } from "./flatten.ts";

/** Which nodes of a part's parse are the arguments. */
export type Pick = "inside" | "itself" | "match" | "body" | "first" | "tokens";

/** A range of the file to be parsed between a prefix and a suffix. */
export interface ArgumentPart {
    readonly start: number;
    readonly end: number;
    readonly prefix: string;
    readonly suffix: string;
    readonly pick: Pick;
    /** Whether the file's own text is parsed, where the bridged one is blank. */
    readonly original?: boolean;
    /** What is parsed as blanks. */
    readonly blank?: { readonly start: number; readonly end: number };
    /** Offset of a comma that is parsed as `{`. */
    readonly brace?: number;
}

/** A way to parse a call's arguments: all of its parts must parse. */
export type Attempt = readonly ArgumentPart[];

/** Lists the ways to parse a call's arguments, most likely first; none when its form is not known. */
export function listAttempts(hole: Hole, text: string): readonly Attempt[] {
    const inner = { start: hole.start + 1, end: hole.end - 1 };
    switch (hole.style) {
        case "format":
        case "format-second":
        case "format-third":
        case "expressions":
        case "text":
            return [[inParentheses(inner.start, inner.end)]];
        case "maybe-expressions":
            return text.slice(inner.start, inner.end).trim() === ""
                ? []
                : [[inParentheses(inner.start, inner.end)]];
        case "elements":
            return [[{ ...inner, prefix: "[", suffix: "];\n", pick: "inside" }]];
        case "maybe-items":
            if (text.slice(inner.start, inner.end).trim() === "") {
                return [];
            }
            return [[{ ...trimEnd(inner, text), prefix: "", suffix: "\n;\n", pick: "itself" }]];
        case "items":
            return [[{ ...trimEnd(inner, text), prefix: "", suffix: "\n;\n", pick: "itself" }]];
        case "matches":
            return splitMatches(hole, text);
        case "asm":
            return [splitAssembly(hole, text)];
        case "cfg-if":
            return splitCfgIf(hole, text);
        case "cfg-select":
            return splitCfgSelect(hole, text);
        case "definition":
            return hole.definition === undefined ? [] : [splitDefinition(hole.definition)];
    }
}

function inParentheses(start: number, end: number): ArgumentPart {
    return { start, end, prefix: "(", suffix: ");\n", pick: "inside" };
}

/** The last item may do without its semicolon, which is then added: blanks before it are not its own. */
function trimEnd(place: { start: number; end: number }, text: string): typeof place {
    const length = text.slice(place.start, place.end).trimEnd().length;
    return { start: place.start, end: place.start + length };
}

function splitMatches(hole: Hole, text: string): readonly Attempt[] {
    const commas = hole.parts.filter((part) => text.slice(part.start, part.end) === ",");
    const last = hole.end - 1;
    return commas.map((comma, index) => {
        const next = commas[index + 1]?.start ?? last;
        const match: ArgumentPart = {
            start: hole.start + 1,
            end: next,
            prefix: "match ",
            suffix: "=>{}};\n",
            pick: "match",
            brace: comma.start,
        };
        const rest = text.slice(next + 1, last).trim();
        return rest === "" ? [match] : [match, inParentheses(next + 1, last)];
    });
}

const DIRECTIONS = new Set(["in", "out", "lateout", "inout", "inlateout"]);

/** Templates are literals; an operand is what it reads or writes, with its name if it has one. */
function splitAssembly(hole: Hole, text: string): Attempt {
    const parts: ArgumentPart[] = [];
    const tokens = hole.parts.slice(1, -1);
    for (let at = 0; at < tokens.length;) {
        const comma = tokens.findIndex((part, i) => i >= at && isText(part, ",", text));
        const end = comma === -1 ? tokens.length : comma;
        parts.push(...splitOperand(tokens.slice(at, end), text));
        at = end + 1;
    }
    return parts;
}

function splitOperand(tokens: readonly TreePart[], text: string): ArgumentPart[] {
    const [first] = tokens;
    const isNamed = isText(tokens[1], "=", text);
    const rest = isNamed ? tokens.slice(2) : tokens;
    const [word, group] = rest;
    const last = tokens.at(-1);
    if (first === undefined || word === undefined || last === undefined) {
        return [];
    }
    const kind = text.slice(word.start, word.end);
    if (/^(?:options|clobber_abi)$/u.test(kind)) {
        return [];
    }
    const isMoved = DIRECTIONS.has(kind) && group !== undefined;
    const isMarked = isMoved || /^(?:const|sym|label)$/u.test(kind);
    if (!isMarked) {
        return [inParentheses(first.start, last.end)];
    }
    const head = isMoved ? group : word;
    const values = isMoved ? rest.slice(2) : rest.slice(1);
    const arrow = values.findIndex((part) => isText(part, "=>", text));
    const [input, output] =
        arrow === -1 ? [values] : [values.slice(0, arrow), values.slice(arrow + 1)];
    const start = isNamed ? first.start : word.start;
    const parts: ArgumentPart[] = [];
    if (isIgnored(input, text)) {
        const name = { start, end: first.end, prefix: "(", suffix: " = 0);\n" };
        parts.push(...(isNamed ? [{ ...name, pick: "inside" } as const] : []));
    } else {
        const blank = { start: word.start, end: head.end };
        parts.push({ ...inParentheses(start, input.at(-1)?.end ?? head.end), blank });
    }
    const [from, to] = [output?.[0], output?.at(-1)];
    if (from !== undefined && to !== undefined && !isIgnored(output ?? [], text)) {
        parts.push(inParentheses(from.start, to.end));
    }
    return parts;
}

function isIgnored(value: readonly TreePart[], text: string): boolean {
    return value.length === 1 && isText(value[0], "_", text);
}

function splitDefinition({ visibility, name, groups }: MacroTwo): Attempt {
    const first = { pick: "first", prefix: "", original: true } as const;
    return [
        ...(visibility === undefined ? [] : [{ ...visibility, ...first, suffix: " mod m;\n" }]),
        { ...name, ...first, suffix: ";\n" },
        ...groups.map((group) => {
            return {
                ...group,
                pick: "tokens",
                prefix: "m!",
                suffix: ";\n",
                original: true,
            } as const;
        }),
    ];
}

function splitCfgIf(hole: Hole, text: string): readonly Attempt[] {
    const items: ArgumentPart[] = [];
    const blocks: ArgumentPart[] = [];
    let hash = -1;
    for (const part of hole.parts) {
        const head = text[part.start];
        if (head === "#") {
            hash = part.start;
        } else if (head === "[" && hash >= 0 && part.end > part.start + 1) {
            const place = { start: hash, end: part.end, prefix: "", suffix: "\n" };
            items.push({ ...place, pick: "itself" });
            blocks.push({ ...place, pick: "itself" });
        } else if (head === "{" && part.end > part.start + 1) {
            items.push(asModule(part));
            blocks.push(asBlock(part));
        }
    }
    return items.length === 0 ? [] : [items, blocks];
}

function splitCfgSelect(hole: Hole, text: string): readonly Attempt[] {
    const items: ArgumentPart[] = [];
    const blocks: ArgumentPart[] = [];
    const tokens = hole.parts.slice(1, -1);
    for (let at = 0; at < tokens.length;) {
        const arrow = tokens.findIndex((part, i) => i >= at && isText(part, "=>", text));
        const [first, body, last] = [tokens[at], tokens[arrow + 1], tokens[arrow - 1]];
        if (arrow <= at || first === undefined || body === undefined || last === undefined) {
            return [];
        }
        if (!isText(first, "_", text)) {
            const place = { start: first.start, end: last.end };
            items.push({ ...place, prefix: "#[cfg(", suffix: ")]\n", pick: "itself" });
            blocks.push({ ...place, prefix: "#[cfg(", suffix: ")]\n", pick: "itself" });
        }
        if (text[body.start] === "{") {
            items.push(asModule(body));
            blocks.push(asBlock(body));
            at = arrow + 2;
            at += tokens[at] !== undefined && isText(tokens[at], ",", text) ? 1 : 0;
        } else {
            const comma = tokens.findIndex((part, i) => i > arrow && isText(part, ",", text));
            const next = comma < 0 ? tokens.length : comma;
            const end = tokens[next - 1]?.end ?? body.end;
            items.push(inParentheses(body.start, end));
            blocks.push(inParentheses(body.start, end));
            at = next + 1;
        }
    }
    return items.length === 0 ? [] : [items, blocks];
}

function asModule(part: TreePart): ArgumentPart {
    return { start: part.start, end: part.end, prefix: "mod m", suffix: "\n", pick: "body" };
}

function asBlock(part: TreePart): ArgumentPart {
    return { start: part.start, end: part.end, prefix: "", suffix: ";\n", pick: "inside" };
}

function isText(part: TreePart | undefined, wanted: string, text: string): boolean {
    return part !== undefined && text.slice(part.start, part.end) === wanted;
}
