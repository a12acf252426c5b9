// What an engine is opened with.

import type { AbsPath } from "../base/index.ts";
import type { Logger } from "../platform/index.ts";

/** How an engine is opened. */
export interface EngineOptions {
    /** Real path of the workspace's root. */
    readonly root: AbsPath;
    /** Folder of the store; by default `.ferrograph` in the root. */
    readonly storeFolder: string | undefined;
    /** Whether Cargo may be run. */
    readonly trusted: boolean;
    /** Follow changes on disk. */
    readonly watch: boolean;
    readonly logger: Logger;
    /** Capture rustc's facts in the background of a trusted workspace; by default only when asked. */
    readonly backgroundFacts?: boolean;
    /** With `backgroundFacts`: rust-analyzer's too; by default true. */
    readonly rustAnalyzer?: boolean;
    /** Captures are kept in memory up to this many bytes, as packed. */
    readonly heldBytesMax?: number;
    /** Told once, when what opening is followed by has had its quiet moment. */
    readonly onSettled?: () => void;
    /** Told once, after that, in the first quiet moment after an answer. */
    readonly onAnswered?: () => void;
    /** Above this much resident memory, what can be had again is let go; by default there is no limit. */
    readonly memoryLimitBytes?: number;
}
