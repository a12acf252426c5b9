// The facts of all tools in the life of an engine: rustc's and rust-analyzer's, each captured by itself, and
// what all resolutions are joined with.

import type { Evidence, Resolution, ResolvedWorkspace } from "../resolve/index.ts";
import type { CaptureParams, CaptureResult, StatusResult } from "../protocol/index.ts";
import { AnalyzerFactsService } from "./analyzer-facts.ts";
import type { CommittedState } from "./committed-state.ts";
import type { BackgroundSink, RequestContext } from "./engine.ts";
import type { EngineOptions } from "./engine-options.ts";
import { GeneratedSources } from "./generated-sources.ts";
import { JoinedEvidence } from "./joined-evidence.ts";
import type { EnginePorts } from "./ports.ts";
import { reportAnalyzer } from "./report-analyzer.ts";
import { reportFacts } from "./report-facts.ts";
import { RustcFactsService } from "./rustc-facts.ts";
import type { ToolFactsParts } from "./tool-facts-parts.ts";

/** What an engine has of its own for its tools. */
export type OfEngine = Pick<ToolFactsParts, "pace" | "takeEvidence" | "unsavedText">;

/** What status tells of the tools. */
export type ToolReports = Pick<StatusResult, "rustc" | "rustAnalyzer">;

/** The facts of one workspace. */
export class ToolFacts {
    readonly rustc: RustcFactsService;
    readonly analyzer: AnalyzerFactsService;
    readonly generated: GeneratedSources;
    readonly #joined = new JoinedEvidence();
    #storeFolder = "";

    constructor(options: EngineOptions, ports: EnginePorts, engine: OfEngine) {
        const { root, trusted, logger, backgroundFacts = false, rustAnalyzer = true } = options;
        const checked = (resolution: Resolution): ResolvedWorkspace =>
            ports.resolver.checked(resolution);
        const parts = { ...engine, root, trusted, logger, checked };
        const storeFolder = (): string => this.#storeFolder;
        this.generated = new GeneratedSources({ root, trusted, logger, storeFolder });
        this.rustc = new RustcFactsService({
            ...parts,
            background: backgroundFacts,
            port: ports.facts,
        });
        this.analyzer = new AnalyzerFactsService({
            ...parts,
            background: backgroundFacts && rustAnalyzer,
            port: ports.analyzer,
            after: () => this.rustc.runs.settled(),
        });
    }

    /** The evidence to resolve with; undefined when there is none. */
    get evidence(): Evidence | undefined {
        return this.#joined.of(this.rustc.evidence, this.analyzer.evidence);
    }

    /** Says where the store is; before anything is resolved. */
    open(storeFolder: string): void {
        this.#storeFolder = storeFolder;
        this.rustc.open(storeFolder);
        this.analyzer.open(storeFolder);
    }

    /** Loads the stored evidence, once. */
    async load(): Promise<void> {
        await Promise.all([this.rustc.load(), this.analyzer.load()]);
    }

    /** The workspace is open: background work may begin. */
    start(committed: CommittedState): void {
        this.rustc.start(committed);
        this.analyzer.start(committed);
    }

    /** Files changed: other captures follow when all is quiet. */
    noteChange(): void {
        this.rustc.runs.noteChange();
        this.analyzer.runs.noteChange();
    }

    /** Captures what is asked for; what it gives picks the reports of that. */
    async capture(
        context: RequestContext,
        { rustc, mir, rustAnalyzer }: CaptureParams,
    ): Promise<(reports: ToolReports) => Pick<CaptureResult, "facts" | "analyzer">> {
        if (rustc === true) {
            await this.rustc.runs.runNow({ ...context, withMir: mir === true });
        }
        if (rustAnalyzer === true) {
            await this.analyzer.runs.runNow({ ...context, isAsked: true });
        }
        return (reports) => ({
            ...(rustc === true ? { facts: reports.rustc } : {}),
            ...(rustAnalyzer === true ? { analyzer: reports.rustAnalyzer } : {}),
        });
    }

    /** What status tells of them, and of what they did to a resolution. */
    async report(resolution: Resolution | undefined): Promise<ToolReports> {
        return {
            rustc: reportFacts(await this.rustc.readState(), resolution),
            rustAnalyzer: reportAnalyzer(await this.analyzer.readState(), resolution),
        };
    }

    /** Hears how captures in the background go. */
    onProgress(sink: BackgroundSink): () => void {
        const ends = [this.rustc.runs.onProgress(sink), this.analyzer.runs.onProgress(sink)];
        return () => {
            ends.forEach((end) => {
                end();
            });
        };
    }

    /** Ends captures that are under way. */
    cancel(): void {
        this.rustc.runs.cancel();
        this.analyzer.runs.cancel();
    }

    async close(): Promise<void> {
        const { rustc, analyzer, generated } = this;
        await Promise.all([rustc.runs.close(), analyzer.runs.close(), generated.close()]);
    }
}
