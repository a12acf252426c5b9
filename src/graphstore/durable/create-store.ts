// Makes the files of an empty store. Format: docs/formats/README.md.
// Invariants: the history gets its header last, so that a store whose history has one has a good `.tlog`
// too; all names are durable before anything is committed.

import { STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import { beginEpoch, encodeLogHeader, LOG_HEADER_BYTES, type LogHeader } from "../../wal/index.ts";
import { GRAPH_LOG_KIND, markOf, startLogHash } from "../replay-log.ts";
import { epochHeader, NO_CHECKPOINT } from "./epoch-base.ts";
import type { LogMark } from "./log-mark.ts";
import type { StoreContext } from "./store-context.ts";

/** Makes an empty `.tlog` and an empty history, in place of what an interrupted making left. */
export async function createStoreFiles(context: StoreContext): Promise<void> {
    const { disk, paths, randomBytes } = context;
    const header: LogHeader = {
        contentKind: GRAPH_LOG_KIND,
        schemaVersion: STATE_SCHEMA_VERSION,
        storeUuid: randomBytes(16),
        firstSequence: 0,
    };
    const bytes = encodeLogHeader(header);
    const mark = markOf(undefined, LOG_HEADER_BYTES, startLogHash(bytes));
    await disk.remove(paths.graphLog);
    await createTlog(context, header.storeUuid, mark);
    const history = await disk.openFile(paths.graphLog, "create");
    try {
        await history.writeAt(0, bytes);
        await history.datasync();
    } finally {
        await history.close();
    }
    await disk.syncFolder(paths.folder);
}

/** Makes a `.tlog` whose first epoch builds upon a durable place of the history. */
export async function createTlog(
    { disk, paths, capacity, randomBytes }: StoreContext,
    storeUuid: Uint8Array,
    mark: LogMark,
    epoch = 1,
): Promise<void> {
    await disk.remove(paths.tlog);
    const file = await disk.openFile(paths.tlog, "create");
    try {
        const base = { mark, checkpointId: NO_CHECKPOINT };
        const more = { capacity: capacity.initial, epoch, firstSequence: 0, storeUuid };
        await beginEpoch(file, epochHeader(base, { ...more, salt: randomBytes(16) }));
    } finally {
        await file.close();
    }
    await disk.syncFolder(paths.folder);
}
