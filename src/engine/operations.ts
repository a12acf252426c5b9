// Every operation on the workspace, with what came of it, in the log of operations.

import { randomUUID } from "node:crypto";
import { join } from "node:path";

import type { Refusal } from "../base/index.ts";
import { OperationLog, type OperationRecord } from "../oplog/index.ts";
import { wallClockMs, type Logger } from "../platform/index.ts";
import type { ApplyRenameParams } from "../protocol/index.ts";
import type { GraphPort } from "./ports.ts";

/** Name of the log in the store's folder. */
const OPERATIONS_FILE = "operations.log";

/** Folder of the plans that operations were made from. */
const PLANS_FOLDER = "operations";

/** An operation before it is run. */
export interface OperationToRun {
    readonly patchId: string;
    readonly description: string;
    readonly planFingerprint: string | null;
    readonly rootBefore: string;
}

/** A rename of a shown plan, before it is made. */
export async function renameOperation(
    graph: GraphPort,
    { symbol, newName, fingerprint }: ApplyRenameParams,
): Promise<OperationToRun> {
    const what =
        symbol.kind === "path"
            ? symbol.path
            : `${symbol.place.path}:${symbol.place.line + 1}:${symbol.place.column + 1}`;
    return {
        patchId: "rename",
        description: `rename ${what} to ${newName}`,
        planFingerprint: fingerprint,
        rootBefore: (await graph.load()).facts().graphRoot,
    };
}

/** What an operation gave. */
interface RunResult {
    readonly root: string;
    readonly commit?: string;
    /** What was found besides, for the log. */
    readonly note?: string;
}

type OperationEnd = Pick<OperationRecord, "appliedCommit" | "diagnostics" | "result" | "rootAfter">;

/** Refusals of what was tried, and did not hold. */
const FAILURES: ReadonlySet<string> = new Set([
    "EXECUTOR_BROKEN",
    "VALIDATE_BROKEN",
    "VALIDATE_DOCUMENTATION",
    "VALIDATE_MEANING",
]);

/** Runs operations of one engine. */
export class Operations {
    readonly #storeFolder: () => string;
    readonly #logger: Logger;
    #log: Promise<OperationLog> | undefined;

    constructor(storeFolder: () => string, logger: Logger) {
        this.#storeFolder = storeFolder;
        this.#logger = logger;
    }

    /** Where the plans of operations are kept, each called like its operation. */
    folder(): string {
        return join(this.#storeFolder(), PLANS_FOLDER);
    }

    /** All operations so far. */
    async records(): Promise<readonly OperationRecord[]> {
        return (await this.#opened()).records;
    }

    /** Runs one and logs how it ended. What is done is done, even if the log cannot be written. */
    async run<T extends RunResult>(
        operation: OperationToRun,
        run: (opId: string) => Promise<T | Refusal>,
    ): Promise<T | Refusal> {
        const opId = randomUUID();
        try {
            const done = await run(opId);
            await this.#append({ opId, ...operation }, endOf(done));
            return done;
        } catch (thrown) {
            const diagnostics = thrown instanceof Error ? thrown.message : String(thrown);
            await this.#append({ opId, ...operation }, failed(diagnostics));
            throw thrown;
        }
    }

    /** Logs how an operation ended that a crash cut short, unless it is in the log already. */
    async addInterrupted(
        operation: OperationToRun & Pick<OperationRecord, "appliedCommit" | "diagnostics" | "opId">,
    ): Promise<void> {
        const { appliedCommit, diagnostics, ...rest } = operation;
        if ((await this.records()).every(({ opId }) => opId !== operation.opId)) {
            const end = failed(diagnostics ?? "");
            await this.#append(
                rest,
                appliedCommit === null
                    ? end
                    : { result: "applied", rootAfter: null, diagnostics: null, appliedCommit },
            );
        }
    }

    async close(): Promise<void> {
        const log = await this.#log?.catch(() => undefined);
        await log?.close();
    }

    #opened(): Promise<OperationLog> {
        this.#log ??= OperationLog.open(join(this.#storeFolder(), OPERATIONS_FILE));
        this.#log.catch(() => {
            this.#log = undefined;
        });
        return this.#log;
    }

    /** Never throws: an operation is not undone because its log cannot be written. */
    async #append(
        operation: OperationToRun & { readonly opId: string },
        end: OperationEnd,
    ): Promise<void> {
        const record = {
            ...operation,
            ...end,
            preconditionPassed: end.result !== "refused",
            endedMs: wallClockMs(),
        };
        try {
            await (await this.#opened()).append(record);
        } catch (err) {
            this.#logger.warn({ err, record }, "an operation could not be logged");
        }
    }
}

function endOf(done: RunResult | Refusal): OperationEnd {
    if (!("kind" in done)) {
        const { root, commit, note } = done;
        return {
            result: "applied",
            rootAfter: root,
            diagnostics: note ?? null,
            appliedCommit: commit ?? null,
        };
    }
    const end = failed([describe(done), ...done.candidates].join("\n"));
    return FAILURES.has(done.code) ? end : { ...end, result: "refused" };
}

function failed(diagnostics: string): OperationEnd {
    return { result: "failed", rootAfter: null, diagnostics, appliedCommit: null };
}

function describe({ code, message }: Refusal): string {
    return `${code}: ${message}`;
}
