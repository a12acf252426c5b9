// Names that a format string captures: `{name}`, `{:name$}`, `{:.name$}`.

// Braces of `{{` and `\u{…}` do not open a placeholder.
const PLACEHOLDER = /\{\{|\\u\{[^}]*\}|\{([^{}:]*)(?::([^{}]*))?\}/g;
const PARAMETER = /([\p{XID_Start}_]\p{XID_Continue}*)\$/gu;

/** Offsets of a captured name in the text of a format string, the known one among them. */
export function captureOffsets(literal: string, name: string, known: number): number[] {
    const found = new Set([known]);
    for (const match of literal.matchAll(PLACEHOLDER)) {
        const [whole, argument, format = ""] = match;
        if (argument === undefined) {
            continue;
        }
        if (argument.trim() === name) {
            found.add(match.index + 1 + argument.indexOf(name));
        }
        const formatAt = match.index + whole.length - 1 - format.length;
        for (const use of format.matchAll(PARAMETER)) {
            if (use[1] === name) {
                found.add(formatAt + use.index);
            }
        }
    }
    return [...found];
}
