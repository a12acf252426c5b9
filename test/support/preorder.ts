// Walks of trees by their cursors.

import type { WalkCursor } from "../../src/syntax/walk-cursor.ts";

/** One step of a walk in preorder; false at its end. */
export function stepInPreorder(cursor: WalkCursor): boolean {
    if (cursor.gotoFirstChild()) {
        return true;
    }
    while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) {
            return false;
        }
    }
    return true;
}
