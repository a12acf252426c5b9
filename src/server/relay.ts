// Passes an editor's messages to the daemon and back. A daemon that crashes is started again and hears once
// more what the editor had told it: the editor notices a delay. One that ends orderly ends the editor's server.

import type { Duplex, Writable } from "node:stream";
import { once } from "node:events";

import { OperatingError } from "../base/index.ts";
import { monotonicMs, packageVersion } from "../platform/index.ts";
import { METHOD, PROTOCOL_VERSION } from "../protocol/index.ts";
import { untilGreeted } from "./connect.ts";
import { EditorState } from "./editor-state.ts";
import {
    isNoMessage,
    MessageFrames,
    readMessage,
    writeFrame,
    type Frame,
    type JsonMessage,
} from "./message-frames.ts";
import type { BridgeOptions } from "./options.ts";
import { OtherVersionError } from "./other-version.ts";

/** Exit statuses of a bridge, as the command line has them. */
export const BRIDGE_EXIT = { done: 0, worldFailed: 3 } as const;
const CLIENT_NAME = "editor";
/** A daemon that ends so often within a minute is not started again. */
const CRASHES_MAX = 4;
const CRASHES_WITHIN_MS = 60_000;
/** After so long without a message the editor waits for nothing. */
const QUIET_MS = 250;

/** How a connection to a daemon ended. */
type End = "crashed" | "farewell" | "left";

/** One editor joined to one daemon after another. */
export class Relay {
    readonly #options: BridgeOptions;
    readonly #root: string;
    readonly #input: MessageFrames;
    readonly #state = new EditorState();
    readonly #crashes: number[] = [];
    #daemon: Duplex | undefined;
    #quiet: NodeJS.Timeout | undefined;
    #wasQuiet = false;
    #hasLeft = false;

    constructor(options: BridgeOptions, root: string, input: MessageFrames) {
        this.#options = options;
        this.#root = root;
        this.#input = input;
    }

    /** Relays until either side ends for good, beginning with the editor's first message. */
    async run(first: Frame): Promise<number> {
        const { output } = this.#options;
        let answers = await this.#connect();
        output.on("error", () => {
            this.#leave(); // The editor is gone.
        });
        await this.#takeFromEditor(first);
        let failure: Error | undefined;
        this.#readEditor()
            .catch((cause: unknown) => {
                failure = cause instanceof Error ? cause : new Error(String(cause));
            })
            .finally(() => {
                this.#leave();
            });
        for (;;) {
            const end = await this.#readDaemon(answers);
            if (failure !== undefined) {
                throw failure;
            }
            if (end !== "crashed") {
                return BRIDGE_EXIT.done;
            }
            try {
                answers = await this.#connectAgain();
            } catch (cause) {
                return this.#giveUp(cause);
            }
        }
    }

