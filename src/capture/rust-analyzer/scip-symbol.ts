// Reads the names that rust-analyzer gives to definitions in a SCIP index: scheme, package manager, package,
// version, and descriptors that lead from the crate to the definition.

/** How a part of a name is written: `mod/`, `Type#`, `term.`, `method().`, `macro!`, `[Type]`, `(param)`. */
export type ScipSuffix = "namespace" | "type" | "term" | "method" | "macro" | "generic" | "other";

/** One part of a name. */
export interface ScipDescriptor {
    readonly name: string;
    readonly suffix: ScipSuffix;
}

/** A definition's name. */
export interface ScipSymbol {
    readonly package: string;
    readonly descriptors: readonly ScipDescriptor[];
}

/** The part of a name that stands for the crate itself. */
const CRATE_ROOT = "crate";
const PLAIN = /[\w+$-]+/uy;
const ESCAPED = /`((?:[^`]|``)+)`/uy;
/** Scheme, manager, package and version: words without spaces, a space inside written twice. */
const HEAD = /^((?:[^ ]| {2})+) ((?:[^ ]| {2})+) ((?:[^ ]| {2})+) ((?:[^ ]| {2})+) /u;
const SUFFIXES: readonly (readonly [RegExp, ScipSuffix])[] = [
    [/\/()/uy, "namespace"],
    [/#()/uy, "type"],
    [/\.()/uy, "term"],
    [/\([\w+$-]*\)\.()/uy, "method"],
    [/!()/uy, "macro"],
    [/:()/uy, "other"],
];

/** Reads a name; undefined for a local's, and for what is no name. */
export function parseScipSymbol(text: string): ScipSymbol | undefined {
    const head = HEAD.exec(text);
    if (head === null) {
        return undefined;
    }
    const descriptors: ScipDescriptor[] = [];
    let at = head[0].length;
    while (at < text.length) {
        const bracket = text[at] === "[" ? "]" : text[at] === "(" ? ")" : "";
        const name = nameAt(text, bracket === "" ? at : at + 1);
        if (name === undefined) {
            return undefined;
        }
        if (bracket === "") {
            const suffix = suffixAt(text, name.end);
            if (suffix === undefined) {
                return undefined;
            }
            descriptors.push({ name: name.text, suffix: suffix.kind });
            at = suffix.end;
        } else if (text[name.end] === bracket) {
            const suffix = bracket === "]" ? "generic" : "other";
            descriptors.push({ name: name.text, suffix });
            at = name.end + 1;
        } else {
            return undefined;
        }
    }
    return { package: (head[3] ?? "").replaceAll("  ", " "), descriptors };
}

/** Whether a name stands for a crate. */
export function isCrateRoot({ descriptors }: ScipSymbol): boolean {
    const [only, ...more] = descriptors;
    return only?.name === CRATE_ROOT && only.suffix === "namespace" && more.length === 0;
}

/** Name of a crate as code writes it. */
export function crateNameOf(symbol: ScipSymbol): string {
    return symbol.package.replaceAll("-", "_");
}

/** A name as a person writes it, `core::option::map`: without the impl that holds an item. */
export function readableScipPath(symbol: ScipSymbol): string {
    const names = isCrateRoot(symbol)
        ? []
        : symbol.descriptors
              .filter(({ name, suffix }) => suffix !== "generic" && !isImpl({ name, suffix }))
              .map(({ name }) => name);
    return [crateNameOf(symbol), ...names].join("::");
}

/** Whether a name is that of a type's field, or of a constant in a trait or type. */
export function isMemberTerm({ descriptors }: ScipSymbol): boolean {
    const last = descriptors.at(-1);
    return last?.suffix === "term" && descriptors.at(-2)?.suffix === "type";
}

function isImpl({ name, suffix }: ScipDescriptor): boolean {
    return name === "impl" && suffix === "type";
}

function nameAt(text: string, at: number): { text: string; end: number } | undefined {
    const pattern = text[at] === "`" ? ESCAPED : PLAIN;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    return found === null
        ? undefined
        : { text: (found[1] ?? found[0]).replaceAll("``", "`"), end: pattern.lastIndex };
}

function suffixAt(text: string, at: number): { kind: ScipSuffix; end: number } | undefined {
    for (const [pattern, kind] of SUFFIXES) {
        pattern.lastIndex = at;
        if (pattern.test(text)) {
            return { kind, end: pattern.lastIndex };
        }
    }
    return undefined;
}
