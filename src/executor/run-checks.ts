// Runs checks before a change and after it, and tells what the change broke. What a check finds before a change may
// be remembered of an earlier operation on the same state. That spares a run where nothing is wrong after the
// change, which needs no comparison, or the compiler says what it said then, word by word; where anything else is
// wrong, the check is run before the change all the same.

import { OperatingError, refuse, type ProgressSink, type Refusal } from "../base/index.ts";
import { runCargo, type CargoRun } from "../cargo/index.ts";
import { monotonicMs } from "../platform/index.ts";
import type { CheckReportDto } from "../protocol/index.ts";
import type { CheckStep } from "./check-steps.ts";
import { areAllKnown, findingsOf, newFindings, type Finding } from "./findings.ts";
import type { Duration, KnownBaselines, Outcome } from "./known-baselines.ts";
import { RemainingTime, type Phase } from "./remaining-time.ts";

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
    /** By an earlier operation. */
    readonly isRemembered: boolean;
}

/** What the change broke, and what was run. */
export interface Judged {
    readonly broken: readonly { readonly step: CheckStep; readonly finding: Finding }[];
    readonly reports: readonly CheckReportDto[];
    readonly notes: readonly string[];
    /** The check that found what is broken, with what it found before. */
    readonly failed: Baseline | undefined;
    /** What each step found after the change; none where tests were not the same twice. */
    readonly outcomes: readonly { readonly step: CheckStep; readonly outcome: Outcome }[];
    /** What was compared besides; part of the notes. */
    readonly compared: readonly string[];
}

/** What is known of states before. */
export interface Memory {
    readonly known: KnownBaselines;
    /** Key of the unedited state; undefined where outcomes follow from more than any key can hold. */
    readonly state: string | undefined;
    /** Nothing is taken from memory. */
    readonly isFresh: boolean;
}

/** Takes the edit back while something is done, and makes it again. */
export type WhileUnedited = <T>(does: () => Promise<T>) => Promise<T | Refusal>;

/** Checks of one operation. */
export class OperationChecks {
    readonly #place: CheckPlace;
    readonly #steps: readonly CheckStep[];
    readonly #memory: Memory;
    readonly #spent = new Map<string, Duration>();
    #remaining: RemainingTime;
    /** What could not be checked. */
    readonly #notes: string[] = [];

    constructor(place: CheckPlace, steps: readonly CheckStep[], memory: Memory) {
        this.#place = place;
        this.#steps = steps;
        this.#memory = memory;
        this.#remaining = new RemainingTime([], new Set(), new Map(), monotonicMs);
    }

