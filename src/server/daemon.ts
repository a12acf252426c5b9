// The daemon of a workspace: one engine, one socket, any number of clients, each with its own overlay.

import type { Duplex } from "node:stream";

import { OperatingError } from "../base/index.ts";
import { openEngine, type Engine } from "../engine/index.ts";
import {
    createLogger,
    findRealPath,
    listenLocal,
    packageVersion,
    socketPathFor,
    type LocalListener,
    type Logger,
} from "../platform/index.ts";
import { METHOD } from "../protocol/index.ts";
import { daemonLogPath } from "./connect.ts";
import { IDLE_MS_DEFAULT, type DaemonOptions } from "./options.ts";
import { serveClient } from "./serve-client.ts";
import { bothWays, type Session } from "./session.ts";

/** Answers on their way out are given this long when the daemon stops. */
const FAREWELL_MS = 50;
const MIB = 2 ** 20;

/** Runs the daemon of a workspace until it is stopped or has been idle for long enough. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
    const root = findRealPath(options.root);
    if (root === undefined) {
        throw new OperatingError("WORKSPACE_NOT_FOUND", `there is no folder ${options.root}`);
    }
    const destination = await daemonLogPath(root, options.storeFolder);
    const { logLevel: level = "info" } = options;
    const logger = createLogger({ level, destination });
    const daemon = new Daemon(options, logger);
    try {
        await daemon.start(root);
    } catch (err) {
        const advice = err instanceof OperatingError ? err.advice : "";
        logger.error({ err, advice }, err instanceof Error ? err.message : String(err));
        throw err;
    }
    await daemon.stopped;
}

class Daemon {
    readonly stopped: Promise<void>;
    readonly #options: DaemonOptions;
    readonly #logger: Logger;
    readonly #sessions = new Map<string, Session>();
    #resolveStopped: () => void = () => undefined;
    #engine: Engine | undefined;
    #listener: LocalListener | undefined;
    #idleTimer: NodeJS.Timeout | undefined;
    #isStopping = false;
    #count = 0;

    constructor(options: DaemonOptions, logger: Logger) {
        this.#options = options;
        this.#logger = logger;
        this.stopped = new Promise((resolve) => {
            this.#resolveStopped = resolve;
        });
    }

    /** Binds the socket first: it is what keeps a second daemon out. */
    async start(root: string): Promise<void> {
        const path = socketPathFor(root);
        const early: Duplex[] = [];
        let accept = (stream: Duplex): void => {
            early.push(stream);
        };
        this.#listener = await listenLocal(path, (stream) => {
            accept(stream);
        });
        const { storeFolder, trusted, watch = true, memoryMib } = this.#options;
        const { backgroundFacts = true, rustAnalyzer = true, onAnswered } = this.#options;
        const logger = this.#logger;
        const engine = openEngine({
            root,
            storeFolder,
            trusted,
            watch,
            backgroundFacts,
            rustAnalyzer,
            logger,
            ...(memoryMib === undefined ? {} : { memoryLimitBytes: memoryMib * MIB }),
            ...(onAnswered === undefined ? {} : { onAnswered }),
        });
        this.#engine = engine;
        accept = (stream) => {
            this.#serve(engine, stream);
        };
        early.forEach(accept);
        logger.info({ root, path, version: packageVersion() }, "daemon listens");
        // A workspace that cannot be opened is told to whoever asks, and no longer than needed.
        engine.ready.catch((err: unknown) => {
            logger.error({ err }, "the workspace cannot be opened");
        });
        for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
            process.on(signal, () => {
                logger.info({ signal }, "signal received");
                this.#stop(signal);
            });
        }
        process.on("unhandledRejection", (err) => {
            logger.error({ err }, "unhandled rejection");
        });
        this.#startIdleTimer();
    }

    #serve(engine: Engine, stream: Duplex): void {
        const id = `client-${(this.#count += 1)}`;
        clearTimeout(this.#idleTimer);
        stream.on("error", (err) => {
            this.#logger.debug({ client: id, err }, "stream error");
        });
        const host = {
            engine,
            logger: this.#logger,
            stop: () => {
                this.#stop("asked to");
            },
            isStopping: () => this.#isStopping,
        };
        const session = serveClient(id, host, bothWays(stream), () => {
            this.#sessions.delete(id);
            this.#logger.info({ client: id, name: session.name }, "client left");
            this.#startIdleTimer();
        });
        this.#sessions.set(id, session);
        this.#logger.info({ client: id }, "client connected");
    }

    #startIdleTimer(): void {
        clearTimeout(this.#idleTimer);
        const idleMs = this.#options.idleMs ?? IDLE_MS_DEFAULT;
        if (idleMs > 0 && this.#sessions.size === 0) {
            this.#idleTimer = setTimeout(() => {
                this.#logger.info({ idleMs }, "idle");
                this.#stop("idle");
            }, idleMs);
        }
    }

    #stop(reason: string): void {
        if (!this.#isStopping) {
            this.#isStopping = true;
            // Whoever hears nothing before the end of the connection knows of a crash.
            for (const session of this.#sessions.values()) {
                session.notify(METHOD.stopping, { reason });
            }
            clearTimeout(this.#idleTimer);
            setTimeout(() => void this.#close(), FAREWELL_MS);
        }
    }

    async #close(): Promise<void> {
        try {
            // The store closes before the socket goes: who finds no socket may open the store.
            await this.#engine?.close();
        } catch (err) {
            this.#logger.error({ err }, "closing failed");
        }
        await this.#listener?.close();
        this.#logger.info("daemon stopped");
        this.#resolveStopped();
    }
}
