// Plans that were shown and may be validated, by fingerprint.

/** A plan as `plan` has shown it. */
export interface PlanShown {
    readonly fingerprint: string;
    /** The plan file's text. */
    readonly plan: string;
}

const SHOWN_MAX = 16;

/** The newest plans. */
export class PlansShown {
    readonly #plans = new Map<string, PlanShown>();

    put(plan: PlanShown): void {
        this.#plans.delete(plan.fingerprint);
        this.#plans.set(plan.fingerprint, plan);
        const [oldest] = this.#plans.keys();
        if (oldest !== undefined && this.#plans.size > SHOWN_MAX) {
            this.#plans.delete(oldest);
        }
    }

    find(fingerprint: string): PlanShown | undefined {
        return this.#plans.get(fingerprint);
    }
}
