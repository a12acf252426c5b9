// How a rename is planned: what is known or wished besides its target and its new name.

import type { CancelSignal } from "../base/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import type { RenameAhead } from "./known-ahead.ts";
import type { FileMove } from "./model.ts";

/** How a rename is planned. */
export interface RenameOptions {
    readonly signal?: CancelSignal | undefined;
    /** What is said from outside of a token that the resolver leaves open: it means the target, or it does not. */
    readonly told?: ((occurrence: Occurrence) => "is-other" | "is-subject" | undefined) | undefined;
    /** What was found out of the target, in this very state, before its new name was known. */
    readonly ahead?: RenameAhead | undefined;
    /** Macro calls have been expanded: none is expanded again. */
    readonly isExpanded?: boolean;
    /** The file or folder that somebody else moves, by which a module is renamed. */
    readonly renamed?: FileMove;
}
