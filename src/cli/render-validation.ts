// A validated rename as a person reads it: what was written, and all that was found. Pure.

import type {
    SeparateCheckDto,
    ValidateRenameResult,
    ValidationEvidenceDto,
} from "../protocol/index.ts";
import { count } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { renderDiff } from "./render-rename.ts";

/** A rename that has passed. */
export function renderValidation(result: ValidateRenameResult, paint: Paint): string[] {
    const { symbol, newName, edits, moves, written, opId, evidence, diff, fingerprint } = result;
    const files = count(new Set(edits.map(({ path }) => path)).size, "file");
    const what = `${symbol.path} to ${paint.bold(newName)}`;
    return [
        ...(written ? [] : renderDiff(diff, paint)),
        ...moves.map((move) => `${paint.cyan("move")} ${move.from} → ${move.to}`),
        `${paint.green(written ? "renamed" : "validated")} ${what}: ${count(edits.length, "edit")} in ${files}`,
        ...renderEvidence(evidence, paint),
        written ? "" : "nothing is written; --write writes exactly these edits once they pass",
        paint.dim(`operation ${opId}, fingerprint ${fingerprint.slice(0, 16)}`),
    ].filter((line, at) => line !== "" || at === 0);
}

function renderEvidence(evidence: ValidationEvidenceDto, paint: Paint): string[] {
    const { configurations, rounds, bindings, mir, checks, notes, milliseconds } = evidence;
    const ok = paint.green("ok");
    const no = paint.yellow("--");
    const isEqual = bindings.verdict === "equal";
    const repaired = rounds.slice(1).flatMap(({ added, removed }) => [...added, ...removed]).length;
    return [
        ...configurations.map(({ name, judged, reason = "" }) =>
            judged ? `  ${ok} ${name} compiles` : `  ${no} ${name} is left out: ${reason}`,
        ),
        `  ${ok} ${count(rounds.length, "round")}${repaired === 0 ? "" : `, ${count(repaired, "token")} changed by what the compiler said`}`,
        isEqual
            ? `  ${ok} ${count(bindings.compared, "binding")} and MIR of ${count(mir.bodies, "body", "bodies")} are equal in ${bindings.crates.join(", ")}`
            : `  ${no} bindings and MIR are not compared: ${bindings.reason ?? ""}`,
        renderCheck("documentation links", evidence.docLinks, paint),
        renderCheck("documentation tests", evidence.doctests, paint),
        renderCheck("linking", evidence.link, paint),
        ...checks.map(
            (check) =>
                `  ${paint.dim(`${seconds(check.millisecondsBefore)} before, ${seconds(check.milliseconds)} after: ${check.command}`)}`,
        ),
        ...notes.map((note) => `  ${paint.yellow(note)}`),
        paint.dim(`  ${seconds(milliseconds)} in all`),
    ];
}

function renderCheck(name: string, check: SeparateCheckDto, paint: Paint): string {
    const { verdict, reason, milliseconds } = check;
    const more = reason === undefined ? "" : `: ${reason}`;
    return verdict === "passed"
        ? `  ${paint.green("ok")} ${name}${more} ${paint.dim(`(${seconds(milliseconds)})`)}`
        : `  ${paint.yellow("--")} ${name} not run${more}`;
}

function seconds(milliseconds: number): string {
    return `${(milliseconds / 1000).toFixed(1)} s`;
}
