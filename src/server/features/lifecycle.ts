// initialize, initialized, shutdown, exit; before them our handshake; beside them stop.

import type { InitializeParams, InitializeResult } from "vscode-languageserver";

import { OperatingError } from "../../base/index.ts";
import {
    METHOD,
    PROTOCOL_VERSION,
    type HandshakeParams,
    type HandshakeResult,
} from "../../protocol/index.ts";
import { packageVersion } from "../../platform/index.ts";
import { showBackground } from "../background-progress.ts";
import { OtherVersionError } from "../other-version.ts";
import { chooseEncoding } from "../positions.ts";
import { reportTo } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Feature } from "./feature.ts";

/** Registers the requests that begin and end a session. */
export function registerLifecycle(session: Session, features: readonly Feature[]): void {
    session.onFirst<HandshakeParams>(METHOD.handshake, (params) => greet(session, params));
    session.onGreeted<InitializeParams>("initialize", (params) =>
        initialize(session, params, features),
    );
    session.onNotification("initialized", () => {
        reportOpening(session);
        showBackground(session);
    });
    session.onGreeted("shutdown", () => {
        session.state = "shut-down";
        return null;
    });
    session.onNotification("exit", () => {
        session.connection.end();
    });
    // Without a handshake too: a daemon of another version must be possible to end.
    session.onFirst(METHOD.stop, () => {
        session.host.logger.info({ client: session.id }, "stop requested");
        session.host.stop();
        return {};
    });
}

/** Describes this server to a client that speaks the same protocol; refuses any other. */
export function greet(session: Session, params: HandshakeParams): HandshakeResult {
    const { protocolVersion, clientVersion, clientName } = params;
    if (session.host.isStopping()) {
        throw new OperatingError("DAEMON_GONE", "the daemon is stopping");
    }
    const serverVersion = packageVersion();
    if (protocolVersion !== PROTOCOL_VERSION || clientVersion !== serverVersion) {
        throw new OtherVersionError(
            `client is version ${clientVersion} (protocol ${protocolVersion}), ` +
                `the running daemon is version ${serverVersion} (protocol ${PROTOCOL_VERSION})`,
            "use the newer of the two everywhere, or end the daemon with `ferrograph stop`",
            { serverVersion, protocolVersion: PROTOCOL_VERSION },
        );
    }
    session.name = clientName;
    session.state = session.state === "connected" ? "greeted" : session.state;
    const client = session.id;
    void session.host.engine.apply({ kind: "client-join", client, name: clientName });
    return {
        protocolVersion: PROTOCOL_VERSION,
        serverVersion,
        pid: process.pid,
        root: session.host.engine.root,
    };
}

function initialize(
    session: Session,
    params: InitializeParams,
    features: readonly Feature[],
): InitializeResult {
    if (session.state === "initialized") {
        throw new OperatingError("PROTOCOL_INVALID_PARAMS", "initialize comes once");
    }
    session.initializeParams = params;
    session.capabilities = params.capabilities;
    session.encoding = chooseEncoding(params.capabilities.general?.positionEncodings);
    session.uris.learnRoot(foldersOf(params));
    const name = params.clientInfo?.name;
    if (name !== undefined) {
        session.name = name;
        void session.host.engine.apply({ kind: "client-join", client: session.id, name });
    }
    session.state = "initialized";
    const capabilities = Object.assign(
        { positionEncoding: session.encoding },
        ...features.map((feature) => feature.capabilities(session)),
    ) as InitializeResult["capabilities"];
    return { capabilities, serverInfo: { name: "ferrograph", version: packageVersion() } };
}

/** Folders that the client has opened, old ways of saying it included. */
export function foldersOf(params: {
    readonly workspaceFolders?: readonly { readonly uri: string }[] | null;
    readonly rootUri?: string | null;
}): string[] {
    const folders = (params.workspaceFolders ?? []).map((folder) => folder.uri);
    return typeof params.rootUri === "string" ? [...folders, params.rootUri] : folders;
}

/** Shows that the workspace is being opened, if the client can show it. */
function reportOpening(session: Session): void {
    if (session.capabilities.window?.workDoneProgress !== true) {
        return;
    }
    const { engine, logger } = session.host;
    const token = `ferrograph-open-${session.id}`;
    const show = async (): Promise<void> => {
        if (engine.isReady()) {
            return;
        }
        await session.connection.sendRequest("window/workDoneProgress/create", { token });
        const progress = reportTo(session, token);
        const stopListening = engine.onOpening(progress.sink ?? (() => undefined));
        await engine.ready.catch(() => undefined);
        stopListening();
        progress.end();
    };
    show().catch((err: unknown) => {
        logger.debug({ client: session.id, err }, "the client shows no progress");
    });
}
