// The request that captures, and what it answers. Documented in docs/protocol/requests.md, which is pinned to this file.

import type { AnalyzerStatus } from "./analyzer-status.ts";
import type { FactsStatus } from "./facts-status.ts";

/** Captures anew what changed, or everything. */
export interface CaptureParams {
    /** Forget what is cached and parse every file. */
    readonly full?: boolean;
    /** Also run cargo and rustc, if the workspace is trusted, and wait for what they say. */
    readonly rustc?: boolean;
    /** With `rustc`: also keep calls that no token names, and control flow. */
    readonly mir?: boolean;
    /** Also run rust-analyzer, if the workspace is trusted, and wait for what it says. */
    readonly rustAnalyzer?: boolean;
}

/** What a capture did. */
export interface CaptureResult {
    readonly files: number;
    readonly parsed: number;
    readonly lines: number;
    readonly symbols: number;
    readonly edges: number;
    readonly deltas: number;
    readonly root: string;
    readonly milliseconds: number;
    readonly problems: readonly ProblemDto[];
    /** Present when rustc was asked. */
    readonly facts?: FactsStatus;
    /** Present when rust-analyzer was asked. */
    readonly analyzer?: AnalyzerStatus;
}

/** Something wrong with an input that did not stop the work. */
export interface ProblemDto {
    readonly code: string;
    readonly message: string;
    readonly path: string | undefined;
    readonly line: number | undefined;
}
