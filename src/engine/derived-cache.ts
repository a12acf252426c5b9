// What can be computed again and takes long to: captures, the stat table, the resolution. It lies
// beside the store, outside its root and history. Nothing is believed without its hash; what is
// missing or damaged is computed anew.
//
// Invariants: the table names the pack and the resolution by hash; a pack is only ever appended to.
// Format: docs/formats/derived-cache.md.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import {
    makeFolder,
    openLogFile,
    packageVersion,
    readBytes,
    removeFile,
    removeFolder,
    statFile,
    writeFileAtomic,
    type Logger,
} from "../platform/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { CaptureSet, type CaptureSlot } from "./capture-set.ts";
import { hashBytes, type SourceEntry } from "./source-table.ts";

/** Raised whenever what is stored, or how captures are made, changes. */
const CACHE_FORMAT = 3;

/** Name of the cache in the store's folder. */
export const CACHE_FOLDER = "cache";

const TABLE_FILE = "table.json";
const RESOLUTION_FILE = "resolution.bin";
const HASH_DIGITS = 64;

/** How captures become bytes and back. */
export interface CaptureCodec {
    /** Makes the other two usable. */
    load(): Promise<void>;
    encode(capture: FileCapture): Uint8Array;
    decode(bytes: Uint8Array, path: string): FileCapture;
}

/** A state of the workspace as far as it is derived from files. */
export interface CachedState {
    readonly model: WorkspaceModel;
    readonly shape: string;
    readonly sources: ReadonlyMap<string, SourceEntry>;
    readonly captures: CaptureSet;
    /** State root of the graph that was committed from it, hex. */
    readonly stateRoot: string;
    /** Length of the graph's log at that commit. */
    readonly logBytes: number;
    /** SHA-256 of the stored resolution, hex. */
    readonly resolutionHash: string;
}

interface Table {
    readonly format: number;
    readonly program: string;
    readonly pack: string;
    readonly packBytes: number;
    readonly shape: string;
    readonly stateRoot: string;
    readonly logBytes: number;
    readonly resolutionHash: string;
    readonly model: WorkspaceModel;
    readonly sources: readonly TableRow[];
}

interface TableRow {
    readonly entry: Omit<SourceEntry, "stat">;
    readonly stat: readonly [size: number, mtimeNs: string, inode: string];
    readonly packed: readonly [offset: number, length: number, hash: string] | undefined;
}

/** The cache folder of one store. */
export class DerivedCache {
    readonly #folder: string;
    readonly #codec: CaptureCodec;
    readonly #logger: Logger;
    #pack = "";
    #packBytes = 0;
    #packContent: Promise<Uint8Array> | undefined;

    constructor(storeFolder: string, codec: CaptureCodec, logger: Logger) {
        this.#folder = join(storeFolder, CACHE_FOLDER);
        this.#codec = codec;
        this.#logger = logger;
    }

