// What the addon (native/addon) offers, with its types. A test compares these names with the built addon's.

/** Number of this surface; an addon that answers with another one is not used. */
export const SURFACE = 4;

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

/** By which node and kind each node was reached. */
export interface NativeParents {
    readonly parents: Int32Array<ArrayBuffer>;
    readonly kinds: Uint8Array<ArrayBuffer>;
}

/** Orders of a depth-first search. */
export interface NativeDepthFirst {
    readonly preorder: Uint32Array<ArrayBuffer>;
    readonly postorder: Uint32Array<ArrayBuffer>;
    readonly parents: Int32Array<ArrayBuffer>;
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
    parents(kinds: number, dist: Int32Array, order: Uint32Array): NativeParents;
    parentsAsync(kinds: number, dist: Int32Array, order: Uint32Array): Promise<NativeParents>;
    dfs(roots: Uint32Array, kinds: number): NativeDepthFirst;
    dfsAsync(roots: Uint32Array, kinds: number): Promise<NativeDepthFirst>;
    components(kinds: number): Uint32Array<ArrayBuffer>;
    componentsAsync(kinds: number): Promise<Uint32Array<ArrayBuffer>>;
    transpose(): NativeRows;
    transposeAsync(): Promise<NativeRows>;
    order(): Uint32Array<ArrayBuffer>;
    orderAsync(): Promise<Uint32Array<ArrayBuffer>>;
    relabel(order: Uint32Array): NativeRows;
    relabelAsync(order: Uint32Array): Promise<NativeRows>;
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

/** A file mapped for reading: its bytes are copied out under guard. Everything but `close` throws once it is closed. */
export interface NativeMappedFile {
    /** Fills bytes from an offset on; false where some could not be had, as the file was cut or its disk failed. */
    readInto(offset: number, bytes: Uint8Array): boolean;
    close(): void;
    [Symbol.dispose](): void;
}

/** What the grammar calls its nodes and fields. */
export interface NativeGrammar {
    /** By symbol. */
    readonly types: readonly string[];
    readonly named: readonly boolean[];
    /** The first is field 1. */
    readonly fields: readonly string[];
}

/**
 * Words of a parsed node: start and end in UTF-16 units, what it is, the node after its last child, its parent. Nodes
 * are in preorder, the root first.
 */
export const PARSED_ROW = { start: 0, end: 1, what: 2, next: 3, parent: 4, words: 5 } as const;

/** What a node is: its symbol in the lower half, its field in the parent, flags. */
export const PARSED_WHAT = {
    symbolMask: 0xffff,
    fieldShift: 16,
    fieldMask: 0xff,
    missing: 1 << 30,
    error: 1 << 31,
} as const;

/** Answers of more bytes are handed over without copying, unless told otherwise. */
export const HANDED_OVER_BYTES = 65_536;

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
    /** The same on another thread, over copies of the arrays. */
    buildCsrAsync(
        nodeCount: number,
        sources: Uint32Array,
        targets: Uint32Array,
        kinds: Uint8Array,
    ): Promise<NativeRows>;
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
    hashMessagesAsync(
        bytes: Uint8Array,
        lengths: Uint32Array,
        level: string,
    ): Promise<Uint8Array<ArrayBuffer>>;
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
    hashPagesOnCardAsync(
        pages: Uint8Array,
        pageBytes: number,
        pageCount: number,
    ): Promise<Uint8Array<ArrayBuffer>>;
    /** Maps the first bytes of an open file; errors have the code of the system's, `ENODEV`. */
    // eslint-disable-next-line @typescript-eslint/naming-convention -- it is a class
    readonly MappedFile: new (descriptor: number, byteCount: number) => NativeMappedFile;
    /** Takes a kernel's lock of an open file without waiting; closing it gives the lock back. */
    tryFlock(descriptor: number, isShared: boolean): "held" | "taken" | "unsupported";
    /** Sees to it that a file's first bytes have blocks, its size unchanged; false where that cannot be done. */
    reserveFileAsync(descriptor: number, byteCount: number): Promise<boolean>;
    /** Parses a Rust text; rows of PARSED_ROW. */
    parseRust(text: string): Uint32Array<ArrayBuffer>;
    rustGrammar(): NativeGrammar;
    /**
     * Answers of more bytes are handed over without copying from now on, others copied; a size that nothing has makes
     * all of them copies, as they are where external buffers are forbidden. For tests.
     */
    handOverFrom(byteCount: number): void;
}

/** Methods of the addon and of its graphs. */
export const NATIVE_NAMES: {
    readonly addon: readonly (keyof NativeAddon)[];
    readonly graph: readonly Exclude<keyof NativeGraph, symbol>[];
    readonly mappedFile: readonly Exclude<keyof NativeMappedFile, symbol>[];
} = {
    addon: [
        "surface",
        "Graph",
        "buildCsr",
        "buildCsrAsync",
        "shaLevels",
        "hashPages",
        "hashPagesAsync",
        "hashMessages",
        "hashMessagesAsync",
        "startCard",
        "stopCard",
        "cardMemory",
        "hashPagesOnCard",
        "hashPagesOnCardAsync",
        "MappedFile",
        "tryFlock",
        "reserveFileAsync",
        "parseRust",
        "rustGrammar",
        "handOverFrom",
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
        "parentsAsync",
        "dfs",
        "dfsAsync",
        "components",
        "componentsAsync",
        "transpose",
        "transposeAsync",
        "order",
        "orderAsync",
        "relabel",
        "relabelAsync",
        "close",
    ],
    mappedFile: ["readInto", "close"],
};
