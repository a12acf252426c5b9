// Proof files as they stand on disk: JSON, hashes in hex, pages in base64. Format: docs/formats/proof.md.
// Reading trusts nothing: what is missing or of another shape is said by name.

import { PAGE_BYTES, type KeyProof, type ProofEnd, type ProofFork } from "../../merkle/index.ts";

/** Version of proof files. */
export const PROOF_FORMAT_VERSION = 1;

/** The first field of every proof file. */
export const PROOF_FORMAT = "ferrograph-proof";

/** The state that a proof speaks of, as its root is made. */
export interface ProofState {
    readonly schemaVersion: number;
    readonly pageBytes: number;
    readonly nodeRoot: string;
    readonly edgeRoot: string;
    readonly fileRoot: string;
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
}

/** Says that a symbol is in the graph of a commit, or that it is not. */
export interface GraphProof {
    /** Canonical path of the symbol; its hash is the key. */
    readonly path: string;
    readonly claim: "present" | "absent";
    /** The node's record, where it is present. */
    readonly value: Uint8Array | undefined;
    readonly proof: KeyProof;
    readonly state: ProofState;
    /** Root header of the commit, encoded. */
    readonly header: Uint8Array;
    /** The header's place in the log over all headers. */
    readonly log: {
        readonly index: number;
        readonly size: number;
        readonly root: string;
        readonly proof: readonly Uint8Array[];
    };
}

/** A place between two commits, as a proof of growth names it. */
export interface ProvenPoint {
    /** Number of commits. */
    readonly size: number;
    /** Root over the headers of all of them, hex. */
    readonly root: string;
    /** Root header of the last of them, encoded. */
    readonly header: Uint8Array;
    /** Hashes that lead from that header to the root. */
    readonly proof: readonly Uint8Array[];
}

/** Says that the history up to one commit begins with that up to another. */
export interface GrowthProof {
    readonly before: ProvenPoint;
    readonly after: ProvenPoint;
    /** Hashes that lead from the first root to the second. */
    readonly proof: readonly Uint8Array[];
}

/** Something in a proof file is not as it must be. */
export class ProofFileError extends Error {
    override readonly name = "ProofFileError";
}

/** Writes a proof as JSON. */
export function formatProofFile(proof: GraphProof): string {
    const { path, claim, value, state, header, log } = proof;
    const written = {
        format: PROOF_FORMAT,
        version: PROOF_FORMAT_VERSION,
        claim,
        path,
        ...(value === undefined ? {} : { value: hex(value) }),
        forks: proof.proof.forks.map(({ prefixBits, sibling }) => ({
            prefixBits,
            sibling: hex(sibling),
        })),
        end: formatEnd(proof.proof.end),
        state,
        header: hex(header),
        log: { ...log, proof: log.proof.map(hex) },
    };
    return `${JSON.stringify(written, undefined, 4)}\n`;
}

/** Writes a proof of growth as JSON. */
export function formatGrowthFile({ before, after, proof }: GrowthProof): string {
    const written = {
        format: PROOF_FORMAT,
        version: PROOF_FORMAT_VERSION,
        claim: GROWN,
        before: formatPoint(before),
        after: formatPoint(after),
        proof: proof.map(hex),
    };
    return `${JSON.stringify(written, undefined, 4)}\n`;
}

/** What a proof file claims: of a symbol, or of a history that only grew. */
export type ProofFile =
    | { readonly kind: "symbol"; readonly proof: GraphProof }
    | { readonly kind: "growth"; readonly proof: GrowthProof };

/** Reads a proof file; throws ProofFileError. */
export function parseProofFile(text: string): ProofFile {
    const file = new Fields(parseJson(text), "the file");
    if (file.text("format") !== PROOF_FORMAT) {
        throw new ProofFileError("it is not a proof of Ferrograph");
    }
    if (file.number("version") !== PROOF_FORMAT_VERSION) {
        throw new ProofFileError(`version ${file.number("version")} of proofs is not known`);
    }
    if (file.text("claim") !== GROWN) {
        return { kind: "symbol", proof: parseSymbolProof(file) };
    }
    const proof = {
        before: parsePoint(file.object("before")),
        after: parsePoint(file.object("after")),
        proof: parseHashes(file),
    };
    return { kind: "growth", proof };
}

const GROWN = "grown";

function formatPoint(point: ProvenPoint): object {
    return { ...point, header: hex(point.header), proof: point.proof.map(hex) };
}

