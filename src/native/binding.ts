// What the addon (native/addon) offers, with its types. A test compares these names with the built addon's.

/** Number of this surface; an addon that answers with another one is not used. */
export const SURFACE = 2;

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
    /** As above, on the card; code ERR_CARD_FAILED where none is open or it fails. */
    bfsOnCard(sources: Uint32Array, kinds: number, maxDepth: number): NativeFound;
    bfsOnCardAsync(sources: Uint32Array, kinds: number, maxDepth: number): Promise<NativeFound>;
    bfsManyOnCard(...args: NativeManyArguments): NativeMany;
    bfsManyOnCardAsync(...args: NativeManyArguments): Promise<NativeMany>;
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
    /** Frees the memory, the card's too; work that is under way ends well. */
    close(): void;
    [Symbol.dispose](): void;
}

/** Arguments of a search from many sources. */
export type NativeManyArguments = readonly [
    sources: Uint32Array,
    kinds: number,
    maxDepth: number,
    countedNodes: number,
    withSets: boolean,
];

/** Where a graph lies that a card searches. */
export type CardMemory = "managed" | "device" | "host";

/** A card that is open. */
export interface NativeCard {
    readonly ok: true;
    readonly name: string;
    /** 13000 is 13.0. */
    readonly driverVersion: number;
    /** 90 is sm_90. */
    readonly architecture: number;
    readonly totalBytes: number;
    readonly memory: CardMemory;
    /** Sizes from which on it was faster than one core, as measured; NEVER_FASTER where it was not, or was not measured. */
    readonly bfsEdgesMin: number;
    readonly manyEdgesMin: number;
    readonly pagesMin: number;
}

/** A size that nothing has. */
export const NEVER_FASTER = 0xffff_ffff;

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
    /** Opens the driver and its first card on another thread; a library of "" is the driver's own. */
    startCard(
        library: string,
        memory: CardMemory,
        measure: boolean,
    ): Promise<NativeCard | { readonly ok: false; readonly reason: string }>;
    /** From now on new graphs go to no card. */
    stopCard(): void;
    cardMemory(): { readonly freeBytes: number; readonly totalBytes: number } | undefined;
    hashPagesOnCard(
        pages: Uint8Array,
        pageBytes: number,
        pageCount: number,
    ): Uint8Array<ArrayBuffer>;
}

/** Methods of the addon and of its graphs. */
export const NATIVE_NAMES: {
    readonly addon: readonly (keyof NativeAddon)[];
    readonly graph: readonly Exclude<keyof NativeGraph, symbol>[];
} = {
    addon: [
        "surface",
        "Graph",
        "buildCsr",
        "shaLevels",
        "hashPages",
        "hashPagesAsync",
        "hashMessages",
        "startCard",
        "stopCard",
        "cardMemory",
        "hashPagesOnCard",
    ],
    graph: [
        "bfs",
        "bfsAsync",
        "bfsMany",
        "bfsManyAsync",
        "bfsOnCard",
        "bfsOnCardAsync",
        "bfsManyOnCard",
        "bfsManyOnCardAsync",
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
