// The engine of one workspace. Holds no rule of its own: it opens what is stored, lets the loop run
// changes in order, and puts views, plans and answers together.

import { setTimeout as delay } from "node:timers/promises";

import {
    OperatingError,
    required,
    type AbsPath,
    type Problem,
    type ProgressSink,
    type Refusal,
} from "../base/index.ts";
import { monotonicMs, prepareStoreFolder, type TreeWatcher } from "../platform/index.ts";
import type {
    ApplyRenameParams,
    ApplyRenameResult,
    CaptureParams,
    CaptureResult,
    FlowParams,
    FlowResult,
    RenameImpactParams,
    RenameImpactResult,
    RootResult,
    StatusResult,
} from "../protocol/index.ts";
import { AnalyzerQuestions } from "./analyzer-questions.ts";
import { answerRenameImpact } from "./answer-rename-impact.ts";
import { applyRename, type ApplyRenameParts } from "./apply-rename.ts";
import { beginCapture } from "./capture-ahead.ts";
import { CommittedState, didNothing, type RunReport } from "./committed-state.ts";
import { DerivedCache } from "./derived-cache.ts";
import type { BackgroundSink, Change, Engine, EngineHistory, RequestContext } from "./engine.ts";
import { followDisk } from "./follow-disk.ts";
import { HistoryQueries } from "./history-queries.ts";
import type { EngineOptions } from "./engine-options.ts";
import { EngineLoop, type EngineActions } from "./loop.ts";
import { MemoryLimit } from "./memory-limit.ts";
import { Operations, renameOperation } from "./operations.ts";
import { Pace } from "./pace.ts";
import { Overlays } from "./overlays.ts";
import { applyPlan, type ApplyPlanParts } from "./patches/apply-plan.ts";
import { PatchesWhenAsked } from "./patches/patches-when-asked.ts";
import type { AppliedPlan, PlanToApply } from "./patches/plan-to-apply.ts";
import { planFileOnView, planOnView } from "./plan-rename.ts";
import { RenamesAhead } from "./renames-ahead.ts";
import type { CommittedGraph, EnginePorts, GraphPort, LoadedGraph } from "./ports.ts";
import { QuietSaving } from "./quiet-saving.ts";
import { reportCapture } from "./report-capture.ts";
import { reportRoots, reportStatus } from "./report-status.ts";
import { filesChanging, StaleFiles, type View } from "./view.ts";
import { TextCache } from "./workspace-view.ts";
import { withEvidence } from "./with-evidence.ts";
import { showFlow } from "./show-flow.ts";
import type { StateToFollow } from "./tables/state-to-follow.ts";
import { TableQueries } from "./tables/table-queries.ts";
import { TablesHost } from "./tables/tables-host.ts";
import { ToolFacts, type ToolReports } from "./tool-facts.ts";

/** What there is once the store is open. */
interface Opened {
    readonly graph: GraphPort;
    readonly committed: CommittedState;
    readonly overlays: Overlays;
    readonly memory: MemoryLimit;
}

/** A file that changes this often while it is asked for is given up on. */
const ATTEMPTS_MAX = 4;
const TEXT_UNITS_MAX = 64 * 1024 * 1024;
/** About three million lines. */
const HELD_BYTES_MAX = 192 * 1024 * 1024;
/** What can wait begins this long after opening. */
const SETTLE_DELAY_MS = 60;

/** The engine behind the façade. */
export class WorkspaceEngine implements Engine {
    readonly root: AbsPath;
    readonly ready: Promise<void>;
    readonly history: EngineHistory;
    readonly tables: TableQueries;
    readonly patches: PatchesWhenAsked;
    readonly #tables: TablesHost;
    readonly #operations: Operations;
    readonly #options: EngineOptions;
    readonly #ports: EnginePorts;
    readonly #loop: EngineLoop;
    readonly #saving: QuietSaving;
    readonly #facts: ToolFacts;
    readonly #questions: AnalyzerQuestions;
    readonly #pace = new Pace();
    readonly #renames: RenamesAhead;
    readonly #openingSinks = new Set<ProgressSink>();
    readonly #watchProblems: Problem[] = [];
    #opened: Opened | undefined;
    #storeFolder = "";
    #watcher: TreeWatcher | undefined;
    #isReady = false;
    /** What opening did, until a capture has told it or something else was captured. */
    #openingReport: RunReport | undefined;
    #isClosed = false;
    #settleTimer: NodeJS.Timeout | undefined;
    #preparing: Promise<void> | undefined;
    /** Why nothing is answered any more: what was found wrong with the store after opening. */
    #failure: Error | undefined;
    #warmStartMilliseconds: number | undefined;
    /** Overlays that clients put before the store is open. */
    readonly #early: Parameters<Overlays["change"]>[0][] = [];

