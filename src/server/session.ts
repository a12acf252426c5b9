// One client's connection: what it can do, what it has open, and the isolation of its requests.
// A crash in a request is one error answer, logged with the request's id.

import type { Duplex, Readable, Writable } from "node:stream";
import {
    createMessageConnection,
    StreamMessageWriter,
    type CancellationToken,
    type Message,
    type MessageConnection,
} from "vscode-jsonrpc/node";
import type { ClientCapabilities, InitializeParams } from "vscode-languageserver";

import {
    checkCancelled,
    type ColumnEncoding,
    isRefusal,
    OperatingError,
    type ProgressSink,
    type Refusal,
} from "../base/index.ts";
import type { Engine, RequestContext } from "../engine/index.ts";
import type { Logger } from "../platform/index.ts";
import { monotonicMs } from "../platform/index.ts";
import { OpenDocuments } from "./documents.ts";
import { mapRefusal, mapThrown, type MappedFailure } from "./error-mapping.ts";
import { FrameReader } from "./message-frames.ts";
import { progressReporter } from "./progress.ts";
import { UriMap } from "./uris.ts";

/** How far a client has come. */
export type SessionState = "connected" | "greeted" | "initialized" | "shut-down";

/** Everything that a session needs of its surroundings. */
export interface SessionHost {
    readonly engine: Engine;
    readonly logger: Logger;
    /** Ends the daemon, or the process's work. */
    readonly stop: () => void;
    /** Whether the end has begun: new clients are sent away. */
    readonly isStopping: () => boolean;
}

/** Answers one request. */
export type RequestHandler<P> = (
    params: P,
    context: RequestContext,
) => Promise<object | null> | object | null;

/** One client of the server. */
export class Session {
    readonly id: string;
    readonly host: SessionHost;
    readonly connection: MessageConnection;
    readonly documents = new OpenDocuments();
    readonly uris: UriMap;
    name = "client";
    state: SessionState = "connected";
    encoding: ColumnEncoding = "utf-16";
    capabilities: ClientCapabilities = {};
    initializeParams: InitializeParams | undefined;
    #currentId = "";

    constructor(id: string, host: SessionHost, streams: { input: Readable; output: Writable }) {
        this.id = id;
        this.host = host;
        this.uris = new UriMap(host.engine.root);
        const writer = new StreamMessageWriter(streams.output);
        const reader = new FrameReader(streams.input, (answer) => {
            host.logger.warn({ client: id, code: answer.error?.code }, "not a message");
            writer.write(answer).catch(() => undefined); // Whoever sent it is gone.
        });
        this.connection = createMessageConnection(
            reader,
            writer,
            {
                // The message may quote what came over the wire.
                error: (message) => {
                    host.logger.warn({ client: id }, "connection trouble");
                    host.logger.debug({ client: id }, message);
                },
                warn: (message) => {
                    host.logger.debug({ client: id }, message);
                },
                info: () => undefined,
                log: () => undefined,
            },
            {
                messageStrategy: {
                    handleMessage: (message, next) => {
                        this.#currentId = idOf(message);
                        void next(normalized(message));
                    },
                },
            },
        );
    }

