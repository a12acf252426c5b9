// What became of the renames of one workspace, ours beside the peer's, as Markdown.

import { percent, renderTable, type Cell } from "../report/markdown-table.ts";
import { OUTCOMES, type Outcome, type SideResult, type TrialResult } from "./rename-trial.ts";
import { STRATA } from "./strata.ts";
import { MODES, type Mode } from "./trial-order.ts";

/** The renames of one workspace and how they were judged. */
export interface RenameFigures {
    readonly seeds: readonly number[];
    readonly renames: readonly TrialResult[];
    /** Configurations that `cargo check` compiled. */
    readonly configurations: readonly string[];
    /** What the compiler's bindings were compared over, or why they were not. */
    readonly bindings: string;
    /** Version of the peer, or why it is not there. */
    readonly peer: string;
    /** Why no more renames were tried. */
    readonly stopped: string;
}

const EXAMPLES_OF_PEER = 8;
const COMPLAINT_LINES_MAX = 12;

/** Renders tables, reasons, and every rename of ours that went wrong. */
export function renderRenames(figures: RenameFigures): string {
    const { renames } = figures;
    const seeds = figures.seeds.join(", ");
    return [
        `${renames.length} renames (${figures.stopped}; seeds ${seeds}, the last from the commit), equal ` +
            `shares of kinds and of fresh and clashing names, each made alone in a copy. Judges: ` +
            `\`cargo check\` (${figures.configurations.join("; ")}), where a new warning that can ` +
            `betray a changed meaning counts as broken; the compiler's bindings before and after: ` +
            `${figures.bindings}. Beside: ${figures.peer}. ${timesOf(renames)}`,
        ...MODES.map((mode) => renderMode(renames, mode)),
        renderValidated(renames),
        renderReasons(renames),
        renderFaults(renames),
        renderPeerFaults(renames),
    ]
        .filter((part) => part !== "")
        .join("\n\n");
}

function timesOf(renames: readonly TrialResult[]): string {
    const mean = (pick: (one: TrialResult) => number): string =>
        renames.length === 0
            ? "–"
            : (renames.reduce((sum, one) => sum + pick(one), 0) / renames.length).toFixed(1);
    return (
        `Seconds for each rename, all its edits together: ${mean((one) => one.checkSeconds)} of ` +
        `\`cargo check\`, ${mean((one) => one.bindingsSeconds)} of comparing bindings.`
    );
}

type Side = "ours" | "peer";

function renderMode(renames: readonly TrialResult[], mode: Mode): string {
    const ofMode = renames.filter((one) => one.mode === mode);
    if (ofMode.length === 0) {
        return "";
    }
    const hasPeer = ofMode.some(({ peer }) => peer !== undefined);
    const sides: Side[] = hasPeer ? ["ours", "peer"] : ["ours"];
    const line = (label: string, rows: readonly TrialResult[], side: Side): Cell[] => [
        label,
        side === "ours" ? "ferrograph" : "rust-analyzer",
        rows.length,
        ...OUTCOMES.map((outcome) => rows.filter((one) => one[side]?.outcome === outcome).length),
    ];
    const groups = [
        ...STRATA.map((stratum) => ({
            label: stratum,
            rows: ofMode.filter((one) => one.stratum === stratum),
        })),
        { label: "all", rows: ofMode },
    ];
    return [
        `#### To ${mode} names`,
        renderTable(
            ["kind", "tool", "asked", ...OUTCOMES],
            groups.flatMap(({ label, rows }) => sides.map((side) => line(label, rows, side))),
        ),
        sides.map((side) => summaryOf(ofMode, side)).join(" "),
    ].join("\n\n");
}

