// A rename as a person reads it: the diff, the proof, what is in the way, what was written. Pure.

import type {
    ApplyRenameResult,
    AskedAnalyzerDto,
    ConflictDto,
    RenameImpactResult,
    RenamePlanDto,
    UnprovedDto,
} from "../protocol/index.ts";
import { count } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { renderSummary, renderSymbol } from "./render-impact.ts";
import { showExcerpt, showPlace, type SourceLines } from "./source-lines.ts";

const PLACES_MAX = 20;
const TESTS_MAX = 12;
const LEFT_ALONE_MAX = 3;
const BRANCHES_MAX = 4;

/** A rename that is not made yet. */
export function renderRenamePreview(
    result: RenameImpactResult,
    source: SourceLines,
    paint: Paint,
): string[] {
    const { plan, impact } = result;
    const lines = [
        ...renderSymbol(plan.symbol, source, paint),
        `  to be named ${paint.bold(plan.newName)}`,
        "",
        ...renderDiff(result.diff, paint),
        ...plan.moves.map((move) => `${paint.cyan("move")} ${move.from} → ${move.to}`),
        "",
        renderPlanSummary(plan),
        renderProof(plan, paint),
        ...renderBranches(plan.branches),
        ...renderAsked(result.asked),
        ...renderLeftAlone(plan.leftAlone, source),
    ];
    if (impact !== undefined) {
        lines.push(renderSummary(impact, paint));
        const tests = impact.reached.filter((each) => each.isTest);
        const names = tests.slice(0, TESTS_MAX).map((each) => each.symbol.path);
        const more = tests.length > TESTS_MAX ? [`and ${tests.length - TESTS_MAX} more`] : [];
        lines.push(...[...names, ...more].map((name) => `  ${paint.yellow("test")} ${name}`));
    }
    return [...lines, ...renderDoubts(plan, source, paint)];
}

/** What came of asking rust-analyzer. */
function renderAsked(asked: AskedAnalyzerDto | undefined): string[] {
    if (asked === undefined) {
        return [];
    }
    const { state, reason } = asked;
    const about = `rust-analyzer was asked about ${count(asked.asked, "place")}`;
    return state === "answered"
        ? [`${about} and answered ${asked.answered}`]
        : [`${about}: ${reason}`];
}

/** What stands in the way of applying a plan: conflicts, and places that are not proved. */
export function renderDoubts(plan: RenamePlanDto, source: SourceLines, paint: Paint): string[] {
    return [
        ...plan.conflicts.flatMap((conflict) => renderConflict(conflict, source, paint)),
        ...renderUnproved(plan.unproved, source, paint),
    ];
}

/** What a rename has written. */
export function renderApplied(
    plan: RenamePlanDto,
    applied: ApplyRenameResult,
    source: SourceLines,
    paint: Paint,
): string[] {
    return [
        `${paint.green("renamed")} ${plan.symbol.path} to ${paint.bold(plan.newName)}`,
        `  ${count(applied.edits, "edit")} in ${count(applied.files.length, "file")}:`,
        ...applied.files.map((file) => `    ${file}`),
        ...applied.moves.map((move) => `    ${move.from} → ${move.to}`),
        `  ${renderProof(plan, paint)}`,
        ...renderBranches(plan.branches).map((line) => `  ${line}`),
        ...renderLeftAlone(plan.leftAlone, source).map((line) => `  ${line}`),
        paint.dim(`  graph root ${applied.root}`),
        paint.dim(`  ferrograph rollback ${applied.opId.slice(0, 8)}`),
    ];
}

/** A unified diff with its lines colored. */
export function renderDiff(diff: string, paint: Paint): string[] {
    const lines = diff.replace(/\n$/, "").split("\n");
    return lines.map((line) => {
        if (line.startsWith("+++") || line.startsWith("---")) {
            return paint.bold(line);
        }
        if (line.startsWith("@@")) {
            return paint.cyan(line);
        }
        if (line.startsWith("+")) {
            return paint.green(line);
        }
        return line.startsWith("-") ? paint.red(line) : line;
    });
}

function renderPlanSummary(plan: RenamePlanDto): string {
    const crates = plan.crates.length === 0 ? "" : ` of ${plan.crates.join(", ")}`;
    const edits = `${count(plan.edits.length, "edit")} in ${count(plan.files, "file")}${crates}`;
    const moves =
        plan.moves.length === 0 ? "" : `; ${count(plan.moves.length, "file moves", "files move")}`;
    return edits + moves + groupsOf(plan);
}

