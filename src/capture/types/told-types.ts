// What tools outside say of types: where in a file a definition stands, and which types it has.

/** A part of a type's text; one that names a definition says where that is. */
export interface TypePart {
    readonly text: string;
    /** Full path of the definition, `krate::module::Name`, as the tool writes it; empty when not told. */
    readonly path: string;
    /** Place of the definition's name, line and UTF-16 column from 0; undefined when not told. */
    readonly at:
        { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

/** A type that a tool tells of. */
export interface ToldType {
    /** Name of the definition, or of the local; empty for an impl. */
    readonly name: string;
    /** Lines and columns from 0 between which the name stands. */
    readonly from: readonly [line: number, column: number];
    readonly to: readonly [line: number, column: number];
    readonly role: "field" | "parameter" | "return" | "value" | "target" | "self" | "local";
    /** Number of the parameter, from 0; else 0. */
    readonly position: number;
    readonly parts: readonly TypePart[];
}

/** What a tool told. */
export interface ToolTypes {
    /** Name and version of the tool. */
    readonly tool: string;
    /** By file, relative to the workspace's root. */
    readonly files: ReadonlyMap<string, readonly ToldType[]>;
    /** What it could not do, in words. */
    readonly problems: readonly string[];
}

/** How a tool is asked. */
export interface AskTypesOptions {
    /** Folder for what the tool makes; kept between runs. */
    readonly scratch: string;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((stage: string, done: number, total: number) => void) | undefined;
}