    constructor(options: EngineOptions, ports: EnginePorts) {
        this.root = options.root;
        this.#options = options;
        this.history = new HistoryQueries({
            history: async () => (await this.#settledGraph()).history,
            view: (context) => this.#viewFor(context),
            pace: this.#pace,
        });
        this.#operations = new Operations(() => this.#storeFolder, options.logger);
        this.#tables = new TablesHost({
            ...options,
            operations: () => this.#operations.records(),
            storeFolder: () => this.#storeFolder,
            pace: this.#pace,
            newestState: () => this.#newestState(),
            refresh: (paths) => this.apply({ kind: "disk", paths }),
        });
        this.tables = new TableQueries(this.#tables, async (k) => {
            const { snapshot } = await (await this.#settledGraph()).history.graphSnapshotAt(k);
            return this.#tables.past(snapshot);
        });
        this.#facts = new ToolFacts(options, ports, {
            pace: this.#pace,
            takeEvidence: () => this.#loop.post<"evidence">({ kind: "evidence" }),
            unsavedText: (path, hash) => this.#opened?.overlays.unsavedText(path, hash),
        });
        this.#questions = new AnalyzerQuestions({
            ...{ ...options, isAllowed: options.rustAnalyzer !== false, port: ports.analyzer },
            ...{ pace: this.#pace, facts: this.#facts },
            committed: () => this.#opened?.committed,
            storeFolder: () => this.#storeFolder,
            checked: (resolution) => ports.resolver.checked(resolution),
            takeEvidence: () => this.#loop.post<"evidence">({ kind: "evidence" }),
        });
        this.#ports = withEvidence(ports, this.#questions);
        this.#renames = new RenamesAhead({ ...options, ports: this.#ports, pace: this.#pace });
        this.patches = new PatchesWhenAsked({
            ...options,
            ...{ operations: this.#operations, pace: this.#pace },
            opened: () => this.ready,
            graphRoot: async () => (await this.roots()).graphRoot,
            ports: this.#ports,
            query: (context, ask) => this.query(context, ask),
            refresh: () => this.apply({ kind: "disk", paths: [] }),
            firstColumn: (context, sql) => this.tables.firstColumn(context, sql),
            write: (plan) => this.#loop.post<"apply-plan">({ kind: "apply-plan", plan }),
        });
        this.#loop = new EngineLoop(this.#actions(), options.logger);
        this.#saving = new QuietSaving(options.logger, () => this.#opened?.committed);
        this.ready = this.#loop.post<"open">({ kind: "open" });
        this.ready.catch(() => undefined); // Told to everyone who asks something.
    }

    isReady(): boolean {
        return this.#isReady;
    }

    onOpening(sink: ProgressSink): () => void {
        this.#openingSinks.add(sink);
        return () => this.#openingSinks.delete(sink);
    }

    onBackground(sink: BackgroundSink): () => void {
        return this.#facts.onProgress(sink);
    }

    cancelBackground(): void {
        this.#facts.cancel();
    }

    async apply(change: Change): Promise<void> {
        if (change.kind === "disk") {
            await this.#loop.post<"disk">(change);
        } else {
            await this.#loop.post<"overlay">({ kind: "overlay", change });
            if (change.kind === "overlay-put") {
                this.#prepareSoon();
            } else if (change.kind === "client-leave") {
                this.tables.forget(change.client);
            }
        }
    }

    async view(client: string): Promise<View> {
        return (await this.#whenOpen()).overlays.view(client);
    }

    async query<T>(context: RequestContext, ask: (view: View) => T | Promise<T>): Promise<T> {
        for (let attempt = 1; ; attempt++) {
            this.#pace.noteQuestion();
            try {
                return await ask(await this.#viewFor(context));
            } catch (thrown) {
                if (!(thrown instanceof StaleFiles)) {
                    throw thrown;
                }
                if (attempt === ATTEMPTS_MAX) {
                    throw filesChanging(thrown);
                }
                await this.apply({ kind: "disk", paths: thrown.paths });
            } finally {
                this.#pace.noteAnswer();
            }
        }
    }

    prepareRename: Engine["prepareRename"] = (view, target) =>
        void this.#renames.begin(view, target);

    planRename: Engine["planRename"] = (context, view, wish) =>
        planOnView(this.#ports, view, { ...wish, renames: this.#renames }, context);

    planFile: Engine["planFile"] = (context, view, renamed) =>
        planFileOnView(this.#ports, view, renamed, context);

    renameImpact(
        context: RequestContext,
        params: RenameImpactParams,
    ): Promise<RenameImpactResult | Refusal> {
        const parts = { planner: this.#ports.planner, questions: this.#questions };
        return answerRenameImpact(this, parts, context, params);
    }

    async applyRename(
        context: RequestContext,
        params: ApplyRenameParams,
    ): Promise<ApplyRenameResult | Refusal> {
        await this.#whenOpen();
        return this.#loop.post<"apply-rename">({ kind: "apply-rename", context, params });
    }

    async capture(context: RequestContext, params: CaptureParams): Promise<CaptureResult> {
        const stop =
            context.onProgress === undefined ? undefined : this.onOpening(context.onProgress);
        try {
            await this.#whenOpen();
        } finally {
            stop?.();
        }
        const done = await this.#loop.post<"capture">({ kind: "capture", context, params });
        if (params.rustc !== true && params.rustAnalyzer !== true) {
            return done;
        }
        const reported = await this.#facts.capture(context, params);
        await this.#requireOpen().committed.settled();
        const now = await this.#loop.post<"capture">({ kind: "capture", context, params: {} });
        const { parsed, milliseconds } = done;
        const deltas = done.deltas + now.deltas;
        const status = await this.#reportFacts();
        return { ...now, parsed, milliseconds, deltas, ...reported(status) };
    }

    flow(context: RequestContext, params: FlowParams): Promise<FlowResult | Refusal> {
        return this.query(context, (view) => showFlow(view, params, this.#facts.rustc.flow));
    }

    async status(context: RequestContext): Promise<StatusResult> {
        const graph = await this.#settledGraph();
        const { overlays, committed, memory } = this.#requireOpen();
        return reportStatus(await overlays.view(context.client), {
            root: this.root,
            storeFolder: this.#storeFolder,
            state: "ready",
            facts: graph.facts(),
            ...(await this.#reportFacts()),
            tables: await this.#tables.report(),
            problems: this.problems(),
            clients: overlays.names,
            backlog: this.#loop.backlog,
            memory: memory.report(),
            heldFiles: committed.heldFiles,
            lastCaptureMilliseconds: Math.round(committed.lastReport.milliseconds),
            warmStartMilliseconds: this.#warmStartMilliseconds,
        });
    }

    async #reportFacts(): Promise<ToolReports> {
        const { committed } = await this.#whenOpen();
        return this.#facts.report(committed.current?.resolution);
    }

    async roots(): Promise<RootResult> {
        const graph = await this.#settledGraph();
        return reportRoots(graph.facts(), await graph.history.logRoot());
    }

    /** The graph once all commits that are under way are durable. */
    async #settledGraph(): Promise<LoadedGraph> {
        const { graph, committed } = await this.#whenOpen();
        await committed.settled();
        return graph.load();
    }

    problems(): readonly Problem[] {
        return [...(this.#opened?.committed.problems() ?? []), ...this.#watchProblems];
    }

    async close(): Promise<void> {
        if (!this.#isClosed) {
            this.#isClosed = true;
            // Before the event: what it ends may wait for an event of its own.
            await Promise.all([this.#facts.close(), this.#questions.close()]);
            await this.patches.close();
            await this.#loop.post<"close">({ kind: "close" });
        }
    }

    #actions(): EngineActions {
        return {
            open: () => this.#open(),
            refresh: async (paths) => {
                await this.#refresh(paths);
            },
            capture: (context, params) => this.#capture(context, params),
            applyRename: (context, params) => this.#applyRename(context, params),
            applyPlan: (plan) => this.#applyPlan(plan),
            changeOverlay: (change) => {
                if (this.#opened === undefined) {
                    this.#early.push(change);
                } else {
                    this.#opened.overlays.change(change);
                    this.#renames.forget();
                }
            },
            takeEvidence: () => this.#takeEvidence(),
            confirm: () => this.#confirm(),
            noteWatchProblem: (problem) => {
                this.#options.logger.warn({ err: problem }, "watching is incomplete");
                const { code, message } = problem;
                this.#watchProblems.push({ code, message });
            },
            close: () => this.#shutDown(),
        };
    }

    async #open(): Promise<void> {
        const start = monotonicMs();
        const { root, logger, trusted, heldBytesMax = HELD_BYTES_MAX } = this.#options;
        this.#storeFolder = await prepareStoreFolder(root, this.#options.storeFolder);
        this.#facts.open(this.#storeFolder);
        const [ports, pace] = [this.#ports, this.#pace];
        const cache = new DerivedCache(this.#storeFolder, ports.codec, logger);
        const onProgress: ProgressSink = (stage, done, total) => {
            this.#openingSinks.forEach((sink) => {
                sink(stage, done, total);
            });
        };
        const ahead = await beginCapture(root, ports, cache, onProgress);
        const graph = await ports.openGraph(this.#storeFolder).catch(async (cause: unknown) => {
            await ports.parser.close();
            throw cause;
        });
        try {
            const parts = { root, trusted, ports, graph, cache, pace, logger, heldBytesMax };
            const committed = new CommittedState(parts);
            const isWarm = await committed.open({ onProgress, ahead });
            const ms = Math.round(monotonicMs() - start);
            this.#warmStartMilliseconds = isWarm ? ms : undefined;
            logger.info({ ms, isWarm }, "workspace open");
            const texts = new TextCache(TEXT_UNITS_MAX);
            const own = { texts, generated: this.#facts.generated };
            const overlays = new Overlays({ committed, ports, graph, pace, root, ...own });
            this.#early.splice(0).forEach((change) => {
                overlays.change(change);
            });
            const memory = new MemoryLimit({
                limitBytes: this.#options.memoryLimitBytes,
                droppables: [
                    { what: "texts", drop: () => texts.clear() },
                    { what: "renames", drop: () => this.#renames.forget() },
                    { what: "syntax", drop: () => committed.letGo() },
                ],
                logger,
            });
            this.#opened = { graph, committed, overlays, memory };
            this.#openingReport = committed.lastReport;
            this.#isReady = true;
            this.#facts.start(committed);
        } catch (cause) {
            await graph.close().catch(() => undefined);
            throw cause;
        }
        this.#saveLater();
        // Begun after the first answers: they need neither the graph's history nor the watcher.
        this.#settleTimer = setTimeout(() => {
            this.#loop.post<"confirm">({ kind: "confirm" }).catch(() => undefined); // Kept as failure.
            void this.patches.recover();
            void this.#pace.quiet().then(() => {
                this.#options.onSettled?.();
                void this.#pace.quietAfterAnswer().then(this.#options.onAnswered);
                return this.#options.watch && !this.#isClosed ? this.#watch() : undefined;
            });
        }, SETTLE_DELAY_MS);
        this.#settleTimer.unref();
    }

    /** Who opens a file will edit it: then what an edit needs is made ready, once, when all is quiet. */
    #prepareSoon(): void {
        this.#preparing ??= this.ready
            .then(() => delay(SETTLE_DELAY_MS))
            .then(async () => {
                if (!this.#isClosed) {
                    await this.#opened?.overlays.prepare();
                }
            })
            .catch((err: unknown) => {
                this.#options.logger.debug({ err }, "the first edit will take longer");
            });
    }

    /** Replays the log where opening went without; a damaged one ends this engine's answers. */
    async #confirm(): Promise<void> {
        if (this.#opened === undefined || this.#isClosed) {
            return;
        }
        try {
            await this.#opened.committed.confirmGraph();
            this.#tables.resumeSoon();
        } catch (thrown) {
            this.#failure = thrown instanceof Error ? thrown : new Error(String(thrown));
            throw thrown;
        }
    }

    /** Facts of a tool came, or changed: the same files are resolved again with them. */
    async #takeEvidence(): Promise<void> {
        if (this.#opened !== undefined && !this.#isClosed) {
            await this.#opened.committed.resolveAgain();
            this.#renames.forget();
            this.#noteChange();
        }
    }

    async #watch(): Promise<void> {
        this.#watcher = await followDisk(this.root, {
            logger: this.#options.logger,
            isClosed: () => this.#isClosed,
            onPaths: (paths) => this.apply({ kind: "disk", paths }),
            onResting: async (path) => this.#opened?.committed.parseAhead(path),
            onProblem: (problem) => {
                void this.#loop.post<"watch-problem">({ kind: "watch-problem", problem });
            },
        });
    }

    async #refresh(paths: readonly string[]): Promise<void> {
        const opened = this.#opened;
        if (opened !== undefined && !this.#isClosed) {
            const report = await opened.committed.refresh(paths, {});
            if (!didNothing(report)) {
                this.#facts.noteChange();
                this.#renames.forget();
                this.#openingReport = undefined;
            }
            this.#noteChange();
        }
    }

    async #capture(context: RequestContext, params: CaptureParams): Promise<CaptureResult> {
        const { committed, graph, overlays } = this.#requireOpen();
        const { signal, onProgress } = context;
        const options = { signal, onProgress };
        const done =
            params.full === true
                ? await committed.captureFull(options)
                : await committed.refreshAll(options);
        // The first to ask for a capture is told what opening did, which was done for the asking.
        const report = didNothing(done) ? (this.#openingReport ?? done) : done;
        this.#openingReport = undefined;
        if (!didNothing(done)) {
            this.#renames.forget();
        }
        this.#noteChange();
        const deltas = (await this.#commitOf(report))?.deltas ?? 0;
        const facts = (await graph.load()).facts();
        const view = await overlays.view("");
        return reportCapture({ view, report, facts, deltas, problems: this.problems() });
    }

    /** The commit that follows a run. */
    #commitOf({ graph }: RunReport): Promise<CommittedGraph | undefined> {
        return graph === undefined
            ? Promise.resolve(undefined)
            : this.#pace.hurry(graph.committed());
    }

    /** Runs in the loop: nothing else changes the committed state meanwhile. */
    async #applyRename(
        context: RequestContext,
        params: ApplyRenameParams,
    ): Promise<ApplyRenameResult | Refusal> {
        const parts = this.#applyParts();
        const operation = await renameOperation(parts.graph, params);
        const { description } = operation;
        const done = await this.#operations.run(operation, (opId) =>
            applyRename(parts, context, { opId, description, params }),
        );
        this.#renames.forget();
        this.#noteChange();
        return done;
    }

    /** Runs in the loop. */
    async #applyPlan(toApply: PlanToApply): Promise<AppliedPlan | Refusal> {
        const done = await applyPlan(this.#applyParts(), toApply);
        this.#renames.forget();
        this.#noteChange();
        return done;
    }

    #applyParts(): ApplyRenameParts & ApplyPlanParts {
        const { root, logger } = this.#options;
        return {
            ...this.#requireOpen(),
            root,
            logger,
            ports: this.#ports,
            operations: this.#operations,
            renames: this.#renames,
            commitOf: (report) => this.#commitOf(report),
        };
    }

    /** What hangs on the newest state follows it in the background. */
    #noteChange(): void {
        this.#saveLater();
        this.#tables.noteChange();
    }

    /** The newest state once its graph is committed. */
    async #newestState(): Promise<StateToFollow> {
        const { committed } = await this.#whenOpen();
        const state = required(committed.current, "an open workspace has a state");
        const captures = await committed.loadCaptures(state.captures);
        await this.#ports.resolver.load();
        const { snapshot } = await this.#pace.hurry(state.graph.committed());
        const resolution = this.#ports.resolver.checked(state.resolution);
        return { model: state.model, resolution, captures, snapshot };
    }

    async #shutDown(): Promise<void> {
        this.#saving.stop();
        clearTimeout(this.#settleTimer);
        this.#renames.forget();
        await this.#preparing;
        await this.#watcher?.close();
        await this.#tables.close();
        await this.#operations.close();
        const opened = this.#opened;
        if (opened !== undefined) {
            await opened.committed.settled();
            await this.#saving.saveNow();
            opened.memory.close();
            opened.overlays.close();
            await opened.graph.close();
        }
        await this.#ports.parser.close();
    }

    #saveLater(): void {
        if (!this.#isClosed) {
            this.#saving.saveLater();
        }
    }

    async #viewFor({ client, onProgress }: RequestContext): Promise<View> {
        const stop = onProgress === undefined ? undefined : this.onOpening(onProgress);
        try {
            return await this.view(client);
        } finally {
            stop?.();
        }
    }

    async #whenOpen(): Promise<Opened> {
        await this.ready;
        return this.#requireOpen();
    }

    #requireOpen(): Opened {
        if (this.#opened === undefined || this.#isClosed) {
            throw new OperatingError("ENGINE_CLOSED", "the workspace is closed");
        }
        if (this.#failure !== undefined) {
            throw this.#failure;
        }
        return this.#opened;
    }
}
