// A log file that never grows without end: at its limit it moves aside and a new one begins. Lines are
// written before the call returns, so that none is lost in a crash.

import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** How much of a log is kept. */
export interface LogKeeping {
    /** A file that would grow beyond this moves aside first. */
    readonly bytesMax: number;
    /** How many files moved aside are kept, the newest as `.1`. */
    readonly filesMax: number;
}

/** Ten MiB in all. */
export const LOG_KEEPING: LogKeeping = { bytesMax: 2_500_000, filesMax: 3 };

/** Appends lines to a file, and moves it aside when it is full. */
export class RotatingFile {
    readonly #path: string;
    readonly #keeping: LogKeeping;
    #file: number;
    #bytes: number;

    constructor(path: string, keeping: LogKeeping) {
        this.#path = path;
        this.#keeping = keeping;
        mkdirSync(dirname(path), { recursive: true });
        this.#file = openSync(path, "a", 0o600);
        this.#bytes = fstatSync(this.#file).size;
    }

    /** Appends a line; one that cannot be written is lost, as the program is not stopped for its log. */
    write(line: string): void {
        const bytes = Buffer.byteLength(line);
        try {
            if (this.#bytes > 0 && this.#bytes + bytes > this.#keeping.bytesMax) {
                this.#rotate();
            }
            writeSync(this.#file, line);
            this.#bytes += bytes;
        } catch {
            // The disk is full, or the folder is gone.
        }
    }

    #rotate(): void {
        const { filesMax } = this.#keeping;
        for (let number = filesMax - 1; number >= 1; number--) {
            moveIfThere(`${this.#path}.${number}`, `${this.#path}.${number + 1}`);
        }
        moveIfThere(this.#path, `${this.#path}.1`);
        const next = openSync(this.#path, "a", 0o600);
        closeSync(this.#file);
        this.#file = next;
        this.#bytes = fstatSync(next).size;
    }
}

function moveIfThere(from: string, to: string): void {
    try {
        renameSync(from, to);
    } catch {
        // There are fewer files yet.
    }
}
