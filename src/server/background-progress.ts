// Work that nobody asked for, shown to an editor that can show it: what rustc and rust-analyzer are asked in the
// background. The editor may end it.

import type { ProgressReporter } from "./progress.ts";
import { reportTo } from "./progress.ts";
import type { Session } from "./session.ts";

const BEGIN = { title: "Ferrograph: asking about names", cancellable: true };

/** Shows work in the background for as long as the session lasts. */
export function showBackground(session: Session): void {
    if (session.capabilities.window?.workDoneProgress !== true) {
        return;
    }
    const { engine, logger } = session.host;
    let shown: { readonly token: string; readonly reporter: Promise<ProgressReporter> } | undefined;
    let count = 0;
    const begin = async (token: string): Promise<ProgressReporter> => {
        await session.connection.sendRequest("window/workDoneProgress/create", { token });
        return reportTo(session, token, BEGIN);
    };
    const stop = engine.onBackground((progress) => {
        if (progress === undefined) {
            const ended = shown;
            shown = undefined;
            void ended?.reporter.then(
                (reporter) => {
                    reporter.end();
                },
                () => undefined, // It never began.
            );
            return;
        }
        if (shown === undefined) {
            count += 1;
            const token = `ferrograph-facts-${session.id}-${count}`;
            shown = { token, reporter: begin(token) };
        }
        shown.reporter
            .then((reporter) => reporter.sink?.(progress.stage, progress.done, progress.total))
            .catch((err: unknown) => {
                logger.debug({ client: session.id, err }, "the client shows no progress");
            });
    });
    session.onNotification<{ readonly token: unknown }>(
        "window/workDoneProgress/cancel",
        ({ token }) => {
            if (token === shown?.token) {
                engine.cancelBackground();
            }
        },
    );
    session.connection.onClose(stop);
}