    /** Whether something is stored, be it of use or not. */
    async isThere(): Promise<boolean> {
        return (await statFile(join(this.#folder, TABLE_FILE))) !== undefined;
    }

    /** Reads the table; undefined when there is none that can be believed. */
    async load(): Promise<CachedState | undefined> {
        const bytes = await this.#readVerified(join(this.#folder, TABLE_FILE));
        if (bytes === undefined) {
            return undefined;
        }
        // The hash was right, so that what is inside is what was written.
        const table = JSON.parse(Buffer.from(bytes).toString("utf8")) as Table;
        if (table.format !== CACHE_FORMAT || table.program !== packageVersion()) {
            this.#logger.info("derived cache is of another version and is built anew");
            return undefined;
        }
        this.#pack = table.pack;
        this.#packBytes = table.packBytes;
        const sources = new Map<string, SourceEntry>();
        const slots = new Map<string, CaptureSlot>();
        for (const { entry, stat, packed } of table.sources) {
            if (entry.isCaptured && packed === undefined) {
                continue; // Its capture was not at hand when the table was written: read it anew.
            }
            const [size, mtimeNs, inode] = stat;
            const full = { size, mtimeNs: BigInt(mtimeNs), inode: BigInt(inode) };
            sources.set(entry.path, { ...entry, stat: full });
            if (packed !== undefined) {
                const [offset, length, hash] = packed;
                const { path, contentHash } = entry;
                const place = { offset, length, hash };
                slots.set(path, { path, contentHash, capture: undefined, packed: place });
            }
        }
        const { model, shape, stateRoot, logBytes, resolutionHash } = table;
        const captures = new CaptureSet(slots);
        return { model, shape, sources, captures, stateRoot, logBytes, resolutionHash };
    }

    /** Reads the stored resolution; undefined when it is not the one with this hash. */
    async loadResolution(hash: string): Promise<Uint8Array | undefined> {
        const path = join(this.#folder, RESOLUTION_FILE);
        const bytes = await readBytes(path).catch(() => undefined);
        if (bytes === undefined || hashBytes(bytes) !== hash) {
            return undefined;
        }
        // Its columns are read in place, which wants an aligned start.
        return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
    }

    /** Loads what is packed into its slots; gives back the paths that must be captured again. */
    async fill(captures: CaptureSet): Promise<string[]> {
        const damaged: string[] = [];
        const wanted = [...captures.slots.values()].filter((slot) => slot.capture === undefined);
        if (wanted.length === 0) {
            return damaged;
        }
        const [pack] = await Promise.all([this.#readPack(), this.#codec.load()]);
        for (const slot of wanted) {
            slot.capture = this.#decode(slot, pack);
            if (slot.capture === undefined) {
                slot.packed = undefined;
                damaged.push(slot.path);
            }
        }
        this.#packContent = undefined;
        return damaged;
    }

    /** Stores a state; captures that are packed already are not written again. */
    async save(state: Omit<CachedState, "resolutionHash">, resolution: Uint8Array): Promise<void> {
        await makeFolder(this.#folder);
        const before = this.#pack;
        await this.#packCaptures(state.captures);
        await writeFileAtomic(join(this.#folder, RESOLUTION_FILE), resolution);
        const { model, shape, stateRoot, logBytes, sources, captures } = state;
        const table: Table = {
            format: CACHE_FORMAT,
            program: packageVersion(),
            pack: this.#pack,
            packBytes: this.#packBytes,
            shape,
            stateRoot,
            logBytes,
            resolutionHash: hashBytes(resolution),
            model,
            sources: [...sources.values()].map((entry) => toRow(entry, captures)),
        };
        const body = Buffer.from(JSON.stringify(table), "utf8");
        const head = Buffer.from(`${hashBytes(body)}\n`, "latin1");
        await writeFileAtomic(join(this.#folder, TABLE_FILE), Buffer.concat([head, body]));
        if (before !== "" && before !== this.#pack) {
            await removeFile(join(this.#folder, before)); // No table names it any more.
        }
    }

    /** Forgets everything that is stored. */
    async clear(): Promise<void> {
        this.#pack = "";
        this.#packBytes = 0;
        this.#packContent = undefined;
        await removeFolder(this.#folder);
    }

    #decode(slot: CaptureSlot, pack: Uint8Array): FileCapture | undefined {
        const place = slot.packed;
        if (place === undefined || place.offset + place.length > pack.length) {
            return undefined;
        }
        // A copy of its own: decoded columns then are aligned and do not hold the pack in memory.
        const bytes = new Uint8Array(pack.subarray(place.offset, place.offset + place.length));
        if (hashBytes(bytes) !== place.hash) {
            this.#logger.warn({ path: slot.path }, "a stored capture is damaged and is made anew");
            return undefined;
        }
        try {
            return this.#codec.decode(bytes, slot.path);
        } catch (error) {
            // What another version stored is as good as nothing.
            if (error instanceof OperatingError && error.code === "SYNTAX_CACHE_DAMAGED") {
                return undefined;
            }
            throw error;
        }
    }

    async #readPack(): Promise<Uint8Array> {
        this.#packContent ??=
            this.#pack === ""
                ? Promise.resolve(new Uint8Array(0))
                : readBytes(join(this.#folder, this.#pack)).catch(() => new Uint8Array(0));
        return this.#packContent;
    }

    /** Appends what is not packed; begins a new pack when most of the present one is waste. */
    async #packCaptures(captures: CaptureSet): Promise<void> {
        const slots = [...captures.slots.values()];
        let used = 0;
        for (const { packed } of slots) {
            used += packed?.length ?? 0;
        }
        const before = this.#pack;
        const isWasteful = used * 2 < this.#packBytes && captures.unloaded === 0;
        if (before === "" || isWasteful) {
            this.#pack = `captures-${Number(/\d+/.exec(before)?.[0] ?? 0) + 1}.pack`;
            await removeFile(join(this.#folder, this.#pack));
            for (const slot of slots) {
                slot.packed = undefined;
            }
        }
        const pending = slots.filter((slot) => slot.packed === undefined);
        if (pending.length > 0) {
            await this.#append(pending);
        }
    }

    async #append(pending: readonly CaptureSlot[]): Promise<void> {
        await this.#codec.load();
        const file = await openLogFile(join(this.#folder, this.#pack), "open-or-create");
        try {
            let offset = file.size;
            for (const slot of pending) {
                if (slot.capture === undefined) {
                    continue;
                }
                const bytes = this.#codec.encode(slot.capture);
                await file.append(bytes);
                slot.packed = { offset, length: bytes.length, hash: hashBytes(bytes) };
                offset += bytes.length;
            }
            this.#packBytes = offset;
        } finally {
            await file.close();
        }
    }

    /** Reads a file that begins with the hash of the rest. */
    async #readVerified(path: string): Promise<Uint8Array | undefined> {
        const bytes = await readBytes(path).catch(() => undefined);
        if (bytes === undefined) {
            return undefined;
        }
        const body = bytes.subarray(HASH_DIGITS + 1);
        const head = Buffer.from(bytes.subarray(0, HASH_DIGITS)).toString("latin1");
        if (hashBytes(body) !== head) {
            this.#logger.warn({ path }, "derived cache is damaged and is built anew");
            return undefined;
        }
        return body;
    }
}

function toRow(entry: SourceEntry, captures: CaptureSet): TableRow {
    const { stat, ...rest } = entry;
    const packed = captures.slots.get(entry.path)?.packed;
    return {
        entry: rest,
        stat: [stat.size, String(stat.mtimeNs), String(stat.inode)],
        packed: packed === undefined ? undefined : [packed.offset, packed.length, packed.hash],
    };
}
