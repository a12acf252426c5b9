// The tools' way to the daemon: connected at the first question, and again when the daemon was replaced.

import { OperatingError, type Refusal } from "../base/index.ts";
import { METHOD } from "../protocol/index.ts";
import type {
    DaemonClient,
    RequestName,
    RequestOptions,
    RequestParams,
    RequestResult,
} from "../server/index.ts";

/** Requests that may have been carried out when the answer is lost. */
const CHANGING: readonly string[] = [METHOD.applyPlan, METHOD.validateRename];

/** A daemon that is there when it is asked. */
export class DaemonLink {
    readonly #connect: () => Promise<DaemonClient>;
    #client: Promise<DaemonClient> | undefined;

    constructor(connect: () => Promise<DaemonClient>) {
        this.#connect = connect;
    }

    /** Asks; a daemon that went away before it answered is asked again once, unless the request may write. */
    async request<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
        options: RequestOptions,
    ): Promise<RequestResult<M> | Refusal> {
        const client = await this.#connected();
        try {
            return await client.request(method, params, options);
        } catch (thrown) {
            const isGone = thrown instanceof OperatingError && thrown.code === "DAEMON_GONE";
            if (!isGone) {
                throw thrown;
            }
            this.#client = undefined;
            if (CHANGING.includes(method)) {
                throw thrown;
            }
            return (await this.#connected()).request(method, params, options);
        }
    }

    async close(): Promise<void> {
        await this.#client?.then(
            (client) => client.close(),
            () => undefined, // It never came about.
        );
    }

    async #connected(): Promise<DaemonClient> {
        this.#client ??= this.#connect();
        try {
            return await this.#client;
        } catch (thrown) {
            this.#client = undefined;
            throw thrown;
        }
    }
}
