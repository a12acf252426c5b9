// What opening puts together for a store. Types only.

import type { HistoryFile } from "./durable/history-file.ts";
import type { RecoveryReport } from "./durable/recover-store.ts";
import type { StoreContext } from "./durable/store-context.ts";
import type { StoreLog } from "./durable/store-log.ts";
import type { GraphSnapshot } from "./graph-snapshot.ts";
import type { OpenedImage } from "./image/read-image.ts";
import type { ReplayedLog } from "./replay-log.ts";

/** The parts that opening put together. */
export interface GraphStoreParts {
    readonly path: string;
    readonly context: StoreContext;
    readonly replayed: ReplayedLog;
    /** The tables on disk that these are read from; undefined where the history was replayed. */
    readonly image: OpenedImage | undefined;
    readonly snapshot: GraphSnapshot;
    /** Undefined in a store that cannot be written. */
    readonly log: StoreLog | undefined;
    /** Opens the history a second time, to read. */
    readonly openToRead: () => Promise<HistoryFile>;
    readonly readOnlyReason: string;
    readonly report: RecoveryReport;
    readonly clock: () => number;
    readonly release: () => void;
}
