// Checks a proof file from end to end with nothing but SHA-256: no store, no graph. What it proves holds
// for the state root and the log root that it names; that these are the right ones, the reader knows
// from elsewhere. Format: docs/formats/proof.md.

import { hash } from "node:crypto";

import {
    decodeRootHeader,
    PAGE_BYTES,
    ROOT_HEADER_BYTES,
    rootHeaderHash,
    rootOfInclusion,
    STATE_SCHEMA_VERSION,
    stateRootOf,
    verifyConsistency,
    verifyKey,
} from "../../merkle/index.ts";
import { SYMBOL_KINDS } from "../../graph/index.ts";
import {
    parseProofFile,
    ProofFileError,
    type GraphProof,
    type GrowthProof,
    type ProvenPoint,
} from "./proof-file.ts";

/** What a proof file proves, or why it proves nothing. */
export type ProofVerdict =
    | {
          readonly kind: "holds";
          readonly claim: "present" | "absent";
          /** Canonical path of the symbol. */
          readonly path: string;
          /** Name of its kind, where it is present. */
          readonly symbolKind: string | undefined;
          readonly commitCount: number;
          readonly deltaCount: number;
          /** Wall clock of the commit, milliseconds; information only. */
          readonly timeMs: number;
          readonly stateRoot: string;
          /** Root over the headers of all commits up to `logSize`. */
          readonly logRoot: string;
          readonly logSize: number;
      }
    | {
          readonly kind: "grown";
          readonly before: VerifiedPoint;
          readonly after: VerifiedPoint;
      }
    | { readonly kind: "fails"; readonly reason: string };

/** A place between two commits whose header is proved to be in the log. */
export interface VerifiedPoint {
    readonly commitCount: number;
    readonly deltaCount: number;
    /** Wall clock of the commit, milliseconds; information only. */
    readonly timeMs: number;
    readonly stateRoot: string;
    readonly logRoot: string;
}

/** Checks the text of a proof file. */
export function verifyProofFile(text: string): ProofVerdict {
    try {
        const file = parseProofFile(text);
        return file.kind === "symbol" ? verifyProof(file.proof) : verifyGrowth(file.proof);
    } catch (error) {
        if (error instanceof ProofFileError) {
            return { kind: "fails", reason: error.message };
        }
        throw error;
    }
}

function verifyGrowth({ before, after, proof }: GrowthProof): ProofVerdict {
    const points = { before: verifyPoint(before), after: verifyPoint(after) };
    const claim = {
        before: { size: before.size, root: digest(before.root) },
        after: { size: after.size, root: digest(after.root) },
    };
    check(verifyConsistency(claim, proof), "the later history does not begin with the earlier one");
    return { kind: "grown", ...points };
}

function verifyPoint({ header: encoded, size, root, proof }: ProvenPoint): VerifiedPoint {
    check(encoded.length === ROOT_HEADER_BYTES, "its root header has another length");
    const header = decodeRootHeader(encoded);
    const found = rootOfInclusion(rootHeaderHash(encoded), { index: size - 1, size }, proof);
    const isIn = found !== undefined && hex(found) === root;
    check(isIn, "its root header is not in the log of headers");
    check(header.commitCount === size, "its root header stands at another place");
    const { commitCount, deltaCount, timeMs, stateRoot } = header;
    return { commitCount, deltaCount, timeMs, stateRoot: hex(stateRoot), logRoot: root };
}

function verifyProof(proof: GraphProof): ProofVerdict {
    const { state, path, claim } = proof;
    check(
        state.schemaVersion === STATE_SCHEMA_VERSION && state.pageBytes === PAGE_BYTES,
        `it is of schema version ${state.schemaVersion}; this program checks ${STATE_SCHEMA_VERSION}`,
    );
    const key = hash("sha256", path, "buffer").subarray(0, 8);
    const verdict = verifyKey(key, proof.proof, { keyBytes: 8, hasValues: true });
    if (verdict.kind === "invalid") {
        throw new ProofFileError(verdict.reason);
    }
    check(verdict.kind === claim, `its pages say that the symbol is ${verdict.kind}`);
    if (verdict.kind === "present") {
        checkRecord(verdict.body, proof.value ?? new Uint8Array(), path);
    }
    check(hex(verdict.root) === state.nodeRoot, "its pages do not lead to the node root");
    const stateRoot = stateRootOf({
        ...state,
        nodeRoot: digest(state.nodeRoot),
        edgeRoot: digest(state.edgeRoot),
        fileRoot: digest(state.fileRoot),
    });
    check(proof.header.length === ROOT_HEADER_BYTES, "its root header has another length");
    const header = decodeRootHeader(proof.header);
    check(hex(stateRoot) === hex(header.stateRoot), "its roots do not lead to the state root");
    const { log } = proof;
    const logRoot = rootOfInclusion(rootHeaderHash(proof.header), log, log.proof);
    check(
        logRoot !== undefined && hex(logRoot) === log.root,
        "its root header is not in the log of headers",
    );
    check(header.commitCount === log.index + 1, "its root header stands at another place");
    return {
        kind: "holds",
        claim,
        path,
        symbolKind: proof.value === undefined ? undefined : SYMBOL_KINDS[proof.value[0] ?? 0],
        commitCount: header.commitCount,
        deltaCount: header.deltaCount,
        timeMs: header.timeMs,
        stateRoot: hex(stateRoot),
        logRoot: log.root,
        logSize: log.size,
    };
}

/** The record in the page is the one that the file shows, and the path is the one in it. */
function checkRecord(body: Uint8Array, value: Uint8Array, path: string): void {
    const page = Buffer.from(body);
    const isHashed = page.readUInt16LE(0) === 0xffff;
    const holds = isHashed
        ? page.readUInt32LE(2) === value.length &&
          page.subarray(6).equals(hash("sha256", value, "buffer"))
        : page.subarray(2).equals(value);
    check(holds, "its record is not the one in the page");
    check(value.length >= 9, "its record is too short");
    const nameBytes = Buffer.from(value).readUInt32LE(5);
    const written = Buffer.from(value.subarray(9 + nameBytes)).toString("utf8");
    check(written === path, "its record is of another symbol");
}

function check(holds: boolean, reason: string): void {
    if (!holds) {
        throw new ProofFileError(reason);
    }
}

function digest(written: string): Uint8Array {
    check(/^[0-9a-f]{64}$/u.test(written), "a root is not a hash");
    return Buffer.from(written, "hex");
}

function hex(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("hex");
}
