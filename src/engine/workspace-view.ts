// The real views: of the committed state, and of one client's unsaved texts on top of it.

import { join, relative } from "node:path";

import { LineIndex, OperatingError, repoPath, type AbsPath } from "../base/index.ts";
import { findRealPath, readBytesSync } from "../platform/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { CaptureSet } from "./capture-set.ts";
import type { StateGraph } from "./graph-commits.ts";
import type { GeneratedSources } from "./generated-sources.ts";
import type { RippleSource } from "./ripple.ts";
import { decodeText, hashBytes, type SourceEntry } from "./source-table.ts";
import { StaleFiles, type PlainFile, type View, type ViewFile } from "./view.ts";

/** A captured and resolved state of the workspace; its graph may still be on its way. */
export interface BaseState {
    readonly model: WorkspaceModel;
    readonly shape: string;
    readonly sources: ReadonlyMap<string, SourceEntry>;
    readonly captures: CaptureSet;
    readonly resolution: Resolution;
    readonly graph: StateGraph;
}

/** Texts in memory, at most so many UTF-16 units of them; the least recently used go first. */
export class TextCache {
    readonly #unitsMax: number;
    readonly #entries = new Map<string, { hash: string; lines: LineIndex }>();
    #units = 0;

    constructor(unitsMax: number) {
        this.#unitsMax = unitsMax;
    }

    find(path: string, hash: string): LineIndex | undefined {
        const entry = this.#entries.get(path);
        if (entry?.hash !== hash) {
            return undefined;
        }
        this.#entries.delete(path);
        this.#entries.set(path, entry);
        return entry.lines;
    }

    put(path: string, hash: string, lines: LineIndex): void {
        this.#drop(path);
        this.#entries.set(path, { hash, lines });
        this.#units += lines.text.length;
        for (const oldest of this.#entries.keys()) {
            if (this.#units <= this.#unitsMax || oldest === path) {
                return;
            }
            this.#drop(oldest);
        }
    }

    /** Forgets all; answers how many there were. */
    clear(): number {
        const { size } = this.#entries;
        this.#entries.clear();
        this.#units = 0;
        return size;
    }

    #drop(path: string): void {
        const entry = this.#entries.get(path);
        if (entry !== undefined) {
            this.#units -= entry.lines.text.length;
            this.#entries.delete(path);
        }
    }
}

/** An unsaved text. */
export interface UnsavedText {
    readonly contentHash: string;
    readonly lines: LineIndex;
}

/** What a view is made of. */
export interface ViewParts {
    readonly root: AbsPath;
    readonly base: BaseState;
    readonly resolution: Resolution;
    readonly unsaved: ReadonlyMap<string, UnsavedText>;
    readonly texts: TextCache;
    readonly loadCaptures: () => Promise<ReadonlyMap<string, FileCapture>>;
    readonly ripple: () => Promise<RippleSource>;
    readonly generated?: GeneratedSources | undefined;
}

/** Makes a view. */
export function makeView(parts: ViewParts): View {
    const { base, unsaved, root } = parts;
    const plainFiles = new Map<string, PlainFile | undefined>();
    const plain = (path: string): PlainFile | undefined => {
        if (!plainFiles.has(path)) {
            plainFiles.set(path, readPlain(root, path));
        }
        return plainFiles.get(path);
    };
    const lines = (path: string): LineIndex => {
        const own = unsaved.get(path);
        if (own !== undefined) {
            return own.lines;
        }
        const entry = base.sources.get(path);
        const other = entry === undefined ? plain(path) : undefined;
        if (other !== undefined) {
            return other.lines;
        }
        if (entry === undefined) {
            throw new OperatingError("FILE_NOT_IN_WORKSPACE", `${path} is not captured`);
        }
        return readLines(parts, entry);
    };
    const { resolution, generated } = parts;
    return {
        root,
        model: base.model,
        resolution,
        ...(generated === undefined
            ? {}
            : {
                  made: async (who) => {
                      const captures = await parts.loadCaptures();
                      const textOf = (path: string): string => lines(path).text;
                      return generated.of(resolution, { captures, model: base.model, textOf }, who);
                  },
              }),
        unsaved: [...unsaved.keys()],
        file: (path) => describeFile(parts, path),
        paths: () => [...new Set([...base.sources.keys(), ...unsaved.keys()])].sort(),
        lines,
        text: (path) => lines(path).text,
        plain,
        loadCaptures: parts.loadCaptures,
        ripple: parts.ripple,
    };
}

/** Reads a file below the root that is a text. */
function readPlain(root: string, path: string): PlainFile | undefined {
    const real = findRealPath(join(root, path));
    if (real === undefined || relative(root, real).startsWith("..")) {
        return undefined;
    }
    const bytes = readBytesSync(real);
    const text = decodeText(bytes);
    return text === undefined
        ? undefined
        : { contentHash: hashBytes(bytes), lines: new LineIndex(text) };
}

function describeFile({ base, unsaved }: ViewParts, path: string): ViewFile | undefined {
    const own = unsaved.get(path);
    if (own !== undefined) {
        const { contentHash, lines } = own;
        return { contentHash, lineCount: lines.lineCount, unsaved: true };
    }
    const entry = base.sources.get(path);
    if (entry?.isCaptured !== true) {
        return undefined;
    }
    const { contentHash, lineCount } = entry;
    return { contentHash, lineCount, unsaved: false };
}

/** Reads a text that must be the captured one. */
function readLines({ root, texts }: ViewParts, entry: SourceEntry): LineIndex {
    const { path, contentHash } = entry;
    const known = texts.find(path, contentHash);
    if (known !== undefined) {
        return known;
    }
    const bytes = readOrStale(root, path);
    const text = decodeText(bytes);
    if (text === undefined || hashBytes(bytes) !== contentHash) {
        throw new StaleFiles([repoPath(path)]);
    }
    const lines = new LineIndex(text);
    texts.put(path, contentHash, lines);
    return lines;
}

function readOrStale(root: string, path: string): Uint8Array {
    try {
        return readBytesSync(join(root, path));
    } catch (cause) {
        if (cause instanceof OperatingError && cause.code === "FILE_NOT_FOUND") {
            throw new StaleFiles([repoPath(path)]);
        }
        throw cause;
    }
}
