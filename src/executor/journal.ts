// The journal of the operation that is being executed: written before each side effect, removed when the
// operation is in the log. What it names is cleaned up at the next start after a crash.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { readBytesIfThere, removeFile, writeFileAtomic } from "../platform/index.ts";
import type { Landing } from "../protocol/index.ts";

/** How far an operation has come; each is written before it is begun. */
export const EXECUTION_STEPS = [
    "begin",
    "uncommitted",
    "worktree",
    "trial",
    "baseline",
    "edit",
    "check",
    "commit",
    "land",
    "landed",
] as const;

/** One of EXECUTION_STEPS. */
export type ExecutionStep = (typeof EXECUTION_STEPS)[number];

/** What is known of the operation that is being executed. */
export interface JournalEntry {
    readonly format: "ferrograph-executor/1";
    readonly step: ExecutionStep;
    readonly opId: string;
    readonly patchId: string;
    readonly description: string;
    readonly planFingerprint: string | null;
    readonly rootBefore: string;
    /** Root of the user's worktree. */
    readonly top: string;
    readonly worktree: string;
    readonly branch: string;
    readonly base: string;
    readonly landing: Landing;
    /** The user's branch. */
    readonly onto: string | null;
    /** Set from `land` on. */
    readonly commit: string | null;
}

const FORMAT = "ferrograph-executor/1";
const FILE = "executor.json";

/** The journal in a store's folder. */
export class Journal {
    readonly #path: string;

    constructor(storeFolder: string) {
        this.#path = join(storeFolder, FILE);
    }

    write(entry: JournalEntry): Promise<void> {
        return writeFileAtomic(this.#path, Buffer.from(`${JSON.stringify(entry)}\n`, "utf8"));
    }

    /** The operation that was under way; undefined when none was. */
    async read(): Promise<JournalEntry | undefined> {
        const bytes = await readBytesIfThere(this.#path);
        if (bytes === undefined) {
            return undefined;
        }
        try {
            return checkEntry(JSON.parse(Buffer.from(bytes).toString("utf8")));
        } catch (cause) {
            throw new OperatingError("EXECUTOR_JOURNAL", `${this.#path} is no journal`, {
                cause,
                advice: "look for worktrees of branches `refactor/…`, remove them, then this file",
            });
        }
    }

    remove(): Promise<void> {
        return removeFile(this.#path);
    }
}

function checkEntry(value: unknown): JournalEntry {
    const entry = value as Partial<JournalEntry> | null;
    const isWhole =
        entry?.format === FORMAT &&
        EXECUTION_STEPS.some((step) => step === entry.step) &&
        [entry.opId, entry.top, entry.worktree, entry.branch, entry.base].every(
            (each) => typeof each === "string" && each !== "",
        );
    if (!isWhole) {
        throw new TypeError("it is no operation");
    }
    return entry as JournalEntry;
}
