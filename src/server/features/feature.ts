// A feature: what it offers in `initialize`, and the handlers behind it.

import type { ServerCapabilities } from "vscode-languageserver";
import type { Session } from "../session.ts";

/** One concern of the protocol. */
export interface Feature {
    /** What the server can do, given what the client can (already known to the session). */
    readonly capabilities: (session: Session) => Partial<ServerCapabilities>;
    /** Registers handlers. */
    readonly register: (session: Session) => void;
}
