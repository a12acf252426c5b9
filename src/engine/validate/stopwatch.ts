// How long the stages of a validation take, and which of them is under way.

import type { ProgressSink } from "../../base/index.ts";
import { monotonicMs } from "../../platform/index.ts";
import {
    VALIDATION_STAGES,
    type ValidationEvidenceDto,
    type ValidationStage,
} from "../../protocol/index.ts";

/** Times the stages of one validation. */
export class Stopwatch {
    readonly #begin = monotonicMs();
    readonly #spent = new Map<ValidationStage, number>();
    readonly #onProgress: ProgressSink | undefined;
    #stage: ValidationStage = VALIDATION_STAGES[0];
    #since = monotonicMs();

    constructor(onProgress: ProgressSink | undefined) {
        this.#onProgress = onProgress;
        onProgress?.(this.#stage, 0, 0);
    }

    /** Begins a stage, and ends the one before. */
    enter(stage: ValidationStage): void {
        this.#add();
        this.#stage = stage;
        this.#onProgress?.(stage, 0, 0);
    }

    /** Tells how far the stage has come. */
    readonly report = (done: number, total: number): void => {
        this.#onProgress?.(this.#stage, done, total);
    };

    /** What a stage has taken so far. */
    spent(stage: ValidationStage): number {
        this.#add();
        return Math.round(this.#spent.get(stage) ?? 0);
    }

    durations(): Pick<ValidationEvidenceDto, "durations" | "milliseconds"> {
        this.#add();
        return {
            durations: VALIDATION_STAGES.flatMap((stage) => {
                const milliseconds = this.#spent.get(stage);
                return milliseconds === undefined
                    ? []
                    : [{ stage, milliseconds: Math.round(milliseconds) }];
            }),
            milliseconds: Math.round(monotonicMs() - this.#begin),
        };
    }

    #add(): void {
        const now = monotonicMs();
        this.#spent.set(this.#stage, (this.#spent.get(this.#stage) ?? 0) + now - this.#since);
        this.#since = now;
    }
}
