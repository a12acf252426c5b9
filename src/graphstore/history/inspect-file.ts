// What a file holds, part by part, for people: logs of the store however damaged, and proofs. Says what
// it finds and judges nothing. Formats: docs/formats.

import { decodeDeltas, type GraphDelta } from "../../graph/index.ts";
import { OperatingError, required } from "../../base/index.ts";
import {
    crc32c,
    EPOCH_FRAMES_AT,
    epochSeed,
    LOG_HEADER_BYTES,
    LOG_MAGIC,
    logFormatVersion,
    newestHeader,
    surveyFrames,
    surveyHeader,
    type SurveyedPart,
} from "../../wal/index.ts";
import {
    ARCHIVE_HEADER_BYTES,
    checkRange,
    decodeArchiveHeader,
    piecesOf,
} from "../durable/archive-layout.ts";
import { CHECKPOINT_HEADER_BYTES, decodeCheckpointHeader } from "../durable/checkpoint-layout.ts";
import {
    BASED_HEADER_BYTES,
    BASED_LOG_FORMAT_VERSION,
    decodeHistoryHead,
} from "../durable/history-file.ts";
import type { LogMark } from "../durable/log-mark.ts";
import { decodeImageHeader, IMAGE_HEADER_BYTES, SECTIONS } from "../image/image-layout.ts";
import { decodeCommit, RECORD_KIND } from "../commit-record.ts";
import { GRAPH_LOG_KIND } from "../replay-log.ts";
import { PROOF_FORMAT } from "./proof-file.ts";
import { verifyProofFile } from "./verify-proof.ts";

/** One part of a file. */
export interface InspectedPart {
    readonly offset: number;
    readonly byteCount: number;
    /** `header`, `archive`, `checkpoint`, `tables`, `section`, `deltas`, `commit`, `record`, `damage`… */
    readonly what: string;
    /** What it says, by name. */
    readonly fields: Readonly<Record<string, string | number>>;
}

/** Lists the parts of a file in order. */
export function* inspectFile(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const whole = { offset: 0, byteCount: bytes.length };
    if (LOG_MAGIC.every((byte, at) => bytes[at] === byte)) {
        yield* inspectStoreFile(bytes, path);
    } else if (isProof(bytes)) {
        const verdict = verifyProofFile(Buffer.from(bytes).toString("utf8"));
        const { kind, ...fields } = verdict;
        const told = Object.entries(fields).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, value] as const],
        );
        yield { ...whole, what: "proof", fields: { verdict: kind, ...Object.fromEntries(told) } };
    } else {
        const start = Buffer.from(bytes.subarray(0, 16)).toString("hex");
        yield { ...whole, what: "unknown", fields: { start } };
    }
}

function* inspectStoreFile(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const holds = Buffer.from(bytes.subarray(12, 16)).toString("latin1");
    try {
        switch (holds) {
            case "ARCH":
                yield* inspectArchive(bytes, path);
                return;
            case "CKPT":
                yield inspectCheckpoint(bytes, path);
                return;
            case "TBLS":
                yield* inspectTables(bytes);
                return;
            case "TLOG":
                yield* inspectTlog(bytes, path);
                return;
            default:
                yield* inspectLog(bytes, path, holds);
        }
    } catch (error) {
        if (!(error instanceof OperatingError)) {
            throw error;
        }
        const place = { offset: 0, byteCount: bytes.length };
        yield { ...place, what: "damage", fields: { reason: error.message } };
    }
}

function* inspectArchive(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const header = decodeArchiveHeader(bytes, path);
    const { after, upTo, start, byteCount, storeUuid } = header;
    const content = Buffer.concat([...piecesOf(bytes, path)]);
    checkRange(content, header, path);
    yield {
        offset: 0,
        byteCount: ARCHIVE_HEADER_BYTES,
        what: "archive",
        fields: {
            store: hex(storeUuid),
            afterCommit: after.commitCount,
            afterDelta: after.deltaCount,
            upToCommit: upTo.commitCount,
            upToDelta: upTo.deltaCount,
            stateRoot: upTo.stateRoot,
            historyFrom: start,
            historyBytes: byteCount,
        },
    };
    const first = start === 0 ? LOG_HEADER_BYTES : 0;
    for (const part of surveyFrames(content, first, crc32c(storeUuid))) {
        const inspected = inspectPart(part, GRAPH_LOG_KIND);
        yield { ...inspected, offset: inspected.offset + start };
    }
}

function inspectCheckpoint(bytes: Uint8Array, path: string): InspectedPart {
    const header = decodeCheckpointHeader(bytes.subarray(0, CHECKPOINT_HEADER_BYTES), path);
    const { storeUuid, mark, recordCounts, pageCounts, longBytes } = header;
    const [nodes = 0, edges = 0, files = 0] = recordCounts;
    const pages = pageCounts.reduce((sum, count) => sum + count, 0);
    const about = { ...tellMark(mark), nodes, edges, files, pages, longBytes };
    const place = { offset: 0, byteCount: bytes.length };
    return { ...place, what: "checkpoint", fields: { store: hex(storeUuid), ...about } };
}

