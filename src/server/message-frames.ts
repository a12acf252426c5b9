// The base protocol by hand: for the few messages that the bridge itself reads and writes before it
// passes bytes on unread.

import { PassThrough, type Readable, type Writable } from "node:stream";

import { OperatingError } from "../base/index.ts";
import type { ErrorData } from "../protocol/index.ts";

/** A JSON-RPC message, as far as the bridge looks into it. */
export interface JsonMessage {
    readonly jsonrpc: "2.0";
    readonly id?: string | number | null;
    readonly method?: string;
    readonly params?: object;
    readonly error?: {
        readonly code: number;
        readonly message: string;
        readonly data?: Partial<ErrorData>;
    };
}

/** A message with the bytes that it came in. */
export interface Frame {
    readonly message: JsonMessage;
    readonly bytes: Buffer;
}

const HEADER_BYTES_MAX = 4096;
const MESSAGE_BYTES_MAX = 256 * 1024 * 1024;
const HEADER_END = Buffer.from("\r\n\r\n", "latin1");

/** Reads single messages off a stream, then hands over the rest of it. */
export class MessageFrames {
    readonly #stream: Readable;
    #buffer: Buffer = Buffer.alloc(0);
    #hasEnded = false;
    #wake: () => void = () => undefined;
    readonly #onData: (chunk: Buffer) => void;

    constructor(stream: Readable) {
        this.#stream = stream;
        this.#onData = (chunk) => {
            this.#buffer = Buffer.concat([this.#buffer, chunk]);
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
            const frame = this.#take();
            if (frame !== undefined) {
                return frame;
            }
            if (this.#hasEnded) {
                return undefined;
            }
            await new Promise<void>((resolve) => {
                this.#wake = resolve;
            });
        }
    }

    /** Everything from here on, after the given bytes; no further message can be read. */
    rest(first: Buffer = Buffer.alloc(0)): Readable {
        this.#stream.off("data", this.#onData);
        const rest = new PassThrough();
        rest.write(Buffer.concat([first, this.#buffer]));
        this.#buffer = Buffer.alloc(0);
        if (this.#hasEnded) {
            rest.end();
        } else {
            this.#stream.pipe(rest);
        }
        return rest;
    }

    #take(): Frame | undefined {
        const headerEnd = this.#buffer.indexOf(HEADER_END);
        if (headerEnd < 0) {
            if (this.#buffer.length > HEADER_BYTES_MAX) {
                throw badFrame("no header in the first bytes");
            }
            return undefined;
        }
        const header = this.#buffer.subarray(0, headerEnd).toString("latin1");
        const length = Number(/^content-length: *(\d+)\s*$/im.exec(header)?.[1] ?? Number.NaN);
        if (!Number.isSafeInteger(length) || length > MESSAGE_BYTES_MAX) {
            throw badFrame("the header has no usable Content-Length");
        }
        const start = headerEnd + HEADER_END.length;
        if (this.#buffer.length < start + length) {
            return undefined;
        }
        const bytes = this.#buffer.subarray(0, start + length);
        this.#buffer = this.#buffer.subarray(start + length);
        return { message: parse(bytes.subarray(start)), bytes };
    }
}

/** Writes one message. */
export function writeFrame(stream: Writable, message: JsonMessage): void {
    const body = Buffer.from(JSON.stringify(message), "utf8");
    stream.write(`Content-Length: ${body.length}\r\n\r\n`);
    stream.write(body);
}

function parse(body: Buffer): JsonMessage {
    try {
        return JSON.parse(body.toString("utf8")) as JsonMessage;
    } catch (cause) {
        throw badFrame("a message is not JSON", cause);
    }
}

function badFrame(message: string, cause?: unknown): OperatingError {
    return new OperatingError("PROTOCOL_BAD_FRAME", message, {
        cause,
        advice: "what speaks on stdin is no LSP client",
    });
}
