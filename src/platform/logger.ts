// The program's own log. Never stdout: that carries the protocol. Above the level `debug` it holds no
// source text: of an error it has the code, the kind and the stack, and the message of our own errors only.

import { createRequire } from "node:module";

import type * as Pino from "pino";

import { OperatingError } from "../base/index.ts";
import { LOG_KEEPING, RotatingFile, type LogKeeping } from "./rotating-file.ts";

/** Levels of a log, the least severe first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** Least severe level that is written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

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
    /** How much of a file is kept. */
    readonly keeping?: LogKeeping;
}

const STACK_FRAMES_MAX = 12;
const CAUSES_MAX = 4;

/** Loaded with the first line: a command that goes well writes none. */
function openPino({ level, destination, keeping = LOG_KEEPING }: LoggerOptions): Pino.Logger {
    const { pino } = createRequire(import.meta.url)("pino") as typeof Pino;
    const target =
        destination === "stderr"
            ? pino.destination({ dest: 2, sync: true })
            : new RotatingFile(destination, keeping);
    const err = (value: unknown): unknown =>
        value instanceof Error ? pino.stdSerializers.err(value) : value;
    return pino({ level, base: { pid: process.pid }, serializers: { err } }, target);
}

/** Opens a logger; lines are written before the call returns, so that none is lost in a crash. */
export function createLogger(options: LoggerOptions): Logger {
    let log: Pino.Logger | undefined;
    const isWritten = (level: LogLevel): boolean =>
        LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(options.level);
    const quotes = isWritten("debug");
    const method =
        (level: Exclude<LogLevel, "silent">): LogMethod =>
        (fieldsOrMessage, message) => {
            if (!isWritten(level)) {
                return;
            }
            log ??= openPino(options);
            if (typeof fieldsOrMessage === "string") {
                log[level](fieldsOrMessage);
            } else {
                log[level](quotes ? fieldsOrMessage : withoutText(fieldsOrMessage), message);
            }
        };
    return {
        debug: method("debug"),
        info: method("info"),
        warn: method("warn"),
        error: method("error"),
    };
}

/** What a compiler or a parser says of an error may quote the text that it is in. */
function withoutText(fields: object): object {
    return Object.fromEntries(
        Object.entries(fields).map(([name, value]): [string, unknown] => [
            name,
            value instanceof Error ? describeError(value, CAUSES_MAX) : value,
        ]),
    );
}

function describeError(error: Error, causesMax: number): object {
    const known = error instanceof OperatingError;
    const { cause } = error;
    return {
        type: error.name,
        ...(known ? { code: error.code, message: firstLine(error.message) } : codeOf(error)),
        stack: stackOf(error),
        ...(cause instanceof Error && causesMax > 0
            ? { cause: describeError(cause, causesMax - 1) }
            : {}),
    };
}

/** `ENOSPC` and the like. */
function codeOf(error: Error): { code?: string } {
    return "code" in error && typeof error.code === "string" ? { code: error.code } : {};
}

function firstLine(text: string): string {
    return text.split("\n", 1)[0] ?? "";
}

/** The frames without the message that a stack begins with. */
function stackOf({ stack = "" }: Error): string[] {
    return stack
        .split("\n")
        .filter((line) => /^\s+at .*(?::\d+:\d+\)?|<anonymous>\)?|\(native\))$/.test(line))
        .slice(0, STACK_FRAMES_MAX)
        .map((line) => line.trim());
}
