// What capturing one file gives, and the interface of what captures.

import type { Problem } from "../base/index.ts";
import type { SyntaxTree } from "./tree.ts";

/** One file's syntax, with the hashes that say when it has changed. */
export interface FileCapture {
    readonly path: string;
    readonly tree: SyntaxTree;
    /** SHA-256 of the file's bytes as UTF-8, hex. */
    readonly contentHash: string;
    /** SHA-256 over the tokens, trivia left out (doc comments count as tokens), hex. */
    readonly tokenHash: string;
    /** Number of UTF-16 units of the text that was parsed. */
    readonly textLength: number;
    /** Number of lines. */
    readonly lineCount: number;
    /** Names that follow a `mod`, where the file has syntax errors; else none. */
    readonly lostModules: readonly string[];
    /** Syntax errors: the first few, with their line. */
    readonly problems: readonly Problem[];
}
