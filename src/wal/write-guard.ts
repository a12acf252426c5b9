// After a failed write or sync nothing is written any more: the kernel may have dropped the pages and
// would report success the second time. All changes of a store's files go through one guard.

import { OperatingError } from "../base/index.ts";

/** Lets changes of files through until the first of them fails. */
export class WriteGuard {
    readonly #path: string;
    #failure: unknown;

    /** `path` names in messages what is written. */
    constructor(path: string) {
        this.#path = path;
    }

    /** The first error of a write or sync; undefined while all is sound. */
    get failure(): unknown {
        return this.#failure;
    }

    /** Makes a change. After a failure this and every later call throws LOG_POISONED with the first error as cause. */
    async run<T>(change: () => Promise<T>): Promise<T> {
        this.assertSound();
        try {
            return await change();
        } catch (cause) {
            this.#failure ??= cause;
            throw this.#poisoned();
        }
    }

    /** Throws LOG_POISONED when an earlier change has failed. */
    assertSound(): void {
        if (this.#failure !== undefined) {
            throw this.#poisoned();
        }
    }

    #poisoned(): OperatingError {
        const cause = this.#failure;
        const what = cause instanceof Error ? cause.message : String(cause);
        return new OperatingError(
            "LOG_POISONED",
            `${this.#path} takes no more writes after an error: ${what}`,
            { cause, advice: "restart once the cause is gone" },
        );
    }
}
