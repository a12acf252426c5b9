// Calls in the sources beside the compiler's word on them, as Markdown.

import { renderTable, type Cell } from "../report/markdown-table.ts";
import { allCalls, sharesOf, type CallComparison, type CallCounts } from "./calls.ts";

/** Calls as resolved without rustc's facts, and with them. */
export interface CallFigures {
    readonly without: CallComparison;
    readonly with: CallComparison;
}

const DIGITS = 4;

/** Renders both comparisons. */
export function renderCalls(figures: CallFigures): string {
    const line = (label: string, kind: string, counts: CallCounts): Cell[] => {
        const { precision, recall } = sharesOf(counts);
        return [
            label,
            kind,
            counts.calls,
            counts.same,
            counts.undecided,
            counts.notSeen,
            counts.different,
            precision.toFixed(DIGITS),
            recall.toFixed(DIGITS),
        ];
    };
    const rows = (["without", "with"] as const).flatMap((key) => [
        ...[...figures[key].byKind].map(([kind, counts]) => line(`${key} facts`, kind, counts)),
        line(`${key} facts`, "all", allCalls(figures[key])),
    ]);
    const examples = figures.without.different.map(
        ({ path, line: at, name, ours, theirs }): Cell[] => [`${path}:${at}`, name, ours, theirs],
    );
    return [
        "Every call of a function or method whose name is written in the sources and was compiled, " +
            "beside what rustc binds it to; drop glue, derives and what macros' bodies call are not " +
            "among them. A trait's item and its implementations count as one.",
        renderTable(
            [
                "facts",
                "kind",
                "calls",
                "same",
                "undecided",
                "not seen",
                "different",
                "precision",
            ].concat("recall"),
            rows,
        ),
        examples.length === 0
            ? ""
            : `Without facts different, for example:\n\n${renderTable(["where", "name", "ours", "rustc"], examples)}`,
    ]
        .filter((part) => part !== "")
        .join("\n\n");
}
