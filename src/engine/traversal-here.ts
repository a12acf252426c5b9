// The fastest way to search graphs on this machine. All ways give the same answers.

import { nativeTraversal, typescriptTraversal, type Traversal } from "../csr/index.ts";
import { loadNative } from "../native/index.ts";

/** The addon's traversal where the addon is built, else TypeScript's. */
export function traversalHere(): Traversal {
    return (chosen ??= choose());
}

let chosen: Traversal | undefined;

function choose(): Traversal {
    const native = loadNative();
    return native.ok ? nativeTraversal(native.addon) : typescriptTraversal;
}
