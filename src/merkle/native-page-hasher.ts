// Pages and forks hashed by the addon, many side by side, or by a card where that is faster. The same bytes as
// hashPagesByCrypto.

import type { NativeAddon, NativeCard } from "../native/index.ts";
import { hashPagesByCrypto, type PageHasher } from "./hash-trie.ts";
import { PAGE_BYTES } from "./page.ts";

/** Fewer pages than these are not worth asking for a card. */
const CARD_PAGES_MIN = 4096;

/** A card gets at most so many pages at once: 16 MiB, of which copy and work overlap little. */
const CARD_BATCH_PAGES = 4096;

/** Pages of a batch where no card is. */
const BATCH_PAGES = 64;

/** How pages are hashed. */
export interface NativeHasherOptions {
    /** A level other than the fastest, by its name. */
    readonly level?: string;
    /** The card, if it is open; asked where `cardPagesMin` pages and more are to be hashed. */
    readonly card?: () => NativeCard | undefined;
    readonly cardPagesMin?: number;
}

/** Makes a hasher of the addon. */
export function nativePageHasher(
    addon: NativeAddon,
    { level = "", card, cardPagesMin = CARD_PAGES_MIN }: NativeHasherOptions = {},
): PageHasher {
    let isCardFailed = false;
    const onCard = (pages: Uint8Array, pageCount: number): Uint8Array | undefined => {
        const open = pageCount < cardPagesMin || isCardFailed ? undefined : card?.();
        if (open === undefined || pageCount < open.pagesMin) {
            return undefined;
        }
        try {
            return addon.hashPagesOnCard(pages, PAGE_BYTES, pageCount);
        } catch {
            isCardFailed = true; // The processor does what the card could not, now and from now on.
            return undefined;
        }
    };
    const hashPages = (pages: Uint8Array, pageCount: number): Uint8Array =>
        // A resizable or shared buffer is refused by the addon; no caller has one, but a port may be given any.
        pages.buffer instanceof ArrayBuffer
            ? (onCard(pages, pageCount) ?? addon.hashPages(pages, PAGE_BYTES, pageCount, level))
            : hashPagesByCrypto(pages, pageCount);
    return Object.assign(hashPages, {
        batchPages: (dirtyPages: number): number => {
            const open = dirtyPages < cardPagesMin || isCardFailed ? undefined : card?.();
            return open !== undefined && dirtyPages >= open.pagesMin
                ? Math.max(BATCH_PAGES, Math.min(dirtyPages, CARD_BATCH_PAGES))
                : BATCH_PAGES;
        },
        hashMessages: (messages: Uint8Array, messageCount: number): Uint8Array => {
            const length = messageCount === 0 ? 0 : messages.length / messageCount;
            const lengths = new Uint32Array(messageCount).fill(length);
            return addon.hashMessages(messages, lengths, level);
        },
    });
}