function* inspectTables(bytes: Uint8Array): Generator<InspectedPart> {
    const header = decodeImageHeader(bytes.subarray(0, IMAGE_HEADER_BYTES));
    const place = { offset: 0, byteCount: IMAGE_HEADER_BYTES };
    if (header === undefined) {
        yield { ...place, what: "damage", fields: { reason: "the header is not good" } };
        return;
    }
    const { storeUuid, mark, archivedCommits } = header;
    const about = { store: hex(storeUuid), ...tellMark(mark), archivedCommits };
    yield { ...place, what: "tables", fields: about };
    for (const name of SECTIONS) {
        const { offset, byteCount, count, encoding } = header.sections[name];
        yield { offset, byteCount, what: "section", fields: { name, count, encoding } };
    }
}

function* inspectTlog(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const header = newestHeader(bytes, path);
    const place = { offset: 0, byteCount: EPOCH_FRAMES_AT };
    if (header === undefined) {
        yield { ...place, what: "damage", fields: { reason: "neither of its headers is good" } };
        return;
    }
    const { storeUuid, epoch, capacity, firstSequence } = header;
    const about = { store: hex(storeUuid), holds: "TLOG", epoch, capacity, firstSequence };
    yield { ...place, what: "header", fields: about };
    for (const part of surveyFrames(bytes, EPOCH_FRAMES_AT, epochSeed(header))) {
        // What follows the last frame is zeros, or frames of epochs that are over.
        if (part.kind === "damage") {
            return;
        }
        yield inspectPart(part, "TLOG");
    }
}

function tellMark(mark: LogMark): Record<string, string | number> {
    const { commitCount, deltaCount, logEnd, stateRoot } = mark;
    return { commit: commitCount, k: deltaCount, historyBytes: logEnd, stateRoot };
}

function* inspectBasedLog(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const { header, base } = decodeHistoryHead(bytes.subarray(0, BASED_HEADER_BYTES), path);
    const { last, mark } = required(base, "a history of this version has a base");
    yield {
        offset: 0,
        byteCount: BASED_HEADER_BYTES,
        what: "header",
        fields: {
            holds: header.contentKind,
            schemaVersion: header.schemaVersion,
            store: hex(header.storeUuid),
            firstSequence: header.firstSequence,
            archivedCommits: last.commitCount,
            archivedDeltas: last.deltaCount,
            archivedBytes: mark.logEnd,
        },
    };
    for (const part of surveyFrames(bytes, BASED_HEADER_BYTES, crc32c(header.storeUuid))) {
        yield inspectPart(part, GRAPH_LOG_KIND);
    }
}

function hex(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("hex");
}

function* inspectLog(bytes: Uint8Array, path: string, holds: string): Generator<InspectedPart> {
    if (logFormatVersion(bytes) === BASED_LOG_FORMAT_VERSION) {
        yield* inspectBasedLog(bytes, path);
        return;
    }
    const { header, damage } = surveyHeader(bytes, path);
    const place = { offset: 0, byteCount: Math.min(64, bytes.length) };
    yield header === undefined
        ? { ...place, what: "damage", fields: { reason: damage ?? "" } }
        : {
              ...place,
              what: "header",
              fields: {
                  holds,
                  schemaVersion: header.schemaVersion,
                  store: Buffer.from(header.storeUuid).toString("hex"),
                  firstSequence: header.firstSequence,
              },
          };
    for (const part of surveyFrames(bytes)) {
        yield inspectPart(part, holds);
    }
}

function inspectPart(part: SurveyedPart, holds: string): InspectedPart {
    const place = { offset: part.start, byteCount: part.end - part.start };
    if (part.kind === "damage") {
        return { ...place, what: "damage", fields: { reason: part.reason } };
    }
    const { recordKind, sequence, syncedUpTo, payload } = part;
    const record = { sequence, syncedUpTo };
    try {
        if (holds === GRAPH_LOG_KIND && recordKind === RECORD_KIND.deltas) {
            return { ...place, what: "deltas", fields: { ...record, ...countDeltas(payload) } };
        }
        if (holds === GRAPH_LOG_KIND && recordKind === RECORD_KIND.commit) {
            return { ...place, what: "commit", fields: { ...record, ...tellCommit(payload) } };
        }
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { ...place, what: "damage", fields: { ...record, reason } };
    }
    return { ...place, what: "record", fields: { ...record, recordKind } };
}

function countDeltas(payload: Uint8Array): Record<string, number> {
    const counts: Partial<Record<GraphDelta["kind"], number>> = {};
    const deltas = decodeDeltas(payload);
    for (const { kind } of deltas) {
        counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return { deltas: deltas.length, ...counts };
}

function tellCommit(payload: Uint8Array): Record<string, string | number> {
    const commit = decodeCommit(payload);
    const { commitCount, deltaCount, deltas, nodeCount, edgeCount, fileCount } = commit;
    return {
        commit: commitCount,
        k: deltaCount,
        deltas,
        nodes: nodeCount,
        edges: edgeCount,
        files: fileCount,
        time: new Date(commit.timeMs).toISOString(),
        stateRoot: commit.roots.stateRoot,
        graphRoot: commit.roots.graphRoot,
    };
}

function isProof(bytes: Uint8Array): boolean {
    const start = Buffer.from(bytes.subarray(0, 200)).toString("utf8");
    return start.trimStart().startsWith("{") && start.includes(`"${PROOF_FORMAT}"`);
}
