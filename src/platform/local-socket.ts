// The daemon's socket: a Unix domain socket that only its user can open, or a named pipe on Windows.

import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { Duplex } from "node:stream";

import { OperatingError } from "../base/index.ts";
import { environmentVariable } from "./environment.ts";
import { acquireLock, type Lock } from "./lock-file.ts";
import { errnoOf, writeError } from "./system-error.ts";

/** A socket that accepts connections. */
export interface LocalListener {
    readonly path: string;
    /** Stops accepting, ends open connections and removes the socket. */
    close(): Promise<void>;
}

/** `sun_path` holds 108 bytes, the last of which is zero. */
const SOCKET_PATH_BYTES_MAX = 107;

/** The machine and its user, as far as the place of a socket depends on them. */
export interface SocketSurroundings {
    readonly platform: string;
    /** Name and number of the user. */
    readonly username: string;
    readonly uid: number;
    /** `XDG_RUNTIME_DIR`. */
    readonly runtimeFolder: string | undefined;
    readonly temporaryFolder: string;
}

/** The socket path of a workspace's daemon: the same for every process of the user. */
export function socketPathFor(root: string): string {
    const { username, uid } = userInfo();
    return socketPathIn(root, {
        platform: process.platform,
        username,
        uid,
        runtimeFolder: environmentVariable("XDG_RUNTIME_DIR"),
        temporaryFolder: tmpdir(),
    });
}

/** The socket path, or the pipe's name, of a workspace's daemon on a machine. */
export function socketPathIn(root: string, surroundings: SocketSurroundings): string {
    const { platform, username, uid, runtimeFolder, temporaryFolder } = surroundings;
    const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
    if (platform === "win32") {
        // A pipe's name knows no folders, and a user's may have a domain before a backslash.
        return `\\\\.\\pipe\\ferrograph-${username.replace(/[^\w.-]/g, "_")}-${name}`;
    }
    const own = `ferrograph-${uid}`;
    const candidates = [
        ...(runtimeFolder !== undefined && isAbsolute(runtimeFolder)
            ? [join(runtimeFolder, "ferrograph")]
            : []),
        join(temporaryFolder, own),
    ].map((folder) => join(folder, `${name}.sock`));
    const fitting = candidates.find((path) => Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX);
    return fitting ?? join("/tmp", own, `${name}.sock`);
}

/**
 * Listens on a local socket. A socket file that no one answers is replaced; one that is answered is
 * DAEMON_ALREADY_RUNNING.
 */
export async function listenLocal(
    path: string,
    onConnection: (stream: Duplex) => void,
): Promise<LocalListener> {
    const connections = new Set<Duplex>();
    const server = createServer((stream) => {
        connections.add(stream);
        stream.once("close", () => connections.delete(stream));
        onConnection(stream);
    });
    if (process.platform === "win32") {
        await listen(server, path);
    } else {
        await listenUnix(server, path);
    }
    return {
        path,
        close: async () => {
            const closed = new Promise<void>((resolve) =>
                server.close(() => {
                    resolve();
                }),
            );
            for (const stream of connections) {
                stream.destroy();
            }
            await closed;
        },
    };
}

/** Connects to a local socket; throws DAEMON_NOT_RUNNING when no one listens. */
export async function connectLocal(path: string): Promise<Duplex> {
    return new Promise((resolve, reject) => {
        const stream = createConnection(path);
        const onError = (cause: Error): void => {
            const gone = ["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(errnoOf(cause) ?? "");
            const code = gone ? "DAEMON_NOT_RUNNING" : "DAEMON_UNREACHABLE";
            reject(
                new OperatingError(code, `cannot connect to ${path}: ${cause.message}`, { cause }),
            );
        };
        stream.once("error", onError);
        stream.once("connect", () => {
            stream.off("error", onError);
            resolve(stream);
        });
    });
}

async function listenUnix(server: Server, path: string): Promise<void> {
    makePrivateFolder(dirname(path));
    const lock = lockStart(path);
    try {
        if (await isAnswered(path)) {
            throw alreadyRunning(path);
        }
        rmSync(path, { force: true });
        await listen(server, path);
        // Before this the folder's own mode keeps others out.
        chmodSync(path, 0o600);
    } catch (cause) {
        throw cause instanceof OperatingError ? cause : writeError(cause, path);
    } finally {
        lock.release();
    }
}

/** Two daemons that start at once must not both find the socket stale. */
function lockStart(path: string): Lock {
    try {
        return acquireLock(`${path}.lock`);
    } catch (cause) {
        if (cause instanceof OperatingError && cause.code === "STORE_LOCKED") {
            throw alreadyRunning(path, cause);
        }
        throw cause;
    }
}

function alreadyRunning(path: string, cause?: unknown): OperatingError {
    return new OperatingError("DAEMON_ALREADY_RUNNING", `a daemon already listens on ${path}`, {
        cause,
        advice: "connect to it, or end it with `ferrograph stop`",
    });
}

async function isAnswered(path: string): Promise<boolean> {
    try {
        (await connectLocal(path)).destroy();
        return true;
    } catch (cause) {
        return cause instanceof OperatingError && cause.code === "DAEMON_UNREACHABLE";
    }
}

async function listen(server: Server, path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
        const onError = (cause: Error): void => {
            const inUse = errnoOf(cause) === "EADDRINUSE";
            reject(inUse ? alreadyRunning(path, cause) : writeError(cause, path));
        };
        server.once("error", onError);
        server.listen(path, () => {
            server.off("error", onError);
            resolve();
        });
    });
}

/** A folder in a shared place that another user owns could be swapped under us. */
function makePrivateFolder(folder: string): void {
    try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
        throw writeError(cause, folder);
    }
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== userInfo().uid) {
        throw new OperatingError("SOCKET_FOLDER_UNSAFE", `${folder} belongs to someone else`, {
            advice: "set XDG_RUNTIME_DIR to a folder of your own",
        });
    }
    if ((found.mode & 0o077) !== 0) {
        chmodSync(folder, 0o700);
    }
}
