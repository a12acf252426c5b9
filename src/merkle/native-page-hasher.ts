// Pages hashed by the addon, many side by side. The same bytes as hashPagesByCrypto.

import type { NativeAddon } from "../native/index.ts";
import { hashPagesByCrypto, type PageHasher } from "./hash-trie.ts";
import { PAGE_BYTES } from "./page.ts";

/** Makes a hasher of the addon; a level other than the fastest can be named. */
export function nativePageHasher(addon: NativeAddon, level = ""): PageHasher {
    return (pages, pageCount) =>
        // A resizable or shared buffer is refused by the addon; no caller has one, but a port may be given any.
        pages.buffer instanceof ArrayBuffer
            ? addon.hashPages(pages, PAGE_BYTES, pageCount, level)
            : hashPagesByCrypto(pages, pageCount);
}
