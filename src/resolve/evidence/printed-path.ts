// Paths and types as rustc prints them in MIR, taken apart: `<vec::V as std::ops::Add<i32>>::add`,
// `mod::Type::<T>::name`, `&'a mut [T]`. And those of our own displays, which are written alike.

/** A type as printed. */
export interface PrintedType {
    /** `&`, `&mut `, in order; empty for most. */
    readonly refs: string;
    /** Path without generic arguments; for what is no path, how it begins: `(`, `[`, `{`, `<`, `dyn`. */
    readonly head: string;
    readonly args: readonly string[];
}

/** What a call's operand names. */
export type PrintedCallee =
    | {
          readonly kind: "trait";
          readonly self: string;
          /** Path without arguments. */
          readonly trait: string;
          readonly traitArgs: readonly string[];
          readonly item: string;
      }
    | {
          readonly kind: "path";
          /** Without generic arguments; that of the type where the item is in `<impl Type>`. */
          readonly path: string;
          /** Generic arguments of the last segment. */
          readonly args: readonly string[];
      };

/** Takes a callee apart; undefined for what is neither a path nor a trait's item. */
export function parsePrintedCallee(printed: string): PrintedCallee | undefined {
    const segments = splitPath(printed);
    const [first = ""] = segments;
    if (first.startsWith("<")) {
        const item = segments[1];
        const inside = first.slice(1, -1);
        const cut = findTopLevel(inside, " as ");
        if (item === undefined || segments.slice(2).some((one) => !one.startsWith("<"))) {
            return undefined;
        }
        if (cut === -1) {
            return { kind: "path", path: `${parsePrintedType(inside).head}::${item}`, args: [] };
        }
        const trait = parsePrintedType(inside.slice(cut + 4));
        const self = inside.slice(0, cut);
        return { kind: "trait", self, trait: trait.head, traitArgs: trait.args, item };
    }
    const names: string[] = [];
    let args: readonly string[] = [];
    for (const segment of segments) {
        if (segment.startsWith("<impl ")) {
            const inside = segment.slice(6, -1);
            const cut = findTopLevel(inside, " for ");
            names.splice(
                0,
                names.length,
                parsePrintedType(inside.slice(cut === -1 ? 0 : cut + 5)).head,
            );
        } else if (segment.startsWith("<")) {
            args = splitArguments(segment.slice(1, -1));
        } else {
            names.push(segment.replace(/^r#/u, ""));
            args = [];
        }
    }
    return names.length === 0 ? undefined : { kind: "path", path: names.join("::"), args };
}

/** Takes a type apart. Lifetimes are left out. */
export function parsePrintedType(printed: string): PrintedType {
    let text = printed.trim();
    let refs = "";
    for (;;) {
        const ref = /^&(?:'\w+ )?(mut )?/u.exec(text);
        if (ref === null) {
            break;
        }
        refs += `&${ref[1] ?? ""}`;
        text = text.slice(ref[0].length);
    }
    if (/^(?:dyn|impl|fn|unsafe|extern|for)\b/u.test(text) || text.startsWith("*")) {
        return { refs, head: text.startsWith("*") ? "*" : (text.split(" ")[0] ?? ""), args: [] };
    }
    const sign = text[0] ?? "";
    if (sign === "(" || sign === "[") {
        const inside = text.slice(1, -1);
        const of = sign === "[" ? inside.slice(0, arrayEnd(inside)) : inside;
        return { refs, head: sign, args: splitArguments(of) };
    }
    if (sign === "{" || sign === "<") {
        return { refs, head: sign, args: [] };
    }
    const names: string[] = [];
    let args: readonly string[] = [];
    for (const segment of splitPath(text)) {
        const open = segment.indexOf("<");
        if (open === 0) {
            args = splitArguments(segment.slice(1, -1));
        } else {
            names.push((open === -1 ? segment : segment.slice(0, open)).replace(/^r#/u, ""));
            args = open === -1 ? [] : splitArguments(segment.slice(open + 1, -1));
        }
    }
    return { refs, head: names.join("::"), args };
}

/** Last name of a path. */
export function lastNameOf(path: string): string {
    return path.slice(path.lastIndexOf(":") + 1);
}

function arrayEnd(inside: string): number {
    const cut = findTopLevel(inside, "; ");
    return cut === -1 ? inside.length : cut;
}

/** Generic arguments; lifetimes and named associated types are left out. */
function splitArguments(text: string): string[] {
    const parts: string[] = [];
    let rest = text;
    for (let cut = findTopLevel(rest, ","); cut !== -1; cut = findTopLevel(rest, ",")) {
        parts.push(rest.slice(0, cut).trim());
        rest = rest.slice(cut + 1);
    }
    parts.push(rest.trim());
    return parts.filter((part) => part !== "" && !/^'\w+$/u.test(part) && !/^\w+ = /u.test(part));
}

/** Segments of a path; generic arguments after `::` are segments of their own. */
function splitPath(text: string): string[] {
    const parts: string[] = [];
    let rest = text;
    for (let cut = findTopLevel(rest, "::"); cut !== -1; cut = findTopLevel(rest, "::")) {
        parts.push(rest.slice(0, cut));
        rest = rest.slice(cut + 2);
    }
    return [...parts, rest];
}

/** Where a text stands outside all brackets, -1 for nowhere. */
function findTopLevel(text: string, wanted: string): number {
    let depth = 0;
    for (let at = 0; at < text.length; at++) {
        const sign = text[at] ?? "";
        if (depth === 0 && text.startsWith(wanted, at)) {
            return at;
        }
        if ("<([{".includes(sign)) {
            depth += 1;
        } else if (")]}".includes(sign) || (sign === ">" && text[at - 1] !== "-")) {
            depth -= 1;
        }
    }
    return -1;
}
