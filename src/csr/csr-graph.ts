// A CSR that knows which graph it was built from, and its nodes' ids. Built, queried, dropped: never
// kept across a commit.

/* eslint-disable @typescript-eslint/no-non-null-assertion -- slots are masked to the table's size */

import { assert } from "../base/index.ts";
import type { Csr } from "./build-csr.ts";

const EMPTY = 0xffff_ffff;

/** A graph's adjacency, bound to the root that it was built from. */
export class CsrGraph {
    readonly csr: Csr;
    /** Graph root of the snapshot that the arrays were built from, hex. */
    readonly root: string;
    /** Id of each node. */
    readonly nodeIds: BigUint64Array;
    #slots: Uint32Array | undefined;

    constructor(csr: Csr, root: string, nodeIds: BigUint64Array) {
        assert(nodeIds.length === csr.nodeCount, "every node has an id");
        this.csr = csr;
        this.root = root;
        this.nodeIds = nodeIds;
    }

    /** Dense index of a node; undefined when the graph has none with this id. */
    nodeIndex(id: bigint): number | undefined {
        const slots = (this.#slots ??= indexIds(this.nodeIds));
        const mask = slots.length - 1;
        for (let slot = Number(id & 0xffff_ffffn) & mask; ; slot = (slot + 1) & mask) {
            const index = slots[slot]!;
            if (index === EMPTY) {
                return undefined;
            }
            if (this.nodeIds[index] === id) {
                return index;
            }
        }
    }
}

// Ids are hashes already: their lower word is the place in the table.
function indexIds(ids: BigUint64Array): Uint32Array {
    let capacity = 2;
    while (capacity < ids.length * 2) {
        capacity *= 2;
    }
    const slots = new Uint32Array(capacity).fill(EMPTY);
    const words = new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2);
    for (let index = 0; index < ids.length; index++) {
        let slot = words[index * 2]! & (capacity - 1);
        while (slots[slot] !== EMPTY) {
            slot = (slot + 1) & (capacity - 1);
        }
        slots[slot] = index;
    }
    return slots;
}
