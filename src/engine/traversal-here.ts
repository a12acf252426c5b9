// The fastest way to search graphs on this machine. All ways give the same answers.

import { nativeTraversal, typescriptTraversal, type Traversal } from "../csr/index.ts";
import { cardHere, cardState, describeCard, loadNative } from "../native/index.ts";

/** The addon's traversal where the addon is built, else TypeScript's. */
export function traversalHere(): Traversal {
    return (chosen ??= choose());
}

let chosen: Traversal | undefined;

function choose(): Traversal {
    const native = loadNative();
    return native.ok ? nativeTraversal(native.addon, { card: cardHere }) : typescriptTraversal;
}

/** What searches graphs here, and how far it is with the card. */
export function describeTraversal(): { readonly backend: string; readonly card: string } {
    return { backend: traversalHere().name, card: describeCard(cardState()) };
}
