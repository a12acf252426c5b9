// What a file holds, part by part, for people: logs of the store however damaged, and proofs. Says what
// it finds and judges nothing. Formats: docs/formats.

import { decodeDeltas, type GraphDelta } from "../../graph/index.ts";
import { surveyFrames, surveyHeader, type SurveyedPart } from "../../wal/index.ts";
import { decodeCommit, RECORD_KIND } from "../commit-record.ts";
import { GRAPH_LOG_KIND } from "../replay-log.ts";
import { PROOF_FORMAT } from "./proof-file.ts";
import { verifyProofFile } from "./verify-proof.ts";

/** One part of a file. */
export interface InspectedPart {
    readonly offset: number;
    readonly byteCount: number;
    /** `header`, `deltas`, `commit`, `record`, `damage`, `proof`, `unknown`. */
    readonly what: string;
    /** What it says, by name. */
    readonly fields: Readonly<Record<string, string | number>>;
}

const LOG_MAGIC = Uint8Array.of(0x89, 0x46, 0x47, 0x53, 0x0d, 0x0a, 0x1a, 0x0a);

/** Lists the parts of a file in order. */
export function* inspectFile(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const whole = { offset: 0, byteCount: bytes.length };
    if (LOG_MAGIC.every((byte, at) => bytes[at] === byte)) {
        yield* inspectLog(bytes, path);
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

function* inspectLog(bytes: Uint8Array, path: string): Generator<InspectedPart> {
    const { header, damage } = surveyHeader(bytes, path);
    const place = { offset: 0, byteCount: Math.min(64, bytes.length) };
    const holds = Buffer.from(bytes.subarray(12, 16)).toString("latin1");
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
