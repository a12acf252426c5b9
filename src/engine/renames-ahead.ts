// The rename that an editor has begun, and not named yet: what does not hang on its new name is made ahead, in slices
// that give way to every question. One at a time, of one state; without it a plan is the same, and later.

import type { Steps } from "../base/index.ts";
import type { Logger } from "../platform/index.ts";
import type { RenameAhead, RenameTarget } from "../refactor/index.ts";
import type { Pace } from "./pace.ts";
import { atOnce, contextOf, type PreparedRenames } from "./plan-rename.ts";
import type { EnginePorts } from "./ports.ts";
import type { View } from "./view.ts";

/** A rename that is not named by then was given up. */
const KEPT_MS = 120_000;

/** What the work is done with. */
export interface RenamesAheadParts {
    readonly ports: EnginePorts;
    readonly pace: Pace;
    readonly logger: Logger;
}

interface Begun {
    readonly view: View;
    readonly target: RenameTarget;
    /** What is left to do; undefined before it has begun, and when all is done. */
    steps: Steps<RenameAhead | undefined> | undefined;
    ahead: RenameAhead | undefined;
}

/** Renames that are made ready before they have a name. */
export class RenamesAhead implements PreparedRenames {
    readonly #parts: RenamesAheadParts;
    #begun: Begun | undefined;
    #timer: NodeJS.Timeout | undefined;

    constructor(parts: RenamesAheadParts) {
        this.#parts = parts;
    }

    /** Begins with a target, and gives up the one before; resolves when it is ready, or given up. */
    async begin(view: View, target: RenameTarget): Promise<void> {
        if (this.#isOf(this.#begun, view, target)) {
            return;
        }
        this.forget();
        const begun: Begun = { view, target, steps: undefined, ahead: undefined };
        this.#begun = begun;
        this.#timer = setTimeout(() => {
            this.forget();
        }, KEPT_MS);
        this.#timer.unref();
        try {
            await this.#run(begun);
        } catch (err) {
            this.#giveUp(begun, err);
        }
    }

    /** What is known of a target; what is still to be done of it is done at once, where the new name needs it. */
    take(view: View, target: RenameTarget, newName: string): RenameAhead | undefined {
        const begun = this.#begun;
        if (begun === undefined || !this.#isOf(begun, view, target)) {
            return undefined;
        }
        // Most of the work is for a name that nothing has.
        if (this.#isGoingOn(begun) && isTaken(view, newName)) {
            return undefined;
        }
        try {
            while (this.#isGoingOn(begun)) {
                this.#step(begun);
            }
        } catch (err) {
            this.#giveUp(begun, err);
        }
        return begun.ahead;
    }

    /** The state has changed, or room is needed; answers with how many were let go. */
    forget(): number {
        clearTimeout(this.#timer);
        const count = this.#begun === undefined ? 0 : 1;
        this.#begun = undefined;
        return count;
    }

    #isOf(begun: Begun | undefined, view: View, target: RenameTarget): boolean {
        return (
            begun?.view.resolution === view.resolution &&
            // Targets are plain data.
            JSON.stringify(begun.target) === JSON.stringify(target)
        );
    }

    #isGoingOn(begun: Begun): boolean {
        return this.#begun === begun && begun.steps !== undefined;
    }

    async #run(begun: Begun): Promise<void> {
        const { ports, pace } = this.#parts;
        const { view, target } = begun;
        await pace.turn();
        await Promise.all([ports.parser.load(), ports.resolver.load(), ports.planner.load()]);
        const captures = await view.loadCaptures();
        if (this.#begun !== begun) {
            return;
        }
        begun.steps = ports.planner.prepare(contextOf(ports, view, captures, undefined), target);
        while (this.#isGoingOn(begun)) {
            atOnce(ports, () => {
                this.#step(begun);
            });
            await pace.pause();
        }
    }

    #step(begun: Begun): void {
        const step = begun.steps?.next();
        if (step?.done === true) {
            begun.ahead = step.value;
            begun.steps = undefined;
        }
    }

    /** Whoever renames is told what is wrong; this only was to save time. */
    #giveUp(begun: Begun, err: unknown): void {
        begun.steps = undefined;
        begun.ahead = undefined;
        this.#parts.logger.debug({ err }, "a rename was not prepared");
    }
}

function isTaken({ resolution }: View, name: string): boolean {
    return resolution.findByName(name).length > 0 || resolution.occurrencesNamed(name).length > 0;
}
