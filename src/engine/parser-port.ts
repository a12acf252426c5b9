// The parser as the engine uses it: at once for a few texts, on worker threads for many. Neither wasm
// nor threads are loaded before the first text.

import { checkCancelled, required } from "../base/index.ts";
import { cpuCount, createWorkerPool, type WorkerPool } from "../platform/index.ts";
import type * as Syntax from "../syntax/index.ts";
import type {
    CaptureOutcome,
    FileCapture,
    RenamedText,
    SyntaxDocument,
    SyntaxParser,
} from "../syntax/index.ts";
import type { CaptureCodec } from "./derived-cache.ts";
import type { CaptureFile, CaptureJob, LiveDocument, ParserPort } from "./ports.ts";
import { decodeText } from "./source-table.ts";

/** Fewer texts than this are parsed sooner here than threads start. */
const POOL_TEXTS_MIN = 24;
const POOL_THREADS_MAX = 8;
/** Threads run built modules only; from sources (in tests) everything is parsed in this one. */
const CAN_USE_THREADS = import.meta.url.endsWith(".js");
/** One that is parsed, and one that waits so that the thread does not. */
const JOBS_PER_THREAD = 2;
/** Small files for each thread to begin with. */
const EASY_FILES = 10;

/** Opens the parser; nothing heavy is loaded before it is needed. */
export function openParserPort(): ParserPort & { readonly codec: CaptureCodec } {
    const port = new SyntaxPort();
    return Object.assign(port, { codec: captureCodec(port) });
}

type CaptureOptions = Parameters<ParserPort["captureAll"]>[1];

class SyntaxPort implements ParserPort {
    #syntax: typeof Syntax | undefined;
    #parser: SyntaxParser | undefined;
    #pool: WorkerPool<CaptureFile, CaptureOutcome> | undefined;
    #ahead: { readonly bytes: Uint8Array; readonly capture: FileCapture } | undefined;

