// The typed client at the near end of a socket.

import type { Duplex } from "node:stream";
import {
    CancellationTokenSource,
    ConnectionError,
    createMessageConnection,
    ErrorCodes,
    ResponseError,
    StreamMessageReader,
    StreamMessageWriter,
    type MessageConnection,
} from "vscode-jsonrpc/node";

import {
    CancelledError,
    InvariantError,
    OperatingError,
    refuse,
    type Refusal,
} from "../base/index.ts";
import { packageVersion } from "../platform/index.ts";
import {
    ERROR_NUMBER,
    METHOD,
    PROTOCOL_VERSION,
    type ErrorData,
    type HandshakeResult,
} from "../protocol/index.ts";
import type {
    DaemonClient,
    RequestName,
    RequestOptions,
    RequestParams,
    RequestResult,
} from "./client.ts";
import { LSP_ERROR } from "./error-mapping.ts";
import { OtherVersionError } from "./other-version.ts";
import type { ProgressValue } from "./progress.ts";

/** Shakes hands over a stream; throws PROTOCOL_VERSION_MISMATCH when the daemon is another version. */
export async function greetDaemon(stream: Duplex, clientName: string): Promise<DaemonClient> {
    const connection = createMessageConnection(
        new StreamMessageReader(stream),
        new StreamMessageWriter(stream),
    );
    connection.onError(() => undefined); // A broken stream closes, and pending requests hear of it.
    connection.listen();
    const pending = new PendingRequests(connection);
    const params = {
        protocolVersion: PROTOCOL_VERSION,
        clientVersion: packageVersion(),
        clientName,
    };
    try {
        const server = await pending.request(METHOD.handshake, params, {});
        if ("kind" in server) {
            throw new OperatingError(server.code, server.message, { advice: server.advice });
        }
        return new RemoteClient(connection, pending, server);
    } catch (cause) {
        connection.dispose();
        stream.destroy();
        throw cause;
    }
}

class RemoteClient implements DaemonClient {
    readonly server: HandshakeResult;
    readonly #connection: MessageConnection;
    readonly #pending: PendingRequests;

    constructor(connection: MessageConnection, pending: PendingRequests, server: HandshakeResult) {
        this.#connection = connection;
        this.#pending = pending;
        this.server = server;
    }

    request<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
        options: RequestOptions = {},
    ): Promise<RequestResult<M> | Refusal> {
        return this.#pending.request(method, params, options);
    }

    close(): Promise<void> {
        this.#connection.end();
        this.#connection.dispose();
        return Promise.resolve();
    }
}

/** Sends requests; those that wait when the connection goes are rejected. */
class PendingRequests {
    readonly #connection: MessageConnection;
    readonly #closed: Promise<never>;
    #tokens = 0;

    constructor(connection: MessageConnection) {
        this.#connection = connection;
        this.#closed = new Promise((_, reject) => {
            connection.onClose(() => {
                reject(daemonGone());
            });
        });
        this.#closed.catch(() => undefined);
    }

    async request<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
        { signal, onProgress }: RequestOptions,
    ): Promise<RequestResult<M> | Refusal> {
        const source = new CancellationTokenSource();
        const cancel = (): void => {
            source.cancel();
        };
        signal?.addEventListener("abort", cancel, { once: true });
        const token = `request-${(this.#tokens += 1)}`;
        const listening =
            onProgress === undefined
                ? undefined
                : this.#connection.onNotification("$/progress", (message: ProgressMessage) => {
                      const { stage, done, total } = message.value;
                      if (message.token === token && stage !== undefined) {
                          onProgress(stage, done ?? 0, total ?? 0);
                      }
                  });
        const sent = onProgress === undefined ? params : { ...params, workDoneToken: token };
        try {
            if (signal?.aborted === true) {
                throw new CancelledError();
            }
            const answer = this.#connection.sendRequest<RequestResult<M>>(
                method,
                sent,
                source.token,
            );
            return await Promise.race([answer, this.#closed]);
        } catch (thrown) {
            return refusalOrThrow(thrown);
        } finally {
            listening?.dispose();
            signal?.removeEventListener("abort", cancel);
            source.dispose();
        }
    }
}

interface ProgressMessage {
    readonly token: string | number;
    readonly value: ProgressValue;
}

function daemonGone(cause?: unknown): OperatingError {
    return new OperatingError("DAEMON_GONE", "the daemon has closed the connection", { cause });
}

/** Numbers by which the connection itself says that nobody answers any more. */
const UNANSWERED: ReadonlySet<number> = new Set([
    ErrorCodes.MessageWriteError,
    ErrorCodes.PendingResponseRejected,
    ErrorCodes.ConnectionInactive,
]);

/** Turns an error answer into what the other side meant by it. */
function refusalOrThrow(thrown: unknown): Refusal {
    // Asked when the connection had gone already, or while it went.
    const isUnanswered = thrown instanceof ResponseError && UNANSWERED.has(thrown.code);
    if (thrown instanceof ConnectionError || isUnanswered) {
        throw daemonGone(thrown);
    }
    if (!(thrown instanceof ResponseError)) {
        throw thrown;
    }
    const data = thrown.data as Partial<ErrorData> | undefined;
    const code = data?.code ?? "";
    const { message } = thrown;
    if (thrown.code === ERROR_NUMBER.refused && code !== "ENGINE_FILES_CHANGING") {
        const { at = [], advice = "", candidates = [] } = data ?? {};
        return refuse(code, message, { at, advice, candidates });
    }
    if (thrown.code === LSP_ERROR.requestCancelled) {
        throw new CancelledError();
    }
    if (thrown.code === ERROR_NUMBER.versionMismatch) {
        throw new OtherVersionError(message, data?.advice ?? "", data?.versions);
    }
    if (code !== "") {
        throw new OperatingError(code, message, { cause: thrown, advice: data?.advice ?? "" });
    }
    throw new InvariantError(`the daemon failed to answer: ${message}`);
}
