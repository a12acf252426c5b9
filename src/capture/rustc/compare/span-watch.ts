// Watches dumps for places: a token that some expression, pattern or path of the compiler begins or ends at is
// compiled; one that none does may be left out by a cfg, or be text.

import { appendTo } from "../../../base/index.ts";

/** A token in a file, as the compiler counts: lines and columns from 1, columns in characters. */
export interface WatchedToken {
    /** As the compiler prints it, or the end of that. */
    readonly file: string;
    readonly line: number;
    readonly start: number;
    readonly end: number;
    /** What is told of it. */
    readonly key: string;
}

const SPAN = /([^\s"(]+?\.\w+):(\d+):(\d+): (\d+):(\d+)/gu;

/** Tokens that dumps are watched for. */
export class SpanWatch {
    readonly #byLine = new Map<string, WatchedToken[]>();
    /** Keys of the tokens that were seen. */
    readonly seen = new Set<string>();

    constructor(tokens: readonly WatchedToken[]) {
        for (const token of tokens) {
            appendTo(this.#byLine, `${token.file}:${token.line}`, token);
        }
    }

    /** Reads a line of a dump as it is printed. */
    readonly read = (line: string): void => {
        if (this.#byLine.size === 0 || !line.includes(": ")) {
            return;
        }
        for (const [, file = "", line1, column1, line2, column2] of line.matchAll(SPAN)) {
            for (const token of this.#byLine.get(`${file}:${line1 ?? ""}`) ?? []) {
                if (token.start === Number(column1)) {
                    this.seen.add(token.key);
                }
            }
            for (const token of this.#byLine.get(`${file}:${line2 ?? ""}`) ?? []) {
                if (token.end === Number(column2)) {
                    this.seen.add(token.key);
                }
            }
        }
    };
}
