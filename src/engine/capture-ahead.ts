// Where nothing is stored, files are listed, read and captured while the graph is still being opened: the
// threads are what the first answers wait for.

import type { ProgressSink } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { DerivedCache } from "./derived-cache.ts";
import type { EnginePorts } from "./ports.ts";
import { listSources, readSources, type Listing, type ReadSource } from "./source-table.ts";

/** Files that are read and parsed together; the next ones are read meanwhile. */
export const BATCH_FILES = 256;

/** What was begun before the graph is open. */
export interface CaptureAhead {
    readonly listing: Listing;
    /** The first batch of the listed files. */
    readonly read: ReadSource[];
    /** Captures of those of it that are text. */
    readonly captures: Promise<FileCapture[]>;
}

/** Begins to capture where nothing is stored; undefined where something is. */
export async function beginCapture(
    root: string,
    ports: EnginePorts,
    cache: DerivedCache,
    onProgress: ProgressSink,
): Promise<CaptureAhead | undefined> {
    if (await cache.isThere()) {
        return undefined;
    }
    const listing = await listSources(root);
    await ports.parser.startThreads(listing.rust.length);
    const read = await readSources(root, listing.rust.slice(0, BATCH_FILES));
    const captures = captureText(ports, read, {
        onProgress: (stage, done) => {
            onProgress(stage, done, listing.rust.length);
        },
    });
    captures.catch(() => undefined); // Thrown where it is awaited, if it comes to that.
    return { listing, read, captures };
}

/** Captures those of the files that are text. */
export async function captureText(
    { parser, resolver }: EnginePorts,
    files: readonly ReadSource[],
    options: Pick<Parameters<EnginePorts["parser"]["captureAll"]>[1], "signal" | "onProgress">,
): Promise<FileCapture[]> {
    const texts = files.filter((each) => each.isText);
    if (texts.length === 0) {
        return [];
    }
    resolver.load().catch(() => undefined); // Thrown where it is waited for.
    return parser.captureAll(texts, {
        onCapture: (capture) => {
            resolver.lookAhead(capture);
        },
        ...options,
    });
}
