// What the entry points of this folder are told.

import type { Readable, Writable } from "node:stream";

import type { LogLevel } from "../platform/index.ts";

/** Where a workspace is and how it is to be opened. */
export interface WorkspaceOptions {
    /** Root folder of the workspace. */
    readonly root: string;
    /** Folder of the store; by default `.ferrograph` in the root, or the user's cache if that is read-only. */
    readonly storeFolder?: string;
    /** Whether `cargo` may be run in the workspace. */
    readonly trusted: boolean;
    /** Capture rustc's facts in the background of a trusted workspace; by default true. */
    readonly backgroundFacts?: boolean;
    /** With `backgroundFacts`: rust-analyzer's too; by default true. */
    readonly rustAnalyzer?: boolean;
}

/** What a daemon is started with, whoever starts it. */
export interface DaemonSettings {
    /** The daemon stops after this long without clients; 0 for never. By default ten minutes. */
    readonly idleMs?: number;
    /** Above this much resident memory the daemon lets go of what it can read or compute again. */
    readonly memoryMib?: number;
    /** Least severe level of its log; by default `info`. */
    readonly logLevel?: LogLevel;
}

/** How a client reaches a daemon. */
export interface ConnectOptions extends WorkspaceOptions, DaemonSettings {
    /** `cli`, or the editor's name. */
    readonly clientName: string;
    /** Start a daemon when none is running; otherwise DAEMON_NOT_RUNNING is thrown. */
    readonly autoStart: boolean;
    /** Program and first arguments of the `ferrograph` command; by default the one beside this file. */
    readonly command?: readonly string[];
}

/** How a daemon runs. */
export interface DaemonOptions extends WorkspaceOptions, DaemonSettings {
    /** Follow changes on disk; by default true. */
    readonly watch?: boolean;
    /** Told once, in the first quiet moment after an answer. */
    readonly onAnswered?: () => void;
}

/** How an editor's stdio is joined to a daemon. */
export interface BridgeOptions extends Omit<ConnectOptions, "autoStart" | "clientName" | "root"> {
    /** Root folder; without it the editor's `initialize` request says which. */
    readonly root?: string;
    readonly input: Readable;
    readonly output: Writable;
    /** Serve in this process, without a daemon. */
    readonly inProcess?: boolean;
    /** Told once, when the daemon has said something and then nothing for a moment. */
    readonly onQuiet?: () => void;
}

/** How an engine in this process is opened. */
export interface InProcessOptions extends WorkspaceOptions {
    readonly clientName: string;
}

/** Name of the daemon's log in the store's folder. */
export const DAEMON_LOG = "daemon.log";

/** A daemon without clients ends after this long. */
export const IDLE_MS_DEFAULT = 10 * 60 * 1000;
