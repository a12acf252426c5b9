// Commands that work on the store's files themselves, without a daemon: a store that one has open is
// locked, and said so.

import {
    archiveGraphStore,
    openGraphStore,
    salvageGraphStore,
    storePaths,
    type ArchiveReport,
    type SalvageReport,
} from "../graphstore/index.ts";
import { findStoreFolder } from "../platform/index.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";
import { alignPairs, count, showBytes } from "./layout.ts";

/** Writes a checkpoint and begins the write-ahead log anew. */
export async function runCompact(
    root: string,
    checkpoint: string | undefined,
    context: CommandContext,
): Promise<ExitStatus> {
    const folder = findStoreFolder(root, context.common.store);
    const store = await openGraphStore({ folder });
    try {
        await store.compact(checkpoint === undefined ? {} : { checkpointPath: checkpoint });
        const { commitCount, deltaCount, rootHash, logBytes } = store;
        const path = checkpoint ?? storePaths(folder).checkpoint;
        const result = { checkpoint: path, commitCount, deltaCount, stateRoot: rootHash, logBytes };
        print(context, result, [
            `compacted at ${count(commitCount, "commit")}, ${count(deltaCount, "delta")}`,
            ...alignPairs([
                ["checkpoint", path],
                ["history", showBytes(logBytes)],
                ["state root", rootHash],
            ]),
        ]);
    } finally {
        await store.close();
    }
    return EXIT.done;
}

/** Moves the beginning of the history out of the store. */
export async function runArchive(
    root: string,
    before: number,
    context: CommandContext,
): Promise<ExitStatus> {
    const folder = findStoreFolder(root, context.common.store);
    const report = await archiveGraphStore({ folder }, before);
    print(context, report ?? { commitCount: 0 }, renderArchived(report, before));
    return EXIT.done;
}

/** Says what was archived. */
export function renderArchived(report: ArchiveReport | undefined, before: number): string[] {
    if (report === undefined) {
        return [`nothing to archive: no whole commit ends before delta ${before}`];
    }
    const { commitCount, deltaCount, archives, bytesBefore, bytesAfter } = report;
    return [
        `archived ${count(commitCount, "commit")}, ${count(deltaCount, "delta")}`,
        ...alignPairs([
            ["history", `${showBytes(bytesAfter)}, before ${showBytes(bytesBefore)}`],
            ...archives.map((path) => ["archive", path] as const),
        ]),
    ];
}

/** Saves what a damaged store still holds. */
export async function runSalvage(root: string, context: CommandContext): Promise<ExitStatus> {
    const folder = findStoreFolder(root, context.common.store);
    const report = await salvageGraphStore({ folder });
    print(context, report, renderSalvage(report));
    return EXIT.done;
}

/** Says what was saved, and what was wrong. */
export function renderSalvage(report: SalvageReport): string[] {
    const { commitCount, deltaCount, stateOfCommit, keptIn, problems } = report;
    const history = `${count(commitCount, "commit")}, ${count(deltaCount, "delta")}`;
    const state =
        stateOfCommit === 0
            ? "that of the last of them"
            : `that of commit ${stateOfCommit}, without the steps that led to it`;
    return [
        ...problems.map((problem) => `was damaged: ${problem}`),
        ...alignPairs([
            ["history saved", history],
            ["state saved", state],
            ["files as they were", keptIn],
        ]),
    ];
}

function print(
    { common, terminal }: CommandContext,
    json: unknown,
    lines: readonly string[],
): void {
    terminal.print(common.json ? [JSON.stringify(json, undefined, 2)] : lines);
}
