// Model of a Cargo workspace, built from manifests and from what `cargo metadata` says.

export {
    buildWorkspaceModel,
    type ModelInput,
    type WorkspaceFacts,
} from "./build-workspace-model.ts";
export {
    findRootManifest,
    groupWorkspaces,
    lockFileOf,
    type CargoWorkspace,
} from "./cargo-workspaces.ts";
export { folderOf, relativeTo, resolveFrom } from "./folder-path.ts";
export { parseManifest, parseTomlTable, type Manifest } from "./manifest.ts";
export { isManifest, isModelFile, isVendorMark } from "./model-files.ts";
export { packageOfFile } from "./package-of-file.ts";
export type {
    Dependency,
    Edition,
    LintSetting,
    Package,
    Target,
    TargetKind,
    WorkspaceModel,
} from "./model.ts";
