// What tools outside say of types: asked for by name, kept beside the store by the content hash of each
// file, given to the tables as long as the file is what it was.

import { createHash } from "node:crypto";
import { join } from "node:path";

import {
    CancelledError,
    OperatingError,
    appendTo,
    type CancelSignal,
    type ProgressSink,
} from "../../base/index.ts";
import type { ToldType, ToolTypes, TypePart, TypeSource } from "../../capture/index.ts";
import { formatNodeId, type NodeId } from "../../graph/index.ts";
import type { InferredType } from "../../indexer/index.ts";
import {
    makeFolder,
    readBytes,
    statFile,
    wallClockMs,
    writeFileAtomic,
    monotonicMs,
    type Logger,
} from "../../platform/index.ts";
import { TYPE_SOURCES, type TypesStatus } from "../../protocol/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import { hashBytes } from "../source-table.ts";
import type { StateToFollow } from "./state-to-follow.ts";

/** Folder in the store's folder. */
const FOLDER = "types";
/** Raised whenever what is kept changes. */
const FORMAT = 1;
const CANCEL_POLL_MS = 100;
const PROBLEMS_MAX = 10;

/** What one tool said, as it is kept. */
interface Kept {
    readonly format: number;
    readonly tool: string;
    /** Digest of all that was asked about: the same is not asked again. */
    readonly asked: string;
    readonly endedMs: number;
    readonly milliseconds: number;
    readonly problems: readonly string[];
    readonly files: readonly KeptFile[];
}

interface KeptFile {
    readonly path: string;
    readonly contentHash: string;
    readonly types: readonly InferredType[];
}

/** What there is of one file. */
interface Known {
    readonly types: readonly InferredType[];
    readonly digest: string;
}

/** What keeping types stands on. */
export interface InferredTypesParts {
    readonly root: string;
    readonly trusted: boolean;
    readonly storeFolder: () => string;
    readonly logger: Logger;
}

const NOTHING: Known = { types: [], digest: "" };

/** The types that tools told of one workspace. */
export class InferredTypesStore {
    readonly #parts: InferredTypesParts;
    readonly #kept = new Map<TypeSource, Kept>();
    #byFile = new Map<string, Known>();
    #generation = 0;
    #loading: Promise<void> | undefined;
    #running: Promise<unknown> | undefined;

    constructor(parts: InferredTypesParts) {
        this.#parts = parts;
    }

    /** Reads what is kept, once. */
    load(): Promise<void> {
        this.#loading ??= this.#load();
        return this.#loading;
    }

    /** Raised when a tool has told something new. */
    get generation(): number {
        return this.#generation;
    }

    /** What is known of a file with this content. */
    of(path: string, contentHash: string | undefined): Known {
        return this.#byFile.get(keyOf(path, contentHash ?? "")) ?? NOTHING;
    }

    /** What was asked, and what came of it. */
    async report(): Promise<TypesStatus[]> {
        await this.load();
        return TYPE_SOURCES.flatMap((source) => {
            const kept = this.#kept.get(source);
            return kept === undefined ? [] : [statusOf(source, kept, false)];
        });
    }

    /** Asks a tool about a state, unless it was asked the very same before. */
    async ask(
        source: TypeSource,
        state: StateToFollow,
        context: {
            readonly signal?: CancelSignal | undefined;
            readonly onProgress?: ProgressSink | undefined;
        },
    ): Promise<TypesStatus> {
        if (!this.#parts.trusted) {
            throw new OperatingError(
                "TYPES_UNTRUSTED",
                `${source} is not run in a workspace that is not trusted`,
                { advice: "it runs Cargo: pass --trust if you trust the workspace's code" },
            );
        }
        await this.load();
        while (this.#running !== undefined) {
            await this.#running.catch(() => undefined);
        }
        const running = this.#ask(source, state, context);
        this.#running = running;
        try {
            return await running;
        } finally {
            this.#running = undefined;
        }
    }

