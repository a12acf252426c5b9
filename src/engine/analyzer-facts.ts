// rust-analyzer's facts in the life of an engine: one index of the workspace when it has been quiet for long,
// reduced to evidence, believed only if rust-analyzer sees the standard library. Runs beside the loop; only
// taking the new evidence is an event of it.

import { join } from "node:path";

import {
    CancelledError,
    checkCancelled,
    OperatingError,
    repoPath,
    takeTurns,
    type CancelSignal,
    type RepoPath,
} from "../base/index.ts";
import type { ScipCapture } from "../capture/index.ts";
import { monotonicMs, readBytesIfThere, writeFileAtomic } from "../platform/index.ts";
import type { Evidence, ScipReport } from "../resolve/index.ts";
import { BackgroundRuns, type FactsPhase, type RunOptions } from "./background-runs.ts";
import type { CommittedState } from "./committed-state.ts";
import type { AnalyzerPort } from "./facts-port.ts";
import { HeldEvidence } from "./held-evidence.ts";
import type { ToolFactsParts } from "./tool-facts-parts.ts";
import { filesChanging, StaleFiles } from "./view.ts";
import type { BaseState } from "./workspace-view.ts";

/** Folder of the frontend in the store's folder. */
export const ANALYZER_FOLDER = "rust-analyzer";

const REPORT_FILE = "report.json";
/** Calls of methods that rust-analyzer knows where it sees std are nine in ten, else four. */
const KNOWN_SHARE_MIN = 0.7;

/** What the last index gave, as it is kept. */
interface KeptReport {
    readonly version: string;
    readonly milliseconds: number;
    readonly report: ScipReport;
}

/** What rust-analyzer's facts are at the moment. */
export interface AnalyzerState {
    readonly phase: FactsPhase;
    readonly reason: string;
    readonly advice: string;
    readonly capturedAt: number | undefined;
    readonly bytes: number;
    readonly kept: KeptReport | undefined;
}

/** What the facts of one workspace stand on. */
export interface AnalyzerFactsParts extends ToolFactsParts {
    readonly port: AnalyzerPort;
    /** What goes first. */
    readonly after: () => Promise<void>;
}

/** Why nothing of an index is believed, and what to do. */
interface Disbelief {
    readonly reason: string;
    readonly advice: string;
}

/** How facts are captured. */
interface AnalyzerRunOptions extends RunOptions {
    /** Somebody asked: also when what is stored holds. */
    readonly isAsked?: boolean;
}

/** rust-analyzer's facts of one workspace. */
export class AnalyzerFactsService {
    readonly runs: BackgroundRuns<AnalyzerRunOptions>;
    readonly #parts: AnalyzerFactsParts;
    readonly #held: HeldEvidence;
    #folder: string | undefined;
    #committed: CommittedState | undefined;
    #loading: Promise<void> | undefined;
    #disbelief: Disbelief;
    #kept: KeptReport | undefined;

