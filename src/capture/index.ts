// The frontends that read a workspace: its shape, and the facts of its files.

export { findWorkspaceRoot, loadWorkspace, type LoadWorkspaceOptions } from "./load-workspace.ts";
