// What an editor starts: joins its stdio to the daemon of the workspace that it opens. The daemon is
// started on demand and outlives the editor. stdout carries the protocol only.

import type { Duplex, Readable } from "node:stream";

import { OperatingError } from "../base/index.ts";
import { findWorkspaceRoot } from "../capture/index.ts";
import { openEngine } from "../engine/index.ts";
import { createLogger, packageVersion } from "../platform/index.ts";
import { METHOD, PROTOCOL_VERSION, type ErrorData } from "../protocol/index.ts";
import { untilGreeted } from "./connect.ts";
import { foldersOf } from "./features/lifecycle.ts";
import { MessageFrames, writeFrame, type JsonMessage } from "./message-frames.ts";
import type { BridgeOptions } from "./options.ts";
import { serveClient } from "./serve-client.ts";
import { pathOfUri } from "./uris.ts";

const EXIT_DONE = 0;
const EXIT_WORLD_FAILED = 3;

/** Joins an editor to the daemon of its workspace; answers with the exit status. */
export async function runBridge(options: BridgeOptions): Promise<number> {
    const frames = new MessageFrames(options.input);
    const first = await frames.next();
    if (first === undefined) {
        return EXIT_DONE; // The editor went before it said anything.
    }
    try {
        const root = options.root ?? (await rootOf(first.message));
        return options.inProcess === true
            ? await serveHere(options, root, frames.rest(first.bytes))
            : await passOn(options, root, frames.rest(first.bytes));
    } catch (cause) {
        answerFailure(options, first.message, cause);
        return EXIT_WORLD_FAILED;
    }
}

async function passOn(options: BridgeOptions, root: string, input: Readable): Promise<number> {
    const clientName = "editor";
    const wanted = { ...options, root, clientName, autoStart: true };
    const { daemon, frames } = await untilGreeted(wanted, async (stream) => {
        const answers = new MessageFrames(stream);
        await shakeHands(stream, answers, clientName);
        return { daemon: stream, frames: answers };
    });
    return joinStreams(options, input, daemon, frames.rest());
}

async function shakeHands(
    daemon: Duplex,
    frames: MessageFrames,
    clientName: string,
): Promise<void> {
    writeFrame(daemon, handshake(clientName));
    const answer = await frames.next();
    if (answer === undefined) {
        throw new OperatingError("DAEMON_GONE", "the daemon closed the connection at once");
    }
    const { error } = answer.message;
    if (error !== undefined) {
        const { code = "DAEMON_GONE", advice = "" } = error.data ?? {};
        throw new OperatingError(code, error.message, { advice });
    }
}

/** Passes bytes both ways until either side ends. */
function joinStreams(
    options: BridgeOptions,
    input: Readable,
    daemon: Duplex,
    answers: Readable,
): Promise<number> {
    return new Promise((resolve) => {
        daemon.on("error", () => undefined); // Followed by "close".
        daemon.once("close", () => {
            resolve(EXIT_DONE);
        });
        options.output.on("error", () => {
            daemon.destroy(); // The editor is gone.
        });
        input.pipe(daemon);
        answers.pipe(options.output, { end: false });
    });
}

/** Serves the editor from an engine of its own. */
async function serveHere(options: BridgeOptions, root: string, input: Readable): Promise<number> {
    const { storeFolder, trusted, backgroundFacts = true, rustAnalyzer = true, output } = options;
    const logger = createLogger({ level: "warn", destination: "stderr" });
    const engine = openEngine({
        root,
        storeFolder,
        trusted,
        watch: true,
        backgroundFacts,
        rustAnalyzer,
        logger,
    });
    await new Promise<void>((resolve) => {
        const host = { engine, logger, stop: resolve, isStopping: () => false };
        const session = serveClient("editor", host, { input, output }, resolve);
        session.state = "greeted"; // There is no other version to meet in one process.
    });
    await engine.close();
    return EXIT_DONE;
}

function handshake(clientName: string): JsonMessage {
    return {
        jsonrpc: "2.0",
        id: "ferrograph-handshake",
        method: METHOD.handshake,
        params: {
            protocolVersion: PROTOCOL_VERSION,
            clientVersion: packageVersion(),
            clientName,
        },
    };
}

/** Root of the Cargo workspace around the first folder that the editor has opened. */
async function rootOf(message: JsonMessage): Promise<string> {
    const params: Parameters<typeof foldersOf>[0] =
        message.method === "initialize" ? (message.params ?? {}) : {};
    const folders = foldersOf(params).flatMap((uri) => pathOfUri(uri) ?? []);
    for (const folder of folders) {
        const root = await findWorkspaceRoot(folder).catch(() => undefined);
        if (root !== undefined) {
            return root;
        }
    }
    // No folder, or none with a manifest: the error then names the place that was looked at.
    return findWorkspaceRoot(folders[0] ?? process.cwd());
}

/** The editor shows an error answer to its first request; a bare exit it does not. */
function answerFailure(options: BridgeOptions, message: JsonMessage, cause: unknown): void {
    const known = cause instanceof OperatingError;
    const advice = known ? cause.advice : "";
    const text = cause instanceof Error ? cause.message : String(cause);
    const data: ErrorData = {
        code: known ? cause.code : "",
        advice,
        at: [],
        candidates: [],
    };
    if (message.id !== undefined) {
        const shown = `Ferrograph: ${text}${advice === "" ? "" : ` (${advice})`}`;
        const error = { code: -32803, message: shown, data };
        writeFrame(options.output, { jsonrpc: "2.0", id: message.id, error });
    }
    const line = `ferrograph: ${text}${advice === "" ? "" : `; ${advice}`}\n`;
    process.stderr.write(line);
}
