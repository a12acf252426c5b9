// The typed client of our own requests: the same interface over a socket and inside one process.
// Refusals are values, world failures are thrown as OperatingError, as everywhere else.

import type { ProgressSink, Refusal } from "../base/index.ts";
import type { HandshakeResult, RequestMap } from "../protocol/index.ts";

/** Name of one of our own requests. */
export type RequestName = keyof RequestMap;

/** Parameters of a request. */
export type RequestParams<M extends RequestName> = RequestMap[M][0];

/** Result of a request. */
export type RequestResult<M extends RequestName> = RequestMap[M][1];

/** How a request is to be made. */
export interface RequestOptions {
    /** Aborting cancels the request; it then rejects with CancelledError. */
    readonly signal?: AbortSignal;
    readonly onProgress?: ProgressSink;
}

/** Somebody who answers our requests: a daemon at the other end of a socket, or an engine in this process. */
export interface DaemonClient {
    /** What the answering side said of itself. */
    readonly server: HandshakeResult;
    /** Asks; answers with the result, or with the reason why not. */
    request<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
        options?: RequestOptions,
    ): Promise<RequestResult<M> | Refusal>;
    /** Lets go of the connection, or closes the engine in this process. */
    close(): Promise<void>;
}
