// The log of operations: one JSON object in a line for each that was asked for, appended and durable
// before anybody is told. Format: docs/formats/operations.md.

import { OperatingError } from "../base/index.ts";
import { openLogFile, type LogFile } from "../platform/index.ts";

/** How an operation ended. */
export type OperationResult = "applied" | "refused" | "failed";

/** One operation. */
export interface OperationRecord {
    /** UUID. */
    readonly opId: string;
    /** The patch that was run; `rename` for a plain rename. */
    readonly patchId: string;
    readonly description: string;
    /** Whether it was allowed to begin. */
    readonly preconditionPassed: boolean;
    /** Git commit that it made; null when none. */
    readonly appliedCommit: string | null;
    /** When it ended, milliseconds since 1970. */
    readonly endedMs: number;
    readonly result: OperationResult;
    /** SHA-256 of its plan, hex; null without one. */
    readonly planFingerprint: string | null;
    /** Graph roots, hex. */
    readonly rootBefore: string;
    readonly rootAfter: string | null;
    /** Why it was refused, or failed; null when applied. */
    readonly diagnostics: string | null;
}

const NEWLINE = 10;

/** The operations of one store. */
export class OperationLog {
    readonly #file: LogFile;
    readonly #records: OperationRecord[];
    #tail: Promise<void> = Promise.resolve();

    private constructor(file: LogFile, records: OperationRecord[]) {
        this.#file = file;
        this.#records = records;
    }

    /** Opens the log, and makes it where there is none. A line that a crash cut short is taken away. */
    static async open(path: string): Promise<OperationLog> {
        const file = await openLogFile(path, "open-or-create");
        try {
            const bytes = await file.readAll();
            const end = bytes.lastIndexOf(NEWLINE) + 1;
            if (end < bytes.length) {
                await file.truncate(end);
                await file.datasync();
            }
            return new OperationLog(file, parseLines(path, bytes.subarray(0, end)));
        } catch (thrown) {
            await file.close();
            throw thrown;
        }
    }

    /** All operations, the oldest first. */
    get records(): readonly OperationRecord[] {
        return this.#records;
    }

    /** Adds an operation; resolves when it is durable. */
    append(record: OperationRecord): Promise<void> {
        const added = this.#tail.then(async () => {
            await this.#file.append(new TextEncoder().encode(`${JSON.stringify(record)}\n`));
            await this.#file.datasync();
            this.#records.push(record);
        });
        this.#tail = added.catch(() => undefined); // Told to whoever appended.
        return added;
    }

    async close(): Promise<void> {
        await this.#tail;
        await this.#file.close();
    }
}

function parseLines(path: string, bytes: Uint8Array): OperationRecord[] {
    const lines = new TextDecoder().decode(bytes).split("\n").slice(0, -1);
    return lines.map((line, at) => {
        try {
            return checkRecord(JSON.parse(line));
        } catch (cause) {
            throw new OperatingError("OPERATIONS_DAMAGED", `line ${at + 1} of ${path} is damaged`, {
                cause,
                advice: "move the file away to begin a new log; nothing else depends on it",
            });
        }
    });
}

function checkRecord(value: unknown): OperationRecord {
    const record = value as Partial<OperationRecord> | null;
    const isWhole =
        typeof record?.opId === "string" &&
        typeof record.patchId === "string" &&
        typeof record.endedMs === "number" &&
        typeof record.result === "string";
    if (!isWhole) {
        throw new TypeError("it is no operation");
    }
    return record as OperationRecord;
}
