// LSP's base protocol: headers and bodies off a stream, with limits, and single messages onto one. A body
// that is no message costs that message; a header that is none costs the connection.

import { AbstractMessageReader, type DataCallback, type Disposable } from "vscode-jsonrpc/node";
import { PassThrough, type Readable, type Writable } from "node:stream";

import { OperatingError } from "../base/index.ts";
import type { ErrorData } from "../protocol/index.ts";

/** A JSON-RPC message, as far as the bridge looks into it. */
export interface JsonMessage {
    readonly jsonrpc: "2.0";
    readonly id?: string | number | null;
    readonly method?: string;
    readonly params?: object;
    readonly result?: unknown;
    readonly error?: {
        readonly code: number;
        readonly message: string;
        readonly data?: Partial<ErrorData>;
    };
}

/** A message in the bytes that it came in. */
export interface Frame {
    /** Header and body. */
    readonly bytes: Buffer;
    readonly body: Buffer;
}

const HEADER_BYTES_MAX = 4096;
const MESSAGE_BYTES_MAX = 256 * 1024 * 1024;
const HEADER_END = Buffer.from("\r\n\r\n", "latin1");

/** Numbers of JSON-RPC for what is no message. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

/** Bytes on their way to be messages. */
export class FrameBuffer {
    #chunks: Buffer[] = [];
    #length = 0;
    /** Length of the header and body that come next, as soon as the header is known. */
    #next: { readonly header: number; readonly all: number } | undefined;

    append(chunk: Buffer): void {
        this.#chunks.push(chunk);
        this.#length += chunk.length;
    }

    /** The next message; undefined when more bytes must come. Throws where there is no header. */
    take(): Frame | undefined {
        this.#next ??= this.#readHeader();
        const next = this.#next;
        if (next === undefined || this.#length < next.all) {
            return undefined;
        }
        const joined = this.#join();
        const bytes = joined.subarray(0, next.all);
        this.#chunks = joined.length === next.all ? [] : [joined.subarray(next.all)];
        this.#length -= next.all;
        this.#next = undefined;
        return { bytes, body: bytes.subarray(next.header) };
    }

    /** Everything that has come and was not taken. */
    drain(): Buffer {
        const rest = this.#join();
        this.#chunks = [];
        this.#length = 0;
        this.#next = undefined;
        return rest;
    }

    #join(): Buffer {
        const [only] = this.#chunks;
        const joined =
            this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
        this.#chunks = [joined];
        return joined;
    }

    #readHeader(): { readonly header: number; readonly all: number } | undefined {
        if (this.#length === 0) {
            return undefined;
        }
        const joined = this.#join();
        const headerEnd = joined.subarray(0, HEADER_BYTES_MAX).indexOf(HEADER_END);
        if (headerEnd < 0) {
            if (joined.length >= HEADER_BYTES_MAX) {
                throw badFrame("no header in the first bytes");
            }
            return undefined;
        }
        const text = joined.subarray(0, headerEnd).toString("latin1");
        const length = Number(/^content-length: *(\d+)\s*$/im.exec(text)?.[1] ?? Number.NaN);
        if (!Number.isSafeInteger(length)) {
            throw badFrame("the header has no usable Content-Length");
        }
        if (length > MESSAGE_BYTES_MAX) {
            throw badFrame(`a message of ${length} bytes exceeds ${MESSAGE_BYTES_MAX}`);
        }
        const header = headerEnd + HEADER_END.length;
        return { header, all: header + length };
    }
}

/** Reads single messages off a stream, then hands over the rest of it. */
export class MessageFrames {
    readonly #stream: Readable;
    readonly #buffer = new FrameBuffer();
    readonly #onData: (chunk: Buffer) => void;
    #hasEnded = false;
    #wake: () => void = () => undefined;

    constructor(stream: Readable) {
        this.#stream = stream;
        this.#onData = (chunk) => {
            this.#buffer.append(chunk);
            // Nothing more is taken from whoever sends until this is read.
            stream.pause();
            this.#wake();
        };
        stream.on("data", this.#onData);
        for (const event of ["end", "close", "error"]) {
            stream.once(event, () => {
                this.#hasEnded = true;
                this.#wake();
            });
        }
    }

