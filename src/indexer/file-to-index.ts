// One file on its way into rows: what its rows are made from, and the ids that they bear.

import { createHash } from "node:crypto";

import type { LineIndex } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { ByteOffsets } from "./byte-offsets.ts";
import type { IndexView } from "./index-view.ts";

/** A type of one file, as it is kept. */
export interface InferredType {
    /** Who says so: a value of `types.inferred_by`. */
    readonly by: string;
    /** Name of the definition, or of the local; empty for an impl. */
    readonly name: string;
    /** Lines and columns (UTF-16) from 0 between which the name stands. */
    readonly from: readonly [line: number, column: number];
    readonly to: readonly [line: number, column: number];
    readonly role: string;
    readonly position: number;
    readonly canonical: string;
    /** As the tool writes it. */
    readonly written: string;
    /** Ids of the symbols of the workspace in it, 16 hex digits each. */
    readonly symbols: readonly string[];
}

/** What the rows of a file are made from beside the state. */
export interface FileRowsOptions {
    /** The text that was captured. */
    readonly text: string;
    /** Whether `ast_nodes` is wanted. */
    readonly withSyntax: boolean;
    /** Types that tools told of this very text. */
    readonly inferred: readonly InferredType[];
}

/** A file on its way into rows. */
export interface FileToIndex extends FileRowsOptions {
    readonly view: IndexView;
    readonly path: string;
    readonly capture: FileCapture;
    readonly fileId: bigint;
    readonly bytes: ByteOffsets;
    readonly lines: LineIndex;
}

/** The id of a file: first 8 bytes of SHA-256 over its path. */
export function fileIdOf(path: string): bigint {
    return hashId(path);
}

/** First 8 bytes of SHA-256 over a text. */
export function hashId(text: string): bigint {
    return createHash("sha256").update(text).digest().readBigUInt64BE(0);
}

/** The id of a syntax node. */
export function nodeIdIn(file: Pick<FileToIndex, "fileId">, node: number): bigint {
    return BigInt.asUintN(64, file.fileId + BigInt(node));
}
