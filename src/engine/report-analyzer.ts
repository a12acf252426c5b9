// What rust-analyzer said of the workspace, as status tells it.

import type { AnalyzerStatus } from "../protocol/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { AnalyzerState } from "./analyzer-facts.ts";
import { firstDisputed } from "./report-facts.ts";

const NO_CALLS = { seen: 0, known: 0 } as const;

/** Reports rust-analyzer's facts and what they did to a resolution. */
export function reportAnalyzer(
    state: AnalyzerState,
    resolution: Resolution | undefined,
): AnalyzerStatus {
    const { phase, reason, advice, capturedAt, bytes, kept } = state;
    const counts = resolution?.evidenceCounts().analyzer;
    return {
        phase,
        reason,
        advice,
        version: kept?.version ?? "",
        capturedAt,
        milliseconds: Math.round(kept?.milliseconds ?? 0),
        bytes,
        documents: kept?.report.documents ?? 0,
        occurrences: kept?.report.occurrences ?? 0,
        taken: kept?.report.taken ?? 0,
        leftOut: { ...kept?.report.leftOut },
        methodCalls: kept?.report.methodCalls ?? NO_CALLS,
        exact: { ...counts?.exact },
        disagreements: {
            count: counts?.disputed ?? 0,
            outvoted: counts?.outvoted ?? 0,
            first: firstDisputed(resolution, "rust-analyzer"),
        },
    };
}
