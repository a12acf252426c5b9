// What the rustc frontend is asked for, and what it tells of its work: configurations, the state of the
// frontend, of each configuration, and of each compilation unit in the store. The facts are in facts.ts.

import type { ProgressSink } from "../../base/index.ts";
import type { CompilationUnit, FlowShard, RustcFacts } from "./facts.ts";

/** What is compiled together: one `cargo check` of a workspace. */
export interface CaptureConfiguration {
    /** Tag of its facts: `default`, `tests`, or what the caller calls it. */
    readonly name: string;
    /** Tests, examples and benches too, not only libraries and binaries. */
    readonly allTargets: boolean;
    /** Features to turn on, as `--features` takes them. */
    readonly features: readonly string[];
    readonly allFeatures: boolean;
    readonly noDefaultFeatures: boolean;
    /** Platform, as `--target` takes it; the machine's own by default. */
    readonly target?: string;
}

/** Libraries and binaries, with their default features. */
export const DEFAULT_CONFIGURATION: CaptureConfiguration = {
    name: "default",
    allTargets: false,
    features: [],
    allFeatures: false,
    noDefaultFeatures: false,
};

/** All targets, with their default features. */
export const TESTS_CONFIGURATION: CaptureConfiguration = {
    ...DEFAULT_CONFIGURATION,
    name: "tests",
    allTargets: true,
};

/** What is captured. */
export interface CaptureWorkspace {
    /** Absolute; paths of facts are relative to it. */
    readonly root: string;
    /** Folders of the root manifests of its Cargo workspaces, relative to `root`; "" is `root` itself. */
    readonly cargoFolders: readonly string[];
}

/** How to capture a workspace. */
export interface MultiCaptureOptions {
    /** Whether the workspace's programs may run: build scripts and procedural macros do. Must be true. */
    readonly trusted: boolean;
    /** Our own folder, absolute: target folder, records and facts (`<store>/rustc`). */
    readonly folder: string;
    readonly configurations: readonly CaptureConfiguration[];
    /** Also calls without a token and control flow, from MIR: about half as much time again. */
    readonly withMir?: boolean;
    /** Dumps at a time; by default what cores and memory allow. */
    readonly jobsMax?: number;
    readonly signal?: AbortSignal;
    /** Stages: `rustc check` and `rustc facts`, counted in units. */
    readonly onProgress?: ProgressSink;
}

/** Whether the frontend works here. */
export type FrontendState =
    | {
          readonly kind: "ready";
          /** `commit-hash` of `rustc -vV`. */
          readonly compiler: string;
          /** First line of `rustc -vV`. */
          readonly version: string;
      }
    | {
          /** It stands aside: nothing was captured, what the store holds stays. */
          readonly kind: "aside";
          /** TOOL_MISSING, COMPILER_UNKNOWN or COMPILER_SELF_TEST. */
          readonly code: string;
          readonly message: string;
          readonly advice: string;
      };

/** An error of the compiler or of Cargo. */
export interface CompileError {
    readonly message: string;
    /** The compiler's code (`E0425`), if it gave one. */
    readonly code: string | undefined;
    /** Folder of the package's manifest, relative to the root. */
    readonly packageFolder: string | undefined;
    readonly targetName: string | undefined;
    /** Relative to the workspace root where it lies inside; 0-based line and UTF-16 column. */
    readonly path: string | undefined;
    readonly line: number;
    readonly column: number;
}

/** Why a unit's facts are hints only: they are those of an earlier state of the crate. */
export type StaleReason =
    /** It, or a crate that it needs, does not compile now. */
    | "does not compile"
    /** The compiler's dump could not be read to its end. */
    | "dump failed";

/** A compilation unit in the store. */
export interface StoredUnit {
    /** Names its file; stays the same while package, target, features, profile and compiler do. */
    readonly key: string;
    readonly unit: CompilationUnit;
    /** Names of all configurations that compile this same unit. */
    readonly configurations: readonly string[];
    /** Undefined while the facts are those of the last capture's sources. */
    readonly stale: StaleReason | undefined;
    /** `commit-hash` of the compiler that they are from. */
    readonly compiler: string;
    /** Changes whenever the facts may differ. */
    readonly factsHash: string;
    /** Size on disk, control flow included. */
    readonly bytes: number;
    readonly definitionCount: number;
    readonly useCount: number;
    /** Whether a control-flow shard is stored too. */
    readonly hasFlow: boolean;
}

/** What became of one configuration of one Cargo workspace. */
export interface ConfigurationOutcome {
    readonly name: string;
    /** Folder of the Cargo workspace, relative to the root. */
    readonly cargoFolder: string;
    /** False when any unit did not compile, or Cargo itself failed. */
    readonly compiles: boolean;
    readonly errorCount: number;
    readonly firstError: CompileError | undefined;
    /** Keys of units whose facts were made anew, kept because nothing they see changed, kept as hints. */
    readonly captured: readonly string[];
    readonly reused: readonly string[];
    readonly stale: readonly string[];
    /** Units that compile but have no facts, with the reason. */
    readonly failed: readonly { readonly unit: CompilationUnit; readonly reason: string }[];
}

/** What a capture of a workspace did. */
export interface MultiCaptureResult {
    readonly frontend: FrontendState;
    readonly configurations: readonly ConfigurationOutcome[];
    /** The store's units after it. */
    readonly units: readonly StoredUnit[];
}

/** Size of a fact store. */
export interface FactStoreSize {
    readonly unitCount: number;
    readonly staleCount: number;
    readonly bytes: number;
}

/** Facts on disk, a file per compilation unit. */
export interface FactStore {
    /** All units, by key; only their headers were read. */
    readonly units: readonly StoredUnit[];
    readonly size: FactStoreSize;
    /** The facts of a unit; undefined when they are damaged or gone: the next capture makes them anew. */
    read(key: string): Promise<RustcFacts | undefined>;
    /** Its control flow, where that was asked for. */
    readFlow(key: string): Promise<FlowShard | undefined>;
}
