// Where a command's words go: answers to stdout, progress and failures to stderr.

import type { ProgressSink } from "../base/index.ts";
import { environmentVariable, isTerminal } from "../platform/index.ts";
import type { ColorChoice } from "./command-line.ts";
import { COLORED, PLAIN, type Paint } from "./paint.ts";
import { renderProgress } from "./render-progress.ts";

/** Where a command prints. */
export interface Terminal {
    readonly paint: Paint;
    readonly errorPaint: Paint;
    /** Prints lines of the answer. */
    print(lines: readonly string[]): void;
    /** Prints lines that are not the answer. */
    complain(lines: readonly string[]): void;
    /** Shows progress where a person can see it, and takes it away again with `clear`. */
    readonly onProgress: ProgressSink;
    clear(): void;
}

const REDRAW_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";

/** The terminal of this process. */
export function openTerminal(color: ColorChoice): Terminal {
    const isShown = isTerminal("stderr");
    let isDrawn = false;
    let drawnAt = 0;
    const clear = (): void => {
        if (isDrawn) {
            process.stderr.write(CLEAR_LINE);
            isDrawn = false;
        }
    };
    return {
        paint: choosePaint(color, "stdout"),
        errorPaint: choosePaint(color, "stderr"),
        print: (lines) => {
            clear();
            process.stdout.write(lines.map((line) => `${line}\n`).join(""));
        },
        complain: (lines) => {
            clear();
            process.stderr.write(lines.map((line) => `${line}\n`).join(""));
        },
        onProgress: (stage, done, total) => {
            const now = performance.now();
            if (isShown && now - drawnAt >= REDRAW_MS) {
                const width = process.stderr.columns;
                process.stderr.write(
                    `${CLEAR_LINE}${renderProgress({ stage, done, total }, width)}`,
                );
                isDrawn = true;
                drawnAt = now;
            }
        },
        clear,
    };
}

function choosePaint(color: ColorChoice, stream: "stdout" | "stderr"): Paint {
    if (color !== "auto") {
        return color === "always" ? COLORED : PLAIN;
    }
    const isWanted = environmentVariable("NO_COLOR") === undefined;
    return isWanted && isTerminal(stream) ? COLORED : PLAIN;
}
