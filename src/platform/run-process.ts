// Child processes: short ones that are run to their end, long ones that are talked to, and the
// detached daemon. A child leads a process group, so that ending it ends what it started.

import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants, setPriority } from "node:os";
import type { Readable, Writable } from "node:stream";

import { CancelledError, OperatingError } from "../base/index.ts";
import { errnoOf, writeError } from "./system-error.ts";

/** How to run a process. */
export interface RunOptions {
    readonly cwd?: string;
    /** Added to this process's environment; undefined removes a variable. */
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
    /** Bound on stdout and on stderr, each. */
    readonly maxOutputBytes?: number;
    /** Written to stdin, which is empty by default. */
    readonly input?: string;
    /** Let everything else on the machine go first. */
    readonly isBackground?: boolean;
}

/** What a process gave until its end. */
export interface RunResult {
    /** Undefined when a signal ended it. */
    readonly code: number | undefined;
    readonly signal: string | undefined;
    readonly stdout: string;
    readonly stderr: string;
}

/** A process that is talked to through its pipes. */
export interface RunningProcess {
    readonly pid: number;
    readonly stdin: Writable;
    readonly stdout: Readable;
    readonly stderr: Readable;
    /** Resolves when the process has ended. */
    readonly ended: Promise<Pick<RunResult, "code" | "signal">>;
    /** Ends the process and its children: politely first, by force after a second. */
    stop(): Promise<void>;
}

/** How a process failed; the cause of TOOL_FAILED, TOOL_TIMEOUT and TOOL_OUTPUT_TOO_LARGE. */
export class ProcessFailure extends Error {
    override readonly name = "ProcessFailure";
    readonly command: string;
    readonly code: number | undefined;
    readonly signal: string | undefined;
    readonly timeoutMs: number | undefined;
    /** The last lines of stderr. */
    readonly stderrTail: string;

    constructor(command: string, result: RunResult, timeoutMs?: number) {
        super(`${command} ${describeEnd(result)}`);
        this.command = command;
        this.code = result.code;
        this.signal = result.signal;
        this.timeoutMs = timeoutMs;
        this.stderrTail = lastLines(result.stderr);
    }
}

const OUTPUT_BYTES_MAX = 512 * 1024 * 1024;
const STDERR_TAIL_LINES = 12;
const GRACE_MS = 1_000;

const INSTALL: Readonly<Record<string, string>> = {
    cargo: "install Rust from https://rustup.rs, or put cargo on the PATH",
    rustc: "install Rust from https://rustup.rs, or put rustc on the PATH",
    "rust-analyzer": "run `rustup component add rust-analyzer`, or put it on the PATH",
    git: "install git, or put it on the PATH",
};

/** Groups of children that must not outlive this process. */
const children = new Set<ChildProcess>();

/**
 * Runs a process to its end. Any exit status is a result; a missing binary (TOOL_MISSING), the time
 * limit (TOOL_TIMEOUT) and too much output (TOOL_OUTPUT_TOO_LARGE) are errors.
 */
export async function runProcess(
    command: string,
    args: readonly string[],
    options: RunOptions = {},
): Promise<RunResult> {
    if (options.signal?.aborted === true) {
        throw new CancelledError();
    }
    const child = spawn(command, args, { ...spawnOptions(options), stdio: "pipe" });
    yieldTo(child, options);
    const limit = options.maxOutputBytes ?? OUTPUT_BYTES_MAX;
    let stoppedBy: "timeout" | "abort" | "output" | undefined;
    const stop = (reason: "timeout" | "abort" | "output"): void => {
        stoppedBy ??= reason;
        killGroup(child, "SIGKILL");
    };
    const tooLarge = (): void => {
        stop("output");
    };
    const stdout = collect(child.stdout, limit, tooLarge);
    const stderr = collect(child.stderr, limit, tooLarge);
    child.stdin.on("error", () => undefined); // A child that does not read its input is no failure.
    child.stdin.end(options.input ?? "");
    const onAbort = (): void => {
        stop("abort");
    };
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const { timeoutMs } = options;
    const timer =
        timeoutMs === undefined
            ? undefined
            : setTimeout(() => {
                  stop("timeout");
              }, timeoutMs);
    try {
        const end = await untilClosed(command, child);
        const result = { ...end, stdout: stdout(), stderr: stderr() };
        throwIfStopped(stoppedBy, new ProcessFailure(command, result, timeoutMs));
        return result;
    } finally {
        clearTimeout(timer);
        options.signal?.removeEventListener("abort", onAbort);
    }
}

/** Returns the result of a process that succeeded; throws TOOL_FAILED for any other. */
export function requireSuccess(command: string, result: RunResult): RunResult {
    if (result.code === 0) {
        return result;
    }
    const failure = new ProcessFailure(command, result);
    throw new OperatingError("TOOL_FAILED", withTail(failure.message, failure), { cause: failure });
}

