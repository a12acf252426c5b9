// The rustc frontend as the engine uses it; loaded when it is first needed.

import type {
    CaptureWorkspace,
    FactStore,
    MultiCaptureOptions,
    MultiCaptureResult,
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