/** What edits are in besides plain code, by the role of what they replace. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
    ["macros", ["macro-input", "macro-body", "format-capture"]],
    ["documentation", ["doc-link", "doctest"]],
    ["strings that are code", ["attribute-string"]],
    ["paths of files", ["path-string"]],
    ["comments, literals, and documents", ["text"]],
];

function groupsOf({ edits }: RenamePlanDto): string {
    const counts = GROUPS.flatMap(([group, roles]) => {
        const found = edits.filter(({ role }) => roles.includes(role)).length;
        return found === 0 ? [] : [`${found} in ${group}`];
    });
    return counts.length === 0 ? "" : `; of these ${counts.join(", ")}`;
}

function renderProof(plan: RenamePlanDto, paint: Paint): string {
    const { verdict, tokens, digest } = plan.proof;
    const compared = `${count(tokens, "binding")} compared before and after, digest ${digest.slice(0, 16)}`;
    switch (verdict) {
        case "proved":
            return `${paint.green("proved")}: ${compared}`;
        case "unproved":
            return `${paint.yellow(`unproved at ${count(plan.unproved.length, "place")}`)}: ${compared}`;
        case "refuted":
            return `${paint.red("refuted")}: a name would change its meaning; ${compared}`;
        case "not-made":
            return paint.yellow("no proof was made");
    }
}

/** In which branches of conditional compilation it edits; the resolver reads them all, a compiler one at a time. */
function renderBranches(branches: readonly string[]): string[] {
    if (branches.length === 0) {
        return [];
    }
    const more = branches.length - BRANCHES_MAX;
    const shown = branches.slice(0, BRANCHES_MAX).map((one) => `cfg(${one})`);
    const rest = more > 0 ? `, and ${more} more` : "";
    return [
        `resolved in all branches, edits under ${shown.join(", ")}${rest}; --validate compiles`,
    ];
}

/** Tokens in files that nothing compiles, and in examples that are not resolved: said, and nothing more. */
function renderLeftAlone(leftAlone: readonly UnprovedDto[], source: SourceLines): string[] {
    const isExample = ({ reason }: UnprovedDto): boolean => reason.startsWith("an example of");
    return [
        ...renderLeft(
            leftAlone.filter((each) => !isExample(each)),
            "that no target reaches",
            source,
        ),
        ...renderLeft(leftAlone.filter(isExample), "in examples of the documentation", source),
    ];
}

function renderLeft(
    leftAlone: readonly UnprovedDto[],
    where: string,
    source: SourceLines,
): string[] {
    if (leftAlone.length === 0) {
        return [];
    }
    const files = new Set(leftAlone.map((each) => each.at.path)).size;
    const tokens = count(leftAlone.length, "token");
    const places = leftAlone.slice(0, LEFT_ALONE_MAX).map((each) => showPlace(each.at, source));
    const more = leftAlone.length > LEFT_ALONE_MAX ? ", …" : "";
    return [
        `left alone: ${tokens} in ${count(files, "file")} ${where}: ` +
            `${places.join(", ")}${more}`,
    ];
}

function renderConflict(conflict: ConflictDto, source: SourceLines, paint: Paint): string[] {
    const isError = conflict.grade === "error" || conflict.grade === "changes-meaning";
    const grade = isError ? paint.red(conflict.grade) : paint.yellow(conflict.grade);
    return [
        "",
        `${grade}: ${conflict.message}`,
        ...conflict.at.flatMap((place) => [
            `  at ${showPlace(place, source)}`,
            ...showExcerpt(place, source).map((line) => `     ${line}`),
        ]),
        `  to do: ${conflict.advice}`,
    ];
}

function renderUnproved(
    unproved: readonly UnprovedDto[],
    source: SourceLines,
    paint: Paint,
): string[] {
    if (unproved.length === 0) {
        return [];
    }
    const lines = ["", paint.yellow(`unproved at ${count(unproved.length, "place")}:`)];
    for (const each of unproved.slice(0, PLACES_MAX)) {
        const lineOf: SourceLines = (path, line) => source(path, line) ?? each.lineText;
        lines.push(`  ${showPlace(each.at, source)}: ${each.reason}`);
        lines.push(...showExcerpt(each.at, lineOf).map((line) => `     ${line}`));
    }
    if (unproved.length > PLACES_MAX) {
        lines.push(`  and at ${unproved.length - PLACES_MAX} more; --json lists all`);
    }
    return lines;
}
