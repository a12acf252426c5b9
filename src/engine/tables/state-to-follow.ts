// One state of a workspace, as the tables are brought to it and tools are asked about it.

import type { GraphSnapshot } from "../../graphstore/index.ts";
import type { ResolvedWorkspace } from "../../resolve/index.ts";
import type { FileCapture } from "../../syntax/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";

/** A state to bring tables to. */
export interface StateToFollow {
    readonly model: WorkspaceModel;
    readonly resolution: ResolvedWorkspace;
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly snapshot: GraphSnapshot;
}
