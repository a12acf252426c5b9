// What requests are answered from: one state of the workspace, immutable, as one client sees it.

import { OperatingError, type AbsPath, type LineIndex, type RepoPath } from "../base/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { MadeSources, WhoWaits } from "./generated-sources.ts";
import type { RippleSource } from "./ripple.ts";

/** What a view knows of one captured file. */
export interface ViewFile {
    /** SHA-256 of the bytes that were captured, hex. */
    readonly contentHash: string;
    readonly lineCount: number;
    /** The text is a client's unsaved one. */
    readonly unsaved: boolean;
}

/** A file that is not captured, as it was when the view first read it. */
export interface PlainFile {
    /** SHA-256 of the bytes, hex. */
    readonly contentHash: string;
    readonly lines: LineIndex;
}

/** One state of the workspace. Everything in it speaks of the same texts. */
export interface View {
    readonly root: AbsPath;
    readonly model: WorkspaceModel;
    readonly resolution: Resolution;
    /** Files whose text is unsaved in this view. */
    readonly unsaved: readonly string[];
    /** The file as captured; undefined for one that is not part of the workspace. */
    file(path: string): ViewFile | undefined;
    /** All captured files, sorted. */
    paths(): readonly string[];
    /** Text that was captured; throws StaleFiles when the disk holds another one by now. */
    text(path: string): string;
    /** Lines of that text. */
    lines(path: string): LineIndex;
    /** A file of the workspace that is not captured, such as a manifest; undefined for one that is no text. */
    plain(path: string): PlainFile | undefined;
    /** Syntax of all files of this state. */
    loadCaptures(): Promise<ReadonlyMap<string, FileCapture>>;
    /** What is made when building, for this state; made where cargo may be run. */
    made?(who?: WhoWaits): Promise<MadeSources>;
    /** Reachability in the graph of this very state. */
    ripple(): Promise<RippleSource>;
}

/** Signals that files have changed on disk since they were captured: capture them and ask again. */
export class StaleFiles extends Error {
    override readonly name = "StaleFiles";
    readonly paths: readonly RepoPath[];

    constructor(paths: readonly RepoPath[]) {
        super(`changed on disk since capture: ${paths.join(", ")}`);
        this.paths = paths;
    }
}

/** What is told when files do not rest. */
export function filesChanging(stale: StaleFiles): OperatingError {
    return new OperatingError(
        "ENGINE_FILES_CHANGING",
        `files change faster than they can be read: ${stale.paths.join(", ")}`,
        { cause: stale, advice: "wait until they rest, and ask again" },
    );
}