    /** Registers the handler of one of LSP's requests, which need a finished `initialize`. */
    onLsp<P>(method: string, handler: RequestHandler<P>): void {
        this.#register<P>(method, true, (params, context) => {
            if (this.state === "shut-down") {
                throw new OperatingError("PROTOCOL_SHUT_DOWN", "the session is shut down");
            }
            if (this.state !== "initialized") {
                throw new OperatingError("PROTOCOL_NOT_INITIALIZED", "initialize comes first");
            }
            return handler(params, context);
        });
    }

    /** Registers the handler of a request that is answered in any state after the handshake. */
    onGreeted<P>(method: string, handler: RequestHandler<P>): void {
        const isLsp = !method.startsWith("rename-impact");
        this.#register<P>(method, isLsp, (params, context) => {
            if (this.state === "connected") {
                const message = "the first request on a connection is the handshake";
                throw new OperatingError("PROTOCOL_NO_HANDSHAKE", message);
            }
            return handler(params, context);
        });
    }

    /** Registers the handler of the handshake, which comes before everything. */
    onFirst<P>(method: string, handler: RequestHandler<P>): void {
        this.#register(method, false, handler);
    }

    /** Registers the handler of a notification; what it throws is logged. */
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- LSP says what comes
    onNotification<P>(method: string, handler: (params: P) => void): void {
        this.connection.onNotification(method, (params: P) => {
            try {
                handler(params);
            } catch (thrown) {
                const fields = { client: this.id, method, err: thrown };
                this.host.logger.error(fields, "notification failed");
            }
        });
    }

    /** Tells the client something; a connection that is gone is no error. */
    notify(method: string, params: object): void {
        this.connection.sendNotification(method, params).catch(() => undefined);
    }

    #register<P>(method: string, isLsp: boolean, handler: RequestHandler<P>): void {
        this.connection.onRequest(method, async (...given: unknown[]) => {
            // The token comes last. A message without parameters, as `shutdown` is, gives it alone.
            const token = given.at(-1) as CancellationToken;
            const params = (given.length === 1 ? undefined : given[0]) as P;
            const id = this.#currentId;
            const start = monotonicMs();
            const progress = progressReporter(this, params);
            try {
                const context = this.#context(token, progress.sink);
                checkCancelled(context.signal);
                if (given.length > 2) {
                    const message = "parameters are one object, not several by position";
                    throw new OperatingError("PROTOCOL_INVALID_PARAMS", message);
                }
                const answer = await handler(params, context);
                if (answer !== null && isRefusal(answer)) {
                    return this.#failed(mapRefusal(answer, isLsp), { id, method, start });
                }
                this.#log("debug", { id, method, start }, "answered");
                return answer;
            } catch (thrown) {
                return this.#failed(mapThrown(thrown, isLsp), { id, method, start, thrown });
            } finally {
                progress.end();
            }
        });
    }

    #context(token: CancellationToken, onProgress: ProgressSink | undefined): RequestContext {
        const signal = {
            get aborted(): boolean {
                return token.isCancellationRequested;
            },
        };
        return { client: this.id, signal, onProgress };
    }

    #failed(failure: MappedFailure, request: LoggedRequest): MappedFailure["error"] {
        const { log } = failure.rule;
        if (log !== "none") {
            // What is answered may quote source text, which belongs into a log for finding faults only.
            const code = failure.error.data?.code ?? "";
            this.#log(log, request, code === "" ? "crashed" : `failed: ${code}`);
            this.#log("debug", request, failure.error.message);
        }
        return failure.error;
    }

    #log(
        level: "debug" | "info" | "warn" | "error",
        request: LoggedRequest,
        message: string,
    ): void {
        const { id, method, start, thrown } = request;
        const ms = Math.round((monotonicMs() - start) * 10) / 10;
        const fields = { client: this.id, request: id, method, ms };
        this.host.logger[level](
            thrown !== undefined && level === "error" ? { ...fields, err: thrown } : fields,
            message,
        );
    }
}

interface LoggedRequest {
    readonly id: string;
    readonly method: string;
    readonly start: number;
    readonly thrown?: unknown;
}

/** Turns a duplex stream into what a session reads and writes. */
export function bothWays(stream: Duplex): { input: Readable; output: Writable } {
    return { input: stream, output: stream };
}

/** A handler's result, or its refusal: what a request handler may answer with. */
export type Answer<T> = T | Refusal;

function idOf(message: Message): string {
    return "id" in message ? String(message.id) : "";
}

/** Lua has one empty table: parameters that are `[]` were meant as `{}`. */
function normalized(message: Message): Message {
    if ("params" in message && Array.isArray(message.params) && message.params.length === 0) {
        return { ...message, params: {} } as Message;
    }
    return message;
}
