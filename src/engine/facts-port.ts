// The frontends that run tools, as the engine uses them; loaded when they are first needed.

import type {
    CaptureWorkspace,
    DefinitionAsker,
    DefinitionAskerOptions,
    FactStore,
    MultiCaptureOptions,
    MultiCaptureResult,
    ScipCapture,
    ScipOptions,
} from "../capture/index.ts";

/** Captures rustc's facts, and reads what was captured. */
export interface FactsPort {
    /** Captures libraries and binaries, and with them tests, examples and benches. */
    capture(
        workspace: CaptureWorkspace,
        options: Omit<MultiCaptureOptions, "configurations">,
    ): Promise<MultiCaptureResult>;
    openStore(folder: string): Promise<FactStore>;
}

/** Captures rust-analyzer's facts. */
export interface AnalyzerPort {
    /** Lets rust-analyzer index a workspace. Throws TOOL_MISSING, TOOL_FAILED, TOOL_TIMEOUT. */
    capture(workspace: CaptureWorkspace, options: ScipOptions): Promise<ScipCapture>;
    /** Starts one that is asked about single tokens. Throws TOOL_MISSING. */
    startAsker(
        root: string,
        options: DefinitionAskerOptions,
    ): Promise<Pick<DefinitionAsker, keyof DefinitionAsker>>;
}

/** The frontend of this machine's rust-analyzer. */
export function realAnalyzerPort(): AnalyzerPort {
    return {
        capture: async (workspace, options) => {
            const capture = await import("../capture/index.ts");
            return capture.captureScip(workspace, options);
        },
        startAsker: async (root, options) => {
            const capture = await import("../capture/index.ts");
            return capture.DefinitionAsker.start(root, options);
        },
    };
}

/** The frontend of this machine's cargo and rustc. */
export function realFactsPort(): FactsPort {
    return {
        capture: async (workspace, options) => {
            const capture = await import("../capture/index.ts");
            const configurations = [capture.DEFAULT_CONFIGURATION, capture.TESTS_CONFIGURATION];
            return capture.multiCapture(workspace, { ...options, configurations });
        },
        openStore: async (folder) => {
            const capture = await import("../capture/index.ts");
            return capture.openFactStore(folder);
        },
    };
}
