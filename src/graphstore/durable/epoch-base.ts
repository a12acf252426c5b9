// What an epoch of a `.tlog` builds upon: a place of the history that is durable without it, and the
// checkpoint that was the newest then. Format: docs/formats/tlog.md.

import { OperatingError } from "../../base/index.ts";
import { STATE_SCHEMA_VERSION } from "../../merkle/index.ts";
import type { EpochHeader } from "../../wal/index.ts";
import { decodeLogMark, encodeLogMark, LOG_MARK_BYTES, type LogMark } from "./log-mark.ts";

/** The base of an epoch. */
export interface EpochBase {
    readonly mark: LogMark;
    /** Id of the newest checkpoint; zeros when there is none. */
    readonly checkpointId: Uint8Array;
}

/** Stands for the id of a checkpoint where there is none. */
export const NO_CHECKPOINT: Uint8Array = new Uint8Array(32);

/** How large a `.tlog` is made. */
export interface TlogCapacity {
    /** Bytes of a new store's. */
    readonly initial: number;
    /** Bytes that it grows to with the history. */
    readonly max: number;
}

/** 4 MiB for a small workspace, a quarter of the history up to 64 MiB for a large one. */
export const TLOG_CAPACITY: TlogCapacity = { initial: 4 << 20, max: 64 << 20 };

/** The capacity of the next epoch: it never shrinks. */
export function nextCapacity(
    capacity: TlogCapacity,
    current: number,
    historyBytes: number,
): number {
    let wanted = Math.max(capacity.initial, current);
    while (wanted < historyBytes / 4 && wanted * 2 <= capacity.max) {
        wanted *= 2;
    }
    return wanted;
}

/** The header of an epoch. */
export function epochHeader(
    base: EpochBase,
    more: Pick<EpochHeader, "capacity" | "epoch" | "firstSequence" | "salt" | "storeUuid">,
): EpochHeader {
    const bytes = Buffer.concat([encodeLogMark(base.mark), base.checkpointId]);
    return { ...more, schemaVersion: STATE_SCHEMA_VERSION, base: bytes };
}

/** Reads the base of an epoch; throws LOG_CORRUPT_RECORD or LOG_VERSION. */
export function decodeEpochBase(header: EpochHeader, path: string): EpochBase {
    if (header.schemaVersion !== STATE_SCHEMA_VERSION) {
        const known = `this program knows version ${STATE_SCHEMA_VERSION}`;
        const found = `${path} has schema version ${header.schemaVersion}`;
        throw new OperatingError("LOG_VERSION", `${found}; ${known}`, {
            advice: "use the version of Ferrograph that wrote it, or move the store away",
        });
    }
    if (header.base.length !== LOG_MARK_BYTES + NO_CHECKPOINT.length) {
        throw new OperatingError("LOG_CORRUPT_RECORD", `${path} builds upon nothing`);
    }
    return {
        mark: decodeLogMark(header.base),
        checkpointId: header.base.subarray(LOG_MARK_BYTES),
    };
}
