// Golden vectors of roots: small stores with a few commits, proofs of their symbols, their headers.

import type { GraphDelta, GraphNode, NodeId } from "../../src/graph/index.ts";
import {
    emitDeltas,
    formatGrowthFile,
    formatProofFile,
    normalize,
    openGraphStore,
    type GraphStore,
} from "../../src/graphstore/index.ts";
import { HeaderLog, rootHeaderHash } from "../../src/merkle/index.ts";
import { contentOf, fileOf, nodeOf, randomContent } from "./graphs.ts";
import { SimDisk } from "./sim-disk.ts";

/** A proof file as JSON. */
interface ProofJson {
    readonly path: string;
    readonly claim: string;
    readonly end: { readonly kind: string };
    readonly state: Readonly<Record<string, unknown>>;
    readonly header: string;
}

/** A file that proves growth, as JSON. */
interface GrowthJson {
    readonly claim: string;
    readonly before: Readonly<Record<string, unknown>>;
    readonly after: Readonly<Record<string, unknown>>;
    readonly proof: readonly string[];
}

/** What the independent verifier reads. */
export interface RootVectors {
    readonly proofs: readonly ProofJson[];
    /** Files that prove that the history only grew. */
    readonly growths: readonly GrowthJson[];
    readonly log: {
        readonly headers: readonly string[];
        /** By number of headers, from 0. */
        readonly roots: readonly string[];
        readonly consistency: readonly (readonly [number, number, readonly string[]])[];
    };
}

const COMMITS = 6;
const NOWHERE = "ws:.#k/lib:k/function.value:nowhere";
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Makes the vectors anew: the same every time. */
export async function makeVectors(): Promise<RootVectors> {
    const proofs: ProofJson[] = [];
    const growths: GrowthJson[] = [];
    const headers: string[] = [];
    await withStore(async (store) => {
        await store.commitGraphDeltas([{ kind: "put-file", file: fileOf("a.rs") }]);
        const empty = await proofOf(store, NOWHERE);
        proofs.push(empty);
        headers.push(empty.header);
        const long = nodeOf(`k::${"long".repeat(150)}`);
        for (let seed = 2; seed <= COMMITS; seed++) {
            const content = randomContent(seed, 10 + 30 * seed, 40);
            const next = normalize(contentOf({ ...content, nodes: [...content.nodes, long] }));
            await store.commitGraphDeltas(emitDeltas(store.snapshot(), next));
            headers.push((await proofOf(store, NOWHERE)).header);
        }
        const some = [...store.snapshot().nodes()].filter((_, number) => number % 60 === 0);
        for (const path of [...some.map((node) => node.path), long.path, NOWHERE]) {
            proofs.push(await proofOf(store, path));
        }
        for (let before = 1; before <= COMMITS; before++) {
            const proof = await store.history.proveGrowth(before, COMMITS);
            growths.push(JSON.parse(formatGrowthFile(proof)) as GrowthJson);
        }
    });
    await withStore(async (store) => {
        await store.commitGraphDeltas(Array.from({ length: 90 }, (_, number) => hubNode(number)));
        proofs.push(await proofOf(store, NOWHERE));
    });
    return { proofs, growths, log: logOf(headers) };
}

async function withStore(use: (store: GraphStore) => Promise<void>): Promise<void> {
    const store = await openGraphStore({
        folder: "vectors",
        createIfMissing: true,
        clock: () => 1_700_000_000_000,
        disk: new SimDisk(),
        randomBytes: (count) => Uint8Array.from({ length: count }, (_, at) => at),
    });
    try {
        await use(store);
    } finally {
        await store.close();
    }
}

async function proofOf(store: GraphStore, path: string): Promise<ProofJson> {
    return JSON.parse(formatProofFile(await store.history.prove(path))) as ProofJson;
}

/** Nodes whose ids begin with the same bits: the root of their trie is a fork with a prefix. */
function hubNode(number: number): GraphDelta {
    const node: GraphNode = nodeOf(`k::${"hub".repeat(20)}${number}`);
    const id = (0x5a5a_0000_0000_0000n + (BigInt(number) << 40n)) as NodeId;
    return { kind: "add-node", node: { ...node, id } };
}

function logOf(headers: readonly string[]): RootVectors["log"] {
    const log = new HeaderLog();
    headers.forEach((header) => {
        log.append(rootHeaderHash(Buffer.from(header, "hex")));
    });
    const sizes = Array.from({ length: headers.length + 1 }, (_, size) => size);
    return {
        headers,
        roots: sizes.map((size) => hex(log.root(size))),
        consistency: sizes
            .slice(1)
            .flatMap((newer) =>
                sizes
                    .slice(1, newer + 1)
                    .map(
                        (older) =>
                            [older, newer, log.consistencyProof(older, newer).map(hex)] as const,
                    ),
            ),
    };
}