function summaryOf(renames: readonly TrialResult[], side: Side): string {
    const count = (...outcomes: readonly Outcome[]): number =>
        renames.filter((one) => outcomes.includes(one[side]?.outcome ?? "failed")).length;
    const wrong = count("refused wrongly");
    const judged = renames.length - count("not judged");
    return (
        `${side === "ours" ? "Ferrograph" : "rust-analyzer"}: answered ` +
        `${count("clean", "needs a yes", "broken", "meaning changed", "edits outside")} of ` +
        `${judged}${judged === renames.length ? "" : ` that were judged (of ${renames.length})`}; broken ${count("broken")}, meaning changed ${count("meaning changed")}, ` +
        `outside ${count("edits outside")}; wrongly refused ${wrong} ` +
        `(${percent(wrong, judged)}).`
    );
}

/** What the compiler's comparison made of those that are not answered at once. */
function renderValidated(renames: readonly TrialResult[]): string {
    const asked = renames.filter((one) => one.validated !== undefined);
    if (asked.length === 0) {
        return "";
    }
    const rows = MODES.map((mode): Cell[] => {
        const ofMode = asked.filter((one) => one.mode === mode);
        const of = (outcome: Outcome): number =>
            ofMode.filter((one) => one.validated?.outcome === outcome).length;
        return [mode, ofMode.length, ...OUTCOMES.map(of)];
    });
    const final = renames.map(({ ours, validated }) => validated ?? ours);
    const judged = final.filter(({ outcome }) => outcome !== "not judged").length;
    const wrong = final.filter(({ outcome }) => outcome === "refused wrongly").length;
    return [
        "#### Validated, where it is not answered at once",
        renderTable(["names", "asked", ...OUTCOMES], rows),
        `Answered at once or validated: wrongly refused ${wrong} of ${judged} (${percent(wrong, judged)}).`,
    ].join("\n\n");
}

function renderReasons(renames: readonly TrialResult[]): string {
    const counts = new Map<string, number>();
    for (const { mode, ours, validated } of renames) {
        const reason = [ours.reason, ...(validated ? [validated.reason] : [])]
            .filter((one) => one !== "")
            .join("; validated: ");
        if (reason !== "") {
            const key = [mode, (validated ?? ours).outcome, reason].join("\u0000");
            counts.set(key, (counts.get(key) ?? 0) + 1);
        }
    }
    const rows = [...counts]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .map(([key, times]): Cell[] => [...key.split("\u0000"), times]);
    return rows.length === 0
        ? ""
        : `#### Why not at once\n\n${renderTable(["names", "outcome", "why", "times"], rows)}`;
}

const FAULTS: readonly Outcome[] = ["broken", "meaning changed", "edits outside", "failed"];

function isFault(side: SideResult | undefined): boolean {
    return side !== undefined && FAULTS.includes(side.outcome);
}

function renderFaults(renames: readonly TrialResult[]): string {
    const list = renames.flatMap((one) =>
        [one.ours, one.validated].flatMap((side) =>
            side !== undefined && isFault(side)
                ? [
                      `- ${side === one.validated ? "validated, " : ""}${side.outcome}: ${describe(one)}\n\n` +
                          firstLines(side.complaint === "" ? side.reason : side.complaint),
                  ]
                : [],
        ),
    );
    return list.length === 0 ? "" : ["#### What went wrong", ...list].join("\n\n");
}

function renderPeerFaults(renames: readonly TrialResult[]): string {
    const faults = renames.filter(({ peer }) => isFault(peer));
    const shown = faults.slice(0, EXAMPLES_OF_PEER).map((one) => {
        const [first = ""] = (one.peer?.complaint ?? "").trim().split("\n");
        return `- ${one.peer?.outcome ?? ""}: ${describe(one)}: ${first}`;
    });
    return faults.length === 0
        ? ""
        : `rust-analyzer's first ${shown.length} of ${faults.length}:\n\n${shown.join("\n")}`;
}

function describe(one: TrialResult): string {
    const clash = one.clash === "" ? "" : ` (${one.clash})`;
    return `${one.kind} \`${one.display}\` to \`${one.newName}\`${clash}, ${one.path}:${one.line}`;
}

function firstLines(complaint: string): string {
    return complaint
        .trim()
        .split("\n")
        .slice(0, COMPLAINT_LINES_MAX)
        .map((line) => `      ${line}`)
        .join("\n");
}
