// The program's own log. Never stdout: that carries the protocol.

import { pino, type DestinationStream } from "pino";

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

/** Opens a logger; lines are written before the call returns, so that none is lost in a crash. */
export function createLogger(options: LoggerOptions): Logger {
    const target: DestinationStream =
        options.destination === "stderr"
            ? pino.destination({ dest: 2, sync: true })
            : pino.destination({ dest: options.destination, mkdir: true, sync: true });
    const log = pino({ level: options.level, base: { pid: process.pid } }, target);
    const method =
        (level: Exclude<LogLevel, "silent">): LogMethod =>
        (fieldsOrMessage, message) => {
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