    async #ask(
        source: TypeSource,
        state: StateToFollow,
        {
            signal,
            onProgress,
        }: {
            readonly signal?: CancelSignal | undefined;
            readonly onProgress?: ProgressSink | undefined;
        },
    ): Promise<TypesStatus> {
        const { root, logger } = this.#parts;
        const start = monotonicMs();
        const asked = await this.#digestOf(state);
        const known = this.#kept.get(source);
        if (known?.asked === asked) {
            return statusOf(source, known, true);
        }
        const abort = new AbortController();
        const poll = setInterval(() => {
            if (signal?.aborted === true) {
                abort.abort();
            }
        }, CANCEL_POLL_MS);
        let told: ToolTypes;
        try {
            const { askTypes } = await import("../../capture/index.ts");
            const scratch = join(this.#parts.storeFolder(), FOLDER, source);
            const crates = state.model.packages.flatMap(({ targets }) =>
                targets
                    .filter(({ kind }) => DOCUMENTED.has(kind))
                    .map((target) => target.crateName),
            );
            told = await askTypes(
                source,
                { root, crates: [...new Set(crates)], files: [...state.captures.keys()].sort() },
                { scratch, signal: abort.signal, onProgress },
            );
        } finally {
            clearInterval(poll);
        }
        if (signal?.aborted === true) {
            throw new CancelledError();
        }
        const kept: Kept = {
            format: FORMAT,
            tool: told.tool,
            asked,
            endedMs: wallClockMs(),
            milliseconds: Math.round(monotonicMs() - start),
            problems: told.problems.slice(0, PROBLEMS_MAX),
            files: await this.#join(source, state, told),
        };
        await makeFolder(join(this.#parts.storeFolder(), FOLDER));
        await writeFileAtomic(this.#file(source), Buffer.from(JSON.stringify(kept)));
        this.#kept.set(source, kept);
        this.#index();
        logger.info({ source, ms: kept.milliseconds, files: kept.files.length }, "types told");
        return statusOf(source, kept, false);
    }

    /** What was told, of files that are still what they were; of others what was known before. */
    async #join(source: TypeSource, state: StateToFollow, told: ToolTypes): Promise<KeptFile[]> {
        const writer = new TypeSpeller(state);
        const files: KeptFile[] = [];
        for (const [path, types] of [...told.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
            const contentHash = state.captures.get(path)?.contentHash;
            if (contentHash !== undefined && (await this.#hashNow(path)) === contentHash) {
                files.push({
                    path,
                    contentHash,
                    types: types.map((type) => writer.spell(source, type)),
                });
            }
        }
        const paths = new Set(files.map(({ path }) => path));
        const before = this.#kept.get(source)?.files ?? [];
        const still = before.filter(
            ({ path, contentHash }) =>
                !paths.has(path) && state.captures.get(path)?.contentHash === contentHash,
        );
        // What a tool is silent about, although all went well, it does not say any more.
        return told.problems.length === 0 ? files : [...files, ...still];
    }

    async #hashNow(path: string): Promise<string | undefined> {
        return readBytes(join(this.#parts.root, path)).then(hashBytes, () => undefined);
    }

    async #digestOf({ model, captures }: StateToFollow): Promise<string> {
        const hash = createHash("sha256");
        for (const [path, { contentHash }] of [...captures].sort(([a], [b]) => (a < b ? -1 : 1))) {
            hash.update(`${path} ${contentHash}\n`);
        }
        const manifests = [
            "Cargo.toml",
            "Cargo.lock",
            ...model.packages.map((one) => one.manifest),
        ];
        for (const path of manifests) {
            hash.update(`${path} ${(await this.#hashNow(path)) ?? ""}\n`);
        }
        return hash.digest("hex");
    }

    async #load(): Promise<void> {
        for (const source of TYPE_SOURCES) {
            const file = this.#file(source);
            if ((await statFile(file)) === undefined) {
                continue;
            }
            try {
                const kept = JSON.parse(new TextDecoder().decode(await readBytes(file))) as Kept;
                if (kept.format === FORMAT) {
                    this.#kept.set(source, kept);
                }
            } catch (err) {
                this.#parts.logger.warn(
                    { err, file },
                    "types cannot be read: they can be asked again",
                );
            }
        }
        this.#index();
    }

    #index(): void {
        this.#generation += 1;
        const types = new Map<string, InferredType[]>();
        for (const source of TYPE_SOURCES) {
            for (const file of this.#kept.get(source)?.files ?? []) {
                file.types.forEach((type) => {
                    appendTo(types, keyOf(file.path, file.contentHash), type);
                });
            }
        }
        this.#byFile = new Map(
            [...types].map(([key, all]) => [key, { types: all, digest: digestOf(all) }]),
        );
    }

    #file(source: TypeSource): string {
        return join(this.#parts.storeFolder(), FOLDER, `${source}.json`);
    }
}

