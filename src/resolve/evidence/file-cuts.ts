// Files of one state cut into segments, the last few held, and the outside hashes of all that were cut.

import type { FileCapture } from "../../syntax/index.ts";
import { cutFile, type FileSegments } from "./file-segments.ts";

/** Captured files and their texts. */
export interface CutInput {
    readonly captures: ReadonlyMap<string, FileCapture>;
    /** Text of a captured file; undefined when the disk has another by now. */
    textOf(path: string): string | undefined;
}

/** Files whose tokens are held at once. */
const CUTS_MAX = 64;

/** Cuts files when they are asked for. */
export class FileCuts {
    readonly #input: CutInput;
    /** The files that were cut last. */
    readonly #cuts = new Map<string, FileSegments | undefined>();
    /** Outside hashes of all files that were asked for, by content hash. */
    readonly outside = new Map<string, string>();

    constructor(input: CutInput) {
        this.#input = input;
    }

    /** The segments of a file; undefined where its text is not at hand. */
    of(path: string): FileSegments | undefined {
        if (this.#cuts.has(path)) {
            return this.#cuts.get(path);
        }
        const capture = this.#input.captures.get(path);
        const text = capture === undefined ? undefined : this.#input.textOf(path);
        const cut =
            capture === undefined || text === undefined ? undefined : cutFile(text, capture.tree);
        if (cut !== undefined && capture !== undefined) {
            this.outside.set(capture.contentHash, cut.outside);
        }
        const [oldest] = this.#cuts.keys();
        if (oldest !== undefined && this.#cuts.size >= CUTS_MAX) {
            this.#cuts.delete(oldest);
        }
        this.#cuts.set(path, cut);
        return cut;
    }

    /** Hash of a file's tokens outside function bodies. */
    outsideOf(path: string): string | undefined {
        const contentHash = this.#input.captures.get(path)?.contentHash ?? "";
        return this.outside.get(contentHash) ?? this.of(path)?.outside;
    }
}
