// What the machine and the process say of themselves: clocks, memory, folders, versions. Injected
// into the layers that must stay pure.

import { readFileSync } from "node:fs";
import { availableParallelism, freemem, homedir, totalmem } from "node:os";
import { isAbsolute, join } from "node:path";
import { isatty } from "node:tty";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Reads an environment variable; an empty one counts as not set. */
export function environmentVariable(name: string): string | undefined {
    const value = process.env[name];
    return value === "" ? undefined : value;
}

/** All variables of the environment that processes of ours start with. */
export function environmentVariables(): Readonly<Record<string, string>> {
    return Object.fromEntries(
        Object.entries(process.env).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, value]],
        ),
    );
}

/** The user's folder for what can be computed again. */
export function cacheFolder(): string {
    if (process.platform === "win32") {
        const local = environmentVariable("LOCALAPPDATA");
        return join(local ?? join(homedir(), "AppData", "Local"), "ferrograph", "cache");
    }
    const base = environmentVariable("XDG_CACHE_HOME");
    // The XDG specification says that a relative path is to be ignored.
    return join(
        base !== undefined && isAbsolute(base) ? base : join(homedir(), ".cache"),
        "ferrograph",
    );
}

/** The user's home folder. */
export function homeFolder(): string {
    return homedir();
}

/**
 * Flags of V8 for a process of ours that lives long, which can only be set at start. It may use three quarters of
 * the machine's memory: V8's own limit is 4 GiB at most, which the graph of some millions of lines exceeds. Old
 * objects are not collected before there are 128 MiB of them: what a capture makes stays, and looking through it
 * every few MiB took a tenth of the processor time until the first answers.
 */
export function heapFlags(): string[] {
    const limit = `--max-old-space-size=${Math.floor((totalmem() / 2 ** 20) * 0.75)}`;
    // Later versions were not tried, and one that did not know the flag would not start.
    const major = Number(process.versions.v8.split(".")[0]);
    return major <= 12 ? [limit, "--initial-old-space-size=128"] : [limit];
}

/** Resident memory of this process, its worker threads included. */
export function memoryUsageBytes(): number {
    return process.memoryUsage.rss();
}

/** Memory that the machine could give to new processes. */
export function availableMemoryBytes(): number {
    return freemem();
}

/** Has the garbage of this thread collected now, which V8 by itself puts off while there is room. */
export function collectGarbage(): void {
    if (collect === undefined) {
        setFlagsFromString("--expose-gc");
        collect = runInNewContext("gc") as () => void;
    }
    collect();
}

let collect: (() => void) | undefined;

/** Path of the Node that runs this process. */
export function nodeExecutable(): string {
    return process.execPath;
}

/** Whether this is Windows, where a script is no program. */
export function isWindows(): boolean {
    return process.platform === "win32";
}

/** Milliseconds on a clock that never goes back. */
export function monotonicMs(): number {
    return performance.now();
}

/** Milliseconds since 1970, for information only. */
export function wallClockMs(): number {
    return Date.now();
}

/** How many threads can usefully run at once. */
export function cpuCount(): number {
    return availableParallelism();
}

/** Whether a stream is shown to a person. */
export function isTerminal(stream: "stdin" | "stdout" | "stderr"): boolean {
    return isatty(process[stream].fd);
}

/** Version of this program, from its package.json. */
export function packageVersion(): string {
    version ??= readPackageVersion();
    return version;
}

let version: string | undefined;

function readPackageVersion(): string {
    // From src/platform and from dist/platform alike, the package is two folders up.
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
        return String(manifest.version);
    }
    return "0.0.0";
}
