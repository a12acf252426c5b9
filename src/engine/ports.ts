// What the engine needs of the layers below, so that it can be tested without them. The real ones are
// in real-ports.ts, which loads heavy modules only when they are needed.

import type { CancelSignal, Pause, ProgressSink, Refusal, RepoPath, Steps } from "../base/index.ts";
import type { GraphContent } from "../graph/index.ts";
import type { GraphHistory, GraphSnapshot } from "../graphstore/index.ts";
import type {
    FileMove,
    RenameContext,
    RenameAhead,
    RenameOptions,
    RenamePlan,
    RenameTarget,
    TextEdit,
} from "../refactor/index.ts";
import type {
    Evidence,
    Resolution,
    ResolvedWorkspace,
    TextChange,
    WorkspacePart,
} from "../resolve/index.ts";
import type { FileCapture, RenamedText } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { AcceptedGrade } from "./accepted.ts";
import type { CaptureCodec } from "./derived-cache.ts";
import type { AnalyzerPort, FactsPort } from "./facts-port.ts";
import type { RippleSource } from "./ripple.ts";

/** A text to capture. */
export interface CaptureJob {
    readonly path: string;
    readonly text: string;
}

/** The bytes of a file to capture, UTF-8. */
export interface CaptureFile {
    readonly path: string;
    /** Given away: they are empty afterwards. */
    readonly bytes: Uint8Array;
}

/** A text that is captured again and again while it is typed. */
export interface LiveDocument {
    /** Takes the next text; only what differs is parsed, when the capture is asked for. */
    update(text: string): void;
    capture(): FileCapture;
    close(): void;
}

/** Captures texts. */
export interface ParserPort {
    /** Makes the synchronous methods usable. */
    load(): Promise<void>;
    /** Captures at once a text that a rename makes of a captured one. */
    captureRenamed(file: RenamedText): FileCapture;
    /** Starts the threads that so many files would be captured on, so that they are ready for them. */
    startThreads(files: number): Promise<void>;
    /** Captures at once a text that will likely be asked for next; nothing where the parser is not loaded. */
    captureAhead(file: CaptureFile): void;
    /** Captures many files off the loop; the results in the order of the files. */
    captureAll(
        files: readonly CaptureFile[],
        options: {
            readonly onProgress?: ProgressSink;
            readonly signal?: CancelSignal;
            /** Told of each capture while others are made. */
            readonly onCapture?: (capture: FileCapture) => void;
        },
    ): Promise<FileCapture[]>;
    openDocument(job: CaptureJob): LiveDocument;
    /** Ends the threads, which hold tens of megabytes each; they start again when they are needed. */
    close(): Promise<void>;
}

/** What names are resolved from. */
export interface ResolveInput {
    readonly model: WorkspaceModel;
    readonly captures: ReadonlyMap<string, FileCapture>;
    /** rustc's and rust-analyzer's word on tokens. */
    readonly evidence?: Evidence | undefined;
}

/** Resolves names. */
export interface ResolverPort {
    /** Makes the other methods usable. */
    load(): Promise<void>;
    /** Looks at what a file declares, while others are captured: resolving them all will ask for it. Nothing before `load`. */
    lookAhead(capture: FileCapture): void;
    /** Resolves; what did not change since earlier resolutions is taken over. */
    resolve(input: ResolveInput): Resolution;
    /** A resolution of this resolver as what it is. */
    checked(resolution: Resolution): ResolvedWorkspace;
    /** Resolves what is looked at once; keeps nothing of it. A known change of names makes it sooner. */
    resolveAside(input: ResolveInput, change?: TextChange): Resolution;
    /** The same as far as a part of the workspace goes. */
    resolvePart(input: ResolveInput, part: WorkspacePart): Steps<Resolution>;
    /** Ends what `resolveAside` began: to be called before the loop goes on. */
    settle(): void;
    contentOf(resolution: Resolution, captures: ResolveInput["captures"]): Steps<GraphContent>;
    /** Bytes from which `decode` makes the same resolution. */
    encode(resolution: Resolution): Steps<Uint8Array>;
    /** Lets go of all that was kept for later resolutions. */
    forget(): void;
    /** Undefined for bytes of another version. */
    decode(bytes: Uint8Array): Resolution | undefined;
}

/** Roots and counts of the committed graph. */
export interface GraphFacts {
    readonly stateRoot: string;
    readonly graphRoot: string;
    readonly nodeRoot: string;
    readonly edgeRoot: string;
    readonly fileRoot: string;
    readonly deltaCount: number;
    readonly commitCount: number;
    readonly nodes: number;
    readonly edges: Readonly<Record<string, number>>;
    readonly files: number;
    /** Why nothing can be written; empty when it can. */
    readonly readOnlyReason: string;
}

/** The durable graph of one workspace, locked for this process. */
export interface GraphPort {
    /** Length of its log when it was opened. */
    readonly logBytes: number;
    /** The graph; its log is replayed when this is first asked. Throws what is wrong with the log. */
    load(): Promise<LoadedGraph>;
    close(): Promise<void>;
}

/** One committed state of the graph; it never changes. */
export interface CommittedGraph {
    /** Deltas that its commit took; 0 when nothing differed. */
    readonly deltas: number;
    /** Root of the state, hex. */
    readonly stateRoot: string;
    /** Length of the log with this commit as its last. */
    readonly logBytes: number;
    readonly snapshot: GraphSnapshot;
    /** Reachability in this state. */
    ripple(): RippleSource;
}

/** What the store can say of its past. */
export type HistoryPort = Pick<
    GraphHistory,
    | "archivedDeltas"
    | "diff"
    | "graphDeltaCount"
    | "graphSnapshotAt"
    | "logRoot"
    | "positionOf"
    | "prove"
    | "proveGrowth"
    | "verify"
>;

/** The graph in memory. */
export interface LoadedGraph {
    readonly history: HistoryPort;
    facts(): GraphFacts;
    /** Commits the minimal difference to the content as one commit; others get turns in `pause`. */
    commitContent(content: GraphContent, pause: Pause): Promise<CommittedGraph>;
    /** The newest state. */
    current(): CommittedGraph;
    /** Reachability in a graph that is not committed. */
    rippleOf(content: GraphContent): RippleSource;
}

/** Plans renames. */
export interface PlannerPort {
    load(): Promise<void>;
    plan(
        context: RenameContext,
        target: RenameTarget,
        newName: string,
        options: RenameOptions,
    ): RenamePlan | Refusal;
    /** What of a plan can be made before there is a new name; undefined where that is nothing. */
    prepare(context: RenameContext, target: RenameTarget): Steps<RenameAhead | undefined>;
    /** What follows when a file or folder is renamed by hand; undefined where nothing does. */
    planFile(
        context: RenameContext,
        renamed: FileMove,
        signal: CancelSignal | undefined,
    ): RenamePlan | Refusal | undefined;
    isApplicable(plan: RenamePlan, accepted: ReadonlySet<AcceptedGrade>): boolean;
    applyEdits(text: string, edits: readonly TextEdit[]): string;
    diff(plan: RenamePlan, textOf: (path: string) => string): string;
}

/** All that an engine stands on. */
export interface EnginePorts {
    readonly parser: ParserPort;
    readonly resolver: ResolverPort;
    readonly planner: PlannerPort;
    readonly codec: CaptureCodec;
    readonly facts: FactsPort;
    readonly analyzer: AnalyzerPort;
    loadWorkspace(
        root: string,
        options: { readonly trusted: boolean; readonly listed?: readonly RepoPath[] },
    ): Promise<WorkspaceModel>;
    openGraph(folder: string): Promise<GraphPort>;
}
