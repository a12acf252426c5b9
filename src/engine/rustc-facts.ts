// rustc's facts in the life of an engine: captured in the background when the workspace has been quiet,
// reduced to evidence, handed to every resolution after that. Runs beside the loop; only taking the new
// evidence is an event of it.

import { join } from "node:path";

import { CancelledError, checkCancelled, takeTurns } from "../base/index.ts";
import type { FactStore, MultiCaptureResult, RustcFacts, StoredUnit } from "../capture/index.ts";
import { monotonicMs } from "../platform/index.ts";
import type * as Resolve from "../resolve/index.ts";
import type { Evidence, FactReducer } from "../resolve/index.ts";
import { BackgroundRuns, type FactsPhase, type RunOptions } from "./background-runs.ts";
import type { CommittedState } from "./committed-state.ts";
import type { FactsPort } from "./facts-port.ts";
import { FlowStore } from "./flow-store.ts";
import { HeldEvidence } from "./held-evidence.ts";
import type { View } from "./view.ts";
import type { FlowParts, FlowSource } from "./show-flow.ts";
import type { ToolFactsParts } from "./tool-facts-parts.ts";

/** Folder of the frontend in the store's folder. */
export const RUSTC_FOLDER = "rustc";

/** What the facts of a workspace are at the moment. */
export interface FactsState {
    readonly phase: FactsPhase;
    /** Why they are off, stand aside or failed; else empty. */
    readonly reason: string;
    /** When the last capture ended, milliseconds since 1970. */
    readonly capturedAt: number | undefined;
    readonly milliseconds: number;
    readonly result: MultiCaptureResult | undefined;
    readonly units: readonly StoredUnit[];
    /** Units whose facts were not reduced, with the reason. */
    readonly leftOut: readonly { readonly key: string; readonly reason: string }[];
    /** Calls that no token names and that are no edges: not of the workspace, and not known for sure. */
    readonly implicit: { readonly outside: number; readonly notMapped: number };
    /** On disk: facts and evidence. */
    readonly bytes: number;
}

/** What rustc's facts of one workspace stand on. */
export interface RustcFactsParts extends ToolFactsParts {
    readonly port: FactsPort;
}

/** How facts are captured. */
interface FactsRunOptions extends RunOptions {
    /** Also calls without a token, and control flow. */
    readonly withMir?: boolean;
}

/** The facts of one workspace. */
export class RustcFactsService {
    readonly runs: BackgroundRuns<FactsRunOptions>;
    readonly #parts: RustcFactsParts;
    readonly #held: HeldEvidence;
    #opened: { readonly flows: FlowStore; readonly folder: string } | undefined;
    #committed: CommittedState | undefined;
    #reason: string;
    #milliseconds = 0;
    #result: MultiCaptureResult | undefined;
    #units: readonly StoredUnit[] = [];
    #leftOut: FactsState["leftOut"] = [];

    constructor(parts: RustcFactsParts) {
        this.#parts = parts;
        this.#held = new HeldEvidence(parts);
        this.runs = new BackgroundRuns<FactsRunOptions>(parts, {
            name: "rustc's facts",
            openingDelayMs: 1_500,
            quietDelayMs: 4_000,
            run: (signal, options) => this.#run(signal, options),
        });
        this.#reason = parts.trusted ? "" : "the workspace is not trusted";
    }

    /** The evidence to resolve with; undefined when there is none. */
    get evidence(): Evidence | undefined {
        return this.#held.evidence;
    }

    /** How control flow is asked for. */
    get flow(): FlowParts {
        return {
            sourcesOf: (view, crate) => this.#flowSources(view, crate),
            flowOf: async (view, shard, id) => {
                const { flowOfItem } = await import("../resolve/index.ts");
                const captures = await view.loadCaptures();
                return flowOfItem(shard, id, { captures, textOf: (path) => view.text(path) });
            },
        };
    }

