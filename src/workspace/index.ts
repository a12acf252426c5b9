// What is known of a Cargo workspace.

export type { Dependency, Edition, Package, Target, TargetKind, WorkspaceModel } from "./model.ts";