function parsePoint(point: Fields): ProvenPoint {
    return {
        size: point.number("size"),
        root: point.text("root"),
        header: point.bytes("header"),
        proof: parseHashes(point),
    };
}

function parseHashes(fields: Fields): Uint8Array[] {
    return fields.list("proof").map((value) => bytesOf(value, "a hash of the log"));
}

function parseSymbolProof(file: Fields): GraphProof {
    const claim = file.text("claim");
    if (claim !== "present" && claim !== "absent") {
        throw new ProofFileError(`it claims "${claim}"`);
    }
    const log = file.object("log");
    return {
        path: file.text("path"),
        claim,
        value: claim === "present" ? file.bytes("value") : undefined,
        proof: {
            forks: file.list("forks").map((value): ProofFork => {
                const fork = new Fields(value, "a fork");
                return { prefixBits: fork.number("prefixBits"), sibling: fork.bytes("sibling") };
            }),
            end: parseEnd(file.object("end")),
        },
        state: parseState(file.object("state")),
        header: file.bytes("header"),
        log: {
            index: log.number("index"),
            size: log.number("size"),
            root: log.text("root"),
            proof: parseHashes(log),
        },
    };
}

function formatEnd(end: ProofEnd): object {
    switch (end.kind) {
        case "empty":
            return { kind: end.kind };
        case "page": {
            let length = end.page.length;
            while (length > 0 && end.page[length - 1] === 0) {
                length -= 1;
            }
            const page = Buffer.from(end.page.subarray(0, length)).toString("base64");
            return { kind: end.kind, page };
        }
        case "fork": {
            const { kind, prefixBits, prefix, left, right } = end;
            return { kind, prefixBits, prefix: hex(prefix), left: hex(left), right: hex(right) };
        }
    }
}

function parseEnd(end: Fields): ProofEnd {
    const kind = end.text("kind");
    switch (kind) {
        case "empty":
            return { kind };
        case "page": {
            const written = Buffer.from(end.text("page"), "base64");
            const page = Buffer.alloc(Math.max(PAGE_BYTES, written.length));
            page.set(written);
            return { kind, page };
        }
        case "fork":
            return {
                kind,
                prefixBits: end.number("prefixBits"),
                prefix: end.bytes("prefix"),
                left: end.bytes("left"),
                right: end.bytes("right"),
            };
        default:
            throw new ProofFileError(`it ends in "${kind}"`);
    }
}

function parseState(state: Fields): ProofState {
    return {
        schemaVersion: state.number("schemaVersion"),
        pageBytes: state.number("pageBytes"),
        nodeRoot: state.text("nodeRoot"),
        edgeRoot: state.text("edgeRoot"),
        fileRoot: state.text("fileRoot"),
        nodeCount: state.number("nodeCount"),
        edgeCount: state.number("edgeCount"),
        fileCount: state.number("fileCount"),
    };
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new ProofFileError("it is not JSON");
    }
}

/** Fields of an object that others wrote. */
class Fields {
    readonly #fields: Readonly<Record<string, unknown>>;
    readonly #what: string;

    constructor(value: unknown, what: string) {
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
            throw new ProofFileError(`${what} is not an object`);
        }
        this.#fields = value as Readonly<Record<string, unknown>>;
        this.#what = what;
    }

    text(name: string): string {
        const value = this.#fields[name];
        return typeof value === "string" ? value : this.#wrong(name, "a text");
    }

    number(name: string): number {
        const value = this.#fields[name];
        return Number.isSafeInteger(value) && (value as number) >= 0
            ? (value as number)
            : this.#wrong(name, "a whole number");
    }

    bytes(name: string): Uint8Array {
        return bytesOf(this.#fields[name], `\`${name}\``);
    }

    list(name: string): readonly unknown[] {
        const value = this.#fields[name];
        return Array.isArray(value) ? value : this.#wrong(name, "a list");
    }

    object(name: string): Fields {
        return new Fields(this.#fields[name], `\`${name}\``);
    }

    #wrong(name: string, wanted: string): never {
        throw new ProofFileError(`\`${name}\` of ${this.#what} is not ${wanted}`);
    }
}

function bytesOf(value: unknown, what: string): Uint8Array {
    if (typeof value !== "string" || !/^(?:[0-9a-f]{2})*$/u.test(value)) {
        throw new ProofFileError(`${what} is not hex`);
    }
    return Buffer.from(value, "hex");
}

function hex(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("hex");
}
