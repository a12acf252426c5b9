// Runs checks before a change and after it, and tells what the change broke.

import { refuse, type ProgressSink, type Refusal } from "../base/index.ts";
import { runCargo, type CargoRun } from "../cargo/index.ts";
import type { CheckReportDto } from "../protocol/index.ts";
import type { CheckStep } from "./check-steps.ts";
import { findingsOf, newFindings, type Finding } from "./findings.ts";

/** Where checks are run. */
export interface CheckPlace {
    readonly folder: string;
    readonly targetFolder: string;
    readonly signal: AbortSignal | undefined;
    readonly onProgress: ProgressSink | undefined;
}

/** What a step found before the change. */
export interface Baseline {
    readonly step: CheckStep;
    readonly findings: readonly Finding[];
    readonly milliseconds: number;
    readonly compiled: number;
    /** Targets that it came to: what its run after the change will come to. */
    readonly targets: number;
}

/** What the change broke, and what was run. */
export interface Judged {
    readonly broken: readonly { readonly step: CheckStep; readonly finding: Finding }[];
    readonly reports: readonly CheckReportDto[];
    readonly notes: readonly string[];
}

/** Runs all steps on the unedited files; refuses where Cargo cannot even begin. */
export async function runBaseline(
    place: CheckPlace,
    steps: readonly CheckStep[],
): Promise<readonly Baseline[] | Refusal> {
    const done: Baseline[] = [];
    for (const [at, step] of steps.entries()) {
        place.onProgress?.(`before: ${step.command}`, at, steps.length);
        const run = await runStep(place, step, undefined);
        const findings = findingsOf(run, step.kind, place.folder);
        const complaint = findings.find(({ key }) => key.startsWith("complaint "));
        if (complaint !== undefined) {
            const said = `\`${step.command}\` cannot be run on what is there: ${complaint.message}`;
            return refuse("EXECUTOR_BASELINE", said, {
                advice: "what is run offline must work before the change; see the command's own output",
            });
        }
        const { milliseconds, compiled, fresh } = run;
        done.push({ step, findings, milliseconds, compiled, targets: compiled + fresh });
    }
    return done;
}

/** Runs all steps on the edited files. Tests that fail are run once more: only what fails twice counts. */
export async function judge(
    place: CheckPlace,
    baselines: readonly Baseline[],
    moved: ReadonlyMap<string, string>,
): Promise<Judged> {
    const broken: { step: CheckStep; finding: Finding }[] = [];
    const reports: CheckReportDto[] = [];
    const notes: string[] = [];
    for (const baseline of baselines) {
        const { step } = baseline;
        const run = await runStep(place, step, baseline);
        let added = newFindings(baseline.findings, findingsOf(run, step.kind, place.folder), moved);
        if (added.length > 0 && (step.kind === "test" || step.kind === "nextest")) {
            const again = await runStep(place, step, baseline);
            const twice = findingsOf(again, step.kind, place.folder);
            const flaky = added.filter(({ key }) => !twice.some((one) => one.key === key));
            notes.push(
                ...flaky.map(({ message }) => `${message} at first, and passed when run again`),
            );
            added = added.filter((one) => !flaky.includes(one));
        }
        broken.push(...added.map((finding) => ({ step, finding })));
        reports.push({
            command: step.command,
            before: baseline.findings.length,
            added: added.length,
            millisecondsBefore: baseline.milliseconds,
            milliseconds: run.milliseconds,
            compiledBefore: baseline.compiled,
            compiled: run.compiled,
        });
        if (added.length > 0) {
            break; // What comes after costs more, and stands on this.
        }
    }
    return { broken, reports, notes };
}

function runStep(
    { folder, targetFolder, signal, onProgress }: CheckPlace,
    { args, command }: CheckStep,
    baseline: Baseline | undefined,
): Promise<CargoRun> {
    let seen = 0;
    const onTarget =
        baseline === undefined
            ? undefined
            : (): void => {
                  seen += 1;
                  onProgress?.(command, Math.min(seen, baseline.targets), baseline.targets);
              };
    onProgress?.(command, 0, baseline?.targets ?? 0);
    return runCargo({ folder, targetFolder, args, signal, onTarget });
}
