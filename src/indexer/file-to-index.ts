// One file on its way into rows: what its rows are made from, and the ids that they bear.

import { createHash } from "node:crypto";

import type { LineIndex } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { ByteOffsets } from "./byte-offsets.ts";
import type { IndexView } from "./index-view.ts";

/** What the rows of a file are made from beside the state. */
export interface FileRowsOptions {
    /** The text that was captured. */
    readonly text: string;
    /** Whether `ast_nodes` is wanted. */
    readonly withSyntax: boolean;
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
