// Opens the engine of a workspace with everything real beneath it.

import { absPath, OperatingError } from "../base/index.ts";
import { findRealPath, optimizeBriefly, optimizeLater, type Logger } from "../platform/index.ts";
import type { Engine } from "./engine.ts";
import { realPorts } from "./real-ports.ts";
import { WorkspaceEngine } from "./workspace-engine.ts";

/** How to open an engine. */
export interface OpenEngineOptions {
    /** Root folder of the workspace. */
    readonly root: string;
    /** Folder of the store; by default `.ferrograph` in the root, or the user's cache if that is read-only. */
    readonly storeFolder?: string | undefined;
    /** Whether Cargo may be run in the workspace. */
    readonly trusted: boolean;
    /** Follow changes on disk. */
    readonly watch: boolean;
    /** Capture rustc's facts in the background of a trusted workspace; by default only when asked. */
    readonly backgroundFacts?: boolean;
    /** With `backgroundFacts`: rust-analyzer's too; by default true. */
    readonly rustAnalyzer?: boolean;
    /** Above this much resident memory, what can be had again is let go; by default there is no limit. */
    readonly memoryLimitBytes?: number;
    /** Told once, in the first quiet moment after an answer, when everything is optimized as always. */
    readonly onAnswered?: () => void;
    readonly logger: Logger;
}

/** Opens an engine; its `ready` says when the first view can be had. */
export function openEngine(options: OpenEngineOptions): Engine {
    const real = findRealPath(options.root);
    if (real === undefined) {
        throw new OperatingError("WORKSPACE_NOT_FOUND", `there is no folder ${options.root}`, {
            advice: "name an existing folder with --workspace DIR",
        });
    }
    optimizeLater();
    const onSettled = optimizeBriefly();
    const { storeFolder, backgroundFacts = false, rustAnalyzer = true, ...same } = options;
    const engine = new WorkspaceEngine(
        { ...same, root: absPath(real), storeFolder, backgroundFacts, rustAnalyzer, onSettled },
        realPorts(),
    );
    engine.ready.catch(onSettled);
    return engine;
}
