// The passes in order: program, imports, impls, files.

import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { FileItems } from "./file-items.ts";
import { resolveImports } from "./imports.ts";
import { buildProgram } from "./program.ts";
import { ResolvedWorkspace } from "./resolved-workspace.ts";
import { Semantics } from "./semantics.ts";

/** What a resolution is made from. */
export interface ResolverInput {
    readonly model: WorkspaceModel;
    /** Captures by workspace-relative path. */
    readonly captures: ReadonlyMap<string, FileCapture>;
}

const itemCache = new WeakMap<object, FileItems>();

/** Resolves a workspace. */
export function resolveWorkspace(input: ResolverInput): ResolvedWorkspace {
    const program = buildProgram(input.model, input.captures, itemCache);
    resolveImports(program);
    const semantics = new Semantics(program);
    semantics.impls.build();
    return new ResolvedWorkspace(semantics);
}
