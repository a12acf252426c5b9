// The control flow of one item, read from a shard and placed in a text: where the text of its body is what
// it was, blocks are found again wherever they stand now.

import type { FileCapture } from "../../syntax/index.ts";
import { cutFile, tokenPlace, type FileSegments } from "./file-segments.ts";
import type { StoredFlow } from "./flow-codec.ts";

/** Where the first statement of a block stands. */
export interface BlockSite {
    readonly path: string;
    readonly start: number;
}

/** Control flow of one body. */
export interface FlowBody {
    /** What the body is of the item: `{closure#0}`; empty for its own. */
    readonly part: string;
    /** By block; undefined for one that no token of the workspace stands for. */
    readonly sites: readonly (BlockSite | undefined)[];
    readonly edgeFrom: Uint32Array;
    readonly edgeTo: Uint32Array;
}

/** What a shard says of an item. */
export type FlowOfItem =
    | { readonly kind: "flow"; readonly bodies: readonly FlowBody[] }
    /** The text of a body has changed since. */
    | { readonly kind: "stale" }
    | { readonly kind: "none" };

/** A text that blocks are placed in. */
export interface FlowTexts {
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly textOf: (path: string) => string;
}

/** Reads the bodies of an item. */
export function flowOfItem(
    { header, columns }: StoredFlow,
    id: bigint,
    texts: FlowTexts,
): FlowOfItem {
    const files = header.files.map((file) => new PlacedFile(file, texts));
    const bodies: FlowBody[] = [];
    for (let body = columns.owner.indexOf(id); columns.owner[body] === id; body++) {
        const own = files[columns.file[body] ?? 0];
        if (own?.holds(columns.segment[body] ?? 0) !== true) {
            return { kind: "stale" };
        }
        const sites: (BlockSite | undefined)[] = [];
        for (
            let at = columns.firstBlock[body] ?? 0;
            at < (columns.firstBlock[body + 1] ?? 0);
            at++
        ) {
            const file = files[(columns.blockFile[at] ?? 0) - 1];
            sites.push(
                file?.site(
                    columns.blockStart[at] ?? 0,
                    columns.blockSegment[at] ?? 0,
                    columns.blockOrdinal[at] ?? 0,
                ),
            );
        }
        const [from, to] = [columns.firstEdge[body] ?? 0, columns.firstEdge[body + 1] ?? 0];
        bodies.push({
            part: header.parts[columns.part[body] ?? 0] ?? "",
            sites,
            edgeFrom: columns.edgeFrom.subarray(from, to),
            edgeTo: columns.edgeTo.subarray(from, to),
        });
    }
    return bodies.length === 0 ? { kind: "none" } : { kind: "flow", bodies };
}

class PlacedFile {
    readonly #file: StoredFlow["header"]["files"][number];
    readonly #texts: FlowTexts;
    #cut: FileSegments | undefined;

    constructor(file: StoredFlow["header"]["files"][number], texts: FlowTexts) {
        this.#file = file;
        this.#texts = texts;
    }

    /** Whether the tokens of a segment are what they were. */
    holds(segment: number): boolean {
        const capture = this.#texts.captures.get(this.#file.path);
        if (capture === undefined || capture.contentHash === this.#file.contentHash) {
            return capture !== undefined;
        }
        const { segments } = this.#file;
        const now = this.#cutNow(capture).segments;
        return now.length === segments.length && now[segment] === segments[segment];
    }

    site(start: number, segment: number, ordinal: number): BlockSite | undefined {
        const { path, contentHash } = this.#file;
        const capture = this.#texts.captures.get(path);
        if (capture === undefined || !this.holds(segment)) {
            return undefined;
        }
        const place =
            capture.contentHash === contentHash
                ? start
                : tokenPlace(this.#cutNow(capture), segment, ordinal);
        return place === -1 ? undefined : { path, start: place };
    }

    #cutNow(capture: FileCapture): FileSegments {
        this.#cut ??= cutFile(this.#texts.textOf(this.#file.path), capture.tree);
        return this.#cut;
    }
}
