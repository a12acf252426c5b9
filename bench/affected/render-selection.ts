// What faults showed of the selection of affected tests, as a section of docs/accuracy.md.

import { percent, renderTable } from "../report/markdown-table.ts";
import type { SelectionResult } from "./measure-selection.ts";

/** Renders the section. */
export function renderSelection(results: readonly SelectionResult[], command: string): string {
    const rows = results.map(({ workspace, tests, results: tried, discarded }) => {
        const sum = (of: (one: (typeof tried)[number]) => number): number =>
            tried.reduce((total, one) => total + of(one), 0);
        const failed = sum((one) => one.failed.length);
        const missed = sum((one) => one.missed.length);
        const selected = sum((one) => one.selected);
        const near = sum((one) => one.ofDependents);
        const times = tried.map((one) => one.milliseconds).sort((a, b) => a - b);
        return [
            workspace.name,
            tests,
            tried.length,
            tried.filter((one) => one.failed.length > 0).length,
            discarded,
            failed,
            missed,
            percent(failed - missed, failed),
            percent(selected, tests * tried.length),
            percent(near, tests * tried.length),
            percent(selected, near),
            times[Math.floor(times.length / 2)] ?? 0,
        ];
    });
    const header = [
        "Workspace",
        "Tests",
        "Faults",
        "Noticed by a test",
        "Did not compile",
        "Failing tests",
        "Missed",
        "Recall",
        "Selected",
        "All tests of dependent crates",
        "Selected of those",
        "ms (median)",
    ];
    const missed = results.flatMap(({ workspace, results: tried }) =>
        tried.flatMap(({ mutation, missed: tests }) =>
            tests.map((test) => [
                workspace.name,
                `\`${mutation.path}\`: ${mutation.what}`,
                `${test.package} \`${test.test}\``,
            ]),
        ),
    );
    return [
        `\`${command}\``,
        "",
        renderTable(header, rows),
        ...results.flatMap(({ workspace, without, withDoctests }) => [
            ...(withDoctests ? [] : ["", `${workspace.name}: without documentation tests.`]),
            ...(without.length === 0
                ? []
                : ["", `${workspace.name}: tests of ${without.join(", ")} do not compile there.`]),
        ]),
        ...(missed.length === 0
            ? []
            : ["", "Missed:", "", renderTable(["Workspace", "Fault", "Test"], missed)]),
    ].join("\n");
}
