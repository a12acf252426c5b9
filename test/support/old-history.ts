// A history as format 1 wrote it: the same frames, commits without root headers.

import { decodeCommit } from "../../src/graphstore/commit-record.ts";
import { crc32c, encodeFrames, encodeLogHeader, frameSeed, scanLog } from "../../src/wal/index.ts";

/** Writes a history of the present format as format 1 would have; `change` is given each commit. */
export function toOldHistory(
    bytes: Uint8Array,
    change: (commit: Buffer) => Buffer = (commit) => commit,
): Buffer {
    const { header, records } = scanLog(bytes, "present", "GRPH");
    const head = Buffer.from(encodeLogHeader(header));
    head.writeUInt32LE(1, 8);
    head.writeUInt32LE(crc32c(head, 0, 60), 60);
    let old = head;
    let syncedUpTo = head.length;
    for (const [sequence, { kind, payload }] of records.entries()) {
        const written = { kind, payload: kind === 2 ? change(oldCommit(payload)) : payload };
        const frame = encodeFrames([written], { sequence, syncedUpTo, seed: frameSeed(header) });
        old = Buffer.concat([old, frame]);
        syncedUpTo = kind === 2 ? old.length : syncedUpTo;
    }
    return old;
}

function oldCommit(payload: Uint8Array): Buffer {
    const commit = decodeCommit(payload);
    const bytes = Buffer.alloc(252);
    const { commitCount, deltaCount, deltas, timeMs, nodeCount, edgeCount, fileCount } = commit;
    let at = 0;
    for (const word of [commitCount, deltaCount, deltas, timeMs, nodeCount, edgeCount, fileCount]) {
        at = bytes.writeBigUInt64LE(BigInt(word), at);
    }
    at = bytes.writeUInt32LE(1, at);
    const { stateRoot, graphRoot, nodeRoot, edgeRoot, fileRoot } = commit.roots;
    for (const root of [stateRoot, graphRoot, nodeRoot, edgeRoot, fileRoot]) {
        at += bytes.write(root, at, "hex");
    }
    return bytes;
}
