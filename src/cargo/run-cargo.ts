// Runs a subcommand of Cargo offline and into a target folder of its own, and keeps what it says: errors of
// the compiler with their places, and the output of tests.

import type { Readable } from "node:stream";

import { CancelledError } from "../base/index.ts";
import { monotonicMs, startProcess } from "../platform/index.ts";
import { parseMessage, readError, type CargoError } from "./messages.ts";

/** What to run, and where. */
export interface RunCargoOptions {
    /** Folder of the workspace's root manifest. */
    readonly folder: string;
    readonly targetFolder: string;
    /** The subcommand with its arguments. */
    readonly args: readonly string[];
    readonly signal?: AbortSignal | undefined;
    /** Told of each target that has been compiled or was fresh. */
    readonly onTarget?: (() => void) | undefined;
}

/** The output of a package's build script. */
export interface BuildScriptOutput {
    /** `path+file:///folder#name@version`; `name version (source)` of older versions. */
    readonly packageId: string;
    readonly folder: string;
}

/** What a run gave. */
export interface CargoRun {
    /** Exit status; undefined when a signal ended it. */
    readonly code: number | undefined;
    readonly errors: readonly CargoError[];
    /** Targets that were compiled, those that were fresh left out. */
    readonly compiled: number;
    readonly fresh: number;
    /** What build scripts made, and where. */
    readonly buildScripts: readonly BuildScriptOutput[];
    /** Lines of stdout that are no messages of Cargo. */
    readonly output: readonly string[];
    /** Lines of stderr. */
    readonly errorOutput: readonly string[];
    readonly milliseconds: number;
}

/** Output beyond this is dropped from its beginning. */
const LINES_MAX = 200_000;

/** Runs Cargo to its end; throws TOOL_MISSING or CancelledError, and gives everything else as a result. */
export async function runCargo(options: RunCargoOptions): Promise<CargoRun> {
    const { folder, targetFolder, args, signal } = options;
    if (signal?.aborted === true) {
        throw new CancelledError();
    }
    const start = monotonicMs();
    const child = await startProcess("cargo", args, {
        cwd: folder,
        env: {
            CARGO_TERM_COLOR: "never",
            CARGO_TERM_PROGRESS_WHEN: "never",
            CARGO_NET_OFFLINE: "true",
            CARGO_TARGET_DIR: targetFolder,
            CARGO_BUILD_BUILD_DIR: undefined,
            RUSTUP_AUTO_INSTALL: "0",
            RUSTC_WORKSPACE_WRAPPER: undefined,
        },
    });
    child.stdin.end();
    const stop = (): void => {
        void child.stop();
    };
    signal?.addEventListener("abort", stop, { once: true });
    try {
        const errorOutput = collectLines(child.stderr);
        const said = await readOutput(child.stdout, options.onTarget);
        const { code } = await child.ended;
        if (isAborted(signal)) {
            throw new CancelledError();
        }
        return {
            ...said,
            code,
            errorOutput: await errorOutput,
            milliseconds: Math.round(monotonicMs() - start),
        };
    } finally {
        signal?.removeEventListener("abort", stop);
        await child.stop();
    }
}

function isAborted(signal: AbortSignal | undefined): boolean {
    return signal?.aborted === true;
}

async function readOutput(
    stdout: Readable,
    onTarget: (() => void) | undefined,
): Promise<Pick<CargoRun, "buildScripts" | "compiled" | "errors" | "fresh" | "output">> {
    const errors: CargoError[] = [];
    const output: string[] = [];
    const buildScripts: BuildScriptOutput[] = [];
    let compiled = 0;
    let fresh = 0;
    for await (const line of linesOf(stdout)) {
        const message = line.startsWith('{"reason":') ? parseMessage(line) : undefined;
        if (message === undefined) {
            keep(output, line);
        } else if (message["reason"] === "compiler-artifact") {
            compiled += message["fresh"] === true ? 0 : 1;
            fresh += message["fresh"] === true ? 1 : 0;
            onTarget?.();
        } else if (message["reason"] === "build-script-executed") {
            const [packageId, folder] = [message["package_id"], message["out_dir"]];
            if (typeof packageId === "string" && typeof folder === "string") {
                buildScripts.push({ packageId, folder });
            }
        } else {
            const error = readError(message);
            errors.push(...(error === undefined ? [] : [error]));
        }
    }
    return { compiled, fresh, errors, output, buildScripts };
}

async function collectLines(stream: Readable): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of linesOf(stream)) {
        keep(lines, line);
    }
    return lines;
}

function keep(lines: string[], line: string): void {
    if (lines.push(line) > LINES_MAX * 2) {
        lines.splice(0, LINES_MAX);
    }
}

/** Lines of a stream, as they come. */
export async function* linesOf(stream: Readable): AsyncIterable<string> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream as AsyncIterable<Buffer>) {
        rest += decoder.decode(chunk, { stream: true });
        let from = 0;
        for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
            yield rest.slice(from, end);
            from = end + 1;
        }
        rest = rest.slice(from);
    }
    yield rest + decoder.decode();
}
