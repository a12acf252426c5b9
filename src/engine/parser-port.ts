// The parser as the engine uses it: at once for a few texts, in turns with the loop for many.

import { deserialize, serialize } from "node:v8";
import { setImmediate as nextTurn } from "node:timers/promises";

import { checkCancelled, required } from "../base/index.ts";
import { monotonicMs } from "../platform/index.ts";
import { SyntaxTree, type FileCapture, type SyntaxColumns, type SyntaxParser } from "../syntax/index.ts";
import type { CaptureCodec } from "./derived-cache.ts";
import type { CaptureJob, LiveDocument, ParserPort } from "./ports.ts";

/** The loop gets a turn after this long. */
const SLICE_MS = 20;

/** Opens the parser; nothing heavy is loaded before it is needed. */
export function openParserPort(): ParserPort & { readonly codec: CaptureCodec } {
    let loaded: SyntaxParser | undefined;
    const parser = (): SyntaxParser => required(loaded, "the parser is loaded before it is used");
    const load = async (): Promise<void> => {
        if (loaded === undefined) {
            const { openSyntax } = await import("../syntax/index.ts");
            loaded = await openSyntax();
        }
    };
    const captureNow = ({ path, text }: CaptureJob): FileCapture => parser().capture(path, text);
    return {
        load,
        captureNow,
        captureAll: async (jobs, { onProgress, signal }) => {
            await load();
            const captures: FileCapture[] = [];
            let sliceStart = monotonicMs();
            for (const job of jobs) {
                captures.push(captureNow(job));
                onProgress?.("parsing", captures.length, jobs.length);
                if (monotonicMs() - sliceStart > SLICE_MS) {
                    await nextTurn();
                    checkCancelled(signal);
                    sliceStart = monotonicMs();
                }
            }
            return captures;
        },
        openDocument: (job) => liveDocument(job, captureNow),
        close: () => Promise.resolve(),
        codec: {
            encode: ({ tree, ...rest }) => serialize({ ...rest, columns: tree.columns }),
            decode: (bytes, path) => {
                const { columns, ...rest } = deserialize(bytes) as Packed;
                return { ...rest, path, tree: new SyntaxTree(columns) };
            },
        },
    };
}

type Packed = Omit<FileCapture, "tree"> & { readonly columns: SyntaxColumns };

function liveDocument(job: CaptureJob, captureNow: (job: CaptureJob) => FileCapture): LiveDocument {
    let { text } = job;
    return {
        update: (next) => {
            text = next;
        },
        capture: () => captureNow({ path: job.path, text }),
        close: () => undefined,
    };
}