    /** The next message; undefined when the stream ends before there is one. */
    async next(): Promise<Frame | undefined> {
        for (;;) {
            const frame = this.#buffer.take();
            if (frame !== undefined) {
                return frame;
            }
            if (this.#hasEnded) {
                return undefined;
            }
            await new Promise<void>((resolve) => {
                this.#wake = resolve;
                this.#stream.resume();
            });
        }
    }

    /** Everything from here on, after the given bytes; no further message can be read. */
    rest(first: Buffer = Buffer.alloc(0)): Readable {
        this.#stream.off("data", this.#onData);
        const rest = new PassThrough();
        rest.write(Buffer.concat([first, this.#buffer.drain()]));
        if (this.#hasEnded) {
            rest.end();
        } else {
            this.#stream.pipe(rest);
        }
        return rest;
    }
}

/** What a connection reads: messages that are messages. Others are answered, or end the connection. */
export class FrameReader extends AbstractMessageReader {
    readonly #input: Readable;
    readonly #answer: (message: JsonMessage) => void;

    /** `answer` sends an error answer to the other side. */
    constructor(input: Readable, answer: (message: JsonMessage) => void) {
        super();
        this.#input = input;
        this.#answer = answer;
    }

    listen(callback: DataCallback): Disposable {
        const buffer = new FrameBuffer();
        const onData = (chunk: Buffer): void => {
            try {
                buffer.append(chunk);
                for (let frame = buffer.take(); frame !== undefined; frame = buffer.take()) {
                    const message = readMessage(frame.body);
                    if (isNoMessage(message)) {
                        this.#answer(message);
                    } else {
                        this.#deliver(message, callback);
                    }
                }
            } catch (thrown) {
                this.fireError(thrown);
                this.#input.off("data", onData);
                this.#input.destroy();
            }
        };
        const onClose = (): void => {
            this.fireClose();
        };
        this.#input.on("data", onData);
        this.#input.on("error", (err) => {
            this.fireError(err);
        });
        this.#input.once("close", onClose);
        this.#input.once("end", onClose);
        return {
            dispose: () => {
                this.#input.off("data", onData);
            },
        };
    }

    /** A message whose parameters are not what its method says must not end the connection. */
    #deliver(message: JsonMessage, callback: DataCallback): void {
        try {
            callback(message);
        } catch (thrown) {
            this.fireError(thrown);
        }
    }
}

/** The message in a body; for a body that is none, the error answer that says so. */
export function readMessage(body: Buffer): JsonMessage {
    let value: unknown;
    try {
        value = JSON.parse(body.toString("utf8"));
    } catch {
        return noMessage(PARSE_ERROR, "a message is not JSON");
    }
    if (typeof value !== "object" || value === null) {
        return noMessage(INVALID_REQUEST, "a message is an object");
    }
    const { method, id } = value as { method?: unknown; id?: unknown };
    const isAsked = typeof method === "string";
    const isAnswer = method === undefined && ("result" in value || "error" in value);
    const hasId = ["string", "number"].includes(typeof id);
    if ((!isAsked && !(isAnswer && hasId)) || (isAsked && "id" in value && !hasId)) {
        return noMessage(INVALID_REQUEST, "a message is a request, a notification or an answer");
    }
    return value as JsonMessage;
}

function noMessage(code: number, message: string): JsonMessage {
    return { jsonrpc: "2.0", id: null, error: { code, message } };
}

/** Whether a message is the error answer to something that was no message. */
export function isNoMessage({ id, error }: JsonMessage): boolean {
    return id === null && error !== undefined;
}

/** Writes one message; answers whether more may be written at once. */
export function writeFrame(stream: Writable, message: JsonMessage): boolean {
    const body = Buffer.from(JSON.stringify(message), "utf8");
    stream.write(`Content-Length: ${body.length}\r\n\r\n`);
    return stream.write(body);
}

function badFrame(message: string): OperatingError {
    return new OperatingError("PROTOCOL_BAD_FRAME", message, {
        advice: "what speaks here is no LSP client",
    });
}
