// Headers of a log that begins anew in epochs: two slots, of which the newest good one counts.
// Format: docs/formats/tlog.md.
// Invariants: a header's checksum covers all its other bytes; frames are bound to store, epoch and salt,
// so that those of an earlier epoch are never taken for this one's.

import { assert, OperatingError } from "../base/index.ts";
import { crc32c } from "./crc32c.ts";
import { corrupt, LOG_MAGIC } from "./log-layout.ts";

/** Version of headers and framing of epoch logs. */
export const EPOCH_FORMAT_VERSION = 1;

/** Bytes from one header slot to the next: no two share a sector or page of the disk. */
export const EPOCH_SLOT_BYTES = 4096;

/** Where the frames begin: after both slots. */
export const EPOCH_FRAMES_AT = 2 * EPOCH_SLOT_BYTES;

/** Bytes of a header: one sector. */
const HEADER_BYTES = 512;
const BASE_AT = 84;
const CRC_AT = HEADER_BYTES - 4;
const CONTENT_KIND = "TLOG";

/** What an epoch begins with. */
export interface EpochHeader {
    /** Version of the payloads, the user's business. */
    readonly schemaVersion: number;
    /** The store's uuid, 16 bytes. */
    readonly storeUuid: Uint8Array;
    /** Number of the epoch, from 1. */
    readonly epoch: number;
    /** Bytes of the file. */
    readonly capacity: number;
    /** Sequence number of the first frame. */
    readonly firstSequence: number;
    /** 16 random bytes. */
    readonly salt: Uint8Array;
    /** What the epoch builds upon, the user's business; at most 424 bytes. */
    readonly base: Uint8Array;
}

/** Offset of the slot that the header of an epoch is written to. */
export function slotOf(epoch: number): number {
    return (epoch % 2) * EPOCH_SLOT_BYTES;
}

/** Encodes a header: the bytes of its slot's first sector. */
export function encodeEpochHeader(header: EpochHeader): Buffer {
    assert(header.storeUuid.length === 16 && header.salt.length === 16, "uuid and salt: 16 bytes");
    assert(header.base.length <= CRC_AT - BASE_AT, "the base fits the header");
    const bytes = Buffer.alloc(HEADER_BYTES);
    bytes.set(LOG_MAGIC, 0);
    bytes.writeUInt32LE(EPOCH_FORMAT_VERSION, 8);
    bytes.write(CONTENT_KIND, 12, "latin1");
    bytes.writeUInt32LE(header.schemaVersion, 16);
    bytes.set(header.storeUuid, 24);
    bytes.writeBigUInt64LE(BigInt(header.epoch), 40);
    bytes.writeBigUInt64LE(BigInt(header.capacity), 48);
    bytes.writeBigUInt64LE(BigInt(header.firstSequence), 56);
    bytes.set(header.salt, 64);
    bytes.writeUInt32LE(header.base.length, 80);
    bytes.set(header.base, BASE_AT);
    bytes.writeUInt32LE(crc32c(bytes, 0, CRC_AT), CRC_AT);
    return bytes;
}

/** The newest good header of a file's first bytes; undefined when none is good. Throws LOG_VERSION. */
export function newestHeader(bytes: Uint8Array, path: string): EpochHeader | undefined {
    const found: EpochHeader[] = [];
    for (const slot of [0, EPOCH_SLOT_BYTES]) {
        const header = decodeSlot(bytes.subarray(slot, slot + HEADER_BYTES), path);
        if (header !== undefined && slotOf(header.epoch) === slot) {
            found.push(header);
        }
    }
    return found.sort((one, other) => other.epoch - one.epoch)[0];
}

/** The seed that binds frames to a store's epoch. */
export function epochSeed(header: EpochHeader): number {
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(BigInt(header.epoch));
    const { storeUuid, salt } = header;
    return crc32c(salt, 0, 16, crc32c(number, 0, 8, crc32c(storeUuid)));
}

function decodeSlot(slot: Uint8Array, path: string): EpochHeader | undefined {
    const bytes = Buffer.from(slot.buffer, slot.byteOffset, slot.length);
    const isHeader =
        bytes.length === HEADER_BYTES &&
        LOG_MAGIC.every((byte, at) => bytes[at] === byte) &&
        bytes.readUInt32LE(CRC_AT) === crc32c(bytes, 0, CRC_AT);
    if (!isHeader) {
        return undefined;
    }
    const version = bytes.readUInt32LE(8);
    if (version !== EPOCH_FORMAT_VERSION) {
        const known = `this program reads version ${EPOCH_FORMAT_VERSION}`;
        throw new OperatingError("LOG_VERSION", `${path} has format version ${version}; ${known}`, {
            advice: "use the version of Ferrograph that wrote it, or move the file away",
        });
    }
    const kind = bytes.toString("latin1", 12, 16);
    if (kind !== CONTENT_KIND) {
        throw corrupt(path, 12, `it holds "${kind}" where "${CONTENT_KIND}" is expected`);
    }
    const number = (at: number): number => Number(bytes.readBigUInt64LE(at));
    const baseBytes = bytes.readUInt32LE(80);
    if (baseBytes > CRC_AT - BASE_AT) {
        return undefined;
    }
    return {
        schemaVersion: bytes.readUInt32LE(16),
        storeUuid: Uint8Array.from(bytes.subarray(24, 40)),
        epoch: number(40),
        capacity: number(48),
        firstSequence: number(56),
        salt: Uint8Array.from(bytes.subarray(64, 80)),
        base: Uint8Array.from(bytes.subarray(BASE_AT, BASE_AT + baseBytes)),
    };
}
