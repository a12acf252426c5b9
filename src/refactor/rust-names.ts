// Which names Rust allows, and how a name is spelled in each edition.
// Source: the Rust reference, "Identifiers" and "Keywords"; rustc_span's symbol table.

import type { OccurrenceRole } from "../resolve/index.ts";

/** Edition of the Rust language. */
export type EditionName = "2015" | "2018" | "2021" | "2024";

const words = (text: string): readonly string[] => text.trim().split(/\s+/u);

const ALWAYS: ReadonlySet<string> = new Set(
    words(`as break const continue crate else enum extern false fn for if impl in let loop match mod move
        mut pub ref return self Self static struct super trait true type unsafe use where while
        abstract become box do final macro override priv typeof unsized virtual yield`),
);

const SINCE = new Map<string, EditionName>([
    ["async", "2018"],
    ["await", "2018"],
    ["dyn", "2018"],
    ["try", "2018"],
    ["gen", "2024"],
]);

const NEVER_RAW: ReadonlySet<string> = new Set(["crate", "self", "super", "Self", "_"]);

const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** Whether the text has the form of an identifier, keywords included. */
export function isIdentifierShaped(text: string): boolean {
    return IDENTIFIER.test(text);
}

/** Whether the name is a keyword in the edition. */
export function isKeyword(name: string, edition: EditionName): boolean {
    const since = SINCE.get(name);
    return ALWAYS.has(name) || (since !== undefined && edition >= since);
}

/** Whether the name is a keyword that cannot be an identifier even with `r#`. */
export function isNeverRaw(name: string): boolean {
    return NEVER_RAW.has(name);
}

const PRIMITIVE = /^(?:bool|char|str|[ui](?:8|16|32|64|128|size)|f(?:16|32|64|128))$/u;

/** Whether the name is that of a primitive type, which every item of that name hides. */
export function isPrimitiveType(name: string): boolean {
    return PRIMITIVE.test(name);
}

/** A new name, checked. */
export interface NewName {
    readonly kind: "name";
    /** Without raw prefix and quote, in Unicode's form NFC, as the compiler compares names. */
    readonly name: string;
    /** The raw prefix was asked for. */
    readonly raw: boolean;
}

/** Spells a name for one token: with the raw prefix where the edition needs it and the place allows it. */
export function spellName(name: NewName, edition: EditionName, role: OccurrenceRole): string {
    // Format strings and doc links take keywords as they are, and know no raw prefix.
    if (role === "format-capture" || role === "doc-link") {
        return name.name;
    }
    if (isNeverRaw(name.name)) {
        return name.name;
    }
    const isEverKeyword = isKeyword(name.name, "2024");
    const needsRaw = isKeyword(name.name, edition) || (name.raw && !isEverKeyword);
    return needsRaw ? `r#${name.name}` : name.name;
}
