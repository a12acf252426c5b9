// What a walk needs of a parser and its grammar: there is one in wasm (wasm-parser.ts) and one in the addon
// (native-parser.ts), which say the same of every text.

import type { WalkCursor } from "./walk-cursor.ts";

/** A text that was parsed. */
export interface ParsedText {
    /** Whether it has an error anywhere. */
    readonly hasError: boolean;
    /** A cursor at its root; delete it when done. */
    open(): WalkCursor;
    /** Frees it; no cursor may be open. */
    delete(): void;
}

/** Parses texts from nothing. */
export interface TextParser {
    parse(text: string): ParsedText;
}

/** What the grammar calls its nodes and fields. */
export interface GrammarNames {
    readonly nodeTypeCount: number;
    readonly fieldCount: number;
    nodeTypeForId(id: number): string | null;
    nodeTypeIsNamed(id: number): boolean;
    fieldNameForId(id: number): string | null;
    fieldIdForName(name: string): number | null;
}
