// The program's own log. Never stdout: that carries the protocol.

import { createRequire } from "node:module";

import type * as Pino from "pino";

/** Least severe level that is written. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** One log method: a message, or fields with a message. */
export type LogMethod = (fieldsOrMessage: object | string, message?: string) => void;

/** Writes structured log lines. */
export interface Logger {
    readonly debug: LogMethod;
    readonly info: LogMethod;
    readonly warn: LogMethod;
    readonly error: LogMethod;
}

/** Where log lines go and which. */
export interface LoggerOptions {
    readonly level: LogLevel;
    /** `stderr`, or the path of a file that is appended to. */
    readonly destination: string;
}

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** Loaded with the first line: a command that goes well writes none. */
function openPino({ level, destination }: LoggerOptions): Pino.Logger {
    const { pino } = createRequire(import.meta.url)("pino") as typeof Pino;
    const target =
        destination === "stderr"
            ? pino.destination({ dest: 2, sync: true })
            : pino.destination({ dest: destination, mkdir: true, sync: true });
    return pino({ level, base: { pid: process.pid } }, target);
}

/** Opens a logger; lines are written before the call returns, so that none is lost in a crash. */
export function createLogger(options: LoggerOptions): Logger {
    let log: Pino.Logger | undefined;
    const method =
        (level: Exclude<LogLevel, "silent">): LogMethod =>
        (fieldsOrMessage, message) => {
            if (LEVELS.indexOf(level) < LEVELS.indexOf(options.level)) {
                return;
            }
            log ??= openPino(options);
            if (typeof fieldsOrMessage === "string") {
                log[level](fieldsOrMessage);
            } else {
                log[level](fieldsOrMessage, message);
            }
        };
    return {
        debug: method("debug"),
        info: method("info"),
        warn: method("warn"),
        error: method("error"),
    };
}
