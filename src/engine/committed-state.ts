// Keeps the state in step with the disk: what changed is read, captured and resolved, then shown, and
// committed as one commit in the background. Run by the loop only, so that no two runs overlap.

import { isDeepStrictEqual } from "node:util";

import {
    checkCancelled,
    required,
    takeTurns,
    type AbsPath,
    type CancelSignal,
    type Problem,
    type ProgressSink,
} from "../base/index.ts";
import { monotonicMs, optimizeForQuestions, type Logger } from "../platform/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { BATCH_FILES, captureText, type CaptureAhead } from "./capture-ahead.ts";
import { CaptureSet } from "./capture-set.ts";
import type { DerivedCache } from "./derived-cache.ts";
import { GraphCommits, type StateGraph } from "./graph-commits.ts";
import type { Pace } from "./pace.ts";
import type { EnginePorts, GraphPort } from "./ports.ts";
import {
    findChanged,
    isShapingFile,
    listSources,
    readSource,
    readSources,
    type Listing,
    type ReadSource,
    type SourceEntry,
} from "./source-table.ts";
import type { BaseState } from "./workspace-view.ts";

/** What a run did. */
export interface RunReport {
    /** Files that were parsed. */
    readonly parsed: number;
    /** The graph that is committed of it; undefined when nothing changed. */
    readonly graph: StateGraph | undefined;
    /** Until it could be asked; the commit goes on. */
    readonly milliseconds: number;
}

/** Whether a run found everything as it was. */
export function didNothing({ parsed, graph }: Pick<RunReport, "parsed" | "graph">): boolean {
    return parsed === 0 && graph === undefined;
}

/** Cancellation and progress of a run. */
export interface RunOptions {
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
    /** What was begun before there was a state. */
    readonly ahead?: CaptureAhead | undefined;
}

/** What a committed state stands on. */
export interface CommittedStateParts {
    readonly root: AbsPath;
    readonly trusted: boolean;
    readonly ports: EnginePorts;
    readonly graph: GraphPort;
    readonly cache: DerivedCache;
    readonly pace: Pace;
    readonly logger: Logger;
    /** Captures are kept in memory up to this many bytes, as packed; beyond, all are let go once stored. */
    readonly heldBytesMax: number;
}

const NOTHING_DONE: RunReport = { parsed: 0, graph: undefined, milliseconds: 0 };

/** Files as they were before a run. */
interface Before {
    readonly model: WorkspaceModel | undefined;
    readonly shape: string;
    readonly sources: ReadonlyMap<string, SourceEntry>;
    readonly captures: CaptureSet;
    readonly resolution: Resolution | undefined;
}

/** Files to look into: those whose stat is another, and those that are gone. */
interface FileChanges {
    readonly changed: readonly string[];
    readonly removed: readonly string[];
}

/** What was found in the files that were looked into. */
interface Findings {
    readonly entries: readonly SourceEntry[];
    readonly captured: readonly FileCapture[];
    readonly removed: readonly string[];
    /** Files that are not captured any more: removed, or not UTF-8 by now. */
    readonly gone: readonly string[];
}

const NO_FILES: Before = {
    model: undefined,
    shape: "",
    sources: new Map(),
    captures: new CaptureSet(new Map()),
    resolution: undefined,
};

/** The committed state of one workspace. */
export class CommittedState {
    readonly #parts: CommittedStateParts;
    readonly #commits: GraphCommits;
    #state: BaseState | undefined;
    #stored: BaseState | undefined;
    /** Loads of captures under way: what they load must not be let go. */
    #loading = 0;
    lastReport: RunReport = NOTHING_DONE;

    constructor(parts: CommittedStateParts) {
        this.#parts = parts;
        this.#commits = new GraphCommits(parts);
    }

    /** The newest state; undefined before the first run. */
    get current(): BaseState | undefined {
        return this.#state;
    }

