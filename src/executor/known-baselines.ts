// Outcomes of checks on states of the workspace that have been checked before, and how long checks took when
// they were run last. Kept beside Cargo's caches; what cannot be read is as good as not there.

import { createHash } from "node:crypto";
import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import {
    keepNewest,
    listFolder,
    makeFolder,
    readBytesIfThere,
    writeFileAtomic,
} from "../platform/index.ts";
import type { CheckStep } from "./check-steps.ts";
import type { Finding } from "./findings.ts";

/** What a check found on a state. */
export interface Outcome {
    readonly findings: readonly Finding[];
    readonly milliseconds: number;
    /** Targets that it came to. */
    readonly targets: number;
}

/** How long a check took last, before a change and after one. */
export interface Duration {
    readonly before: number | undefined;
    readonly after: number | undefined;
}

/** Outcomes that are kept, the newest of them. */
const KEPT_MAX = 96;
/** A state with more wrong than this is not worth remembering. */
const FINDINGS_MAX = 5000;
const FORMAT = "ferrograph-baseline/1";
const DURATIONS_FORMAT = "ferrograph-durations/1";

/** What is remembered of one workspace. */
export class KnownBaselines {
    readonly #folder: string;

    constructor(cache: string) {
        this.#folder = join(cache, "baselines");
    }

    /** What a check found on a state; undefined where it was never run on it. */
    async find(state: string, step: CheckStep): Promise<Outcome | undefined> {
        const value = await this.#read(this.#pathOf(state, step));
        return value?.["format"] === FORMAT && isOutcome(value["outcome"])
            ? value["outcome"]
            : undefined;
    }

    /** Remembers what a check found on a state. */
    async keep(state: string, step: CheckStep, outcome: Outcome): Promise<void> {
        if (outcome.findings.length > FINDINGS_MAX) {
            return;
        }
        await this.#write(this.#pathOf(state, step), { format: FORMAT, outcome });
        await this.#sweep();
    }

    /** Durations of the last runs, by command. */
    async durations(): Promise<ReadonlyMap<string, Duration>> {
        const value = await this.#read(join(this.#folder, DURATIONS));
        const entries = value?.["format"] === DURATIONS_FORMAT ? value["commands"] : undefined;
        return new Map(Array.isArray(entries) ? (entries as [string, Duration][]) : []);
    }

    /** Remembers durations; those of commands that were not run stay. */
    async keepDurations(durations: ReadonlyMap<string, Duration>): Promise<void> {
        const all = new Map(await this.durations());
        for (const [command, { before, after }] of durations) {
            const known = all.get(command);
            all.delete(command); // What is run last comes last, and stays longest.
            all.set(command, { before: before ?? known?.before, after: after ?? known?.after });
        }
        const commands = [...all].slice(-KEPT_MAX);
        await this.#write(join(this.#folder, DURATIONS), { format: DURATIONS_FORMAT, commands });
    }

    #pathOf(state: string, { args, kind }: CheckStep): string {
        const name = createHash("sha256").update(JSON.stringify([state, kind, args]));
        return join(this.#folder, `${name.digest("hex").slice(0, 40)}.json`);
    }

    async #read(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
        try {
            const bytes = await readBytesIfThere(path);
            const value: unknown =
                bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString("utf8"));
            return typeof value === "object" && value !== null
                ? (value as Record<string, unknown>)
                : undefined;
        } catch (thrown) {
            if (thrown instanceof SyntaxError || thrown instanceof OperatingError) {
                return undefined; // The check is run again, and nothing else.
            }
            throw thrown;
        }
    }

    async #write(path: string, value: object): Promise<void> {
        await makeFolder(this.#folder);
        await writeFileAtomic(path, Buffer.from(JSON.stringify(value), "utf8"));
    }

    async #sweep(): Promise<void> {
        const names = (await listFolder(this.#folder)).filter((name) => name !== DURATIONS);
        await keepNewest(
            names.map((name) => join(this.#folder, name)),
            KEPT_MAX,
        );
    }
}

const DURATIONS = "durations.json";

function isOutcome(value: unknown): value is Outcome {
    const outcome = value as Partial<Outcome> | null | undefined;
    return (
        Array.isArray(outcome?.findings) &&
        typeof outcome.milliseconds === "number" &&
        typeof outcome.targets === "number" &&
        outcome.findings.every(
            ({ key, message, line }: Partial<Finding>) =>
                typeof key === "string" && typeof message === "string" && typeof line === "number",
        )
    );
}