    async loadModule(): Promise<typeof Syntax> {
        return (this.#syntax ??= await import("../syntax/index.ts"));
    }

    /** The module; loaded by whoever needed captures first. */
    get module(): typeof Syntax {
        return required(this.#syntax, "the parser is loaded before it is used");
    }

    async load(): Promise<void> {
        if (this.#parser === undefined) {
            const { openSyntax } = await this.loadModule();
            this.#parser = await openSyntax();
        }
    }

    captureRenamed(file: RenamedText): FileCapture {
        return required(this.#parser, "the parser is loaded before it is used").captureRenamed(
            file,
        );
    }

    captureAhead({ path, bytes }: CaptureFile): void {
        const text = this.#parser === undefined ? undefined : decodeText(bytes);
        const capture = text === undefined ? undefined : this.#parser?.capture(path, text);
        this.#ahead = capture && { bytes, capture };
    }

    /** What was captured ahead, if it is of this very text. */
    #takeAhead({ path, bytes }: CaptureFile): FileCapture | undefined {
        const ahead = this.#ahead;
        this.#ahead = undefined;
        const isSame = ahead?.capture.path === path && Buffer.compare(ahead.bytes, bytes) === 0;
        return isSame ? ahead.capture : undefined;
    }

    async captureAll(
        files: readonly CaptureFile[],
        options: CaptureOptions,
    ): Promise<FileCapture[]> {
        if (files.length >= POOL_TEXTS_MIN && CAN_USE_THREADS) {
            return this.#captureOnThreads(files, options);
        }
        const { onProgress, onCapture, signal } = options;
        await this.load();
        const captures: FileCapture[] = [];
        for (const file of files) {
            const capture = this.#takeAhead(file) ?? this.#capture(file);
            captures.push(capture);
            onCapture?.(capture);
            onProgress?.("parsing", captures.length, files.length);
            await new Promise<void>((resolve) => setImmediate(resolve));
            checkCancelled(signal);
        }
        return captures;
    }

    #capture({ path, bytes }: CaptureFile): FileCapture {
        const text = required(decodeText(bytes), "files to capture are UTF-8");
        return required(this.#parser, "the parser is loaded").capture(path, text);
    }

    async startThreads(files: number): Promise<void> {
        if (files >= POOL_TEXTS_MIN && CAN_USE_THREADS) {
            const syntax = await this.loadModule();
            this.#openPool(syntax.CAPTURE_WORKER_URL).start();
        }
    }

    openDocument(job: CaptureJob): LiveDocument {
        const parser = required(this.#parser, "the parser is loaded before it is used");
        return liveDocument(parser, job);
    }

    async close(): Promise<void> {
        const pool = this.#pool;
        this.#pool = undefined;
        await pool?.close();
    }

    #openPool(module: URL): WorkerPool<CaptureFile, CaptureOutcome> {
        const threads = Math.min(POOL_THREADS_MAX, cpuCount());
        return (this.#pool ??= createWorkerPool(module, threads));
    }

    async #captureOnThreads(
        files: readonly CaptureFile[],
        { onProgress, onCapture, signal }: CaptureOptions,
    ): Promise<FileCapture[]> {
        const syntax = await this.loadModule();
        const pool = this.#openPool(syntax.CAPTURE_WORKER_URL);
        const captures = new Array<FileCapture | undefined>(files.length);
        const pending = inOrderOfWork(files, pool.size * EASY_FILES).values();
        let done = 0;
        const feed = async (): Promise<void> => {
            for (const [number, { path, bytes }] of pending) {
                checkCancelled(signal);
                const own = toOwnBuffer(bytes);
                const outcome = await pool.run({ path, bytes: own }, [own.buffer]);
                if (outcome.kind === "captured") {
                    const capture = syntax.captureFromMessage(outcome.capture);
                    captures[number] = capture;
                    onCapture?.(capture);
                }
                done += 1;
                onProgress?.("parsing", done, files.length);
            }
        };
        await Promise.all(Array.from({ length: pool.size * JOBS_PER_THREAD }, feed));
        // The bytes are UTF-8, so that every outcome is a capture.
        return captures.filter((capture) => capture !== undefined);
    }
}

/**
 * Files with their positions, the largest first: a large one that is begun last is waited for alone. Before them
 * come a few small ones, from which the threads' code learns what it works on: what is optimized while a first
 * file of thousands of lines runs is thrown away at the second.
 */
function inOrderOfWork(files: readonly CaptureFile[], easy: number): [number, CaptureFile][] {
    const order = [...files.entries()].sort(([, a], [, b]) => b.bytes.length - a.bytes.length);
    const from = Math.floor((order.length * 2) / 3);
    const first = order.splice(from, Math.min(easy, order.length - from));
    return [...first, ...order];
}

/** Bytes that fill their buffer, which then can be moved to a thread; small files share one. */
function toOwnBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const { buffer } = bytes;
    return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
        ? new Uint8Array(buffer)
        : new Uint8Array(bytes);
}

function liveDocument(parser: SyntaxParser, { path, text }: CaptureJob): LiveDocument {
    const document: SyntaxDocument = parser.open(path, text);
    let latest = text;
    return {
        update: (next) => {
            latest = next;
        },
        capture: () => document.update(latest),
        close: () => {
            document.close();
        },
    };
}

/** A stored capture: the tree's own bytes after a line of JSON with all else. */
function captureCodec(port: SyntaxPort): CaptureCodec {
    return {
        load: async () => {
            await port.loadModule();
        },
        encode: ({ tree, ...rest }) => {
            const head = Buffer.from(JSON.stringify(rest), "utf8");
            // The tree begins at a multiple of 8, as its columns want.
            const padding = (8 - ((head.length + 1) % 8)) % 8;
            const parts = [head, Buffer.alloc(padding, " "), Buffer.from("\n")];
            return Buffer.concat([...parts, port.module.encodeTree(tree)]);
        },
        decode: (bytes, path) => {
            const end = bytes.indexOf(10);
            const head = Buffer.from(bytes.subarray(0, end)).toString("utf8");
            const rest = JSON.parse(head) as Omit<FileCapture, "tree">;
            return { ...rest, path, tree: port.module.decodeTree(bytes.subarray(end + 1)) };
        },
    };
}
