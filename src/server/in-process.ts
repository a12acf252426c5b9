// Everything in one process, without a daemon: the typed client straight on an engine.

import { CancelledError, InvariantError, OperatingError, type Refusal } from "../base/index.ts";
import { openEngine, type Engine, type RequestContext } from "../engine/index.ts";
import { createLogger, packageVersion } from "../platform/index.ts";
import { METHOD, PROTOCOL_VERSION, type HandshakeResult } from "../protocol/index.ts";
import type {
    DaemonClient,
    RequestName,
    RequestOptions,
    RequestParams,
    RequestResult,
} from "./client.ts";
import type { InProcessOptions } from "./options.ts";
import { answerOwnRequest } from "./own-requests.ts";

/** Opens an engine in this process and answers requests from it. */
export async function runInProcess(options: InProcessOptions): Promise<DaemonClient> {
    const { root, storeFolder, trusted, clientName } = options;
    const logger = createLogger({ level: "error", destination: "stderr" });
    const engine = openEngine({ root, storeFolder, trusted, watch: false, logger });
    const client = new LocalClient(engine, clientName);
    await engine.apply({ kind: "client-join", client: clientName, name: clientName });
    return client;
}

class LocalClient implements DaemonClient {
    readonly server: HandshakeResult;
    readonly #engine: Engine;
    readonly #name: string;

    constructor(engine: Engine, name: string) {
        this.#engine = engine;
        this.#name = name;
        this.server = {
            protocolVersion: PROTOCOL_VERSION,
            serverVersion: packageVersion(),
            pid: process.pid,
            root: engine.root,
        };
    }

    async request<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
        options: RequestOptions = {},
    ): Promise<RequestResult<M> | Refusal> {
        const { signal, onProgress } = options;
        const context: RequestContext = { client: this.#name, signal, onProgress };
        return this.#answer(method, params, context);
    }

    async close(): Promise<void> {
        await this.#engine.close();
    }

    async #answer<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
        context: RequestContext,
    ): Promise<RequestResult<M> | Refusal> {
        if (method === METHOD.handshake) {
            return this.server;
        }
        if (method === METHOD.stop) {
            await this.close();
            return {};
        }
        // Neither of the two above, so that it is one of the engine's, with its own parameters.
        const request = { method, params } as unknown as Parameters<typeof answerOwnRequest>[0];
        try {
            return await answerOwnRequest(request, this.#engine, context);
        } catch (thrown) {
            throw asFailure(thrown);
        }
    }
}

/** A crash looks the same here as behind a socket: an InvariantError with the cause inside. */
function asFailure(thrown: unknown): Error {
    const known =
        thrown instanceof OperatingError ||
        thrown instanceof CancelledError ||
        thrown instanceof InvariantError;
    if (known) {
        return thrown;
    }
    return thrown instanceof Error ? thrown : new InvariantError(String(thrown));
}
