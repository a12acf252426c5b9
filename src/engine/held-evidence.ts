// The evidence of one tool in memory, as it is in the store: loaded once, replaced by what a capture gives.

import { wallClockMs } from "../platform/index.ts";
import type * as Resolve from "../resolve/index.ts";
import type { Evidence, UnitEvidence } from "../resolve/index.ts";
import { EvidenceStore, type LoadedEvidence, type StoredEvidence } from "./evidence-store.ts";
import { savedText } from "./source-table.ts";
import type { ToolFactsParts } from "./tool-facts-parts.ts";

/** What a capture gave. */
export interface FreshEvidence {
    /** Bytes of the units that are new or not what they were, by key. */
    readonly changed: ReadonlyMap<string, Uint8Array>;
    /** Keys of the units that stay; the others are dropped. */
    readonly kept: ReadonlySet<string>;
    /** Hash of a file's tokens outside function bodies, by the hash of its content. */
    readonly outside: ReadonlyMap<string, string>;
}

/** The evidence of one tool. */
export class HeldEvidence {
    readonly #parts: ToolFactsParts;
    #store: EvidenceStore | undefined;
    #loading: Promise<void> | undefined;
    #loaded: LoadedEvidence = { units: new Map(), outside: new Map(), capturedAt: undefined };
    #evidence: Evidence | undefined;

    constructor(parts: ToolFactsParts) {
        this.#parts = parts;
    }

    /** What to resolve with; undefined when there is none. */
    get evidence(): Evidence | undefined {
        return this.#evidence;
    }

    /** The units, by key. */
    get units(): ReadonlyMap<string, StoredEvidence> {
        return this.#loaded.units;
    }

    /** When it was captured, milliseconds since 1970. */
    get capturedAt(): number | undefined {
        return this.#loaded.capturedAt;
    }

    /** Size of the units on disk. */
    get bytes(): number {
        return this.sumOf(({ bytes }) => bytes.length);
    }

    /** A sum over all units. */
    sumOf(pick: (one: StoredEvidence) => number): number {
        return [...this.units.values()].reduce((sum, one) => sum + pick(one), 0);
    }

    /** Says where it is stored. */
    open(folder: string): void {
        this.#store = new EvidenceStore(folder, this.#parts.logger);
    }

    /** Loads what is stored, once. */
    load(): Promise<void> {
        this.#loading ??= this.#load();
        return this.#loading;
    }

    /** Stores what a capture gave, and holds it. */
    async replace({ changed, kept, outside }: FreshEvidence): Promise<void> {
        const module = await import("../resolve/index.ts");
        const capturedAt = wallClockMs();
        await this.#store?.save(changed, kept, { outside, capturedAt });
        const units = new Map([...this.units].filter(([key]) => kept.has(key)));
        for (const [key, bytes] of changed) {
            const unit = module.decodeUnitEvidence(bytes);
            if (unit !== undefined) {
                units.set(key, { unit, bytes });
            }
        }
        this.#use(module, { units, outside, capturedAt });
    }

    /** The text with this hash: a client's unsaved one, or the disk's. */
    textOf(path: string, contentHash: string): string | undefined {
        const { root, unsavedText } = this.#parts;
        // Where there is none any more, its facts are hints.
        return unsavedText(path, contentHash) ?? savedText(root, path, contentHash);
    }

    async #load(): Promise<void> {
        if (this.#store !== undefined) {
            const module = await import("../resolve/index.ts");
            this.#use(module, await this.#store.load(module.decodeUnitEvidence));
        }
    }

    #use(module: typeof Resolve, loaded: LoadedEvidence): void {
        this.#loaded = loaded;
        const units: UnitEvidence[] = [...loaded.units.values()].map(({ unit }) => unit);
        this.#evidence =
            units.length === 0
                ? undefined
                : new module.Evidence(units, loaded.outside, (path, hash) =>
                      this.textOf(path, hash),
                  );
    }
}
