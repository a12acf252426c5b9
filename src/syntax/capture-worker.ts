// What a capture thread does with a job; the thread itself is capture-worker-main.ts.

import type { Problem } from "../base/index.ts";
import { captureToMessage, type CaptureMessage } from "./capture-message.ts";
import { decodeText } from "./decode-text.ts";
import { openCapturer } from "./open-capturer.ts";
import type { ReadText } from "./query-files.ts";

/** One file to capture. */
export interface CaptureJob {
    readonly path: string;
    readonly bytes: Uint8Array;
}

/** What became of a job: a capture, or why there is none. */
export type CaptureOutcome =
    | { readonly kind: "captured"; readonly capture: CaptureMessage }
    | { readonly kind: "unreadable"; readonly path: string; readonly problem: Problem };

/** An outcome, and the buffers to move with it. */
export interface CaptureAnswer {
    readonly result: CaptureOutcome;
    readonly transfer: readonly ArrayBuffer[];
}

/** Creates the function that does jobs; the grammar is loaded meanwhile. */
export function createCaptureHandler(
    readText?: ReadText,
): (job: CaptureJob) => Promise<CaptureAnswer> {
    const parser = openCapturer(readText);
    parser.catch(() => undefined); // Told to whoever has a job.
    return async ({ path, bytes }) => {
        const syntax = await parser;
        const decoded = decodeText(bytes, path);
        if ("problem" in decoded) {
            return { result: { kind: "unreadable", path, problem: decoded.problem }, transfer: [] };
        }
        const capture = captureToMessage(syntax.capture(path, decoded.text));
        return { result: { kind: "captured", capture }, transfer: [capture.tree.buffer] };
    };
}
