// What the facts of a tool stand on in an engine.

import type { Logger } from "../platform/index.ts";
import type { Resolution, ResolvedWorkspace } from "../resolve/index.ts";
import type { Pace } from "./pace.ts";

/** What the facts of one workspace stand on. */
export interface ToolFactsParts {
    readonly root: string;
    readonly trusted: boolean;
    /** Capture in the background; without, only when asked. */
    readonly background: boolean;
    readonly pace: Pace;
    readonly logger: Logger;
    /** Resolves the present state again with the new evidence; the engine's event. */
    readonly takeEvidence: () => Promise<void>;
    /** A resolution as the resolver made it. */
    readonly checked: (resolution: Resolution) => ResolvedWorkspace;
    /** An unsaved text with this hash, when a client has one. */
    readonly unsavedText: (path: string, contentHash: string) => string | undefined;
}
