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

/** The frontend of this machine's cargo and rustc; it stands aside where it is not part of the build. */
export function realFactsPort(): FactsPort {
    return {
        capture: () =>
            Promise.resolve({
                frontend: {
                    kind: "aside",
                    code: "RUSTC_NOT_RUN",
                    message: "the rustc frontend is not part of this build",
                    advice: "update ferrograph",
                },
                configurations: [],
                units: [],
            }),
        openStore: () =>
            Promise.resolve({
                units: [],
                size: { unitCount: 0, staleCount: 0, bytes: 0 },
                read: () => Promise.resolve(undefined),
                readFlow: () => Promise.resolve(undefined),
            }),
    };
}
