// Open texts: what a client has typed and not saved is its own overlay.

import { LineIndex } from "../../base/index.ts";
import type {
    DidChangeTextDocumentParams,
    DidCloseTextDocumentParams,
    DidOpenTextDocumentParams,
    DidSaveTextDocumentParams,
} from "vscode-languageserver";
import type { Change } from "../../engine/index.ts";
import type { Session } from "../session.ts";
import type { Feature } from "./feature.ts";

/** Keeps open texts in step. */
export const textSync: Feature = {
    capabilities: () => ({
        // Incremental changes.
        textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
    }),
    register: (session) => {
        session.onNotification("textDocument/didOpen", (params: DidOpenTextDocumentParams) => {
            open(session, params);
        });
        session.onNotification("textDocument/didChange", (params: DidChangeTextDocumentParams) => {
            change(session, params);
        });
        session.onNotification("textDocument/didClose", (params: DidCloseTextDocumentParams) => {
            close(session, params);
        });
        session.onNotification("textDocument/didSave", (params: DidSaveTextDocumentParams) => {
            save(session, params);
        });
    },
};

function open(session: Session, { textDocument }: DidOpenTextDocumentParams): void {
    const { uri, version, text } = textDocument;
    const local = session.uris.toPath(uri);
    const path = local?.endsWith(".rs") === true ? local : undefined;
    session.documents.open({ uri, version, path, lines: new LineIndex(text) });
    if (path !== undefined) {
        session.uris.learnFile(path, uri);
        const client = session.id;
        tell(session, { kind: "overlay-put", client, path, text });
    }
}

function change(session: Session, params: DidChangeTextDocumentParams): void {
    const done = session.documents.change(
        params.textDocument,
        params.contentChanges,
        session.encoding,
    );
    if (done?.path !== undefined) {
        const { path, lines } = done;
        tell(session, { kind: "overlay-put", client: session.id, path, text: lines.text });
    }
}

function close(session: Session, { textDocument }: DidCloseTextDocumentParams): void {
    const path = session.documents.close(textDocument.uri)?.path;
    if (path !== undefined) {
        session.uris.forgetFile(path);
        tell(session, { kind: "overlay-drop", client: session.id, path });
    }
}

/** A save is seen at once, not when the watcher has settled. */
function save(session: Session, { textDocument }: DidSaveTextDocumentParams): void {
    const path = session.uris.toPath(textDocument.uri);
    if (path !== undefined) {
        tell(session, { kind: "disk", paths: [path] });
    }
}

function tell(session: Session, change: Change): void {
    session.host.engine.apply(change).catch((err: unknown) => {
        session.host.logger.error({ client: session.id, err }, "change failed");
    });
}
