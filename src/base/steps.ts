// Long work in steps, so that others get turns in between: whoever runs it decides how often.

/** Work that may be left between any two of its steps. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Says whether others are due a turn: resolves after it; undefined when there is time left. */
export type Pause = () => Promise<void> | undefined;

/** Does all steps at once. */
export function finishSteps<T>(steps: Steps<T>): T {
    for (;;) {
        const step = steps.next();
        if (step.done === true) {
            return step.value;
        }
    }
}

/** Does all steps, with pauses in between. */
export async function takeTurns<T>(steps: Steps<T>, pause: Pause): Promise<T> {
    for (;;) {
        const step = steps.next();
        if (step.done === true) {
            return step.value;
        }
        const due = pause();
        if (due !== undefined) {
            await due;
        }
    }
}
