// The ripple and the plan of a rename as markdown, for editors.

import type {
    ImpactResult,
    ReachedDto,
    RenameImpactResult,
    SeparateCheckDto,
    ValidateRenameResult,
} from "../protocol/index.ts";

const LINES_MAX = 500;

/** Shows a ripple: by crate, then by distance. */
export function impactMarkdown(impact: ImpactResult): string {
    const { symbol, reached, tests, undecided } = impact;
    const lines = [
        `# \`${symbol.name}\` reaches ${count(reached.length, "symbol")} in ` +
            `${count(impact.crates.length, "crate")}, ${count(tests, "test")}`,
        "",
        `\`${symbol.path}\` (${symbol.kind})${placeOf(symbol.at)}`,
    ];
    if (undecided > 0) {
        const verb = undecided === 1 ? "is" : "are";
        lines.push(
            "",
            `${count(undecided, "token")} could name it and ${verb} not decided: ` +
                "what they belong to may be missing here.",
        );
    }
    for (const crate of impact.crates) {
        lines.push("", `## ${crate.name} (${crate.symbols})`, "");
        const own = reached.filter((each) => each.symbol.crate === crate.name);
        lines.push(...own.map(reachedLine));
    }
    return bounded(lines);
}

/** Shows the plan of a rename with its ripple. */
export function renameMarkdown({ plan, impact, diff }: RenameImpactResult): string {
    const { symbol, newName, edits, moves } = plan;
    const lines = [
        `# Rename \`${symbol.name}\` to \`${newName}\`: ${count(edits.length, "edit")} in ` +
            `${count(plan.files, "file")}${plan.applicable ? "" : ", not applicable"}`,
    ];
    for (const conflict of plan.conflicts) {
        lines.push("", `- **${conflict.grade}**: ${conflict.message}${placeOf(conflict.at[0])}`);
    }
    if (plan.unproved.length > 0) {
        lines.push("", `## Unproved at ${count(plan.unproved.length, "place")}`, "");
        for (const each of plan.unproved) {
            lines.push(`-${placeOf(each.at)}: ${each.reason}, in \`${each.lineText}\``);
        }
    }
    if (plan.branches.length > 0) {
        const branches = plan.branches.map((one) => `\`cfg(${one})\``).join(", ");
        lines.push("", `Resolved in all branches; edits under ${branches}`);
    }
    if (plan.leftAlone.length > 0) {
        const files = new Set(plan.leftAlone.map((each) => each.at.path)).size;
        const where = `${count(files, "file")} that no target reaches`;
        lines.push("", `Left alone: ${count(plan.leftAlone.length, "token")} in ${where}`);
    }
    for (const move of moves) {
        lines.push("", `Moves \`${move.from}\` to \`${move.to}\``);
    }
    lines.push("", "```diff", ...diff.trimEnd().split("\n"), "```");
    const shown = bounded(lines);
    return impact === undefined ? shown : `${shown}\n\n${impactMarkdown(impact)}`;
}

/** Shows a rename that was validated, with what was found. */
export function validationMarkdown(validation: ValidateRenameResult): string {
    const { symbol, newName, edits, moves, written, evidence, diff } = validation;
    const { configurations, rounds, bindings, mir, link, docLinks, doctests, notes } = evidence;
    const separate = (name: string, { verdict, reason }: SeparateCheckDto): string =>
        `- ${name}: ${verdict}${reason === undefined ? "" : ` (${reason})`}`;
    return bounded([
        `# ${written ? "Renamed" : "Validated:"} \`${symbol.name}\` to \`${newName}\`: ` +
            `${count(edits.length, "edit")}, ${count(rounds.length, "round")}`,
        "",
        ...configurations.map(({ name, judged, reason = "" }) =>
            judged ? `- ${name} compiles` : `- ${name} is left out: ${reason}`,
        ),
        `- bindings: ${bindings.verdict}${bindings.reason === undefined ? "" : ` (${bindings.reason})`}, ` +
            `${bindings.compared} compared; MIR of ${mir.bodies} bodies: ${mir.verdict}`,
        separate("documentation links", docLinks),
        separate("documentation tests", doctests),
        separate("linking", link),
        ...notes.map((note) => `- ${note}`),
        ...moves.map((move) => `- moves \`${move.from}\` to \`${move.to}\``),
        "",
        "```diff",
        ...diff.trimEnd().split("\n"),
        "```",
    ]);
}

function reachedLine(each: ReachedDto): string {
    const test = each.isTest ? " (test)" : "";
    return `- ${each.distance}: \`${each.symbol.path}\`${test}${placeOf(each.symbol.at)}`;
}

function placeOf(at: { path: string; line: number; column: number } | undefined): string {
    return at === undefined ? "" : ` ${at.path}:${at.line + 1}:${at.column + 1}`;
}

function count(number: number, noun: string): string {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function bounded(lines: readonly string[]): string {
    const left = lines.length - LINES_MAX;
    return left <= 0
        ? lines.join("\n")
        : [...lines.slice(0, LINES_MAX), "", `… and ${count(left, "line")} more`].join("\n");
}