/** Kinds of targets that `cargo doc` documents. */
const DOCUMENTED: ReadonlySet<string> = new Set(["lib", "proc-macro", "bin"]);

/** Of what tools tell of a file. */
function digestOf(types: readonly InferredType[]): string {
    return createHash("sha256").update(JSON.stringify(types)).digest("hex").slice(0, 16);
}

function keyOf(path: string, contentHash: string): string {
    return `${contentHash} ${path}`;
}

function statusOf(source: TypeSource, kept: Kept, isKnown: boolean): TypesStatus {
    return {
        source,
        tool: kept.tool,
        files: kept.files.length,
        types: kept.files.reduce((sum, { types }) => sum + types.length, 0),
        endedAt: kept.endedMs,
        milliseconds: isKnown ? 0 : kept.milliseconds,
        problems: kept.problems,
    };
}

/** Writes types with the paths that the graph has for their symbols. */
class TypeSpeller {
    readonly #state: StateToFollow;
    readonly #source: ResolutionSource;
    readonly #byDisplay = new Map<string, number>();
    /** Definitions by file and name; undefined where a file has several of a name. */
    readonly #byPlace = new Map<string, number | undefined>();

    constructor(state: StateToFollow) {
        this.#state = state;
        this.#source = state.resolution.source;
        const { source } = state.resolution;
        for (let index = 0; index < source.symbolCount; index++) {
            if (source.externalPath(index) !== "" || source.nodeOf(index) !== index) {
                continue;
            }
            const { kind, name, file } = source.symbol(index);
            if (TYPE_KINDS.has(kind)) {
                this.#byDisplay.set(source.displayOf(index), index);
                const place = `${file ?? ""}\n${name}`;
                this.#byPlace.set(place, this.#byPlace.has(place) ? undefined : index);
            }
        }
    }

    spell(source: TypeSource, { parts, ...type }: ToldType): InferredType {
        const named = parts.map((part) => ({ part, symbol: this.#symbolOf(part) }));
        const symbols = named.flatMap(({ symbol }) =>
            symbol === undefined ? [] : [formatNodeId(this.#source.idOf(symbol) as NodeId)],
        );
        const canonical = named.map(({ part, symbol }) =>
            symbol === undefined ? part.text : this.#source.displayOf(symbol),
        );
        return {
            ...type,
            by: source,
            canonical: canonical.join(""),
            written: parts.map(({ text }) => text).join(""),
            symbols: [...new Set(symbols)],
        };
    }

    #symbolOf({ text, path, at }: TypePart): number | undefined {
        if (path !== "") {
            return this.#byDisplay.get(path);
        }
        return at === undefined || !this.#state.captures.has(at.file)
            ? undefined
            : this.#byPlace.get(`${at.file}\n${text}`);
    }
}

const TYPE_KINDS: ReadonlySet<string> = new Set(["struct", "enum", "union", "trait", "type-alias"]);
