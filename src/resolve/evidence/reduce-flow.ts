// Control flow as the compiler has it, to a shard: bodies under the ids of their items, blocks at segments
// and token numbers, so that both outlive edits elsewhere.

import type { BodyFlow, FlowShard } from "../../capture/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import type { BodyOwners } from "./body-owners.ts";
import { tokenAt, type FileSegments } from "./file-segments.ts";
import { encodeFlowShard, FLOW_FORMAT, type FlowHeader } from "./flow-codec.ts";

/** What flow is reduced with. */
export interface FlowInput {
    readonly key: string;
    readonly factsHash: string;
    readonly configurations: readonly string[];
    readonly crateId: string;
    /** The crate as DefPaths name it: `name[hash]`. */
    readonly root: string;
    readonly source: ResolutionSource;
    readonly owners: BodyOwners;
    readonly cut: (path: string) => FileSegments | undefined;
    readonly contentHash: (path: string) => string | undefined;
}

interface PlacedBody {
    readonly body: BodyFlow;
    readonly owner: bigint;
    readonly part: string;
    readonly file: string;
    readonly segment: number;
}

/** Bodies of tuple structs and variants: nobody wrote them. */
const CONSTRUCTOR = "{constructor#0}";

/** Makes the shard of a unit. Bodies whose item is not known are left out. */
export function reduceFlow(flow: FlowShard, input: FlowInput): Uint8Array {
    const bodies = flow.bodies
        .flatMap((body) => placeBody(body, input))
        .sort((a, b) => compare(a.owner, b.owner) || compare(a.part, b.part));
    const files = new FileTable(flow, input);
    const parts = ["", ...new Set(bodies.map((one) => one.part).filter((part) => part !== ""))];
    const places = bodies.flatMap(({ body }) => files.placesOf(body));
    const edges = bodies.map(({ body }) => body.edges);
    const flat = edges.flatMap((pairs) => [...pairs]);
    const columns = {
        owner: BigUint64Array.from(bodies, (one) => one.owner),
        part: Uint32Array.from(bodies, (one) => parts.indexOf(one.part)),
        file: Uint32Array.from(bodies, (one) => files.number(one.file)),
        segment: Uint32Array.from(bodies, (one) => one.segment),
        firstBlock: sums(bodies.map(({ body }) => body.blockFile.length)),
        firstEdge: sums(edges.map((pairs) => pairs.length / 2)),
        blockFile: Uint32Array.from(places, (place) => place.file),
        blockStart: Uint32Array.from(places, (place) => place.start),
        blockSegment: Uint32Array.from(places, (place) => place.segment),
        blockOrdinal: Uint32Array.from(places, (place) => place.ordinal),
        edgeFrom: Uint32Array.from(flat.filter((_, at) => at % 2 === 0)),
        edgeTo: Uint32Array.from(flat.filter((_, at) => at % 2 === 1)),
    };
    const { key, factsHash, crateId, configurations } = input;
    const unit = { format: FLOW_FORMAT, key, factsHash, crateId, configurations };
    return encodeFlowShard({ ...unit, files: files.list(), parts }, columns);
}

function placeBody(body: BodyFlow, { owners, root, source }: FlowInput): PlacedBody[] {
    // The files are named by paths without the crate's hash.
    const cut = body.owner.indexOf("::");
    const owner = cut === -1 ? undefined : owners.find(root + body.owner.slice(cut));
    const place = owner === undefined ? undefined : owners.segmentOf(owner.symbol);
    return owner === undefined || place === undefined || owner.part === CONSTRUCTOR
        ? []
        : [{ body, owner: source.idOf(owner.symbol), part: owner.part, ...place }];
}

interface BlockPlace {
    readonly file: number;
    readonly start: number;
    readonly segment: number;
    readonly ordinal: number;
}

const NOWHERE: BlockPlace = { file: 0, start: 0, segment: 0, ordinal: 0 };

/** Files that a shard speaks of, in the order of first use. */
class FileTable {
    readonly #flow: FlowShard;
    readonly #input: FlowInput;
    readonly #numbers = new Map<string, number>();

    constructor(flow: FlowShard, input: FlowInput) {
        this.#flow = flow;
        this.#input = input;
    }

    number(path: string): number {
        const number = this.#numbers.get(path) ?? this.#numbers.size;
        this.#numbers.set(path, number);
        return number;
    }

    placesOf(body: BodyFlow): BlockPlace[] {
        return [...body.blockFile].map((file, block) =>
            this.#place(this.#flow.files[file]?.path, body.blockSpan[block * 2] ?? 0),
        );
    }

    #place(path: string | undefined, start: number): BlockPlace {
        const cut = path === undefined ? undefined : this.#input.cut(path);
        const token = cut === undefined ? -1 : tokenAt(cut, start);
        return path === undefined || cut === undefined || token === -1
            ? NOWHERE
            : {
                  file: this.number(path) + 1,
                  start: cut.tokenStart[token] ?? 0,
                  segment: cut.segmentOf[token] ?? 0,
                  ordinal: cut.ordinalOf[token] ?? 0,
              };
    }

    list(): FlowHeader["files"] {
        return [...this.#numbers.keys()].map((path) => ({
            path,
            contentHash: this.#input.contentHash(path) ?? "",
            segments: this.#input.cut(path)?.segments ?? [],
        }));
    }
}

function sums(counts: readonly number[]): Uint32Array {
    const firsts = new Uint32Array(counts.length + 1);
    counts.forEach((count, at) => {
        firsts[at + 1] = (firsts[at] ?? 0) + count;
    });
    return firsts;
}

function compare<T extends string | bigint>(a: T, b: T): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
