// The façade of a workspace: accepts changes, hands out views, answers what crosses layers.

import type { AbsPath, CancelSignal, Problem, ProgressSink, Refusal } from "../base/index.ts";
import type {
    ApplyPlanParams,
    ApplyPlanResult,
    ApplyRenameParams,
    ApplyRenameResult,
    CaptureParams,
    CaptureResult,
    DiffParams,
    DiffResult,
    ExportParams,
    ExportResult,
    FlowParams,
    FlowResult,
    ImpactParams,
    ImpactResult,
    OperationsParams,
    OperationsResult,
    GrowthParams,
    GrowthResult,
    PlanParams,
    PlanResult,
    ProofParams,
    ProofResult,
    QueryNextParams,
    QueryPage,
    QueryParams,
    QueryResult,
    RenameImpactParams,
    RenameImpactResult,
    ReplayParams,
    RollbackParams,
    RollbackResult,
    RootResult,
    SnapshotParams,
    SnapshotResult,
    StatusResult,
    TypesParams,
    TypesResult,
    ValidateRenameParams,
    ValidateRenameResult,
    VerifyResult,
} from "../protocol/index.ts";
import type { FileMove, RenamePlan, RenameTarget } from "../refactor/index.ts";
import type { RenameWish } from "./plan-rename.ts";
import type { RippleOptions } from "./ripple.ts";
import type { View } from "./view.ts";

/** Name of a client for as long as it is connected; unique within the engine. */
export type ClientId = string;

/** A change of what the engine sees. */
export type Change =
    /** A client's unsaved text of a file. */
    | {
          readonly kind: "overlay-put";
          readonly client: ClientId;
          readonly path: string;
          readonly text: string;
      }
    | { readonly kind: "overlay-drop"; readonly client: ClientId; readonly path: string }
    | { readonly kind: "client-join"; readonly client: ClientId; readonly name: string }
    | { readonly kind: "client-leave"; readonly client: ClientId }
    /** Files that may have changed on disk; an empty list means: look at all of them. */
    | { readonly kind: "disk"; readonly paths: readonly string[] };

/** Cancellation and progress of one request. */
export interface RequestContext {
    readonly client: ClientId;
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** Hears of work that nobody asked for: a stage, how far it has come; undefined when it is over. */
export type BackgroundSink = (
    progress: { readonly stage: string; readonly done: number; readonly total: number } | undefined,
) => void;

/** Answers about the past of the graph; it keeps graphs, not texts. */
export interface EngineHistory {
    /** The graph after k deltas, in numbers. */
    snapshot(params: SnapshotParams): Promise<SnapshotResult | Refusal>;
    /** What leads from one state to another. */
    diff(params: DiffParams): Promise<DiffResult | Refusal>;
    /** Proves that the newest commit has a symbol, or that it has not. */
    proof(context: RequestContext, params: ProofParams): Promise<ProofResult | Refusal>;
    /** Replays the whole history and compares every root. */
    growth(params: GrowthParams): Promise<GrowthResult | Refusal>;
    verify(context: RequestContext): Promise<VerifyResult>;
    /** The ripple of a symbol as it was after some deltas. */
    impactAt(
        context: RequestContext,
        params: ImpactParams & { readonly at: number },
        options: RippleOptions,
    ): Promise<ImpactResult | Refusal>;
}

/** Answers from the tables, which follow what is saved, not what a client has typed. */
export interface EngineTables {
    /** Runs one reading statement. */
    query(context: RequestContext, params: QueryParams): Promise<QueryResult>;
    /** The next part of an answer. */
    next(context: RequestContext, params: QueryNextParams): Promise<QueryPage>;
    /** Writes all tables to a folder. */
    export(context: RequestContext, params: ExportParams): Promise<ExportResult>;
    /** Asks tools for types, which then are rows. */
    types(context: RequestContext, params: TypesParams): Promise<TypesResult>;
}

/** Refactorings of many steps. */
export interface EnginePatches {
    /** Plans a patch on what is saved. */
    plan(context: RequestContext, params: PlanParams): Promise<PlanResult | Refusal>;
    /** Makes a plan: on a branch of its own, or in the workspace itself. */
    apply(context: RequestContext, params: ApplyPlanParams): Promise<ApplyPlanResult | Refusal>;
    /** Operations of the log. */
    log(params: OperationsParams): Promise<OperationsResult>;
    /** Undoes one operation. */
    rollback(context: RequestContext, params: RollbackParams): Promise<RollbackResult | Refusal>;
    /** Plans the patch of an operation anew. */
    replay(context: RequestContext, params: ReplayParams): Promise<PlanResult | Refusal>;
    /** Has a rename validated in a worktree, and writes it where that is asked for. */
    validate(
        context: RequestContext,
        params: ValidateRenameParams,
    ): Promise<ValidateRenameResult | Refusal>;
}

/** What is open of a workspace. */
export interface Engine {
    readonly root: AbsPath;
    /** Answers about the past of the graph. */
    readonly history: EngineHistory;
    /** SQL over the tables. */
    readonly tables: EngineTables;
    /** Semantic patches. */
    readonly patches: EnginePatches;
    /** Resolves when the first view can be had; rejects when opening failed. */
    readonly ready: Promise<void>;
    /** Whether views can be had at once. */
    isReady(): boolean;
    /** Reports the progress of opening; answers with what stops the reports. */
    onOpening(sink: ProgressSink): () => void;
    /** Reports work that nobody asked for; answers with what stops the reports. */
    onBackground(sink: BackgroundSink): () => void;
    /** Ends work that nobody asked for; it begins again after the next change. */
    cancelBackground(): void;
    /** Accepts a change; resolves when views show it. Overlays show at once. */
    apply(change: Change): Promise<void>;
    /** The state that a client sees now. */
    view(client: ClientId): Promise<View>;
    /** Asks a view; captures anew and asks again when files turn out to have changed on disk. */
    query<T>(context: RequestContext, ask: (view: View) => T | Promise<T>): Promise<T>;
    /** A rename of this was begun: what does not hang on its new name is made ahead, when nobody asks anything. */
    prepareRename(view: View, target: RenameTarget): void;
    /** Plans a rename of what is unsaved and saved, as the client sees it. */
    planRename(
        context: RequestContext,
        view: View,
        wish: RenameWish,
    ): Promise<RenamePlan | Refusal>;
    /** Plans what follows when the client renames a file or folder; undefined where nothing does. */
    planFile(
        context: RequestContext,
        view: View,
        renamed: FileMove,
    ): Promise<RenamePlan | Refusal | undefined>;
    /** Answers what a rename would do. */
    renameImpact(
        context: RequestContext,
        params: RenameImpactParams,
    ): Promise<RenameImpactResult | Refusal>;
    /** Plans again and, when the plan is still the shown one, writes it. */
    applyRename(
        context: RequestContext,
        params: ApplyRenameParams,
    ): Promise<ApplyRenameResult | Refusal>;
    capture(context: RequestContext, params: CaptureParams): Promise<CaptureResult>;
    /** Answers how control flows in an item's body. */
    flow(context: RequestContext, params: FlowParams): Promise<FlowResult | Refusal>;
    status(context: RequestContext): Promise<StatusResult>;
    roots(context: RequestContext): Promise<RootResult>;
    /** What is wrong with the workspace right now. */
    problems(): readonly Problem[];
    close(): Promise<void>;
}
