// Lines of the summary of std: members, and what the headers of impls say about bounds.

/** How a member takes its receiver; `none` for functions without one, constants and types. */
export type StdSelf = "none" | "value" | "ref" | "mut" | "typed";

/** An associated function, constant or type. */
export interface StdMember {
    readonly name: string;
    readonly kind: "fn" | "const" | "type";
    readonly self: StdSelf;
    readonly stable: boolean;
    /** Of traits: whether it has a default. */
    readonly provided: boolean;
    /** `fn push(&mut self, _: T)`, `const MAX: Self`, `type Item`, as in a trait's body but for the end. */
    readonly signature: string;
    /** Header of the impl that has it (`impl<T> Vec<T>`), empty for a trait's. */
    readonly impl: string;
}

/** A public field, or a variant with its payload as text. */
export interface StdPart {
    readonly name: string;
    readonly type: string;
    readonly stable: boolean;
}

/** Reads a line of a field or variant. */
export function readPart(line: string): StdPart {
    const name = /^\w+/u.exec(line.slice(1))?.[0] ?? "";
    const type = line.slice(1 + name.length).replace(/^: /u, "");
    return { name, type, stable: /^[fv]/u.test(line) };
}

/** Reads a line of a member; `impl` is the header of the impl that it stands in. */
export function readMember(line: string, impl: string): StdMember {
    const tag = line.charAt(0);
    const text = line.slice(1);
    const declared = /^(const|type) (\w+)/u.exec(text);
    const kind = declared === null ? "fn" : declared[1] === "const" ? "const" : "type";
    const name = declared?.[2] ?? /^(?:r#)?\w+/u.exec(text)?.[0] ?? "";
    return {
        name,
        kind,
        self: kind === "fn" ? selfKind(text.slice(skipGenerics(text, name.length))) : "none",
        stable: tag === "m" || tag === "p",
        provided: tag === "p" || tag === "q",
        signature: kind === "fn" ? `fn ${text}` : text,
        impl,
    };
}

/** How a parameter list that begins with `(` takes self. */
function selfKind(list: string): StdSelf {
    const parts = /^\((&(?:'\w+ )?(mut )?)?self\b(:)?/u.exec(list);
    if (parts === null) {
        return "none";
    }
    if (parts[3] !== undefined) {
        return "typed";
    }
    return parts[1] === undefined ? "value" : parts[2] === undefined ? "ref" : "mut";
}

/** Index after the `<…>` at an index, or the index itself. */
export function skipGenerics(text: string, at: number): number {
    if (text.charAt(at) !== "<") {
        return at;
    }
    let depth = 0;
    for (let i = at; i < text.length; i++) {
        const char = text.charAt(i);
        if (char === "<") {
            depth += 1;
        } else if (char === ">" && text.charAt(i - 1) !== "-") {
            depth -= 1;
            if (depth === 0) {
                return i + 1;
            }
        }
    }
    return text.length;
}

/** The self type (with a where clause behind it) of an impl's header. */
export function selfOf(header: string): string {
    const from = skipGenerics(header, "impl".length);
    return header.slice(header.indexOf(" for ", from) + " for ".length);
}

/** Names of the traits that a header demands of a parameter. */
export function boundsOn(header: string, parameter: string): string[] {
    const end = skipGenerics(header, "impl".length);
    const where = header.indexOf(" where ");
    const predicates = [
        ...splitOutside(header.slice("impl".length + 1, Math.max(end - 1, 0)), ","),
        ...(where < 0 ? [] : splitOutside(header.slice(where + " where ".length), ",")),
    ];
    return predicates.flatMap((predicate) => {
        const text = predicate.trim();
        return text.startsWith(`${parameter}: `)
            ? boundNames(text.slice(parameter.length + 2))
            : [];
    });
}

/** Names of the traits in `A<T> + B + 'a where …`. */
export function boundNames(bounds: string): string[] {
    return splitOutside(bounds.replace(/ ?\bwhere .*$/u, ""), "+")
        .map((bound) => /^(?:for<[^>]*> )?([\w:]+)/u.exec(bound.trim())?.[1] ?? "")
        .filter((name) => name !== "");
}

/** Splits a text at a separator outside brackets. */
export function splitOutside(text: string, separator: string): string[] {
    const parts: string[] = [];
    let depth = 0;
    let start = 0;
    for (let i = 0; i < text.length; i++) {
        const char = text.charAt(i);
        if ("<([{".includes(char)) {
            depth += 1;
        } else if (")]}".includes(char) || (char === ">" && text.charAt(i - 1) !== "-")) {
            depth -= 1;
        } else if (char === separator && depth === 0) {
            parts.push(text.slice(start, i));
            start = i + 1;
        }
    }
    parts.push(text.slice(start));
    return parts;
}
