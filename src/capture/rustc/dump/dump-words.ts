// The small printed forms that dumps share: identifiers with their syntax context, DefIds, HirIds.

/** An identifier as `name#context`, raw prefix taken off. */
export interface DumpIdent {
    readonly name: string;
    /** 0 when the identifier was written in the source, outside every macro's body. */
    readonly context: number;
}

/** Reads `name#context`; undefined for what is not an identifier or lifetime (tuple fields, `$crate`). */
export function parseIdent(text: string | undefined): DumpIdent | undefined {
    const hash = text?.lastIndexOf("#") ?? -1;
    if (text === undefined || hash <= 0) {
        return undefined;
    }
    const name = text.startsWith("r#") ? text.slice(2, hash) : text.slice(0, hash);
    const context = Number(text.slice(hash + 1));
    const isName = /^'?[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name);
    return isName && Number.isInteger(context) ? { name, context } : undefined;
}

const KEYWORDS = new Set(["crate", "self", "super", "Self", "_", "'_", "'static"]);

/** True for words that name something but can never be renamed. */
export function isPathKeyword(name: string): boolean {
    return KEYWORDS.has(name);
}

/** The DefPath in `DefId(0:30 ~ krate[hash]::path)`; undefined for other text. */
export function parseDefId(text: string | undefined): string | undefined {
    const from = text?.indexOf(" ~ ") ?? -1;
    if (text === undefined || from < 0 || !text.startsWith("DefId(") || !text.endsWith(")")) {
        return undefined;
    }
    return text.slice(from + 3, -1);
}

/** `owner path.local id` of `HirId(DefId(0:76 ~ krate[hash]::path).22)`. */
export function parseHirId(text: string | undefined): string | undefined {
    const from = text?.indexOf(" ~ ") ?? -1;
    const dot = text?.lastIndexOf(").") ?? -1;
    if (text === undefined || from < 0 || dot < from || !text.startsWith("HirId(")) {
        return undefined;
    }
    return `${text.slice(from + 3, dot)}.${text.slice(dot + 2, -1)}`;
}

/** Syntax context of a printed span, 0 when none is printed. */
export function contextOf(printedSpan: string): number {
    const at = printedSpan.lastIndexOf("(#");
    return at < 0 ? 0 : Number(printedSpan.slice(at + 2, -1));
}

/** The definition that a constructor belongs to: a struct or a variant has one name for both. */
export function withoutConstructor(path: string): string {
    return path.endsWith("::{constructor#0}") ? path.slice(0, -"::{constructor#0}".length) : path;
}

/** DefPath without its last segment; undefined at the crate. */
export function parentPath(path: string): string | undefined {
    const at = path.lastIndexOf("::");
    return at < 0 ? undefined : path.slice(0, at);
}

/** A copy that does not keep the dump alive that the text was cut from. */
export function ownText(text: string): string {
    return Buffer.from(text).toString();
}
