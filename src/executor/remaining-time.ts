// How long what is left of an operation takes, by what its checks took last time. Pure but for the clock that
// it is given.

import type { CheckStep } from "./check-steps.ts";
import type { Duration } from "./known-baselines.ts";

/** Which of its two runs a check is at. */
export type Phase = "after" | "before";

interface Expected {
    readonly phase: Phase;
    readonly step: CheckStep;
    /** Undefined where it was never run. */
    readonly milliseconds: number | undefined;
}

/** Estimates of one operation. */
export class RemainingTime {
    readonly #now: () => number;
    /** What is under way, and what comes after it. */
    #left: readonly Expected[];
    #since: number;

    /** `spared` are checks of which it is known what they find before the change. */
    constructor(
        steps: readonly CheckStep[],
        spared: ReadonlySet<CheckStep>,
        durations: ReadonlyMap<string, Duration>,
        now: () => number,
    ) {
        const expected = (phase: Phase) => (step: CheckStep) => ({
            ...{ phase, step },
            milliseconds: durations.get(step.command)?.[phase],
        });
        this.#now = now;
        this.#since = now();
        this.#left = [
            ...steps.filter((step) => !spared.has(step)).map(expected("before")),
            ...steps.map(expected("after")),
        ];
    }

    /** A check begins; what was expected before it is done. */
    enter(phase: Phase, step: CheckStep): void {
        const at = this.#left.findIndex((one) => one.phase === phase && one.step === step);
        this.#left = this.#left.slice(Math.max(at, 0));
        this.#since = this.#now();
    }

    /** `, about 40 s left`; empty where it is not known. */
    describe(): string {
        const [current] = this.#left;
        if (current === undefined || this.#left.some((one) => one.milliseconds === undefined)) {
            return "";
        }
        const all = this.#left.reduce((sum, one) => sum + (one.milliseconds ?? 0), 0);
        const spent = Math.min(this.#now() - this.#since, current.milliseconds ?? 0);
        const seconds = Math.ceil((all - spent) / 1000);
        return `, about ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`} left`;
    }
}
