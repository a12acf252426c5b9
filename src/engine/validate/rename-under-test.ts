// The rename that is validated, as a series of plans: first with all that is doubtful taken for the symbol, then
// as the compiler says.

import { refuse, type CancelSignal, type Refusal } from "../../base/index.ts";
import type { Diagnostic } from "../../cargo/index.ts";
import type { RenamePlan, RenameTarget, TokenPart, UnprovedPlace } from "../../refactor/index.ts";
import type { PlaceDto } from "../../protocol/index.ts";
import { needsOf, refuseApplying, type AcceptedGrade } from "../accepted.ts";
import { placeAt } from "../describe.ts";
import { planOnView } from "../plan-rename.ts";
import type { EnginePorts } from "../ports.ts";
import type { View } from "../view.ts";

/** What is renamed, and where that is planned. */
export interface RenameParts {
    readonly ports: EnginePorts;
    readonly view: View;
    readonly target: RenameTarget;
    readonly newName: string;
    readonly accepted: ReadonlySet<AcceptedGrade>;
    readonly signal: CancelSignal | undefined;
}

/** What the compiler says of tokens, by `repairKey`. */
type Told = Map<string, "is-other" | "is-subject">;

/** One rename. */
export class RenameUnderTest {
    readonly #parts: RenameParts;
    readonly #told: Told = new Map();
    /** Doubtful tokens that are taken for the symbol until something else is said. */
    readonly #guessed = new Set<string>();
    /** Every place that any plan left open. */
    readonly #doubts = new Map<string, UnprovedPlace>();

    constructor(parts: RenameParts) {
        this.#parts = parts;
    }

    /** The places that no plan proves. */
    get doubts(): readonly UnprovedPlace[] {
        return [...this.#doubts.values()];
    }

    /** Whether anything is taken for the symbol without a word on it. */
    get isGuessing(): boolean {
        return this.#guessed.size > 0;
    }

    /** Whether the compiler has spoken of a token. */
    isTold({ path, span }: UnprovedPlace): boolean {
        return [...this.#told.keys()].some((key) => key.startsWith(`${path}:${span.start}:`));
    }

    /** The first plan: doubtful tokens of the old name are edited. */
    async begin(): Promise<RenamePlan | Refusal> {
        const plain = await this.#make();
        if (plain.kind === "refusal") {
            return plain;
        }
        for (const { path, span } of plain.unproved) {
            if (this.#isNamed(plain, path, span.start, span.end)) {
                this.#guessed.add(`${path}:${span.start}`);
            }
        }
        if (this.#guessed.size === 0) {
            return plain;
        }
        const bold = await this.#make();
        return bold.kind === "plan" ? bold : this.withoutGuesses();
    }

    /** The first plan once more, as if nothing had been said yet. */
    anew(): Promise<RenamePlan | Refusal> {
        this.#told.clear();
        this.#guessed.clear();
        this.#doubts.clear();
        return this.begin();
    }

    /** The plan without anything that was only guessed. */
    withoutGuesses(): Promise<RenamePlan | Refusal> {
        this.#guessed.clear();
        return this.#make();
    }

    /** The next plan, by what the compiler says of this one; undefined where it says nothing new. */
    async repair(
        plan: RenamePlan,
        diagnostics: readonly Diagnostic[],
    ): Promise<RenamePlan | Refusal | undefined> {
        const { readRepairs, repairKey } = await import("../../refactor/index.ts");
        const { view } = this.#parts;
        const context = {
            resolution: view.resolution,
            textOf: (path: string) => view.text(path),
        };
        let isNew = false;
        for (const { path, span, part, relation } of readRepairs(context, plan, diagnostics)) {
            const key = repairKey(path, span.start, part);
            const known = this.#told.get(key);
            if (known !== undefined && known !== relation) {
                return undefined; // Neither name will do there.
            }
            isNew ||= known === undefined;
            this.#told.set(key, relation);
        }
        return isNew ? this.#make() : undefined;
    }

    /** Places that a plan edits and another one does not. */
    difference(plan: RenamePlan, other: RenamePlan | undefined): PlaceDto[] {
        const { view } = this.#parts;
        const known = new Set(other?.edits.map((edit) => `${edit.path}:${edit.span.start}`));
        const doubtful = new Set(this.#doubts.keys());
        return plan.edits
            .filter(({ path, span }) => {
                const key = `${path}:${span.start}`;
                return other === undefined ? doubtful.has(key) : !known.has(key);
            })
            .map(({ path, span }) => placeAt(view, path, span.start));
    }

    async #make(): Promise<RenamePlan | Refusal> {
        const { ports, view, target, newName, signal } = this.#parts;
        const told = (file: string, start: number, part: TokenPart): ReturnType<Told["get"]> =>
            this.#told.get(`${file}:${start}:${part ?? ""}`) ??
            (this.#guessed.has(`${file}:${start}`) ? "is-subject" : undefined);
        const plan = await planOnView(
            ports,
            view,
            {
                target,
                newName,
                told: ({ file, span, shorthand }) => told(file, span.start, shorthand),
            },
            { signal },
        );
        if (plan.kind === "refusal") {
            return plan;
        }
        const refusal = this.#inTheWay(plan);
        if (refusal !== undefined) {
            return refusal;
        }
        for (const place of plan.unproved) {
            this.#doubts.set(`${place.path}:${place.span.start}`, place);
        }
        return plan;
    }

    /** What no compiler's word can make good: conflicts that are not accepted, and what is refuted. */
    #inTheWay(plan: RenamePlan): Refusal | undefined {
        const { accepted } = this.#parts;
        const needed = needsOf(plan);
        const isHard = plan.conflicts.some(({ grade }) => needed.every((one) => one !== grade));
        const isRefuted = plan.proof.verdict === "refuted" || plan.proof.verdict === "not-made";
        return isHard || isRefuted || needed.some((grade) => !accepted.has(grade))
            ? refuseApplying(plan)
            : undefined;
    }

    #isNamed(plan: RenamePlan, path: string, start: number, end: number): boolean {
        return this.#parts.view.text(path).slice(start, end).replace(/^r#/u, "") === plan.oldName;
    }
}

/** Refuses what changes more than names: the compiler's dumps before and after are then of two forms. */
export function refuseOtherForm(target: RenameTarget, newName: string): Refusal | undefined {
    const isOther =
        target.kind === "local" &&
        (["self", "_"].includes(target.local.name) || ["self", "_"].includes(newName));
    return isOther
        ? refuse(
              "VALIDATE_OTHER_FORM",
              "this changes the form of a signature, and not only a name",
              {
                  advice: "rename without validation, and have the compiler check it",
              },
          )
        : undefined;
}