    /** Files whose syntax is in memory. */
    get heldFiles(): number {
        const captures = this.current?.captures;
        return captures === undefined ? 0 : captures.slots.size - captures.unloaded;
    }

    /** What is wrong with the workspace's files and manifests. */
    problems(): Problem[] {
        const state = this.current;
        if (state === undefined) {
            return [];
        }
        const ofFiles = [...state.sources.values()].flatMap((each) => each.problems);
        return [...state.model.problems, ...state.resolution.problems(), ...ofFiles];
    }

    /** Whether the derived cache lacks something of the newest state. */
    get isUnsaved(): boolean {
        return this.#state !== undefined && this.#state !== this.#stored;
    }

    /** Resolves when no commit is under way; what went wrong is told by the state's graph. */
    settled(): Promise<void> {
        return this.#parts.pace.hurry(this.#commits.settled());
    }

    /** Makes the first state; says whether the derived cache was enough for it. */
    async open(options: RunOptions): Promise<boolean> {
        const isWarm = await this.#openFromCache(options);
        if (!isWarm) {
            await this.refreshAll(options);
        }
        return isWarm;
    }

    async #openFromCache(options: RunOptions): Promise<boolean> {
        const { cache, graph, ports, logger } = this.#parts;
        const cached = await cache.load();
        if (cached === undefined) {
            return false;
        }
        // A log as long as it was is taken for the one it was; it is replayed after the first answers.
        if (cached.logBytes !== graph.logBytes) {
            const found = (await graph.load()).current();
            if (cached.stateRoot !== found.stateRoot) {
                return false;
            }
        }
        const [bytes] = await Promise.all([
            cache.loadResolution(cached.resolutionHash),
            ports.resolver.load(),
        ]);
        const resolution = bytes === undefined ? undefined : ports.resolver.decode(bytes);
        if (resolution === undefined) {
            logger.info("no stored resolution: names are resolved anew");
            const before: Before = { ...cached, resolution: undefined };
            await this.#run(before, (listing) => this.#allChanges(listing, before), options);
            return true;
        }
        const { model, shape, sources, captures } = cached;
        const known = this.#commits.known(cached.stateRoot);
        this.#state = { model, shape, sources, captures, resolution, graph: known };
        this.#stored = this.#state;
        await this.refreshAll(options);
        return true;
    }

    /** Replays the graph's log, if that was put off; a graph of another state is brought to this one. */
    async confirmGraph(): Promise<void> {
        const { graph, logger, ports } = this.#parts;
        const { stateRoot: found } = (await graph.load()).current();
        const state = this.#state;
        // Without one its commit is under way, and begins with what is stored.
        const expected = state?.graph.stateRoot;
        if (state === undefined || expected === undefined || expected === found) {
            return;
        }
        logger.warn({ expected, found }, "graph is of another state");
        const captures = await this.loadCaptures(state.captures);
        await ports.resolver.load();
        const again = this.#commits.begin(() =>
            ports.resolver.contentOf(state.resolution, captures),
        );
        this.#state = { ...state, graph: again };
        await again.committed();
    }

    /** Captures everything without a look at what is cached. */
    async captureFull(options: RunOptions): Promise<RunReport> {
        await this.#parts.cache.clear();
        this.#stored = undefined;
        return this.#run(NO_FILES, (listing) => this.#allChanges(listing, NO_FILES), options);
    }

    /** Looks at every file and takes in what changed. */
    async refreshAll(options: RunOptions): Promise<RunReport> {
        const before = this.#state ?? NO_FILES;
        return this.#run(before, (listing) => this.#allChanges(listing, before), options);
    }

    /** Takes in changes of the given files; anything that may shape the workspace looks at all. */
    async refresh(paths: readonly string[], options: RunOptions): Promise<RunReport> {
        const before = this.#state;
        const isPlain = (path: string): boolean =>
            before?.sources.has(path) === true && !isShapingFile(path);
        if (before === undefined || paths.length === 0 || !paths.every(isPlain)) {
            return this.refreshAll(options);
        }
        const { root } = this.#parts;
        const { changed, removed } = await findChanged(root, paths, before.sources);
        if (removed.length > 0) {
            return this.refreshAll(options);
        }
        const start = monotonicMs();
        const { parser } = this.#parts.ports;
        const looking = this.#lookInto({ changed, removed }, before, options);
        const found = await looking.finally(() => parser.close());
        return this.#finish(await this.#takeIn(found, before, options), start);
    }

    /** Parses a file that will be taken in once it has rested: then its capture is there, unless it changes again. */
    async parseAhead(path: string): Promise<void> {
        const known = this.#state?.sources.get(path);
        const { ports, root } = this.#parts;
        const read = known === undefined ? undefined : await readSource(root, path);
        if (read?.isText === true && read.contentHash !== known?.contentHash) {
            ports.parser.captureAhead(read);
        }
    }

    /** Resolves the same files again: what is known beside them has changed. */
    async resolveAgain(): Promise<void> {
        const state = this.#state;
        if (state === undefined) {
            return;
        }
        const { ports } = this.#parts;
        const captures = await this.loadCaptures(state.captures);
        await ports.resolver.load();
        const resolution = ports.resolver.resolve({ model: state.model, captures });
        const graph = this.#commits.begin(() => ports.resolver.contentOf(resolution, captures));
        this.#state = { ...state, resolution, graph };
    }

    /** Loads all captures of a state; files whose stored ones are damaged are parsed again. */
    async loadCaptures(captures: CaptureSet): Promise<Map<string, FileCapture>> {
        this.#loading += 1;
        try {
            if (captures.unloaded > 0) {
                await this.#fill(captures);
            }
            return captures.all();
        } finally {
            this.#loading -= 1;
        }
    }

    async #fill(captures: CaptureSet): Promise<void> {
        const { root, cache } = this.#parts;
        const damaged = await cache.fill(captures);
        const parsed = await this.#capture(await readSources(root, damaged), {});
        for (const capture of parsed) {
            const slot = captures.slots.get(capture.path);
            // A file that changed meanwhile is seen by the next look at the disk.
            if (slot !== undefined) {
                slot.capture = capture;
            }
        }
    }

    /** Brings the derived cache up to the newest state. */
    async save(): Promise<void> {
        const state = this.#state;
        if (state === undefined || state === this.#stored) {
            return;
        }
        const start = monotonicMs();
        const { cache, logger, pace, ports } = this.#parts;
        await ports.resolver.load();
        const { stateRoot, logBytes } = await state.graph.committed();
        const bytes = await takeTurns(ports.resolver.encode(state.resolution), pace.pause);
        await cache.save({ ...state, stateRoot, logBytes }, bytes);
        this.#stored = state;
        const { heldBytes } = state.captures;
        const isLarge = heldBytes > this.#parts.heldBytesMax;
        if (isLarge && this.#loading === 0 && state === this.#state) {
            this.#release(state, bytes);
            logger.info({ heldBytes }, "captures are read from the cache when they are needed");
        }
        logger.debug({ ms: Math.round(monotonicMs() - start) }, "derived cache saved");
    }

    /** Lets go of the syntax of all files that the derived cache has too; answers of how many. */
    async letGo(): Promise<number> {
        const state = this.#state;
        const held = this.heldFiles;
        if (state === undefined || state !== this.#stored || held === 0) {
            return 0;
        }
        const { pace, ports } = this.#parts;
        await ports.resolver.load();
        const bytes = await takeTurns(ports.resolver.encode(state.resolution), pace.pause);
        if (this.#loading > 0 || state !== this.#state) {
            return 0;
        }
        this.#release(state, bytes);
        return held - this.heldFiles;
    }

    /** Goes over to what is stored: a large workspace's captures and program are not kept in memory. */
    #release(state: BaseState, resolutionBytes: Uint8Array): void {
        const { resolver } = this.#parts.ports;
        const resolution = resolver.decode(resolutionBytes);
        if (resolution !== undefined) {
            state.captures.release();
            resolver.forget();
            this.#state = { ...state, resolution };
            this.#stored = this.#state;
        }
    }

    async #run(
        before: Before,
        changesOf: (listing: Listing) => Promise<FileChanges>,
        options: RunOptions,
    ): Promise<RunReport> {
        const start = monotonicMs();
        const { root, trusted, ports } = this.#parts;
        const listing = options.ahead?.listing ?? (await listSources(root, options.signal));
        const isSameShape =
            before.model !== undefined &&
            before.shape === listing.shape &&
            isSameList(before.model.rustFiles, listing.rust);
        const known = before.model;
        // Cargo is asked while files are read and captured, which need nothing of what it says.
        const loading =
            isSameShape && known !== undefined
                ? Promise.resolve(known)
                : ports.loadWorkspace(root, { trusted, listed: listing.files });
        const find = async (): Promise<FileChanges> => {
            if (before.sources.size === 0) {
                await ports.parser.startThreads(listing.rust.length);
            }
            return changesOf(listing);
        };
        const found = await this.#findWith(loading, find, before, options);
        const loaded = await loading;
        checkCancelled(options.signal);
        // A manifest that was touched, or a lock file that came and went, often says what was known.
        const isSameModel = isDeepStrictEqual(known, loaded);
        const model = isSameModel ? (known ?? loaded) : loaded;
        const next: Before = { ...before, model, shape: listing.shape };
        return this.#finish(await this.#takeIn(found, next, options, !isSameModel), start);
    }

    /** Looks into what changed while something else is made; where that fails, this ends soon. */
    async #findWith(
        beside: Promise<unknown>,
        changesOf: () => Promise<FileChanges>,
        before: Before,
        options: RunOptions,
    ): Promise<Findings> {
        const { signal } = options;
        let hasFailed = false;
        beside.catch(() => {
            hasFailed = true;
        });
        const either = {
            get aborted() {
                return hasFailed || signal?.aborted === true;
            },
        };
        try {
            const changes = await changesOf();
            return await this.#lookInto(changes, before, { ...options, signal: either });
        } catch (thrown) {
            await beside; // What it throws is the reason.
            throw thrown;
        } finally {
            await this.#parts.ports.parser.close();
        }
    }

    async #allChanges(listing: Listing, before: Before): Promise<FileChanges> {
        const { root } = this.#parts;
        if (before.sources.size === 0) {
            return { changed: listing.rust, removed: [] };
        }
        const { changed } = await findChanged(root, listing.rust, before.sources);
        const listed = new Set(listing.rust);
        const removed = [...before.sources.keys()].filter((path) => !listed.has(path));
        return { changed, removed };
    }

    /** Resolves, then changes the state that requests see, whose commit begins. */
    async #takeIn(
        { entries, captured, removed, gone }: Findings,
        before: Before,
        options: RunOptions,
        isReshaped = false,
    ): Promise<Omit<RunReport, "milliseconds">> {
        const { ports, logger } = this.#parts;
        const model = required(before.model, "a state has a model");
        const sources = nextSources(before.sources, removed, entries);
        const isSame = captured.length === 0 && gone.length === 0 && !isReshaped;
        if (isSame && before.resolution !== undefined && this.#state !== undefined) {
            if (entries.length > 0 || this.#state.shape !== before.shape) {
                this.#state = { ...this.#state, sources, shape: before.shape };
            }
            return { parsed: 0, graph: undefined };
        }
        const captures = before.captures.with(captured, gone);
        const all = await this.loadCaptures(captures);
        await ports.resolver.load();
        checkCancelled(options.signal);
        options.onProgress?.("resolving", 0, 1);
        if (options.ahead !== undefined) {
            optimizeForQuestions();
        }
        const start = monotonicMs();
        const resolution = ports.resolver.resolve({ model, captures: all });
        const resolveMs = Math.round(monotonicMs() - start);
        logger.info({ parsed: captured.length, resolveMs }, "state resolved");
        options.onProgress?.("committing", 0, 1);
        const graph = this.#commits.begin(() => ports.resolver.contentOf(resolution, all));
        const { shape } = before;
        this.#state = { model, shape, sources, captures, resolution, graph };
        return { parsed: captured.length, graph };
    }

    /** Reads what may have changed, batch by batch, and captures what has. */
    async #lookInto(changes: FileChanges, before: Before, options: RunOptions): Promise<Findings> {
        const { changed, removed } = changes;
        const entries: SourceEntry[] = [];
        const captured: FileCapture[] = [];
        const gone = [...removed];
        const readFrom = (at: number): Promise<ReadSource[]> => {
            const batch = changed.slice(at, at + BATCH_FILES);
            return readSources(this.#parts.root, batch, options.signal);
        };
        const first = before.sources.size === 0 ? options.ahead : undefined;
        let ahead = first === undefined ? readFrom(0) : Promise.resolve(first.read);
        for (let at = 0; at < changed.length; at += BATCH_FILES) {
            const read = await ahead;
            ahead = readFrom(at + BATCH_FILES); // While this batch is parsed.
            ahead.catch(() => undefined); // Thrown where it is awaited, if it comes to that.
            const isNew = (each: ReadSource): boolean =>
                before.sources.get(each.path)?.contentHash !== each.contentHash;
            const captures = await (at === 0 && first !== undefined
                ? first.captures
                : this.#capture(read.filter(isNew), {
                      ...options,
                      onProgress: (_, done) =>
                          options.onProgress?.("parsing", at + done, changed.length),
                  }));
            const byPath = new Map(captures.map((capture) => [capture.path, capture]));
            captured.push(...captures);
            for (const each of read) {
                const known = byPath.get(each.path) ?? before.sources.get(each.path);
                entries.push(toEntry(each, known));
                if (!each.isText && before.captures.slots.has(each.path)) {
                    gone.push(each.path);
                }
            }
        }
        return { entries, captured, removed, gone };
    }

    #capture(
        changed: readonly ReadSource[],
        { signal, onProgress }: RunOptions,
    ): Promise<FileCapture[]> {
        return captureText(this.#parts.ports, changed, {
            ...(signal === undefined ? {} : { signal }),
            ...(onProgress === undefined ? {} : { onProgress }),
        });
    }

    #finish(done: Omit<RunReport, "milliseconds">, start: number): RunReport {
        this.lastReport = { ...done, milliseconds: monotonicMs() - start };
        return this.lastReport;
    }
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
    return a.length === b.length && a.every((path, index) => path === b[index]);
}

function nextSources(
    before: ReadonlyMap<string, SourceEntry>,
    removed: readonly string[],
    entries: readonly SourceEntry[],
): Map<string, SourceEntry> {
    const sources = new Map(before);
    for (const path of removed) {
        sources.delete(path);
    }
    for (const entry of entries) {
        sources.set(entry.path, entry);
    }
    return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toEntry(
    { path, stat, contentHash, isText }: ReadSource,
    known: { readonly lineCount: number; readonly problems: readonly Problem[] } | undefined,
): SourceEntry {
    const isCaptured = isText;
    const problems = isCaptured ? (known?.problems ?? []) : [notUtf8(path)];
    const lineCount = isCaptured ? (known?.lineCount ?? 0) : 0;
    return { path, stat, contentHash, isCaptured, problems, lineCount };
}

function notUtf8(path: string): Problem {
    return { code: "FILE_NOT_UTF8", message: "the file is not UTF-8 and is left out", path };
}
