// What the addon (native/addon) offers, with its types. A test compares these names with the built addon's.

/** Number of this surface; an addon that answers with another one is not used. */
export const SURFACE = 1;

/** Rows of a graph, as `Csr` holds them. */
export interface NativeRows {
    readonly rowOffsets: Uint32Array<ArrayBuffer>;
    readonly columns: Uint32Array<ArrayBuffer>;
    readonly kinds: Uint8Array<ArrayBuffer>;
}

/** Reached nodes. */
export interface NativeFound {
    readonly dist: Int32Array<ArrayBuffer>;
    readonly order: Uint32Array<ArrayBuffer>;
}

/** Reached nodes of many searches. */
export interface NativeMany {
    readonly counts: Uint32Array<ArrayBuffer>;
    readonly depths: Uint32Array<ArrayBuffer>;
    readonly sets: Uint32Array<ArrayBuffer>;
}

/** A graph in the addon's own memory. Everything but `close` throws once it is closed. */
export interface NativeGraph {
    bfs(sources: Uint32Array, kinds: number, maxDepth: number): NativeFound;
    bfsAsync(sources: Uint32Array, kinds: number, maxDepth: number): Promise<NativeFound>;
    /** The last two: nodes from which on none is counted; whether sets are wanted. */
    bfsMany(...args: NativeManyArguments): NativeMany;
    bfsManyAsync(...args: NativeManyArguments): Promise<NativeMany>;
    dominators(entries: Uint32Array, kinds: number): Int32Array<ArrayBuffer>;
    dominatorsAsync(entries: Uint32Array, kinds: number): Promise<Int32Array<ArrayBuffer>>;
    parents(
        kinds: number,
        dist: Int32Array,
        order: Uint32Array,
    ): { readonly parents: Int32Array<ArrayBuffer>; readonly kinds: Uint8Array<ArrayBuffer> };
    dfs(
        roots: Uint32Array,
        kinds: number,
    ): {
        readonly preorder: Uint32Array<ArrayBuffer>;
        readonly postorder: Uint32Array<ArrayBuffer>;
        readonly parents: Int32Array<ArrayBuffer>;
    };
    components(kinds: number): Uint32Array<ArrayBuffer>;
    transpose(): NativeRows;
    order(): Uint32Array<ArrayBuffer>;
    relabel(order: Uint32Array): NativeRows;
    /** Frees the memory; work that is under way ends well. */
    close(): void;
}

/** Arguments of a search from many sources. */
export type NativeManyArguments = readonly [
    sources: Uint32Array,
    kinds: number,
    maxDepth: number,
    countedNodes: number,
    withSets: boolean,
];

/** The addon. */
export interface NativeAddon {
    readonly surface: number;
    /** Takes a checked copy of the rows. */
    // eslint-disable-next-line @typescript-eslint/naming-convention -- it is a class
    readonly Graph: new (
        rowOffsets: Uint32Array,
        columns: Uint32Array,
        kinds: Uint8Array,
    ) => NativeGraph;
    buildCsr(
        nodeCount: number,
        sources: Uint32Array,
        targets: Uint32Array,
        kinds: Uint8Array,
    ): NativeRows;
    /** Names of the ways to hash that this processor has. */
    shaLevels(): readonly string[];
    /** SHA-256(0x00 ‖ page) of contiguous pages; a level of "" chooses by itself. */
    hashPages(
        pages: Uint8Array,
        pageBytes: number,
        pageCount: number,
        level: string,
    ): Uint8Array<ArrayBuffer>;
    hashPagesAsync(
        pages: Uint8Array,
        pageBytes: number,
        pageCount: number,
        level: string,
    ): Promise<Uint8Array<ArrayBuffer>>;
    /** SHA-256 of messages that lie one after the other. */
    hashMessages(bytes: Uint8Array, lengths: Uint32Array, level: string): Uint8Array<ArrayBuffer>;
}

/** Methods of the addon and of its graphs. */
export const NATIVE_NAMES: {
    readonly addon: readonly (keyof NativeAddon)[];
    readonly graph: readonly (keyof NativeGraph)[];
} = {
    addon: [
        "surface",
        "Graph",
        "buildCsr",
        "shaLevels",
        "hashPages",
        "hashPagesAsync",
        "hashMessages",
    ],
    graph: [
        "bfs",
        "bfsAsync",
        "bfsMany",
        "bfsManyAsync",
        "dominators",
        "dominatorsAsync",
        "parents",
        "dfs",
        "components",
        "transpose",
        "order",
        "relabel",
        "close",
    ],
};
