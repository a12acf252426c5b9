// Evidence as bytes: a header that tells of a unit, and a compressed part for each of its files, each with
// its hash. Format: docs/formats/evidence.md.

import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { bytesOf, packSections, unpackSections, viewAs } from "../section-file.ts";
import type {
    EvidenceFile,
    EvidenceFrontend,
    EvidenceTarget,
    FileEvidence,
    ImplicitCounts,
    UnitEvidence,
} from "./model.ts";

/** Version of the stored form; raised with every change of it, or of what the numbers in it mean. */
export const EVIDENCE_FORMAT = 4;

const LEVEL = 1;

interface Header {
    readonly format: number;
    readonly frontend: EvidenceFrontend;
    readonly key: string;
    readonly factsHash: string;
    readonly crateId: string;
    readonly configurations: readonly string[];
    readonly fingerprint: string;
    readonly implicit: ImplicitCounts;
    readonly files: readonly {
        readonly path: string;
        readonly contentHash: string;
        readonly segments: readonly string[];
        readonly factCount: number;
        readonly offset: number;
        readonly length: number;
        readonly hash: string;
    }[];
}

/** What a file's facts are encoded to. */
export interface EncodedFile {
    readonly path: string;
    readonly contentHash: string;
    readonly segments: readonly string[];
    readonly factCount: number;
    readonly bytes: Uint8Array;
}

/** Compresses the facts of one file. */
export function encodeFileEvidence(facts: FileEvidence): Uint8Array {
    const packed = packSections({
        start: bytesOf(facts.start),
        length: bytesOf(facts.length),
        segment: bytesOf(facts.segment),
        ordinal: bytesOf(facts.ordinal),
        inside: bytesOf(facts.inside),
        role: facts.role,
        flags: facts.flags,
        target: bytesOf(facts.target),
        targets: new TextEncoder().encode(JSON.stringify(facts.targets)),
        implicitSegment: bytesOf(facts.implicit.segment),
        implicitCause: facts.implicit.cause,
        implicitOwner: bytesOf(facts.implicit.owner),
        implicitCallee: bytesOf(facts.implicit.callee),
    });
    return deflateRawSync(packed, { level: LEVEL });
}

function decodeFileEvidence(bytes: Uint8Array): FileEvidence {
    const section = unpackSections(new Uint8Array(inflateRawSync(bytes)));
    return {
        start: viewAs(section("start"), Uint32Array),
        length: viewAs(section("length"), Uint16Array),
        segment: viewAs(section("segment"), Uint32Array),
        ordinal: viewAs(section("ordinal"), Uint32Array),
        inside: viewAs(section("inside"), Uint16Array),
        role: section("role"),
        flags: section("flags"),
        target: viewAs(section("target"), Uint32Array),
        targets: JSON.parse(new TextDecoder().decode(section("targets"))) as EvidenceTarget[],
        implicit: {
            segment: viewAs(section("implicitSegment"), Uint32Array),
            cause: section("implicitCause"),
            owner: viewAs(section("implicitOwner"), Uint32Array),
            callee: viewAs(section("implicitCallee"), Uint32Array),
        },
    };
}

/** Encodes a unit with its files. */
export function encodeUnitEvidence(
    unit: Omit<UnitEvidence, "files">,
    files: readonly EncodedFile[],
): Uint8Array {
    let offset = 0;
    const listed = files.map(({ path, contentHash, segments, factCount, bytes }) => {
        const place = { offset, length: bytes.length, hash: hashOf(bytes) };
        offset += bytes.length;
        return { path, contentHash, segments, factCount, ...place };
    });
    const { frontend, key, factsHash, crateId, configurations, fingerprint, implicit } = unit;
    const header: Header = {
        format: EVIDENCE_FORMAT,
        frontend,
        key,
        factsHash,
        crateId,
        configurations,
        fingerprint,
        implicit,
        files: listed,
    };
    const head = Buffer.from(JSON.stringify(header), "utf8");
    const lead = Buffer.from(`${hashOf(head)}\n`, "latin1");
    const parts = files.map((file) => file.bytes);
    return Buffer.concat([lead, head, Buffer.from("\n"), ...parts]);
}

/** Reads a unit's header; its files are read when they are asked for. Undefined when damaged or foreign. */
export function decodeUnitEvidence(bytes: Uint8Array): UnitEvidence | undefined {
    const start = bytes.indexOf(NEW_LINE) + 1;
    const end = bytes.indexOf(NEW_LINE, start);
    if (start === 0 || end === -1) {
        return undefined;
    }
    const head = bytes.subarray(start, end);
    if (Buffer.from(bytes.subarray(0, start - 1)).toString("latin1") !== hashOf(head)) {
        return undefined;
    }
    // The hash was right, so that what is inside is what was written.
    const header = JSON.parse(Buffer.from(head).toString("utf8")) as Header;
    if (header.format !== EVIDENCE_FORMAT) {
        return undefined;
    }
    const { frontend, key, factsHash, crateId, configurations, fingerprint, implicit } = header;
    const body = bytes.subarray(end + 1);
    const files = header.files.map((file): [string, EvidenceFile] => {
        const { path, contentHash, segments, factCount, offset, length, hash } = file;
        const load = (): FileEvidence | undefined => {
            const part = body.subarray(offset, offset + length);
            return part.length === length && hashOf(part) === hash
                ? decodeFileEvidence(part)
                : undefined;
        };
        return [path, { path, contentHash, segments, factCount, load }];
    });
    const unit = { frontend, key, factsHash, crateId, configurations, fingerprint, implicit };
    return { ...unit, files: new Map(files) };
}

/** The stored bytes of a unit's files under another header: nothing about the facts themselves changed. */
export function restampUnitEvidence(
    bytes: Uint8Array,
    change: Pick<UnitEvidence, "configurations" | "fingerprint">,
): Uint8Array {
    const start = bytes.indexOf(NEW_LINE) + 1;
    const end = bytes.indexOf(NEW_LINE, start);
    const header = JSON.parse(Buffer.from(bytes.subarray(start, end)).toString("utf8")) as Header;
    const head = Buffer.from(JSON.stringify({ ...header, ...change }), "utf8");
    const lead = Buffer.from(`${hashOf(head)}\n`, "latin1");
    return Buffer.concat([lead, head, bytes.subarray(end)]);
}

const NEW_LINE = 10;

function hashOf(bytes: Uint8Array): string {
    return createHash("sha256").update(bytes).digest("hex");
}
