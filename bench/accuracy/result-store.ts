// Results that survive an interrupted run: one JSON object a line, each under its key.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What makes a result the same result when it is asked for again. */
export interface ResultKey {
    /** Commit of this repository, and a hash of what was built from it. */
    readonly product: string;
    /** Hash of the workspace's files. */
    readonly workspace: string;
    /** What was asked about. */
    readonly subject: string;
    /** What was asked: a new name, or the kind of question. */
    readonly question: string;
}

/** Results of one file, by key. */
export class ResultStore<T> {
    readonly #file: string;
    readonly #results = new Map<string, T>();

    /** Reads what is there; a last line that was cut off is asked again. */
    constructor(file: string) {
        this.#file = file;
        mkdirSync(path.dirname(file), { recursive: true });
        const text = existsSync(file) ? readFileSync(file, "utf8") : "";
        for (const line of text.split("\n")) {
            const entry = parseEntry(line);
            if (entry !== undefined) {
                this.#results.set(textOfKey(entry.key), entry.result as T);
            }
        }
        if (text !== "" && !text.endsWith("\n")) {
            appendFileSync(file, "\n");
        }
    }

    get(key: ResultKey): T | undefined {
        return this.#results.get(textOfKey(key));
    }

    put(key: ResultKey, result: T): void {
        this.#results.set(textOfKey(key), result);
        appendFileSync(this.#file, `${JSON.stringify({ key, result })}\n`);
    }

    /** Returns the known result, or asks and keeps the answer. */
    async recall(key: ResultKey, ask: () => Promise<T>): Promise<T> {
        const known = this.get(key);
        if (known !== undefined) {
            return known;
        }
        const result = await ask();
        this.put(key, result);
        return result;
    }
}

function textOfKey(key: ResultKey): string {
    return JSON.stringify([key.product, key.workspace, key.subject, key.question]);
}

interface Entry {
    readonly key: ResultKey;
    readonly result: unknown;
}

function parseEntry(line: string): Entry | undefined {
    try {
        return line === "" ? undefined : (JSON.parse(line) as Entry);
    } catch {
        return undefined;
    }
}
