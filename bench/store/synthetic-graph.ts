// A graph of any size for measuring the store: functions in modules, calls that favour near ones.

import {
    DELTA_TAG,
    DeltaEncoder,
    edgeKindCode,
    nodeIdOf,
    type EdgeKind,
    type GraphDelta,
    type GraphNode,
    type NodeId,
} from "../../src/graph/index.ts";

const PAYLOAD_BYTES = 256 << 10;

/** Deltas as the store takes them in bulk. */
interface Payloads {
    readonly payloads: Uint8Array[];
    readonly count: number;
}

/** A generated graph: nodes by number. */
export class SyntheticGraph {
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly #ids: BigUint64Array;
    #state = 12345;

    constructor(nodeCount: number, edgeCount: number) {
        this.nodeCount = nodeCount;
        this.edgeCount = edgeCount;
        this.#ids = new BigUint64Array(nodeCount);
        for (let number = 0; number < nodeCount; number++) {
            this.#ids[number] = nodeIdOf(pathOf(number));
        }
    }

    idOf(number: number): NodeId {
        return (this.#ids[number] ?? 0n) as NodeId;
    }

    /** All nodes and edges as the deltas of one commit. */
    everything(): Payloads {
        const writer = new BulkWriter();
        for (let number = 0; number < this.nodeCount; number++) {
            writer.add((encoder) => {
                encoder.delta({ kind: "add-node", node: this.#node(number) });
            });
        }
        const perNode = Math.max(1, Math.floor(this.edgeCount / this.nodeCount));
        const words = new Uint32Array(this.#ids.buffer);
        const kind = edgeKindCode("call");
        for (let source = 0; source < this.nodeCount; source++) {
            for (let edge = 1; edge <= perNode; edge++) {
                // Distinct for one source, near ones more often.
                const target = (source + edge * edge * 7 + (edge % 2) * 1000) % this.nodeCount;
                writer.add((encoder) => {
                    encoder.edge(DELTA_TAG.addEdge, {
                        sourceLow: words[2 * source] ?? 0,
                        sourceHigh: words[2 * source + 1] ?? 0,
                        targetLow: words[2 * target] ?? 0,
                        targetHigh: words[2 * target + 1] ?? 0,
                        kind,
                    });
                });
            }
        }
        return writer.finish();
    }

    /** One delta: an edge that no other delta has. */
    oneDelta(step: number): GraphDelta[] {
        return [{ kind: "add-edge", edge: this.#extraEdge(step, "reference") }];
    }

    /** What saving a file commonly leads to: its record, some changed nodes, some new edges. */
    savedFile(step: number): GraphDelta[] {
        const nodes = Array.from({ length: 10 }, (): GraphDelta => {
            const node = this.#node(this.#random(this.nodeCount));
            return { kind: "add-node", node: { ...node, flags: (step % 7) + 1 } };
        });
        const edges = Array.from({ length: 40 }, (_, edge): GraphDelta => {
            return { kind: "add-edge", edge: this.#extraEdge(step * 40 + edge, "implements") };
        });
        const digest = step.toString(16).padStart(64, "0");
        const path = `src/file${step % 100}.rs`;
        const hashes = { contentHash: digest, tokenHash: digest, factsHash: digest };
        const file = { path, owners: ["crate"], cfg: "", ...hashes };
        return [...nodes, ...edges, { kind: "put-file", file }];
    }

    // Each number is another pair, so that no edge comes twice.
    #extraEdge(number: number, kind: EdgeKind): { source: NodeId; target: NodeId; kind: EdgeKind } {
        const source = (number * 7919) % this.nodeCount;
        const target = (source + 1 + Math.floor(number / this.nodeCount)) % this.nodeCount;
        return { source: this.idOf(source), target: this.idOf(target), kind };
    }

    #node(number: number): GraphNode {
        return {
            id: this.idOf(number),
            kind: "function",
            name: `function_${number}`,
            path: pathOf(number),
            flags: 0,
        };
    }

    #random(below: number): number {
        this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
        return this.#state % below;
    }
}

function pathOf(number: number): string {
    const module = `module.type:module_${Math.floor(number / 100)}`;
    return `ws:crates/some#some/lib:some/${module}/function.value:function_${number}`;
}

class BulkWriter {
    readonly #payloads: Uint8Array[] = [];
    readonly #encoder = new DeltaEncoder(PAYLOAD_BYTES);
    #pending = 0;
    #count = 0;

    add(write: (encoder: DeltaEncoder) => void): void {
        if (this.#encoder.length >= PAYLOAD_BYTES) {
            this.#cut();
        }
        if (this.#pending === 0) {
            this.#encoder.count(0);
        }
        write(this.#encoder);
        this.#pending += 1;
        this.#count += 1;
    }

    finish(): Payloads {
        this.#cut();
        return { payloads: this.#payloads, count: this.#count };
    }

    #cut(): void {
        if (this.#pending > 0) {
            this.#encoder.patchCount(0, this.#pending);
            this.#payloads.push(Uint8Array.from(this.#encoder.bytes()));
            this.#encoder.reset();
            this.#pending = 0;
        }
    }
}