/** Starts a process that is talked to; throws TOOL_MISSING when there is no such binary. */
export async function startProcess(
    command: string,
    args: readonly string[],
    options: Pick<RunOptions, "cwd" | "env" | "isBackground"> = {},
): Promise<RunningProcess> {
    const child = spawn(command, args, { ...spawnOptions(options), stdio: "pipe" });
    yieldTo(child, options);
    const ended = untilClosed(command, child);
    await untilSpawned(child, ended);
    ended.catch(() => undefined);
    child.stdin.on("error", () => undefined); // Seen by the reader as the end of stdout.
    return {
        pid: child.pid ?? 0,
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        ended,
        stop: async () => {
            killGroup(child, "SIGTERM");
            const timer = setTimeout(() => {
                killGroup(child, "SIGKILL");
            }, GRACE_MS);
            await ended;
            clearTimeout(timer);
        },
    };
}

/** Starts a process that outlives this one, its output appended to a file; gives its pid. */
export async function startDetached(
    command: string,
    args: readonly string[],
    options: Pick<RunOptions, "cwd" | "env"> & { readonly logPath: string },
): Promise<number> {
    let log: number;
    try {
        log = openSync(options.logPath, "a", 0o600);
    } catch (cause) {
        throw writeError(cause, options.logPath);
    }
    try {
        const child = spawn(command, args, {
            ...spawnOptions(options),
            detached: true,
            stdio: ["ignore", log, log],
        });
        await new Promise<void>((resolve, reject) => {
            child.once("spawn", resolve);
            child.once("error", (cause) => {
                reject(spawnError(command, cause));
            });
        });
        child.unref();
        return child.pid ?? 0;
    } finally {
        closeSync(log);
    }
}

function spawnOptions(options: Pick<RunOptions, "cwd" | "env">): SpawnOptions {
    return {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...process.env, ...options.env },
        detached: process.platform !== "win32",
        windowsHide: true,
    };
}

/** What it starts has its priority too. */
function yieldTo({ pid }: ChildProcess, { isBackground = false }: RunOptions): void {
    if (pid !== undefined && isBackground) {
        try {
            setPriority(pid, constants.priority.PRIORITY_LOW);
        } catch {
            // It has ended already, or the system does not let us.
        }
    }
}

function collect(stream: Readable, limit: number, onTooLarge: () => void): () => string {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > limit) {
            onTooLarge();
            return;
        }
        chunks.push(chunk);
    });
    return () => Buffer.concat(chunks).toString("utf8");
}

async function untilClosed(
    command: string,
    child: ChildProcess,
): Promise<Pick<RunResult, "code" | "signal">> {
    keepUntilExit(child);
    try {
        return await new Promise((resolve, reject) => {
            child.once("error", (cause) => {
                reject(spawnError(command, cause));
            });
            child.once("close", (code, signal) => {
                resolve({ code: code ?? undefined, signal: signal ?? undefined });
            });
        });
    } finally {
        children.delete(child);
    }
}

async function untilSpawned(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
    const spawned = new Promise<void>((resolve) => {
        child.once("spawn", resolve);
    });
    await Promise.race([spawned, ended]);
}

function keepUntilExit(child: ChildProcess): void {
    if (children.size === 0 && !process.listeners("exit").includes(killChildren)) {
        process.on("exit", killChildren);
    }
    children.add(child);
}

function killChildren(): void {
    for (const child of children) {
        killGroup(child, "SIGKILL");
    }
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
    if (child.pid === undefined || (child.exitCode !== null && !children.has(child))) {
        return;
    }
    try {
        process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch {
        child.kill(signal); // The group has gone already, or never was one.
    }
}

function spawnError(command: string, cause: Error): OperatingError {
    if (errnoOf(cause) === "ENOENT") {
        return new OperatingError("TOOL_MISSING", `cannot run ${command}: it is not on the PATH`, {
            cause,
            advice: INSTALL[command] ?? `install ${command}, or put it on the PATH`,
        });
    }
    return new OperatingError("TOOL_FAILED", `cannot run ${command}: ${cause.message}`, { cause });
}

function throwIfStopped(
    reason: "timeout" | "abort" | "output" | undefined,
    failure: ProcessFailure,
): void {
    if (reason === "abort") {
        throw new CancelledError();
    }
    if (reason === "timeout") {
        const limit = `${failure.command} did not end within ${failure.timeoutMs ?? 0} ms`;
        throw new OperatingError("TOOL_TIMEOUT", withTail(limit, failure), { cause: failure });
    }
    if (reason === "output") {
        const message = `${failure.command} wrote more than it may`;
        throw new OperatingError("TOOL_OUTPUT_TOO_LARGE", withTail(message, failure), {
            cause: failure,
        });
    }
}

function withTail(message: string, failure: ProcessFailure): string {
    return failure.stderrTail === "" ? message : `${message}:\n${failure.stderrTail}`;
}

function describeEnd(result: RunResult): string {
    if (result.signal !== undefined) {
        return `was ended by ${result.signal}`;
    }
    return `exited with status ${result.code ?? -1}`;
}

function lastLines(text: string): string {
    return text.trimEnd().split("\n").slice(-STDERR_TAIL_LINES).join("\n");
}
