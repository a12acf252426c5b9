// Reaches the daemon of a workspace, starting it on demand.

import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import {
    connectLocal,
    fallbackFolder,
    findRealPath,
    findStoreFolder,
    heapFlags,
    makeFolder,
    monotonicMs,
    readBytes,
    socketPathFor,
    startDetached,
} from "../platform/index.ts";
import { METHOD } from "../protocol/index.ts";
import type { DaemonClient } from "./client.ts";
import { writeFrame } from "./message-frames.ts";
import type { ConnectOptions, DaemonSettings } from "./options.ts";
import { DAEMON_LOG } from "./options.ts";
import { isOlderThanThis, OtherVersionError } from "./other-version.ts";
import { greetDaemon } from "./remote-client.ts";

const START_LIMIT_MS = 15_000;
const POLL_MS = 10;
const LOG_TAIL_LINES = 6;

/** Connects to the daemon of a workspace and shakes hands. */
export async function connectDaemon(options: ConnectOptions): Promise<DaemonClient> {
    return untilGreeted(options, (stream) => greetDaemon(stream, options.clientName));
}

/**
 * Reaches a daemon and greets it. One that is about to end sends newcomers away: then its successor is
 * waited for, or started. An older one is ended for a newer client, never a newer one for an older.
 */
export async function untilGreeted<T>(
    options: ConnectOptions,
    greet: (stream: Duplex) => Promise<T>,
): Promise<T> {
    const deadline = monotonicMs() + START_LIMIT_MS;
    for (;;) {
        const stream = await reachDaemon(options);
        try {
            return await greet(stream);
        } catch (cause) {
            stream.destroy();
            if (
                cause instanceof OtherVersionError &&
                options.autoStart &&
                isOlderThanThis(cause.daemon) &&
                monotonicMs() <= deadline
            ) {
                await endDaemon(options.root);
                continue;
            }
            const isGone = cause instanceof OperatingError && cause.code === "DAEMON_GONE";
            if (!isGone || monotonicMs() > deadline) {
                throw cause;
            }
            await delay(POLL_MS);
        }
    }
}

/** Ends the daemon of a workspace, whatever its version; answers whether there was one. */
export async function endDaemon(root: string): Promise<boolean> {
    const stream = await tryConnect(socketPathFor(findRealPath(root) ?? root));
    if (stream === undefined) {
        return false;
    }
    const ended = new Promise<void>((resolve) => stream.once("close", resolve));
    stream.on("error", () => undefined); // Followed by "close".
    stream.resume();
    writeFrame(stream, { jsonrpc: "2.0", id: 1, method: METHOD.stop, params: {} });
    await Promise.race([ended, delay(START_LIMIT_MS, undefined, { ref: false })]);
    stream.destroy();
    return true;
}

/** Opens a stream to the daemon of a workspace; starts one when that is wanted and none is there. */
async function reachDaemon(options: ConnectOptions): Promise<Duplex> {
    const root = findRealPath(options.root) ?? options.root;
    const path = socketPathFor(root);
    const running = await tryConnect(path);
    if (running !== undefined) {
        return running;
    }
    if (!options.autoStart) {
        throw new OperatingError("DAEMON_NOT_RUNNING", `no daemon serves ${root}`, {
            advice: "start one with `ferrograph daemon`",
        });
    }
    return startAndConnect({ ...options, root }, path);
}

async function startAndConnect(options: ConnectOptions, path: string): Promise<Duplex> {
    const { root, storeFolder, trusted, backgroundFacts = true, rustAnalyzer = true } = options;
    const { command = ownCommand() } = options;
    const [program, ...first] = command;
    const logPath = await daemonLogPath(root, storeFolder);
    const logged = (await readBytes(logPath).catch(() => new Uint8Array(0))).length;
    const args = [
        ...first,
        "daemon",
        "--workspace",
        root,
        ...(storeFolder === undefined ? [] : ["--store", storeFolder]),
        ...(trusted ? ["--trust"] : []),
        ...(backgroundFacts ? [] : ["--no-facts"]),
        ...(rustAnalyzer ? [] : ["--no-rust-analyzer"]),
        ...settingArguments(options),
    ];
    const isNode = program === undefined || program === process.execPath;
    const heap = isNode ? heapFlags() : [];
    const started = [...heap, ...args];
    const pid = await startDetached(program ?? process.execPath, started, { cwd: root, logPath });
    const deadline = monotonicMs() + START_LIMIT_MS;
    while (monotonicMs() < deadline) {
        const stream = await tryConnect(path);
        if (stream !== undefined) {
            return stream;
        }
        if (!isAlive(pid)) {
            // Another process may have started one at the same moment, and ours has given way to it.
            const other = await tryConnect(path);
            if (other !== undefined) {
                return other;
            }
            throw startFailed(
                `the daemon ended at once: ${await tailOf(logPath, logged)}`,
                logPath,
            );
        }
        await delay(POLL_MS);
    }
    const seconds = START_LIMIT_MS / 1000;
    throw startFailed(
        `the daemon did not listen within ${seconds} seconds: ${await tailOf(logPath, logged)}`,
        logPath,
    );
}

function settingArguments({ idleMs, memoryMib, logLevel }: DaemonSettings): string[] {
    return [
        ...(idleMs === undefined ? [] : ["--idle", String(Math.round(idleMs / 1000))]),
        ...(memoryMib === undefined ? [] : ["--memory", String(memoryMib)]),
        ...(logLevel === undefined ? [] : ["--log-level", logLevel]),
    ];
}

/** Where the daemon of a workspace logs; the folder is made. */
export async function daemonLogPath(
    root: string,
    storeFolder: string | undefined,
): Promise<string> {
    const folder = findStoreFolder(root, storeFolder);
    try {
        await makeFolder(folder);
        return join(folder, DAEMON_LOG);
    } catch (cause) {
        if (storeFolder !== undefined) {
            throw cause;
        }
        const fallback = fallbackFolder(root);
        await makeFolder(fallback);
        return join(fallback, DAEMON_LOG);
    }
}

async function tryConnect(path: string): Promise<Duplex | undefined> {
    try {
        return await connectLocal(path);
    } catch (cause) {
        if (cause instanceof OperatingError && cause.code === "DAEMON_NOT_RUNNING") {
            return undefined;
        }
        throw cause;
    }
}

function ownCommand(): string[] {
    return [process.execPath, fileURLToPath(new URL("../cli/main.js", import.meta.url))];
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

function startFailed(message: string, logPath: string): OperatingError {
    return new OperatingError("DAEMON_START_FAILED", message, { advice: `see ${logPath}` });
}

/** The last lines that were logged since the start. */
async function tailOf(path: string, from: number): Promise<string> {
    const bytes = await readBytes(path).catch(() => new Uint8Array(0));
    // A log that was full has moved aside, and this one is new.
    const begin = bytes.length < from ? 0 : from;
    const lines = Buffer.from(bytes.subarray(begin)).toString("utf8").trim().split("\n");
    const tail = lines.slice(-LOG_TAIL_LINES).map(messageOf).join("; ");
    return tail === "" ? "it logged nothing" : tail;
}

/** A log line is JSON; what an editor shows is its message. */
function messageOf(line: string): string {
    try {
        const entry: unknown = JSON.parse(line);
        return typeof entry === "object" && entry !== null && "msg" in entry
            ? String(entry.msg)
            : line;
    } catch {
        return line;
    }
}
