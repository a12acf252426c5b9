// Why one thing depends on another, and where such dependences are collected.

import type { ExpandedCode } from "../../refactor/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import type { FileCapture } from "../../syntax/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import type { CrateUnit } from "./crate-units.ts";

/** Why a node depends on another. */
export const WAY = {
    calls: 1,
    mentions: 3,
    dispatches: 4,
    implements: 5,
    maybeNames: 8,
    member: 9,
    mayRun: 10,
    runsBinary: 11,
    attribute: 12,
    package: 13,
    within: 14,
} as const;

/** What dependences are found in. */
export interface DependenceInput {
    readonly model: WorkspaceModel;
    readonly source: ResolutionSource;
    readonly captures: ReadonlyMap<string, FileCapture>;
    /** Where they are of the workspace with macro calls expanded. */
    readonly expanded?: ExpandedInput | undefined;
}

/** What was expanded. */
export interface ExpandedInput {
    readonly code: ExpandedCode;
    /** The workspace as it is written. */
    readonly written: ResolutionSource;
}

/** Takes dependences. */
export interface EdgeSink {
    readonly input: DependenceInput;
    readonly source: ResolutionSource;
    readonly units: ReadonlyMap<number, CrateUnit>;
    /** Modules with calls of macros where items stand. */
    readonly macroModules: ReadonlySet<number>;
    /** Node of everything. */
    readonly everything: number;
    /** Node of a package of the model. */
    packageNode(index: number): number;
    /** Notes that one node depends on another, and why: one of WAY. */
    add(dependent: number, dependency: number, why: number): void;
}
