// `$/progress`: long work tells the client how far it has come, where the client asked for it.

import type { ProgressSink } from "../base/index.ts";
import { monotonicMs } from "../platform/index.ts";

/** Whoever can be told something. */
export interface Notified {
    notify(method: string, params: object): void;
}

/** Progress of one request. */
export interface ProgressReporter {
    readonly sink: ProgressSink | undefined;
    /** Says that the work is over. */
    end(): void;
}

/** A progress value: LSP's, with the numbers behind the percentage for our own clients. */
export interface ProgressValue {
    readonly kind: "begin" | "report" | "end";
    readonly title?: string;
    readonly cancellable?: boolean;
    readonly message?: string;
    readonly percentage?: number;
    readonly stage?: string;
    readonly done?: number;
    readonly total?: number;
}

/** Reports more often than this help no one. */
const REPORT_INTERVAL_MS = 50;

/** Reports to the token that a request carries; silently nothing when it carries none. */
export function progressReporter(client: Notified, params: unknown): ProgressReporter {
    const token = tokenOf(params);
    return token === undefined
        ? { sink: undefined, end: () => undefined }
        : reportTo(client, token);
}

/** Reports to a token. The first report begins; nothing is sent for work without one. */
export function reportTo(
    client: Notified,
    token: string | number,
    begin: Pick<ProgressValue, "title" | "cancellable"> = {},
): ProgressReporter {
    let begun = false;
    let lastStage = "";
    let lastMs = 0;
    const send = (value: ProgressValue): void => {
        client.notify("$/progress", { token, value });
    };
    return {
        sink: (stage, done, total) => {
            const now = monotonicMs();
            if (begun && stage === lastStage && done < total && now - lastMs < REPORT_INTERVAL_MS) {
                return;
            }
            lastStage = stage;
            lastMs = now;
            const percentage = total > 0 ? Math.floor((100 * done) / total) : 0;
            const counts = { percentage, stage, done, total };
            if (begun) {
                const message = total > 0 ? `${stage} ${done}/${total}` : stage;
                send({ kind: "report", message, ...counts });
            } else {
                begun = true;
                send({ kind: "begin", title: "Ferrograph", ...begin, message: stage, ...counts });
            }
        },
        end: () => {
            if (begun) {
                send({ kind: "end" });
            }
        },
    };
}

function tokenOf(params: unknown): string | number | undefined {
    if (typeof params !== "object" || params === null || !("workDoneToken" in params)) {
        return undefined;
    }
    const token = params.workDoneToken;
    return typeof token === "string" || typeof token === "number" ? token : undefined;
}