    /** What all steps find on the unedited files; refuses where Cargo cannot even begin. */
    async before(): Promise<readonly Baseline[] | Refusal> {
        const remembered = new Map<CheckStep, Baseline>();
        for (const step of this.#steps) {
            const baseline = await this.#remembered(step);
            if (baseline !== undefined) {
                remembered.set(step, baseline);
            }
        }
        const durations = await this.#memory.known.durations();
        const spared = new Set(remembered.keys());
        this.#remaining = new RemainingTime(this.#steps, spared, durations, monotonicMs);
        const done: Baseline[] = [];
        for (const step of this.#steps) {
            const baseline = remembered.get(step) ?? (await this.#runBefore(step));
            if (!("code" in baseline)) {
                done.push(baseline);
            } else if (step.isOptional === true) {
                this.#notes.push(baseline.message);
            } else {
                return baseline;
            }
        }
        return done;
    }

    /** Runs all steps on the edited files. Tests that fail are run once more: only what fails twice counts. */
    async after(
        baselines: readonly Baseline[],
        moved: ReadonlyMap<string, string>,
        whileUnedited: WhileUnedited,
    ): Promise<Judged | Refusal> {
        const broken: { step: CheckStep; finding: Finding }[] = [];
        const reports: CheckReportDto[] = [];
        const notes = [...this.#notes];
        const outcomes: { step: CheckStep; outcome: Outcome }[] = [];
        let failed: Baseline | undefined;
        for (const known of baselines) {
            const { step } = known;
            const run = await this.#run("after", step, known);
            const found = findingsOf(run, step.kind, this.#place.folder);
            const isEnough =
                !known.isRemembered ||
                found.length === 0 ||
                (step.kind === "compile" && areAllKnown(known.findings, found, moved));
            const baseline = !isEnough ? await whileUnedited(() => this.#runBefore(step)) : known;
            if ("code" in baseline) {
                return baseline;
            }
            let added = newFindings(baseline.findings, found, moved);
            const flaky = await this.#flaky(added, baseline);
            notes.push(
                ...flaky.map(({ message }) => `${message} at first, and passed when run again`),
            );
            added = added.filter((one) => !flaky.includes(one));
            broken.push(...added.map((finding) => ({ step, finding })));
            reports.push(reportOf(baseline, run, added.length));
            if (added.length > 0) {
                failed = baseline;
                break; // What comes after costs more, and stands on this.
            }
            if (flaky.length === 0) {
                outcomes.push({ step, outcome: outcomeOf(found, run) });
            }
        }
        const spared = baselines.filter(({ isRemembered }) => isRemembered).length;
        if (spared > 0 && broken.length === 0) {
            notes.push(`${spared} of ${baselines.length} checks ran before on the same files`);
        }
        return { broken, reports, notes, failed, outcomes, compared: [] };
    }

    /** Runs a step on the edited files, and tells what it finds that was not there before. */
    async again(
        { step, findings }: Baseline,
        moved: ReadonlyMap<string, string>,
    ): Promise<readonly Finding[]> {
        const run = await this.#run("after", step, undefined);
        return newFindings(findings, findingsOf(run, step.kind, this.#place.folder), moved);
    }

    /** Remembers how long everything took. */
    async remember(): Promise<void> {
        await this.#memory.known.keepDurations(this.#spent);
    }

    async #flaky(added: readonly Finding[], baseline: Baseline): Promise<readonly Finding[]> {
        const { step } = baseline;
        if (added.length === 0 || (step.kind !== "test" && step.kind !== "nextest")) {
            return [];
        }
        const again = await this.#run("after", step, baseline);
        const twice = findingsOf(again, step.kind, this.#place.folder);
        return added.filter(({ key }) => !twice.some((one) => one.key === key));
    }

    async #remembered(step: CheckStep): Promise<Baseline | undefined> {
        const { known, state, isFresh } = this.#memory;
        if (isFresh || state === undefined || !REMEMBERED.has(step.kind)) {
            return undefined;
        }
        const outcome = await known.find(state, step);
        return outcome === undefined
            ? undefined
            : { ...outcome, step, milliseconds: 0, compiled: 0, isRemembered: true };
    }

    async #runBefore(step: CheckStep): Promise<Baseline | Refusal> {
        const run = await this.#run("before", step, undefined);
        const findings = findingsOf(run, step.kind, this.#place.folder);
        const complaint = findings.find(({ key }) => key.startsWith("complaint "));
        if (complaint !== undefined) {
            const said = `\`${step.command}\` cannot be run on what is there: ${complaint.message}`;
            return refuse("EXECUTOR_BASELINE", said, {
                advice: "what is run offline must work before the change; see the command's own output",
            });
        }
        const { known, state } = this.#memory;
        const outcome = outcomeOf(findings, run);
        if (state !== undefined && REMEMBERED.has(step.kind)) {
            await known.keep(state, step, outcome);
        }
        return { ...outcome, step, compiled: run.compiled, isRemembered: false };
    }

    async #run(phase: Phase, step: CheckStep, baseline: Baseline | undefined): Promise<CargoRun> {
        const { folder, targetFolder, signal, onProgress } = this.#place;
        const { args, command } = step;
        const targets = baseline?.targets ?? 0;
        let seen = 0;
        this.#remaining.enter(phase, step);
        const tell = (): void => {
            const what = phase === "before" ? `before: ${command}` : command;
            onProgress?.(`${what}${this.#remaining.describe()}`, Math.min(seen, targets), targets);
        };
        const onTarget =
            baseline === undefined
                ? undefined
                : (): void => {
                      seen += 1;
                      tell();
                  };
        tell();
        const run = await runCargo({ folder, targetFolder, args, signal, onTarget });
        refuseFullDisk(run, command);
        const known = this.#spent.get(command) ?? { before: undefined, after: undefined };
        this.#spent.set(command, { ...known, [phase]: run.milliseconds });
        return run;
    }
}

/** What fails for want of room is no finding of a check. */
function refuseFullDisk({ errors, errorOutput, code }: CargoRun, command: string): void {
    const said = [...errors.map(({ message }) => message), ...errorOutput];
    if (code !== 0 && said.some((line) => line.includes("No space left on device"))) {
        throw new OperatingError("DISK_FULL", `no room is left for \`${command}\``, {
            advice: "free some space and try again",
        });
    }
}

/** Formatting costs little, and has settings in places of its own; nextest too. */
const REMEMBERED: ReadonlySet<CheckStep["kind"]> = new Set(["compile", "test"]);

function outcomeOf(findings: readonly Finding[], run: CargoRun): Outcome {
    const { milliseconds, compiled, fresh } = run;
    return { findings, milliseconds, targets: compiled + fresh };
}

function reportOf(
    { step, findings, milliseconds, compiled }: Baseline,
    run: CargoRun,
    added: number,
): CheckReportDto {
    return {
        kind: "cargo",
        command: step.command,
        before: findings.length,
        added,
        millisecondsBefore: milliseconds,
        milliseconds: run.milliseconds,
        compiledBefore: compiled,
        compiled: run.compiled,
    };
}
