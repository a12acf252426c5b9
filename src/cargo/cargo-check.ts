// Runs `cargo check` over a whole workspace, offline and into a target folder of its own, and reads what it
// says: which targets compiled, and what is wrong with the others.

import { join } from "node:path";
import type { Readable } from "node:stream";

import { CancelledError } from "../base/index.ts";
import { monotonicMs, removeFile, startProcess, statFile } from "../platform/index.ts";
import { readDiagnostic, type Diagnostic } from "./diagnostics.ts";
import { jsonObject, jsonText, jsonTexts, type Json } from "./json.ts";
import { parseMessage, readError, type CargoError } from "./messages.ts";
import { linesOf } from "./run-cargo.ts";

/** What to check, and how. */
export interface CargoCheckOptions {
    /** Folder of the workspace's root manifest. */
    readonly folder: string;
    readonly targetFolder: string;
    /** Program that runs rustc for members. */
    readonly wrapper: string;
    /** Packages; all members by default. */
    readonly packages?: readonly string[] | undefined;
    /** Arguments that choose features and targets. */
    readonly selection: readonly string[];
    readonly signal?: AbortSignal | undefined;
    /** Told when Cargo runs. */
    readonly onStarted?: (() => void) | undefined;
    /** Told of each target that has been compiled or was fresh. */
    readonly onArtifact?: ((artifact: CargoArtifact) => void) | undefined;
    /** Told of each error and each warning. */
    readonly onDiagnostic?: ((diagnostic: Diagnostic) => void) | undefined;
}

/** A target that compiled. */
export interface CargoArtifact {
    readonly manifestPath: string;
    readonly targetName: string;
    readonly targetKinds: readonly string[];
    readonly isTest: boolean;
    readonly features: readonly string[];
    readonly filenames: readonly string[];
    /** Nothing had changed: it was not compiled anew. */
    readonly isFresh: boolean;
}

/** What a check found. */
export interface CargoCheckResult {
    readonly compiles: boolean;
    readonly artifacts: readonly CargoArtifact[];
    readonly errors: readonly CargoError[];
    /** Cargo's own complaint, where it gave up before it had compiled what it could. */
    readonly complaint: string | undefined;
    /** From its start to its end. */
    readonly milliseconds: number;
}

const COMPLAINT_BYTES_MAX = 64 * 1024;

/** Checks all members; throws TOOL_MISSING or CancelledError, and gives everything else as a result. */
export async function runCargoCheck(options: CargoCheckOptions): Promise<CargoCheckResult> {
    const lock = join(options.folder, "Cargo.lock");
    const hadLock = (await statFile(lock)) !== undefined;
    try {
        return await check(options, hadLock ? ["--locked"] : []);
    } finally {
        if (!hadLock) {
            await removeFile(lock); // Looking at a workspace leaves nothing behind in it.
        }
    }
}

async function check(
    options: CargoCheckOptions,
    locking: readonly string[],
): Promise<CargoCheckResult> {
    const args = [
        "check",
        ...(options.packages?.flatMap((name) => ["-p", name]) ?? ["--workspace"]),
        "--keep-going",
        "--offline",
        ...locking,
        "--message-format=json",
        "--manifest-path",
        join(options.folder, "Cargo.toml"),
        "--target-dir",
        options.targetFolder,
        ...options.selection,
    ];
    if (options.signal?.aborted === true) {
        throw new CancelledError();
    }
    const start = monotonicMs();
    const child = await startProcess("cargo", args, {
        cwd: options.folder,
        env: environment(options),
    });
    child.stdin.end();
    options.onStarted?.();
    const stop = (): void => {
        void child.stop();
    };
    options.signal?.addEventListener("abort", stop, { once: true });
    try {
        const complaint = collectTail(child.stderr);
        const found = await readMessages(child.stdout, options);
        const end = await child.ended;
        const milliseconds = Math.round(monotonicMs() - start);
        if (isAborted(options.signal)) {
            throw new CancelledError();
        }
        return {
            ...{ ...found, milliseconds },
            compiles: end.code === 0,
            complaint:
                end.code === 0 || found.errors.length > 0 ? undefined : firstCause(complaint()),
        };
    } finally {
        options.signal?.removeEventListener("abort", stop);
        await child.stop();
    }
}

function isAborted(signal: AbortSignal | undefined): boolean {
    return signal?.aborted === true;
}

function environment(options: CargoCheckOptions): Record<string, string> {
    return {
        CARGO_TERM_COLOR: "never",
        // A read must not make rustup download the toolchain that the folder asks for.
        RUSTUP_AUTO_INSTALL: "0",
        RUSTC_WORKSPACE_WRAPPER: options.wrapper,
        // A cache of compilations would run the wrapper's rustc in its own way, or not at all.
        RUSTC_WRAPPER: "",
        // What the user's configuration says of intermediate files is not meant for these.
        CARGO_BUILD_BUILD_DIR: options.targetFolder,
    };
}

interface Messages {
    readonly artifacts: readonly CargoArtifact[];
    readonly errors: readonly CargoError[];
}

async function readMessages(
    stdout: Readable,
    { onArtifact, onDiagnostic }: CargoCheckOptions,
): Promise<Messages> {
    const artifacts: CargoArtifact[] = [];
    const errors: CargoError[] = [];
    for await (const line of linesOf(stdout)) {
        // Lines that are no messages come from build scripts and procedural macros that print.
        const message = line.startsWith("{") ? parseMessage(line) : undefined;
        if (message?.["reason"] === "compiler-artifact") {
            const artifact = artifactOf(message);
            artifacts.push(artifact);
            onArtifact?.(artifact);
        } else if (message !== undefined) {
            const error = readError(message);
            errors.push(...(error === undefined ? [] : [error]));
            const said = onDiagnostic === undefined ? undefined : readDiagnostic(message);
            if (said !== undefined) {
                onDiagnostic?.(said);
            }
        }
    }
    return { artifacts, errors };
}

function artifactOf(message: Json): CargoArtifact {
    const target = jsonObject(message["target"]);
    return {
        manifestPath: jsonText(message["manifest_path"]),
        targetName: jsonText(target["name"]),
        targetKinds: jsonTexts(target["kind"]),
        isTest: jsonObject(message["profile"])["test"] === true,
        features: jsonTexts(message["features"]).sort(),
        filenames: jsonTexts(message["filenames"]),
        isFresh: message["fresh"] === true,
    };
}

function collectTail(stream: Readable): () => string {
    let tail = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
        tail = (tail + text).slice(-COMPLAINT_BYTES_MAX);
    });
    return () => tail;
}

/** Cargo's first complaint with the cause that it names. */
function firstCause(text: string): string {
    const lines = text.split("\n").map((line) => line.trim());
    const complaint = lines.find((line) => line.startsWith("error")) ?? lines.at(-1) ?? "";
    const cause = lines[lines.indexOf("Caused by:") + 1];
    return lines.includes("Caused by:") ? `${complaint}: ${cause ?? ""}` : complaint;
}
