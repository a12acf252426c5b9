// Puts a session together: every feature on one connection.

import type { Readable, Writable } from "node:stream";

import { callHierarchy } from "./features/call-hierarchy.ts";
import { codeActions } from "./features/code-actions.ts";
import { definition, references } from "./features/definition.ts";
import type { Feature } from "./features/feature.ts";
import { fileRenames } from "./features/file-renames.ts";
import { registerLifecycle } from "./features/lifecycle.ts";
import { ownRequests } from "./features/own.ts";
import { rename } from "./features/rename.ts";
import { documentSymbol, workspaceSymbol } from "./features/symbols.ts";
import { textSync } from "./features/text-sync.ts";
import { Session, type SessionHost } from "./session.ts";

const FEATURES: readonly Feature[] = [
    textSync,
    rename,
    fileRenames,
    definition,
    references,
    callHierarchy,
    workspaceSymbol,
    documentSymbol,
    codeActions,
    ownRequests,
];

/** Serves one client until its streams end. */
export function serveClient(
    id: string,
    host: SessionHost,
    streams: { input: Readable; output: Writable },
    onGone: () => void,
): Session {
    const session = new Session(id, host, streams);
    registerLifecycle(session, FEATURES);
    for (const feature of FEATURES) {
        feature.register(session);
    }
    let gone = false;
    session.connection.onClose(() => {
        if (!gone) {
            gone = true;
            void host.engine.apply({ kind: "client-leave", client: id });
            session.connection.dispose();
            onGone();
        }
    });
    session.connection.onError(([err]) => {
        host.logger.warn({ client: id, err }, "connection error");
    });
    session.connection.listen();
    return session;
}
