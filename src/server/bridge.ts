// What an editor starts: joins its stdio to the daemon of the workspace that it opens. The daemon is
// started on demand and outlives the editor. stdout carries the protocol only.

import type { Writable } from "node:stream";

import { OperatingError } from "../base/index.ts";
import { findWorkspaceRoot } from "../capture/index.ts";
import type { ErrorData } from "../protocol/index.ts";
import { foldersOf } from "./features/lifecycle.ts";
import {
    isNoMessage,
    MessageFrames,
    readMessage,
    writeFrame,
    type Frame,
    type JsonMessage,
} from "./message-frames.ts";
import type { BridgeOptions } from "./options.ts";
import { BRIDGE_EXIT, Relay } from "./relay.ts";
import { pathOfUri } from "./uris.ts";
import { serveEditorHere } from "./with-engine.ts";

/** Joins an editor to the daemon of its workspace; answers with the exit status. */
export async function runBridge(options: BridgeOptions): Promise<number> {
    const frames = new MessageFrames(options.input);
    let first: JsonMessage | undefined;
    try {
        const frame = await firstMessage(frames, options.output);
        if (frame === undefined) {
            return BRIDGE_EXIT.done; // The editor went before it said anything.
        }
        first = readMessage(frame.body);
        const root = options.root ?? (await rootOf(first));
        return options.inProcess === true
            ? await serveEditorHere(options, root, frames.rest(frame.bytes))
            : await new Relay(options, root, frames).run(frame);
    } catch (cause) {
        answerFailure(options, first, cause);
        return BRIDGE_EXIT.worldFailed;
    }
}

/** The first message; what comes before it and is none is answered. */
async function firstMessage(frames: MessageFrames, output: Writable): Promise<Frame | undefined> {
    for (;;) {
        const frame = await frames.next();
        const message = frame === undefined ? undefined : readMessage(frame.body);
        if (message === undefined || !isNoMessage(message)) {
            return frame;
        }
        writeFrame(output, message);
    }
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
function answerFailure(
    options: BridgeOptions,
    message: JsonMessage | undefined,
    cause: unknown,
): void {
    const known = cause instanceof OperatingError;
    const advice = known ? cause.advice : "";
    const text = cause instanceof Error ? cause.message : String(cause);
    const data: ErrorData = {
        code: known ? cause.code : "",
        advice,
        at: [],
        candidates: [],
    };
    if (message?.id !== undefined) {
        const shown = `Ferrograph: ${text}${advice === "" ? "" : ` (${advice})`}`;
        const error = { code: -32803, message: shown, data };
        writeFrame(options.output, { jsonrpc: "2.0", id: message.id, error });
    }
    const line = `ferrograph: ${text}${advice === "" ? "" : `; ${advice}`}\n`;
    process.stderr.write(line);
}