    /** Shards of a crate whose facts are those that the evidence is of. */
    async #flowSources(view: View, crate: number): Promise<FlowSource[]> {
        await this.load();
        const { decodeFlowShard } = await import("../resolve/index.ts");
        const { source } = this.#parts.checked(view.resolution);
        const captures = await view.loadCaptures();
        const live = this.#held.evidence?.on({ model: view.model, source, captures });
        const id = source.idOf(crate).toString(16).padStart(16, "0");
        const found: FlowSource[] = [];
        for (const { unit } of this.#held.units.values()) {
            const bytes =
                unit.crateId === id ? await this.#opened?.flows.load(unit.key) : undefined;
            const shard = bytes === undefined ? undefined : decodeFlowShard(bytes);
            if (shard?.header.factsHash === unit.factsHash) {
                found.push({ shard, holds: live?.holds(unit, crate) === true });
            }
        }
        return found;
    }

    /** What there is, and of what; of an earlier session too. */
    async readState(): Promise<FactsState> {
        await this.load();
        if (this.#result === undefined && this.#units.length === 0) {
            const folder = this.#opened?.folder ?? "";
            const store = await this.#parts.port.openStore(folder).catch(() => undefined);
            this.#units = store?.units ?? [];
        }
        const ofUnits = this.#units.reduce((sum, unit) => sum + unit.bytes, 0);
        return {
            phase: this.runs.phase,
            reason: this.#reason,
            capturedAt: this.#held.capturedAt,
            milliseconds: this.#milliseconds,
            result: this.#result,
            units: this.#units,
            leftOut: this.#leftOut,
            implicit: {
                outside: this.#held.sumOf(({ unit }) => unit.implicit.outside),
                notMapped: this.#held.sumOf(({ unit }) => unit.implicit.notMapped),
            },
            bytes: ofUnits + this.#held.bytes,
        };
    }

    /** Says where the store is; before anything is resolved. */
    open(storeFolder: string): void {
        this.#held.open(storeFolder);
        const flows = new FlowStore(storeFolder);
        this.#opened = { flows, folder: join(storeFolder, RUSTC_FOLDER) };
    }

    /** Loads the stored evidence, once. */
    load(): Promise<void> {
        return this.#held.load();
    }

    /** The workspace is open: background work may begin. */
    start(committed: CommittedState): void {
        this.#committed = committed;
        this.runs.start();
    }

    async #run(
        signal: AbortSignal,
        { onProgress, withMir = false }: FactsRunOptions,
    ): Promise<void> {
        const { root, trusted, port, logger } = this.#parts;
        const opened = this.#opened;
        const state = this.#committed?.current;
        if (opened === undefined || state === undefined || !trusted) {
            return;
        }
        const start = monotonicMs();
        this.runs.phase = "running";
        this.#reason = "";
        try {
            const folders = state.model.packages.map((pkg) => String(pkg.workspaceFolder));
            const result = await port.capture(
                { root, cargoFolders: [...new Set(folders)].sort() },
                {
                    trusted,
                    folder: opened.folder,
                    withMir: withMir || (await this.#keepsFlow(opened.folder)),
                    signal,
                    ...(onProgress === undefined ? {} : { onProgress }),
                },
            );
            this.#result = result;
            this.#units = result.units;
            if (result.frontend.kind === "aside") {
                this.runs.phase = "aside";
                this.#reason = result.frontend.message;
                return;
            }
            const isNews = await this.#reduce(await port.openStore(opened.folder), signal);
            checkCancelled(signal);
            if (isNews) {
                await this.#parts.takeEvidence();
            }
            this.runs.phase = "idle";
        } catch (thrown) {
            const isCancelled = thrown instanceof CancelledError;
            this.runs.phase = isCancelled ? this.runs.phaseAfterCancel : "failed";
            this.#reason = isCancelled || !(thrown instanceof Error) ? "" : thrown.message;
            if (!isCancelled) {
                throw thrown;
            }
        } finally {
            this.#milliseconds = monotonicMs() - start;
            logger.info(
                { ms: Math.round(this.#milliseconds), phase: this.runs.phase },
                "rustc's facts",
            );
        }
    }

    /** Who asked for control flow once is kept supplied with it, in later sessions too. */
    async #keepsFlow(folder: string): Promise<boolean> {
        const units =
            this.#units.length > 0 ? this.#units : (await this.#parts.port.openStore(folder)).units;
        return units.some((unit) => unit.hasFlow);
    }

    /**
     * Reduces what is fresh; keeps what earlier captures gave for units that do not compile now. Says
     * whether there is anything new to resolve with.
     */
    async #reduce(facts: FactStore, signal: AbortSignal): Promise<boolean> {
        const opened = this.#opened;
        const committed = this.#committed;
        const state = committed?.current;
        if (opened === undefined || committed === undefined || state === undefined) {
            return false;
        }
        const module = await import("../resolve/index.ts");
        const { pace } = this.#parts;
        const captures = await committed.loadCaptures(state.captures);
        const resolution = this.#parts.checked(state.resolution);
        const { model } = state;
        const view = { model, source: resolution.source, captures };
        const fresh = facts.units.filter((unit) => unit.stale === undefined);
        const flowing = fresh.filter((unit) => unit.hasFlow).map((unit) => unit.key);
        const isKnown = this.#isKnown(fresh) && (await opened.flows.hasAll(flowing));
        if (isKnown && this.#held.evidence?.holdsAll(view) === true) {
            return false;
        }
        const reducer = new module.FactReducer({
            model,
            resolution,
            captures,
            textOf: (path) => this.#held.textOf(path, captures.get(path)?.contentHash ?? ""),
        });
        await takeTurns(reducer.prepare(), pace.pause);
        for (const unit of fresh) {
            checkCancelled(signal);
            const read = await facts.read(unit.key);
            if (read !== undefined) {
                reducer.readDefinitions(read);
            }
            await pace.pause();
        }
        const changed = new Map<string, Uint8Array>();
        const flows = new Map<string, Uint8Array>();
        const leftOut: { key: string; reason: string }[] = [];
        for (const unit of fresh) {
            checkCancelled(signal);
            const read = await facts.read(unit.key);
            const bytes = await this.#reduceUnit(module, reducer, unit, read);
            if (typeof bytes === "string") {
                leftOut.push({ key: unit.key, reason: bytes });
                continue;
            }
            changed.set(unit.key, bytes);
            const shard = unit.hasFlow ? await reduceFlow(facts, reducer, unit, read) : undefined;
            if (shard !== undefined) {
                flows.set(unit.key, shard);
            }
        }
        const kept = new Set(facts.units.map((unit) => unit.key));
        const outside = new Map([...reducer.outside].sort());
        await this.#held.replace({ changed, kept, outside });
        await opened.flows.save(flows, kept);
        this.#leftOut = leftOut;
        return true;
    }

    /** Whether the stored evidence is of these very facts. */
    #isKnown(fresh: readonly StoredUnit[]): boolean {
        const { units } = this.#held;
        return (
            units.size === fresh.length &&
            fresh.every(({ key, factsHash }) => units.get(key)?.unit.factsHash === factsHash)
        );
    }

    /** A unit's evidence as bytes, or why there is none. */
    async #reduceUnit(
        module: typeof Resolve,
        reducer: FactReducer,
        unit: StoredUnit,
        facts: RustcFacts | undefined,
    ): Promise<Uint8Array | string> {
        if (facts === undefined) {
            return "its stored facts are damaged";
        }
        const { key, factsHash, configurations } = unit;
        const known = this.#held.units.get(key);
        const fingerprint = reducer.fingerprintOf(facts);
        const isSame =
            known?.unit.factsHash === factsHash &&
            facts.files.every(({ path, contentHash }) => {
                const file = known.unit.files.get(path);
                return file === undefined || file.contentHash === contentHash;
            });
        if (known !== undefined && isSame && fingerprint !== undefined) {
            return module.restampUnitEvidence(known.bytes, { configurations, fingerprint });
        }
        const { pace } = this.#parts;
        const name = { key, factsHash, configurations };
        const reduced = await takeTurns(reducer.reduce(facts, name), pace.pause);
        return reduced.kind === "reduced" ? reduced.bytes : reduced.reason;
    }
}

async function reduceFlow(
    store: FactStore,
    reducer: FactReducer,
    unit: StoredUnit,
    facts: RustcFacts | undefined,
): Promise<Uint8Array | undefined> {
    const flow = facts === undefined ? undefined : await store.readFlow(unit.key);
    return facts === undefined || flow === undefined
        ? undefined
        : reducer.reduceFlow(facts, flow, unit);
}
