// What a capture did, as an answer.

import type { Problem } from "../base/index.ts";
import type { CaptureResult } from "../protocol/index.ts";
import type { RunReport } from "./committed-state.ts";
import { describeProblem } from "./describe.ts";
import type { GraphFacts } from "./ports.ts";
import { countLines, sumOf } from "./report-status.ts";
import type { View } from "./view.ts";

/** What there is to report. */
export interface CaptureReportParts {
    readonly view: View;
    readonly report: RunReport;
    /** The graph after its commit. */
    readonly facts: GraphFacts;
    /** Deltas that the commit took. */
    readonly deltas: number;
    readonly problems: readonly Problem[];
}

/** Reports a capture. */
export function reportCapture(parts: CaptureReportParts): CaptureResult {
    const { view, report, facts, deltas, problems } = parts;
    return {
        files: view.paths().length,
        parsed: report.parsed,
        lines: countLines(view),
        symbols: facts.nodes,
        edges: sumOf(facts.edges),
        deltas,
        root: facts.graphRoot,
        milliseconds: Math.round(report.milliseconds + (report.graph?.milliseconds ?? 0)),
        problems: problems.map(describeProblem),
    };
}
