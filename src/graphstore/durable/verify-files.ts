// Verifies what opening takes on trust: every page of the checkpoint, and that the pages that the
// write-ahead log changed lead to the roots of its commits.

import type { Pause } from "../../base/index.ts";
import { isSameMark } from "./log-mark.ts";
import { readTlog } from "./recovered-files.ts";
import { openCheckpoint, verifyCheckpoint, type OpenedCheckpoint } from "./read-checkpoint.ts";
import { replayPages } from "./replay-pages.ts";
import type { StoreContext } from "./store-context.ts";
import type { Transaction } from "./transactions.ts";

/** What was verified. */
export interface FilesCheck {
    /** Commit that the checkpoint is of; 0 when there is none. */
    readonly checkpointOf: number;
    /** Commits whose page deltas were replayed upon it. */
    readonly commitsReplayed: number;
}

/** Verifies checkpoint and write-ahead log; throws CHECKPOINT_DAMAGED, LOG_CORRUPT. */
export async function verifyFiles(context: StoreContext, pause: Pause): Promise<FilesCheck> {
    const { disk, paths } = context;
    if ((await disk.fileSize(paths.checkpoint)) === undefined) {
        return { checkpointOf: 0, commitsReplayed: 0 };
    }
    const checkpoint = await openCheckpoint(disk, paths.checkpoint);
    const checkpointOf = checkpoint.header.mark.commitCount;
    const following = await transactionsAfter(context, checkpoint);
    if (following.length === 0) {
        await verifyCheckpoint(disk, checkpoint, pause);
    } else {
        await replayPages(disk, checkpoint, following, pause);
    }
    return { checkpointOf, commitsReplayed: following.length };
}

/** The transactions that go on from a checkpoint without a gap; none when there is one. */
async function transactionsAfter(
    { disk, paths }: StoreContext,
    checkpoint: OpenedCheckpoint,
): Promise<readonly Transaction[]> {
    const port = await disk.openFile(paths.tlog, "read-only");
    try {
        const { base, found } = await readTlog(port);
        const marks = [base.mark, ...found.transactions.map(({ mark }) => mark)];
        const start = marks.findIndex((mark) => isSameMark(mark, checkpoint.header.mark));
        return start === -1 ? [] : found.transactions.slice(start);
    } finally {
        await port.close();
    }
}
