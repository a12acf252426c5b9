// The accuracy tables of one workspace, as Markdown.

import { percent, renderTable, type Cell } from "../report/markdown-table.ts";
import type { CallerComparison } from "./callers.ts";
import {
    noAgreements,
    precisionOf,
    recallOf,
    type AgreementCounts,
} from "./compare-occurrences.ts";
import { renderCalls, type CallFigures } from "./render-calls.ts";
import { renderRenames, type RenameFigures } from "./render-renames.ts";
import type { ScipComparison } from "./scip-comparison.ts";

/** Everything that was found out about one workspace. */
export interface AccuracyReport extends RenameFigures {
    readonly name: string;
    readonly about: string;
    readonly files: number;
    readonly lines: number;
    readonly product: string;
    readonly workspace: string;
    readonly command: string;
    /** Or why they are not compared. */
    readonly calls: CallFigures | string;
    readonly callers: readonly CallerComparison[] | undefined;
    readonly tokens: ScipComparison | undefined;
    /** Whose index tokens and callers are compared with, or why they are not. */
    readonly index: string;
    /** Minutes that it all took. */
    readonly minutes: number;
}

/** Renders a workspace's section. */
export function renderReport(report: AccuracyReport): string {
    const thousand = Math.round(report.lines / 1000);
    return [
        `## Workspace \`${report.name}\``,
        `${report.about}: ${report.files} files, ${thousand},000 lines (texts ${report.workspace}). ` +
            `Product ${report.product}. Made by \`${report.command}\` in ${report.minutes} minutes.`,
        "### Renames",
        renderRenames(report),
        "### Calls",
        typeof report.calls === "string" ? report.calls : renderCalls(report.calls),
        "### Direct callers",
        report.callers === undefined ? `Not compared: ${report.index}.` : renderCallers(report),
        "### Every token",
        report.tokens === undefined
            ? `Not compared: ${report.index}.`
            : renderTokens(report.tokens, report.index),
    ].join("\n\n");
}

function renderCallers(report: AccuracyReport): string {
    const callers = report.callers ?? [];
    const rows = callers.map((one): Cell[] => [
        `\`${one.display}\``,
        one.ours,
        one.theirs,
        one.both,
        percent(one.both, one.ours),
        percent(one.both, one.theirs),
    ]);
    const sum = (pick: (one: CallerComparison) => number): number =>
        callers.reduce((total, one) => total + pick(one), 0);
    const both = sum((one) => one.both);
    const ours = sum((one) => one.ours);
    const theirs = sum((one) => one.theirs);
    rows.push(["all", ours, theirs, both, percent(both, ours), percent(both, theirs)]);
    return [
        `The functions with the most calls, at most two of a crate: \`impact\` at distance 1 over Call ` +
            `edges, beside the calls in the SCIP index of ${report.index}.`,
        renderTable(["function", "ours", "theirs", "both", "precision", "recall"], rows),
        renderDifferences(callers),
    ].join("\n\n");
}

function renderDifferences(callers: readonly CallerComparison[]): string {
    const groups = new Map<string, { times: number; example: string }>();
    for (const { side, reason, path, line } of callers.flatMap((one) => one.differences)) {
        const key = `${side}\u0000${reason}`;
        const group = groups.get(key) ?? { times: 0, example: `${path}:${line}` };
        group.times += 1;
        groups.set(key, group);
    }
    const rows = [...groups]
        .sort((a, b) => b[1].times - a[1].times)
        .map(([key, { times, example }]): Cell[] => [...key.split("\u0000"), times, example]);
    return rows.length === 0
        ? "No differences."
        : renderTable(["differences", "class", "times", "for example"], rows);
}

function renderTokens(tokens: ScipComparison, peer: string): string {
    const all = noAgreements();
    for (const counts of tokens.byRole.values()) {
        for (const key of Object.keys(all) as (keyof AgreementCounts)[]) {
            all[key] += counts[key];
        }
    }
    const line = (role: string, counts: AgreementCounts): Cell[] => {
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        const precision = precisionOf(counts);
        const recall = recallOf(counts);
        return [
            role,
            total,
            counts.same + counts["same-external"],
            counts.undecided + counts["not-seen"],
            counts["other-place"] + counts["ours-external"] + counts["theirs-external"],
            precision === undefined ? "–" : precision.toFixed(4),
            recall === undefined ? "–" : recall.toFixed(4),
        ];
    };
    const size = (counts: AgreementCounts): number =>
        Object.values(counts).reduce((sum, count) => sum + count, 0);
    const rows = [...tokens.byRole]
        .sort((a, b) => size(b[1]) - size(a[1]))
        .map(([role, counts]) => line(role, counts));
    const only = [...tokens.onlyOurs.values()].reduce((sum, count) => sum + count, 0);
    return [
        `Every identifier of the SCIP index of ${peer}, keywords left out: does our resolver say the ` +
            `same definition? Precision is of what we decide, recall of all. ${only} more tokens that we ` +
            `decide are not in the index: code that is not active there, attributes, lifetimes, labels, ` +
            `format captures, doc links.`,
        renderTable(
            ["role", "tokens", "same", "not decided", "different", "precision", "recall"],
            [...rows, line("all", all)],
        ),
    ].join("\n\n");
}
