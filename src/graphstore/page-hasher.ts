// The fastest way to hash pages on this machine. All ways give the same bytes.

import { hashPagesByCrypto, nativePageHasher, type PageHasher } from "../merkle/index.ts";
import { cardHere, loadNative } from "../native/index.ts";

/** The addon's hasher where the addon is built, else the one of Node's own crypto; a card is asked for many pages. */
export function pageHasherHere(): PageHasher {
    return (chosen ??= choose());
}

let chosen: PageHasher | undefined;

function choose(): PageHasher {
    const native = loadNative();
    return native.ok ? nativePageHasher(native.addon, { card: cardHere }) : hashPagesByCrypto;
}
