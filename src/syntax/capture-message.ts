// A capture as a message between threads: one compact buffer that is moved, and a few plain fields.

import type { Problem } from "../base/index.ts";
import type { FileCapture } from "./capture.ts";
import { decodeTree, encodeTree } from "./tree-codec.ts";

/** A capture that a thread can post; `tree` is the only part of size. */
export interface CaptureMessage {
    readonly path: string;
    readonly tree: Uint8Array<ArrayBuffer>;
    readonly contentHash: string;
    readonly tokenHash: string;
    readonly textLength: number;
    readonly lineCount: number;
    readonly lostModules: readonly string[];
    readonly problems: readonly Problem[];
}

/** Packs a capture; move `message.tree.buffer` with it. */
export function captureToMessage(capture: FileCapture): CaptureMessage {
    return { ...capture, tree: encodeTree(capture.tree) };
}

/** Unpacks a capture. */
export function captureFromMessage(message: CaptureMessage): FileCapture {
    return { ...message, tree: decodeTree(message.tree) };
}
