// A connection to a daemon, or to an engine in this process, as commands ask it.

import { isRefusal, type Refusal } from "../base/index.ts";
import {
    type DaemonClient,
    type RequestName,
    type RequestParams,
    type RequestResult,
} from "../server/index.ts";
import type { CommandContext } from "./command-context.ts";
import type { ExitStatus } from "./exit-status.ts";

/** A command that asks a daemon, with what it needs for that. */
export interface Session extends CommandContext {
    readonly root: string;
    readonly client: DaemonClient;
}

/** An answer: what `--json` prints, and what a person reads. */
export interface Answer {
    readonly json: unknown;
    readonly lines: readonly string[];
    readonly status?: ExitStatus;
}

/** Renders an answer that is no refusal. */
export function mapAnswer<T extends object>(
    result: T | Refusal,
    render: (result: T) => readonly string[],
): Answer | Refusal {
    return isRefusal(result) ? result : { json: result, lines: render(result) };
}

/** Asks, and shows how it goes. */
export function request<M extends RequestName>(
    session: Session,
    method: M,
    params: RequestParams<M>,
): Promise<RequestResult<M> | Refusal> {
    const { signal, terminal } = session;
    return session.client.request(method, params, { signal, onProgress: terminal.onProgress });
}
