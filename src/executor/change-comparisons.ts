// What is compared of a change besides what Cargo finds in it, at the level `deep`: looked at on the unedited files and
// on the edited ones. What cannot be compared is told, and refuses nothing.

import { checkCancelled } from "../base/index.ts";
import { monotonicMs } from "../platform/index.ts";
import type { CheckReportDto } from "../protocol/index.ts";
import type { Comparison, ComparePlace } from "./model.ts";
import type { Judged } from "./run-checks.ts";

/** Comparisons of one operation. */
export class ChangeComparisons {
    readonly #place: ComparePlace;
    readonly #all: readonly Comparison[];
    readonly #milliseconds = new Map<Comparison, number>();
    /** Why something is not compared. */
    readonly #aside = new Map<Comparison, string>();

    constructor(place: ComparePlace, all: readonly Comparison[]) {
        this.#place = place;
        this.#all = all;
    }

    /** Looks at the unedited files. */
    async before(): Promise<void> {
        for (const one of this.#all) {
            checkCancelled(this.#place.signal);
            this.#place.onProgress?.(`before: ${one.title}`, 0, 0);
            const start = monotonicMs();
            const aside = await one.before(this.#place);
            this.#milliseconds.set(one, Math.round(monotonicMs() - start));
            if (aside !== undefined) {
                this.#aside.set(one, aside);
            }
        }
    }

    /** Looks at the edited files, unless a check has found them broken; what is wrong is broken as by a check. */
    async after(judged: Judged): Promise<Judged> {
        let { broken, reports, notes } = judged;
        const found: string[] = [];
        for (const one of broken.length > 0 ? [] : this.#all) {
            checkCancelled(this.#place.signal);
            const { title } = one;
            const aside = this.#aside.get(one);
            if (aside !== undefined) {
                found.push(`${title}: not compared: ${aside}`);
                continue;
            }
            this.#place.onProgress?.(title, 0, 0);
            const start = monotonicMs();
            const done = await one.after(this.#place);
            const milliseconds = Math.round(monotonicMs() - start);
            if (done.aside !== undefined) {
                found.push(`${title}: not compared: ${done.aside}`);
                continue;
            }
            found.push(...done.told.map((line) => `${title}: ${line}`));
            const step = { command: title, args: [], kind: "compile" as const };
            const wrong = done.wrong.map((message) => ({
                step,
                finding: { key: `${title} ${message}`, message, path: undefined, line: 0 },
            }));
            broken = [...broken, ...wrong];
            reports = [...reports, this.#report(one, milliseconds, wrong.length)];
        }
        notes = [...notes, ...found];
        return { ...judged, broken, reports, notes, compared: found };
    }

    #report(one: Comparison, milliseconds: number, added: number): CheckReportDto {
        const millisecondsBefore = this.#milliseconds.get(one) ?? 0;
        return {
            kind: "comparison",
            command: one.title,
            ...{ before: 0, added, millisecondsBefore, milliseconds },
            ...{ compiledBefore: 0, compiled: 0 },
        };
    }
}