    async #connect(): Promise<MessageFrames> {
        const wanted = {
            ...this.#options,
            root: this.#root,
            clientName: CLIENT_NAME,
            autoStart: true,
        };
        const { stream, frames } = await untilGreeted(wanted, async (stream) => {
            const frames = new MessageFrames(stream);
            await shakeHands(stream, frames);
            return { stream, frames };
        });
        stream.on("error", () => undefined); // Followed by "close".
        this.#daemon = stream;
        return frames;
    }

    /** Connects to a daemon in the place of one that has crashed, and tells it what that one knew. */
    async #connectAgain(): Promise<MessageFrames> {
        for (const message of this.#state.noteCrash()) {
            writeFrame(this.#options.output, message);
        }
        const now = monotonicMs();
        this.#crashes.push(now);
        const recent = this.#crashes.filter((at) => now - at < CRASHES_WITHIN_MS);
        if (recent.length > CRASHES_MAX) {
            const message = `the daemon has crashed ${recent.length} times within a minute`;
            throw new OperatingError("DAEMON_GONE", message, { advice: "see its log" });
        }
        const frames = await this.#connect();
        if (this.#daemon !== undefined) {
            // At once: what the editor sends from now on comes after it.
            for (const message of this.#state.replay()) {
                writeFrame(this.#daemon, message);
            }
        }
        return frames;
    }

    async #readEditor(): Promise<void> {
        for (;;) {
            const frame = await this.#input.next();
            if (frame === undefined) {
                return;
            }
            await this.#takeFromEditor(frame);
        }
    }

    async #takeFromEditor(frame: Frame): Promise<void> {
        const message = readMessage(frame.body);
        if (isNoMessage(message)) {
            await written(this.#options.output, frame, message);
            return;
        }
        if (this.#note(message) && this.#daemon !== undefined) {
            await written(this.#daemon, frame);
        }
    }

    /** A message that is not what its method says is the daemon's to answer. */
    #note(message: JsonMessage): boolean {
        try {
            return this.#state.noteFromEditor(message);
        } catch {
            return true;
        }
    }

    async #readDaemon(frames: MessageFrames): Promise<End> {
        const { output } = this.#options;
        let farewell = false;
        for (;;) {
            const frame = await frames.next().catch(() => undefined);
            if (frame === undefined) {
                this.#daemon = undefined;
                const isOver = this.#hasLeft || this.#state.isLeaving;
                return isOver ? "left" : farewell ? "farewell" : "crashed";
            }
            const passing = this.#state.noteFromDaemon(frame);
            farewell ||= passing === "farewell";
            if (passing === "pass") {
                await written(output, frame);
                this.#awaitQuiet();
            }
        }
    }

    #awaitQuiet(): void {
        const { onQuiet } = this.#options;
        if (onQuiet !== undefined && !this.#wasQuiet) {
            clearTimeout(this.#quiet);
            this.#quiet = setTimeout(() => {
                this.#wasQuiet = true;
                onQuiet();
            }, QUIET_MS);
            this.#quiet.unref();
        }
    }

    #leave(): void {
        this.#hasLeft = true;
        this.#daemon?.end();
    }

    #giveUp(cause: unknown): number {
        const known = cause instanceof OperatingError;
        const advice = known && cause.advice !== "" ? `; ${cause.advice}` : "";
        const text = `${cause instanceof Error ? cause.message : String(cause)}${advice}`;
        const code = known ? cause.code : "DAEMON_GONE";
        const data = { code, advice, at: [], candidates: [] };
        const error = { code: -32803, message: `Ferrograph: ${text}`, data };
        const shown = { type: 1, message: error.message };
        const { output } = this.#options;
        this.#state.giveUp(error).forEach((answer) => writeFrame(output, answer));
        writeFrame(output, { jsonrpc: "2.0", method: "window/showMessage", params: shown });
        process.stderr.write(`ferrograph: ${text}\n`);
        return BRIDGE_EXIT.worldFailed;
    }
}

/** Writes, and waits where the other side reads slower than it is written to. */
async function written(stream: Writable, frame: Frame, message?: JsonMessage): Promise<void> {
    const goesOn = message === undefined ? stream.write(frame.bytes) : writeFrame(stream, message);
    if (!goesOn && !stream.destroyed) {
        const gone = new AbortController();
        stream.once("close", () => {
            gone.abort();
        });
        await once(stream, "drain", { signal: gone.signal }).catch(() => undefined);
    }
}

async function shakeHands(daemon: Duplex, frames: MessageFrames): Promise<void> {
    writeFrame(daemon, {
        jsonrpc: "2.0",
        id: "ferrograph-handshake",
        method: METHOD.handshake,
        params: {
            protocolVersion: PROTOCOL_VERSION,
            clientVersion: packageVersion(),
            clientName: CLIENT_NAME,
        },
    });
    const answer = await frames.next();
    if (answer === undefined) {
        throw new OperatingError("DAEMON_GONE", "the daemon closed the connection at once");
    }
    const { error } = readMessage(answer.body);
    if (error !== undefined) {
        const { code = "DAEMON_GONE", advice = "", versions } = error.data ?? {};
        throw code === "PROTOCOL_VERSION_MISMATCH"
            ? new OtherVersionError(error.message, advice, versions)
            : new OperatingError(code, error.message, { advice });
    }
}
