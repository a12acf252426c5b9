// What making, opening and recovering a store need from outside.

import type { Disk } from "../../platform/index.ts";
import type { TlogCapacity } from "./epoch-base.ts";
import type { StorePaths } from "./store-paths.ts";

/** The surroundings of a store. */
export interface StoreContext {
    readonly disk: Disk;
    readonly paths: StorePaths;
    readonly capacity: TlogCapacity;
    /** Bytes of a history from which on the tables are kept on disk. */
    readonly tablesMinBytes: number;
    readonly randomBytes: (count: number) => Uint8Array;
    /** Gives others a turn whenever this has run for a while. */
    readonly pause: () => Promise<void>;
    /** Awaited with the size of the history before it is read. */
    readonly beforeReplay: (logBytes: number) => Promise<void>;
}
