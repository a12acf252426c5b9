// The captures of a state: by path, each loaded from the derived cache when it is first needed. States
// share the slots of files that did not change.

import type { FileCapture } from "../syntax/index.ts";

/** Where a capture stands in the derived cache's pack. */
export interface PackPlace {
    readonly offset: number;
    readonly length: number;
    /** SHA-256 of the stored bytes, hex. */
    readonly hash: string;
}

/** One file's capture: in memory, in the pack, or both. */
export interface CaptureSlot {
    readonly path: string;
    readonly contentHash: string;
    capture: FileCapture | undefined;
    packed: PackPlace | undefined;
}

/** The captures of one state of the workspace. */
export class CaptureSet {
    readonly slots: ReadonlyMap<string, CaptureSlot>;

    constructor(slots: ReadonlyMap<string, CaptureSlot>) {
        this.slots = slots;
    }

    /** Number of captures that are not in memory. */
    get unloaded(): number {
        let count = 0;
        for (const slot of this.slots.values()) {
            count += slot.capture === undefined ? 1 : 0;
        }
        return count;
    }

    /** Bytes of the captures that are in memory and in the pack, as packed. */
    get heldBytes(): number {
        let bytes = 0;
        for (const { capture, packed } of this.slots.values()) {
            bytes += capture === undefined ? 0 : (packed?.length ?? 0);
        }
        return bytes;
    }

    /** Forgets captures that the pack has too. */
    release(): void {
        for (const slot of this.slots.values()) {
            if (slot.packed !== undefined) {
                slot.capture = undefined;
            }
        }
    }

    /** The capture of a file, if it is in memory. */
    find(path: string): FileCapture | undefined {
        return this.slots.get(path)?.capture;
    }

    /** All captures by path; every one must be loaded. */
    all(): Map<string, FileCapture> {
        const all = new Map<string, FileCapture>();
        for (const [path, { capture }] of this.slots) {
            if (capture !== undefined) {
                all.set(path, capture);
            }
        }
        return all;
    }

    /** The set after some files were captured anew and some are gone; paths stay sorted. */
    with(captured: readonly FileCapture[], gone: Iterable<string>): CaptureSet {
        const slots = new Map(this.slots);
        for (const path of gone) {
            slots.delete(path);
        }
        let isSorted = true;
        for (const capture of captured) {
            const { path, contentHash } = capture;
            isSorted &&= slots.has(path);
            slots.set(path, { path, contentHash, capture, packed: undefined });
        }
        return new CaptureSet(
            isSorted ? slots : new Map([...slots].sort(([a], [b]) => (a < b ? -1 : 1))),
        );
    }
}