    constructor(parts: AnalyzerFactsParts) {
        this.#parts = parts;
        this.#held = new HeldEvidence(parts);
        this.runs = new BackgroundRuns<AnalyzerRunOptions>(parts, {
            name: "rust-analyzer's facts",
            // An index is heavy work.
            openingDelayMs: 20_000,
            quietDelayMs: 60_000,
            run: (signal, options) => this.#run(signal, options),
        });
        this.#disbelief = {
            reason: parts.trusted ? "" : "the workspace is not trusted",
            advice: "",
        };
    }

    /** The evidence to resolve with; undefined when there is none. */
    get evidence(): Evidence | undefined {
        return this.#held.evidence;
    }

    /** What there is, and of what; of an earlier session too. */
    async readState(): Promise<AnalyzerState> {
        await this.load();
        return {
            phase: this.runs.phase,
            ...this.#disbelief,
            capturedAt: this.#held.capturedAt,
            bytes: this.#held.bytes,
            kept: this.#kept,
        };
    }

    /** Says where the store is; before anything is resolved. */
    open(storeFolder: string): void {
        this.#folder = join(storeFolder, ANALYZER_FOLDER);
        this.#held.open(this.#folder);
    }

    /** Loads the stored evidence, once. */
    load(): Promise<void> {
        this.#loading ??= this.#load();
        return this.#loading;
    }

    /** The workspace is open: background work may begin. */
    start(committed: CommittedState): void {
        this.#committed = committed;
        this.runs.start();
    }

    async #run(signal: AbortSignal, options: AnalyzerRunOptions): Promise<void> {
        const { trusted, logger, after } = this.#parts;
        await after();
        if (this.#folder === undefined || this.#committed === undefined || !trusted) {
            return;
        }
        const start = monotonicMs();
        this.runs.phase = "running";
        try {
            if (options.isAsked === true || !(await this.#isKnown())) {
                this.#disbelief = { reason: "", advice: "" };
                await this.#capture(signal, options);
            }
            this.runs.phase = this.#disbelief.reason === "" ? "idle" : "aside";
        } catch (thrown) {
            this.#fail(thrown);
            if (!(thrown instanceof CancelledError) && this.runs.phase !== "aside") {
                throw thrown;
            }
        } finally {
            const ms = Math.round(monotonicMs() - start);
            logger.info({ ms, phase: this.runs.phase }, "rust-analyzer's facts");
        }
    }

    #fail(thrown: unknown): void {
        if (thrown instanceof CancelledError) {
            this.runs.phase = this.runs.phaseAfterCancel;
            return;
        }
        const isMissing = thrown instanceof OperatingError && thrown.code === "TOOL_MISSING";
        this.runs.phase = isMissing ? "aside" : "failed";
        this.#disbelief = {
            reason: thrown instanceof Error ? thrown.message : String(thrown),
            advice: thrown instanceof OperatingError ? thrown.advice : "",
        };
    }

    /** Whether the stored evidence holds for all of the present files. */
    async #isKnown(): Promise<boolean> {
        const state = this.#committed?.current;
        if (state === undefined || this.#held.evidence === undefined) {
            return false;
        }
        const captures = await this.#committed?.loadCaptures(state.captures);
        const { source } = this.#parts.checked(state.resolution);
        return (
            captures !== undefined &&
            this.#held.evidence.holdsFully({ model: state.model, source, captures })
        );
    }

    async #capture(signal: AbortSignal, { onProgress }: RunOptions): Promise<void> {
        const { root, trusted, port } = this.#parts;
        const state = this.#committed?.current;
        const folder = this.#folder;
        if (state === undefined || folder === undefined) {
            return;
        }
        const start = monotonicMs();
        const folders = state.model.packages.map((pkg) => String(pkg.workspaceFolder));
        const capture = await port.capture(
            { root, cargoFolders: [...new Set(folders)].sort() },
            { trusted, folder, signal, ...(onProgress === undefined ? {} : { onProgress }) },
        );
        try {
            const changed = changedFile(state, this.#committed?.current);
            if (changed !== undefined) {
                throw filesChanging(new StaleFiles([changed]));
            }
            await this.#reduce(capture, { start, signal });
        } finally {
            await capture.close();
        }
    }

    /** Makes evidence of an index of the present files. */
    async #reduce(
        capture: ScipCapture,
        { start, signal }: { readonly start: number; readonly signal: CancelSignal },
    ): Promise<void> {
        const committed = this.#committed;
        const state = committed?.current;
        if (committed === undefined || state === undefined) {
            return;
        }
        const module = await import("../resolve/index.ts");
        const { pace } = this.#parts;
        const captures = await committed.loadCaptures(state.captures);
        const reducer = new module.ScipReducer({
            model: state.model,
            resolution: this.#parts.checked(state.resolution),
            captures,
            textOf: (path) => this.#held.textOf(path, captures.get(path)?.contentHash ?? ""),
        });
        await takeTurns(reducer.prepare(), pace.pause);
        for await (const document of capture.documents()) {
            checkCancelled(signal);
            reducer.take(document);
            await pace.pause();
        }
        const units = await takeTurns(reducer.finish(), pace.pause);
        // A change would have ended this run, had it been heard of by now.
        checkCancelled(signal);
        const report = reducer.report();
        const kept = { version: capture.version, milliseconds: monotonicMs() - start, report };
        await this.#keep(kept);
        this.#disbelief = disbelieve(report);
        const believed = this.#disbelief.reason === "" ? units : [];
        await this.#held.replace({
            changed: new Map(believed.map(({ key, bytes }) => [key, bytes])),
            kept: new Set(),
            outside: new Map([...reducer.outside].sort()),
        });
        await this.#parts.takeEvidence();
    }

    async #keep(kept: KeptReport): Promise<void> {
        this.#kept = kept;
        const file = join(this.#folder ?? "", REPORT_FILE);
        await writeFileAtomic(file, Buffer.from(JSON.stringify(kept), "utf8"));
    }

    async #load(): Promise<void> {
        await this.#held.load();
        const folder = this.#folder;
        const bytes =
            folder === undefined ? undefined : await readBytesIfThere(join(folder, REPORT_FILE));
        if (bytes !== undefined && this.#held.capturedAt !== undefined) {
            // Written whole or not at all; it is shown, nothing rests on it.
            this.#kept ??= JSON.parse(Buffer.from(bytes).toString("utf8")) as KeptReport;
        }
    }
}

/** A file that is not what it was, or the manifest when the packages are not. */
function changedFile(before: BaseState, now: BaseState | undefined): RepoPath | undefined {
    if (now?.shape !== before.shape) {
        return repoPath("Cargo.toml");
    }
    const paths = new Set([...before.sources.keys(), ...now.sources.keys()]);
    const changed = [...paths].find(
        (path) => before.sources.get(path)?.contentHash !== now.sources.get(path)?.contentHash,
    );
    return changed === undefined ? undefined : repoPath(changed);
}

/** Why an index is not believed: without std most types, and so most methods, are not known. */
function disbelieve({ namesOfStd, methodCalls }: ScipReport): Disbelief {
    const { seen, known } = methodCalls;
    if (namesOfStd > 0 && known >= seen * KNOWN_SHARE_MIN) {
        return { reason: "", advice: "" };
    }
    return {
        reason:
            "it does not see the standard library: it names nothing of it, or too few methods " +
            `(${known} of ${seen})`,
        advice:
            "run `rustup component add rust-src`, or set RUST_SRC_PATH to the folder `library` of " +
            "Rust's sources; then run `ferrograph capture --rust-analyzer --trust`",
    };
}
